"""Where the parts of a city lie: outlines for maps that ask nobody for tiles, and the facts that are known by part.

A pack may have a `map.yaml`. Its parts carry the words of one column of the populations, so that a result divided by
that column has its place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import FactBook, Reader, describe_source, read_yaml

FILE = "map.yaml"
_KEYS = ("column", "source", "note", "together", "shown", "places")

Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude in degrees (WGS 84) of each corner; the last is joined to the first."""


class OutlineError(HaidangError):
    """A map whose parts, facts or lines are not as they should be."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the city: its title in both languages, where its words stand, and its lines by name."""

    title: Mapping[str, str]
    at: tuple[float, float]
    rings: Mapping[str, Ring]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known by part: a title in both languages, and a fact for each part, all in one unit of measure."""

    title: Mapping[str, str]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outline:
    """A city's parts.

    Attributes:
        column: of the populations, whose words the parts are.
        source: of the lines, by its id in the pack.
        note: what the lines are and what they leave out, in both languages.
        parts: by word of the column.
        together: words of the column that stand for several parts.
        shown: what is known of each part.
    """

    column: str
    source: str
    note: Mapping[str, str]
    parts: Mapping[str, Part]
    together: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, Shown]


def load_outline(root: Path, book: FactBook) -> Outline | None:
    """A pack's map; none where it has none.

    Raises:
        OutlineError: it names a part, a fact or a source that is not there, facts of several units, or a line that is
            none.
        HaidangError: the file is not as it should be.
    """
    path = root / FILE
    if not path.is_file():
        return None
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(_KEYS)
    parts = {name: _part(entry) for name, entry in reader.children("places").items()}
    source = reader.text("source")
    _known(reader, "source", (source,), book.sources, "a source of the pack")
    together: dict[str, tuple[str, ...]] = {}
    if (grouped := reader.child_or("together", None)) is not None:
        for word in grouped.keys:
            together[word] = grouped.texts(word)
            _known(grouped, word, together[word], parts, "a part of the map")
    found = reader.child_or("shown", None)
    shown = {} if found is None else {name: _shown(found.child(name), parts, book) for name in found.keys}
    return Outline(reader.text("column"), source, reader.title("note"), parts, together, shown)


def described(outline: Outline, book: FactBook) -> dict[str, Any]:
    """The parts and their lines as a run's manifest carries them, so that a report needs no pack."""
    return {
        "column": outline.column,
        "note": dict(outline.note),
        "source": describe_source(book.sources[outline.source]),
        "parts": [
            {"id": name, "title": dict(one.title), "at": one.at, "rings": list(one.rings.values())}
            for name, one in outline.parts.items()
        ],
        "together": {word: list(parts) for word, parts in outline.together.items()},
    }


def _part(entry: Reader) -> Part:
    entry.forbid_unknown(("title", "at", "rings"))
    lines = entry.child("rings")
    return Part(
        entry.title(), _degrees(entry, "at", entry.numbers("at")), {name: _ring(lines, name) for name in lines.keys}
    )


def _ring(lines: Reader, name: str) -> Ring:
    corners = tuple(_degrees(lines, name, each) for each in lines.matrix(name))
    if len(set(corners)) < 3 or len(set(corners)) < len(corners):
        raise OutlineError(f"expected at least three corners, each once, found {len(corners)}", lines.place(name))
    return corners


def _degrees(entry: Reader, key: str, numbers: tuple[float, ...]) -> tuple[float, float]:
    if len(numbers) != 2 or not (-180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90):
        told = ", ".join(f"{each:g}" for each in numbers)
        raise OutlineError(f"expected a longitude and a latitude in degrees, found [{told}]", entry.place(key))
    return numbers[0], numbers[1]


def _shown(entry: Reader, parts: Collection[str], book: FactBook) -> Shown:
    entry.forbid_unknown(("title", "facts"))
    named = entry.child("facts")
    _known(entry, "facts", named.keys, parts, "a part of the map")
    facts = {part: named.text(part) for part in named.keys}
    if lost := next((part for part in parts if part not in facts), None):
        raise OutlineError(f"expected a fact for each part, found none for '{lost}'", entry.place("facts"))
    found = {book.fact(name, named.place(part)).unit for part, name in facts.items()}
    if len(found) > 1:
        raise OutlineError(f"expected facts of one unit, found {', '.join(sorted(found))}", entry.place("facts"))
    return Shown(entry.title(), facts)


def _known(entry: Reader, key: str, names: Collection[str], known: Collection[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise OutlineError(f"expected {what}, found '{name}'", entry.place(key), did_you_mean(name, known))
