"""Files that people send: how large, of which kinds by what is in them, and where they lie."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import FileResponse

from haidang.errors import Place
from haidang.results.run import replace_bytes
from haidang.web.gone import GoneError

MOST_BYTES = 10 * 2**20
MOST_HEARD = 32 * 2**20
"""What no room of the site takes: beyond it nobody listens any more. A room's own bound is lower, and it says so."""
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 2**20, 200
"""Of an office document, which is a ZIP archive: files in it, bytes once unpacked, and how many times its own size."""
LONGEST_NAME = 150
_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_PDF, _PDF_BEGINS = b"%PDF-", 64
"""A PDF may have a few blanks before its sign."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PARTS = {
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
}
PDF, TEXT, HTML, LEGACY = "application/pdf", "text/plain", "text/html", "text/x-legacy"
"""Text is UTF-8; `LEGACY` is text in another encoding, which only a reader of documents can make out."""
WORKBOOK, DOCUMENT = _PARTS.values()
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    PDF: ".pdf",
    WORKBOOK: ".xlsx",
    DOCUMENT: ".docx",
    TEXT: ".txt",
    HTML: ".html",
    LEGACY: ".txt",
}
"""The kinds that are known, each with how its names end."""
_SPELT = {".htm": ".html", ".xhtml": ".html", ".jpeg": ".jpg", ".text": ".txt"}
KINDS = frozenset(ENDINGS) - {HTML, LEGACY}
"""What a room takes that does not say otherwise: nothing that a browser would run."""
_TAGS = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)


_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Signs that no text has."""


class UploadError(Exception):
    """A file that is not taken; its text is a key of `uploads` in the catalogue."""


class Bounded(FileUploadHandler):
    """Stops to listen once a file is larger than any that is taken, before it fills the disk."""

    def new_file(self, *given: Any, **named: Any) -> None:
        """Count from nothing."""
        super().new_file(*given, **named)  # pyright: ignore[reportUnknownMemberType]
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count and hand on.

        Raises:
            StopUpload: it is more than is taken; the form then has no file.
        """
        self._seen += len(raw_data)
        if self._seen > MOST_HEARD:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing to keep here."""
        return


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is taken.

    Args:
        name: as its sender calls it.
        content: its bytes.
        media: its kind, one of `ENDINGS`.
    """

    name: str
    content: bytes
    media: str

    @property
    def suffix(self) -> str:
        """How the names of its kind end."""
        return ENDINGS[self.media]


def take(given: UploadedFile, kinds: Collection[str] = KINDS, most: int = MOST_BYTES) -> Sent:
    """A file of one of these kinds, by its content and whatever it is called.

    Args:
        given: what was sent.
        kinds: of `ENDINGS`.
        most: bytes.

    Raises:
        UploadError: it is empty, too large, of another kind, or unpacks to more than it should.
    """
    content = content_of(given, most)
    return Sent(given.name or "", content, media_of(content, kinds))


def take_named(given: UploadedFile, kinds: Collection[str], most: int) -> Sent:
    """The same, where its name must end as its kind does; of text the name says whether it is a page.

    Raises:
        UploadError: it is not taken, or is called what it is not.
    """
    found = take(given, kinds, most)
    ending = PurePosixPath(found.name.lower().replace("\\", "/")).suffix
    ending = _SPELT.get(ending, ending)
    if found.media in {TEXT, HTML, LEGACY} and ending in {".txt", ".html"}:
        return replace(found, media=HTML if ending == ".html" else TEXT)
    if ending != found.suffix:
        raise UploadError("kind")
    return found


def content_of(given: UploadedFile, most: int = MOST_BYTES) -> bytes:
    """What a file holds.

    Raises:
        UploadError: it is empty or too large.
    """
    if (given.size or 0) > most:
        raise UploadError("large")
    content = given.read()
    if not content.strip():
        raise UploadError("empty")
    return content


def media_of(content: bytes, kinds: Collection[str] = KINDS) -> str:
    """The kind of a file by what is in it, whatever it is called.

    Raises:
        UploadError: it is of no kind that is taken, or an archive that unpacks to more than it should.
    """
    found = _media(content)
    if found is None or found not in kinds:
        raise UploadError("kind")
    return found


def _media(content: bytes) -> str | None:
    for sign, media in _SIGNS:
        if content.startswith(sign):
            return media
    if content[:_PDF_BEGINS].lstrip().startswith(_PDF):
        return PDF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content)


def tidy_name(name: str, media: str) -> str:
    """A name to show and to save under: the last part of a path, without control signs, ending as its kind does."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in plain if unicodedata.category(each)[0] != "C").strip(" .")
    stem, _, _ = plain.rpartition(".") if "." in plain else (plain, "", "")
    return f"{stem[:LONGEST_NAME].strip() or 'file'}{ENDINGS[media]}"


def keep(content: bytes, room: str, suffix: str = "") -> str:
    """Lay a file under its hash, and its suffix where it has one, in a room's folder.

    Returns:
        SHA-256 in hexadecimal digits.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = place_of(digest, room, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(path, content)
    return digest


def place_of(digest: str, room: str, suffix: str = "") -> Path:
    """Where the file of a hash lies.

    Raises:
        ValueError: it is no hash.
    """
    if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
        raise ValueError(digest)
    home: Path = settings.HOME.data
    return home / room / digest[:2] / f"{digest}{suffix}"


def attachment(path: Path, name: str) -> FileResponse:
    """A file as something to keep, never to be shown as a page of the site.

    Raises:
        GoneError: it is not there any more.
    """
    if not path.is_file():
        raise GoneError("this file is gone", Place(path.name))
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )  # fmt: skip


def _office(content: bytes) -> str:
    """A workbook or a document by the part that makes it one; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UploadError("kind") from None
    unpacked = sum(one.file_size for one in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, MOST_RATIO * len(content)):
        raise UploadError("bomb")
    names = {one.filename for one in parts}
    if any("vbaProject" in name for name in names):
        raise UploadError("macro")
    for part, media in _PARTS.items():
        if part in names:
            return media
    raise UploadError("kind")


def _text(content: bytes) -> str | None:
    """Which kind of text it is; none where it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return LEGACY if _decodes(content, "utf-16") else None
    if _CONTROLS.search(content):
        return None
    if _TAGS.search(content[:4096]):
        return HTML
    return TEXT if _decodes(content, "utf-8") else LEGACY


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
