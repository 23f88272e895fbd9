"""The text of a PDF, page by page, lines of one paragraph joined."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from haidang.reading.limits import LONGEST_TEXT, MOST_PAGES, DocumentError


def extract(data: bytes) -> dict[str, Any]:
    """The text and what the file says of itself; not when it was made, which is not when it was published.

    Raises:
        DocumentError: the file is broken, encrypted, has too many pages, or has no text.
    """
    pdfium: Any = import_module("pypdfium2")

    try:
        document = pdfium.PdfDocument(data)
        pages = len(document)
    except pdfium.PdfiumError as mistake:
        raise DocumentError(f"expected a PDF that can be opened: {str(mistake).rstrip('.')}") from None
    if pages > MOST_PAGES:
        raise DocumentError(f"expected at most {MOST_PAGES} pages, found {pages}")
    texts: list[str] = []
    size = 0
    for number in range(pages):
        try:
            text = document[number].get_textpage().get_text_bounded()
        except pdfium.PdfiumError as mistake:
            raise DocumentError(f"expected pages that can be read, page {number + 1}: {mistake}") from None
        size += len(text)
        if size > LONGEST_TEXT:
            raise DocumentError(f"expected at most {LONGEST_TEXT:,} characters, found more by page {number + 1}")
        texts.append(_joined(text))
    if not "".join(texts).strip():
        raise DocumentError("expected text, found none", hint="a scanned PDF must be recognised (OCR) first")
    known = document.get_metadata_dict()
    return {
        "text": "\n".join(texts),
        "title": known.get("Title") or None,
        "publisher": known.get("Author") or None,
    }


def _joined(page: str) -> str:
    """The lines of a page, joined where the margin alone has broken them: in front of a small letter or a full line."""
    lines = [line.strip() for line in page.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    for line in lines:
        if out and line and out[-1] and _goes_on(out[-1], line, width):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return "\n".join(out)


def _goes_on(line: str, following: str, width: int) -> bool:
    last = line.rsplit("\n", 1)[-1]
    if last.endswith((".", "!", "?", ":", ";")):
        return False
    return (
        following[0].islower() or following[0].isdigit() or len(last) % max(width, 1) > 0.7 * width or len(last) > width
    )
