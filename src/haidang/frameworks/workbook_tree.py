"""From the rows of a framework's workbook to the framework, through the same reader as a YAML file.

The rows become a tree of nodes whose line numbers stand for cells; a mistake that the reader finds in a line is told
with the sheet and the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import Node, Scalar, Table
from haidang.facts import Sequence as Items
from haidang.frameworks.framework import Framework
from haidang.frameworks.read import framework_of
from haidang.frameworks.rows import Row, SheetError, said

Rows = Mapping[str, Sequence[Row]]


class _Cells:
    """Numbers every node's cell, so that a line number leads back to it."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    def number(self, place: Place) -> int:
        self.places.append(place)
        return len(self.places) - 1

    def scalar(self, row: Row, key: str, column: str | None = None) -> Node:
        value = row.cells.get(column or key)
        where = row.place(column or key)
        if isinstance(value, bool):
            raise SheetError(f"expected a text, found {said(value)}", where)
        if isinstance(value, float | int):
            text = str(int(value)) if float(value).is_integer() else repr(value)
        else:
            text = value.isoformat() if isinstance(value, date) else value if value is not None else ""
        return Scalar(text, self.number(where), quoted=value is not None)

    def table(self, place: Place, entries: Mapping[str, Node | None]) -> Table:
        line = self.number(place)
        kept = {key: node for key, node in entries.items() if node is not None}
        return Table(kept, {key: node.line for key, node in kept.items()}, line)

    def both(self, row: Row, name: str) -> Table | None:
        """The text in both languages; none where neither is written."""
        if row.cells.get(f"{name}_vi") is None and row.cells.get(f"{name}_en") is None:
            return None
        return self.table(row.place(f"{name}_vi"), {each: self.scalar(row, f"{name}_{each}") for each in ("vi", "en")})

    def listed(self, row: Row, key: str) -> Node | None:
        """A list of words with commas between."""
        text = row.text_or(key, None)
        if text is None:
            return None
        line = self.number(row.place(key))
        return Items(tuple(Scalar(part.strip(), line, quoted=True) for part in text.split(",")), line)

    def filled(self, row: Row, key: str) -> Node | None:
        return None if row.cells.get(key) is None else self.scalar(row, key)


Build = Callable[[_Cells, Row], Node]


def framework_from_rows(tables: Rows, path: str) -> Framework:
    """The framework in the rows of the sheets.

    Raises:
        HaidangError: with sheet and cell.
    """
    cells = _Cells()
    top = _top(cells, tables["framework"])
    top["levels"] = _list(cells, path, [_level(cells, row) for row in tables["levels"]])
    criteria = _grouped(cells, tables["criteria"], "capability", tables["capabilities"], _criterion)
    capabilities = _grouped(cells, tables["capabilities"], "area", tables["areas"], _capability(criteria))
    top["areas"] = cells.table(
        Place(path), {row.text("id"): _area(cells, row, capabilities) for row in _once(tables["areas"])}
    )
    _once([*tables["capabilities"], *tables["criteria"]])
    for key, build in (("sources", _source), ("crosswalks", _crosswalk)):
        if tables.get(key):
            top[key] = _list(cells, path, [build(cells, row) for row in tables[key]])
    try:
        found = framework_of(cells.table(Place(path), top), path)
    except HaidangError as mistake:
        raise type(mistake)(mistake.problem, _cell(cells, mistake.place), mistake.hint) from None
    return found


def _cell(cells: _Cells, place: Place | None) -> Place | None:
    if place is None or place.line is None:
        return place
    cell = cells.places[place.line]
    return cell if cell.key is not None else Place(cell.path, None, place.key)


def _top(cells: _Cells, rows: Sequence[Row]) -> dict[str, Node | None]:
    known = ("id", "title_vi", "title_en", "version", "date", "rights", "note_vi", "note_en")
    found: dict[str, Row] = {}
    for row in rows:
        key = row.text("key")
        if key not in known:
            raise SheetError(f"expected a known key, found '{key}'", row.place("key"), did_you_mean(key, known))
        if key in found:
            raise SheetError(f"expected each key once, found '{key}' twice", row.place("key"))
        found[key] = row
    top: dict[str, Node | None] = {
        key: cells.scalar(found[key], "value") for key in ("id", "version", "date", "rights") if key in found
    }
    for key in ("title", "note"):
        parts = {each: found[f"{key}_{each}"] for each in ("vi", "en") if f"{key}_{each}" in found}
        if parts:
            place = next(iter(parts.values())).place("value")
            top[key] = cells.table(place, {each: cells.scalar(row, "value") for each, row in parts.items()})
    return top


def _list(cells: _Cells, path: str, nodes: Sequence[Node]) -> Node:
    return Items(tuple(nodes), cells.number(Place(path)))


def _once(rows: Sequence[Row]) -> Sequence[Row]:
    seen: dict[str, Place] = {}
    for row in rows:
        name = row.text("id")
        if name in seen:
            raise SheetError(f"expected each id once, found '{name}' first at {seen[name].key}", row.place("id"))
        seen[name] = row.place("id")
    return rows


def _grouped(
    cells: _Cells, rows: Sequence[Row], key: str, owners: Sequence[Row], build: Build
) -> dict[str, dict[str, Node]]:
    """The rows as nodes, by the owner that each names."""
    known = [row.text("id") for row in _once(owners)]
    found: dict[str, dict[str, Node]] = {name: {} for name in known}
    for row in _once(rows):
        owner = row.text(key)
        if owner not in found:
            problem = f"expected an id of its {key}, found '{owner}'"
            raise SheetError(problem, row.place(key), did_you_mean(owner, known))
        found[owner][row.text("id")] = build(cells, row)
    return found


def _level(cells: _Cells, row: Row) -> Node:
    return cells.table(
        row.place("level"),
        {"level": cells.scalar(row, "level"), "title": cells.both(row, "title"), "meaning": cells.both(row, "meaning")},
    )


def _area(cells: _Cells, row: Row, capabilities: Mapping[str, Mapping[str, Node]]) -> Node:
    return cells.table(
        row.place("id"),
        {
            "title": cells.both(row, "title"),
            "meaning": cells.both(row, "meaning"),
            "weight": cells.filled(row, "weight"),
            "capabilities": cells.table(row.place("id"), capabilities[row.text("id")]),
        },
    )


def _capability(criteria: Mapping[str, Mapping[str, Node]]) -> Build:
    def build(cells: _Cells, row: Row) -> Node:
        applies = {key: cells.listed(row, key) for key in ("sector", "size")}
        return cells.table(
            row.place("id"),
            {
                "title": cells.both(row, "title"),
                "meaning": cells.both(row, "meaning"),
                "weight": cells.filled(row, "weight"),
                "applies": cells.table(row.place("sector"), applies) if any(applies.values()) else None,
                "criteria": cells.table(row.place("id"), criteria[row.text("id")]),
            },
        )

    return build


def _criterion(cells: _Cells, row: Row) -> Node:
    return cells.table(
        row.place("id"),
        {
            "level": cells.filled(row, "level"),
            "kind": cells.filled(row, "kind"),
            "text": cells.both(row, "text"),
            "question": cells.both(row, "question"),
            "evidence": cells.table(
                row.place("evidence_kinds"),
                {"kinds": cells.listed(row, "evidence_kinds"), "example": cells.both(row, "example")},
            ),
            "remedy": cells.table(
                row.place("remedy_vi"), {"text": cells.both(row, "remedy"), "effort": cells.filled(row, "effort")}
            ),
        },
    )


def _source(cells: _Cells, row: Row) -> Node:
    return cells.table(
        row.place("title"), {key: cells.filled(row, key) for key in ("title", "publisher", "date", "address")}
    )


def _crosswalk(cells: _Cells, row: Row) -> Node:
    plain = {key: cells.filled(row, key) for key in ("from", "to", "relation")}
    return cells.table(row.place("from"), {**plain, "note": cells.both(row, "note")})
