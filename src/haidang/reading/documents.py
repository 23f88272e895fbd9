"""Files as documents: their kind by their bytes, their text in composed letters, what they tell of themselves."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

from haidang.errors import Place
from haidang.reading.dates import mentions
from haidang.reading.draft import Document, Language
from haidang.reading.legacy import to_unicode
from haidang.reading.limits import LARGEST_FILE, LARGEST_TEXT_FILE, LONGEST_TEXT, SECONDS, DocumentError

HEAD_LINES, LONGEST_BYLINE = 12, 80

__all__ = ["read_document"]

_MARKS = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HEAD_DATE = re.compile(r"\s*date\s*[:=]?\s*\d{4}-\d{2}-\d{2}(?!\d)")
_ANY_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})|(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


def read_document(path: Path, published: date | None = None) -> Document:
    """A text, HTML, PDF or DOCX file as a document.

    Args:
        path: the file.
        published: its date, where the file does not tell it.

    Raises:
        DocumentError: the file is missing, of another kind, broken, empty, or beyond the limits.
    """
    place = Place(str(path))
    data = _bytes(path, place)
    kind = _kind(data, path)
    notes: list[str] = []
    if kind in {"pdf", "docx"}:
        told = _by_child(kind, data, place)
    elif kind == "html":
        told = _by_child("html", _decoded(data, place, notes, html=True).encode("utf-8", "replace"), place)
    else:
        told = {"text": _decoded(data, place, notes)}
    composed = normalize("NFC", told["text"])
    if composed != told["text"]:
        notes.append("letters composed (NFC)")
    text, legacy = to_unicode(composed)
    if legacy is not None:
        notes.append(f"converted from {legacy}")
    text = _clean(text)
    if not text:
        raise DocumentError("expected text, found none", place)
    if len(text) > LONGEST_TEXT:
        raise DocumentError(f"expected at most {LONGEST_TEXT:,} characters, found {len(text):,}", place)
    on = _date(told.get("date")) or _head_date(text, notes) or published
    return Document(
        str(path), text, _language(text), _plain(told.get("title")), on, _plain(told.get("publisher")),
        hashlib.sha256(data).hexdigest(), tuple(notes),
    )  # fmt: skip


def _bytes(path: Path, place: Place) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError("expected a file, found something else of that name", place)
        if status.st_size > LARGEST_FILE:
            raise DocumentError(
                f"expected at most {LARGEST_FILE / 1e6:.0f} MB, found {status.st_size / 1e6:.0f} MB", place
            )
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as mistake:
        reason = "no such file" if isinstance(mistake, FileNotFoundError) else mistake.strerror or "it failed"
        raise DocumentError(f"expected a file that can be read: {reason}", place) from None
    if not data.strip():
        raise DocumentError("expected text, found an empty file", place)
    return data


def _kind(data: bytes, path: Path) -> str:
    """The kind by the first bytes, whatever the name says; a name decides only between text and HTML."""
    head = data[:1024].lstrip()
    if head.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    for start, name in (
        (b"\xd0\xcf\x11\xe0", "an old Word file (.doc)"), (b"{\\rtf", "RTF"), (b"\x1f\x8b", "a gzip archive"),
        (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
    ):  # fmt: skip
        if head.startswith(start):
            raise DocumentError(
                f"expected text, HTML, PDF or DOCX, found {name}", Place(str(path)), "save it as DOCX or PDF"
            )
    low = head.lower()
    if path.suffix.lower() in {".html", ".htm", ".xhtml"} or low.startswith((b"<!doctype html", b"<html")):
        return "html"
    if low.startswith(b"<?xml") and b"<html" in low:
        return "html"
    if path.suffix.lower() in {".pdf", ".docx"}:
        raise DocumentError(f"expected {path.suffix[1:].upper()} by its name, found something else", Place(str(path)))
    return "text"


def _decoded(data: bytes, place: Place, notes: list[str], html: bool = False) -> str:
    """The bytes as text: by their mark, as UTF-8, as the page says, else as the bytes themselves suggest."""
    if len(data) > LARGEST_TEXT_FILE:
        raise DocumentError(
            f"expected at most {LARGEST_TEXT_FILE / 1e6:.0f} MB of text, found {len(data) / 1e6:.0f} MB", place
        )
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding, place)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as mistake:
        return _guessed(data, place, notes, mistake.start, html)
    if text.count("\x00") > 0:
        raise DocumentError("expected text, found zero bytes", place, "is it another kind of file?")
    return text


def _strictly(data: bytes, encoding: str, place: Place) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as mistake:
        raise DocumentError(
            f"expected {encoding} as its first bytes say, byte {mistake.start} is none", place
        ) from None


def _guessed(data: bytes, place: Place, notes: list[str], wrong_at: int, html: bool) -> str:
    """Text in one of the encodings of Vietnamese before Unicode; refused where parts of it are UTF-8 all the same."""
    line = data.count(b"\n", 0, wrong_at) + 1
    mixed = len(re.findall(rb"[\xe1][\xba\xbb][\x80-\xbf]|\xc4[\x90\x91\x82\x83]|\xc6[\xa0\xa1\xaf\xb0]", data))
    if mixed >= 3:
        raise DocumentError(
            f"expected one encoding, found UTF-8 and byte 0x{data[wrong_at]:02x}, which is none",
            Place(place.path, line),
            "save the file as UTF-8",
        )
    named = _META_CHARSET.search(data[:4096]) if html else None
    tried = [] if named is None else [named[1].decode("ascii").lower()]
    for encoding in [*tried, "cp1252"]:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding != "cp1252" or to_unicode(text)[1] is not None:
            notes.append(f"decoded from {encoding}")
            return text
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], cp_isolation=["cp1258", "utf_16_le", "utf_16_be", "cp1252", "latin_1"]).best()
    if best is None:
        raise DocumentError(
            f"expected text, byte 0x{data[wrong_at]:02x} is none of a known encoding", Place(place.path, line)
        )
    notes.append(f"decoded from {best.encoding}")
    return _strictly(data, best.encoding, place)


def _by_child(kind: str, data: bytes, place: Place) -> dict[str, Any]:
    """What the process of its own makes of the file."""
    command = [sys.executable, "-m", "haidang.reading.child", kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise DocumentError(
            f"expected a document that opens within {SECONDS} s, found one that does not", place
        ) from None
    if done.returncode != 0:
        missing = re.search(rb"ModuleNotFoundError: No module named '([\w.]+)'", done.stderr)
        if missing is not None and not missing[1].startswith(b"haidang"):
            raise DocumentError(f"expected the package {missing[1].decode()}", place, "install haidang[read]")
        raise DocumentError("expected a document that can be opened, found one that ends its reader", place)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "problem" in answer:
        raise DocumentError(answer["problem"], place, answer["hint"])
    return answer


def _clean(text: str) -> str:
    """Composed letters, one kind of line end, no control characters, no space at the ends of lines."""
    whole = _CONTROL.sub("", _LINES.sub("\n", normalize("NFC", text)).replace("\t", " "))
    return "\n".join(line.strip() for line in whole.split("\n")).strip("\n")


def _plain(text: object) -> str | None:
    return " ".join(_clean(text).split())[:300] or None if isinstance(text, str) else None


def _language(text: str) -> Language:
    letters = sum(map(str.isalpha, text[:50_000]))
    return "vi" if len(_MARKS.findall(text[:50_000])) > 0.02 * letters else "en"


def _date(text: object) -> date | None:
    found = _ANY_DATE.search(text) if isinstance(text, str) else None
    if found is None:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _head_date(text: str, notes: list[str]) -> date | None:
    """A date that a text names at its head, on a line that is little else: of an archive, a byline, a letterhead."""
    for line in text.split("\n", HEAD_LINES)[:HEAD_LINES]:
        start = _HEAD_DATE.match(line)
        short = line if len(line) <= LONGEST_BYLINE else "" if start is None else start[0]
        days = [one.period for one in mentions(short, None) if one.period and one.period.start == one.period.end]
        if len(days) == 1 and days[0].end is not None:
            notes.append(f"dated {days[0].end} by its head")
            return days[0].end
    return None
