"""Files that people send: known by their bytes, kept under the SHA-256 of their bytes, given back as attachments."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from haidang.web.desk.models import folder

LARGEST = 20_000_000
"""Bytes of a file."""
_HEAD = 1024
_STARTS: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
}
"""By ending the bytes that such a file begins with; other endings are text, which holds no zero byte."""
TEXTS = (".txt", ".html")
READABLE = (*TEXTS, ".pdf", ".docx")
"""Documents that can be read."""
SHOWABLE = (*TEXTS, *_STARTS)
"""Files that may stand as evidence."""
_SPELT = {".htm": ".html", ".xhtml": ".html", ".jpeg": ".jpg", ".text": ".txt"}


def suffix_of(name: str, head: bytes, allowed: Iterable[str]) -> str | None:
    """The ending under which a file may be kept; none where its name or its bytes are of another kind.

    Args:
        name: as the sender calls it; of it only the ending counts.
        head: its first bytes.
        allowed: the endings that are taken here.
    """
    found = PurePosixPath(name.lower().replace("\\", "/")).suffix
    found = _SPELT.get(found, found)
    if found not in allowed or not head.strip():
        return None
    starts = _STARTS.get(found)
    if starts is None:
        foreign = tuple(each for many in _STARTS.values() for each in many)
        return None if b"\x00" in head.removeprefix(b"\xff\xfe")[:1] or head.startswith(foreign) else found
    return found if head.lstrip()[:8].startswith(starts) else None


def head_of(file: UploadedFile) -> bytes:
    """The first bytes of a file that was sent."""
    file.seek(0)
    found: bytes = file.read(_HEAD)
    file.seek(0)
    return found


def keep(parts: Iterable[bytes], suffix: str) -> tuple[str, int]:
    """Write a file under the SHA-256 of its bytes; one that is there already stays as it is.

    Returns:
        The digest, and how many bytes there are.
    """
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    partial = home / f".{os.getpid()}-{os.urandom(8).hex()}"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as stream:
            for part in parts:
                digest.update(part)
                size += len(part)
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(home / f"{digest.hexdigest()}{suffix}")
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest(), size


def attachment(path: Path, name: str) -> FileResponse:
    """A file as something to keep, never to be shown as a page of the site."""
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )  # fmt: skip
