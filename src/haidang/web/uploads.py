"""Files that people send: how large, of which kinds by what is in them, and where they lie."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from haidang.results.run import replace_bytes

MOST_BYTES = 10 * 2**20
MOST_HEARD = 32 * 2**20
"""What no room of the site takes: beyond it nobody listens any more. A room's own bound is lower, and it says so."""
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 2**20, 200
"""Of an office document, which is a ZIP archive: files in it, bytes once unpacked, and how many times its own size."""
LONGEST_NAME = 150
_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PARTS = {
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
}
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    "text/plain": ".txt",
}
"""The kinds that are taken, each with how its names end."""
_TAGS = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)


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


def content_of(given: UploadedFile) -> bytes:
    """What a file holds.

    Raises:
        UploadError: it is empty or too large.
    """
    if given.size > MOST_BYTES:
        raise UploadError("large")
    content = given.read()
    if not content:
        raise UploadError("empty")
    return content


def media_of(content: bytes) -> str:
    """The kind of a file by what is in it, whatever it is called.

    Raises:
        UploadError: it is of no kind that is taken, or an archive that unpacks to more than it should.
    """
    for sign, media in _SIGNS:
        if content.startswith(sign):
            return media
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if _is_text(content):
        return "text/plain"
    raise UploadError("kind")


def tidy_name(name: str, media: str) -> str:
    """A name to show and to save under: the last part of a path, without control signs, ending as its kind does."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in plain if unicodedata.category(each)[0] != "C").strip(" .")
    stem, _, _ = plain.rpartition(".") if "." in plain else (plain, "", "")
    return f"{stem[:LONGEST_NAME].strip() or 'file'}{ENDINGS[media]}"


def keep(content: bytes, room: str) -> str:
    """Lay a file under its hash in a room's folder.

    Returns:
        SHA-256 in hexadecimal digits.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = place_of(digest, room)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(path, content)
    return digest


def place_of(digest: str, room: str) -> Path:
    """Where the file of a hash lies.

    Raises:
        ValueError: it is no hash.
    """
    if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
        raise ValueError(digest)
    home: Path = settings.HOME.data
    return home / room / digest[:2] / digest


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


def _is_text(content: bytes) -> bool:
    if b"\x00" in content or _TAGS.search(content[:4096]):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
