"""The text of a DOCX: paragraphs and the cells of tables, in the order of the document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from haidang.reading.limits import LARGEST_UNPACKED, LONGEST_TEXT, DocumentError

MOST_PARTS = 5_000
HIGHEST_RATIO = 200
"""How many times smaller than itself a part may be packed; text reaches about twenty."""


def extract(data: bytes) -> dict[str, Any]:
    """The text and what the file says of itself; not when it was made, which is not when it was published.

    Raises:
        DocumentError: the file is no DOCX, is broken, would unpack to too much, or has no text.
    """
    _refuse_bombs(data)
    # The errors of lxml are kinds of SyntaxError.
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        lines = list(_lines(document))
        known = document.core_properties
        title, author = known.title, known.author
    except (
        SyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
    ) as mistake:
        raise DocumentError(f"expected a DOCX that can be opened: {type(mistake).__name__}") from None
    text = "\n".join(lines)
    if len(text) > LONGEST_TEXT:
        raise DocumentError(f"expected at most {LONGEST_TEXT:,} characters, found {len(text):,}")
    if not text.strip():
        raise DocumentError("expected text, found none")
    return {
        "text": text,
        "title": title or None,
        "publisher": author if author and author != "python-docx" else None,
    }


def _lines(document: Any) -> Any:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield " | ".join(dict.fromkeys(cell.text.replace("\n", " ").strip() for cell in row.cells))
        else:
            yield block.text


def _refuse_bombs(data: bytes) -> None:
    """See what the archive would unpack to before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DocumentError("expected a DOCX, found an archive that is broken") from None
    size = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or size > LARGEST_UNPACKED:
        raise DocumentError(
            f"expected at most {LARGEST_UNPACKED / 1e6:.0f} MB unpacked in {MOST_PARTS} parts, "
            f"found {size / 1e6:.0f} MB in {len(parts)}"
        )
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1):
            raise DocumentError(f"expected a document, found an archive that swells: '{part.filename}'")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise DocumentError("expected a DOCX, found an archive of something else")
