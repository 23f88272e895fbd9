"""A log to which lines are only ever added: each holds the hash of the one before, so that a change anywhere shows."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haidang.errors import HaidangError, Place

FIRST = "0" * 64


class ChainError(HaidangError):
    """A log that was changed after it was written, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log.

    Args:
        number: counted from one.
        kind: what it tells.
        content: of it, as JSON takes it.
        when: as told by whoever wrote it, ISO form.
        previous: the hash of the line before; sixty-four noughts before the first.
        hash: SHA-256 of all that stands before it in this line.
    """

    number: int
    kind: str
    content: Mapping[str, Any]
    when: str
    previous: str
    hash: str


def read_chain(path: Path) -> tuple[Entry, ...]:
    """All lines, each held against the one before; none where there is no such file.

    Raises:
        ChainError: a line is no JSON, or was changed, removed or put in between.
    """
    if not path.exists():
        return ()
    entries: list[Entry] = []
    previous = FIRST
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as mistake:
        raise ChainError(f"expected a log that can be read, found: {mistake}", Place(str(path))) from None
    for number, line in enumerate(lines, start=1):
        entry = _entry(line, number, path)
        if entry.previous != previous or entry.number != number or entry.hash != _hash(entry):
            problem = "expected a line that follows from the one before, found one that was changed or is out of place"
            raise ChainError(problem, Place(str(path), number), "restore the log from the copy that was published")
        previous = entry.hash
        entries.append(entry)
    return tuple(entries)


def add_entry(path: Path, kind: str, content: Mapping[str, Any], when: str) -> Entry:
    """Add a line, after all that stand there have been checked.

    Raises:
        ChainError: the log was changed, or cannot be written.
    """
    before = read_chain(path)
    bare = Entry(len(before) + 1, kind, dict(content), when, before[-1].hash if before else FIRST, "")
    entry = Entry(bare.number, kind, bare.content, when, bare.previous, _hash(bare))
    line = f"{_text(_stated(entry) | {'hash': entry.hash})}\n".encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            # One write of one line: it is there whole or, on a full disk, found out by the next reader.
            log.write(line)
            log.flush()
            os.fsync(log.fileno())
    except OSError as mistake:
        raise ChainError(f"expected a log that can be written, found: {mistake}", Place(str(path))) from None
    return entry


def _entry(line: str, number: int, path: Path) -> Entry:
    try:
        found: dict[str, Any] = json.loads(line)
        return Entry(**found)
    except (ValueError, TypeError):
        raise ChainError("expected a line of a log, found something else", Place(str(path), number)) from None


def _stated(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "content": entry.content,
        "when": entry.when,
        "previous": entry.previous,
    }


def _hash(entry: Entry) -> str:
    return hashlib.sha256(_text(_stated(entry)).encode()).hexdigest()


def _text(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
