"""What a document may cost before it is refused."""

from __future__ import annotations

from haidang.errors import HaidangError

LARGEST_FILE = 50_000_000
"""Bytes of a PDF or DOCX."""
LARGEST_TEXT_FILE = 10_000_000
"""Bytes of a text or HTML file."""
LARGEST_UNPACKED = 100_000_000
"""Bytes of all parts of a DOCX together, once unpacked."""
LONGEST_TEXT = 2_000_000
"""Characters of text that are read for claims."""
MOST_CLAIMS = 20_000
"""Drafts of one document; a text with more is a table or made to keep the reader busy."""
MOST_PAGES = 1_000
SECONDS = 30
"""Wall time that a document may take to be opened."""
MEMORY = 1_500_000_000
"""Address space of the process that opens it, in bytes."""


class DocumentError(HaidangError):
    """A document that cannot be read: of another kind, broken, encrypted, empty, or larger than the limits."""
