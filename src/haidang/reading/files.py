"""Drafts on disk: YAML that a person reads, edits and confirms, and the same as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from haidang.errors import HaidangError, Place
from haidang.reading.draft import Document, Draft, Period
from haidang.reading.reading import Reading
from haidang.reading.words import words

__all__ = ["DraftsFileError", "as_tree", "write_yaml"]


class DraftsFileError(HaidangError):
    """A file of drafts that cannot be written."""


def as_tree(reading: Reading) -> dict[str, Any]:
    """The reading as mappings and lists, as JSON and YAML both show it; what is not known is left out."""
    return {
        "documents": {f"d{place}": _document(one) for place, one in enumerate(reading.documents, 1)},
        "drafts": [_draft(one, reading.documents[one.document - 1]) for one in reading.drafts],
    }


def write_yaml(reading: Reading, path: Path) -> None:
    """Write the drafts for a person, whole or not at all.

    Raises:
        DraftsFileError: the file cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text("\n".join(_yaml(reading)) + "\n", encoding="utf-8")
        os.replace(aside, path)
    except OSError as mistake:
        aside.unlink(missing_ok=True)
        raise DraftsFileError(f"expected a file that can be written: {mistake.strerror}", Place(str(path))) from None


def _document(one: Document) -> dict[str, Any]:
    told = {
        "file": one.file,
        "title": one.title,
        "date": None if one.date is None else one.date.isoformat(),
        "publisher": one.publisher,
        "language": one.language,
        "sha256": one.sha256,
        "notes": list(one.notes),
        "text": one.text,
    }
    return {key: value for key, value in told.items() if value not in (None, [])}


def _draft(one: Draft, document: Document) -> dict[str, Any]:
    told = {
        "id": one.id,
        "kind": one.kind,
        "subject": one.subject,
        "actors": list(one.actors),
        "quantity": _quantity(one),
        "period": _period(one.period),
        "implied_period": _period(one.implied),
        "scope": one.scope,
        "status": list(one.status),
        "source": {
            key: value for key, value in _document(document).items() if key in ("file", "title", "date", "publisher")
        },
        "span": {"start": one.span.start, "end": one.span.end, "text": one.span.text},
        "sentence": one.sentence.text,
        "by": one.by,
        "duplicates": list(one.duplicates),
    }
    return {key: value for key, value in told.items() if value not in (None, [], {})}


def _quantity(one: Draft) -> dict[str, Any] | None:
    told = one.quantity
    if told is None:
        return None
    known = {
        "minimum": _plain(told.minimum), "maximum": _plain(told.maximum), "unit": told.unit,
        "qualifier": told.qualifier, "among": told.among, "change": told.change,
    }  # fmt: skip
    return {key: value for key, value in known.items() if value is not None}


def _period(told: Period | None) -> dict[str, str] | None:
    if told is None:
        return None
    sides = {"start": told.start, "end": told.end}
    return {key: day.isoformat() for key, day in sides.items() if day is not None}


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _yaml(reading: Reading) -> Iterator[str]:
    tree = as_tree(reading)
    for language in ("vi", "en"):
        for line in words("file")["head"][language].split("\n"):
            yield f"# {line}"
    yield ""
    yield "documents:" if tree["documents"] else "documents: {}"
    for name, document in tree["documents"].items():
        yield f"  {name}:"
        for key, value in document.items():
            if key != "text":
                yield f"    {key}: {_flow(value)}"
        yield "    text: |2-"
        # Two more than the key of the text: what the mark `2` says.
        yield from (f"      {line}".rstrip() for line in document["text"].split("\n"))
    yield ""
    yield "drafts:" if tree["drafts"] else "drafts: []"
    for draft in tree["drafts"]:
        yield f"  # {' '.join(draft.pop('sentence').split())}"
        for at, (key, value) in enumerate(draft.items()):
            yield f"  {'-' if at == 0 else ' '} {key}: {_flow(value)}"


def _flow(value: Any) -> str:
    """A value on one line, texts in quotes; JSON is YAML."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in entries.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in cast("list[Any]", value)) + "]"
    return json.dumps(value, ensure_ascii=False)
