"""Several files read together: documents, drafts, and the links between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haidang.reading.documents import read_document
from haidang.reading.draft import Document, Draft, Extractor
from haidang.reading.duplicates import link
from haidang.reading.rules import Rules

__all__ = ["Reading", "read_files"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the documents in the order given, and the drafts in the order of their texts."""

    documents: tuple[Document, ...]
    drafts: tuple[Draft, ...]


def read_files(
    paths: Sequence[Path],
    extract: Extractor,
    rules: Rules,
    published: date | None = None,
    watch: Callable[[Path, int], None] = lambda _path, _place: None,
) -> Reading:
    """The documents of files and the drafts of their claims, duplicates linked.

    Args:
        paths: text, HTML, PDF or DOCX files; a file with the same bytes as an earlier one is read once.
        extract: drafts the claims of one document.
        rules: by which duplicates are found.
        published: the date of those that do not tell theirs.
        watch: is told of each file before it is opened, and of its place.

    Raises:
        DocumentError: a file cannot be read.
    """
    documents: list[Document] = []
    drafts: list[Draft] = []
    for place, path in enumerate(paths, 1):
        watch(path, place)
        document = read_document(path, published)
        if any(document.sha256 == one.sha256 for one in documents):
            continue
        documents.append(document)
        drafts += extract(document, len(documents))
    return Reading(tuple(documents), link(drafts, rules))
