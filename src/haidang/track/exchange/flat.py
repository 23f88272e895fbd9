"""Records as rows of tables, and rows as records.

A table for each kind holds what is single; lists of parts have tables of their own with the record's kind and id. A
part of a part is named with a dot: `quantity.minimum`, `title.vi`. An empty cell is a value that is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.track.records import KINDS
from haidang.track.store.codec import SOURCE, CodecError, Stored, decode, encode, kind_of_stored

Row: TypeAlias = dict[str, str | float | int]
Tables: TypeAlias = dict[str, list[Row]]

PARTS = ("claims", "observations", "stages", "milestones", "moved_by")
LISTS = (
    "parties", "programmes", "indicators", "proposals", "commitments", "became", "hosts", "rivals", "documents",
)  # fmt: skip
BETWEEN = " | "
KIND_TABLES = {f"{kind}s": kind for kind in (*KINDS, SOURCE)}
OF, IN = "record_kind", "record"
ODDS, FORECASTS = "odds", "forecasts"
"""Tables of what follows from the records: they are written for readers, and left out where records are read."""


class TableError(HaidangError):
    """Rows that are no records."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read.

    Args:
        name: of the table.
        path: of the file, for messages.
        rows: its rows as texts, a number of a row with each.
        header: its columns, where they were kept.
    """

    name: str
    path: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    header: tuple[str, ...] = ()


def tables_of(stored: Iterable[Stored]) -> Tables:
    """Records and documents as tables, empty ones left out."""
    tables: Tables = {name: [] for name in (*KIND_TABLES, *PARTS)}
    for one in stored:
        kind = kind_of_stored(one)
        plain = cast("dict[str, Any]", json.loads(encode(one)))
        for part in PARTS:
            for item in plain.pop(part, ()):
                tables[part].append({OF: kind, IN: one.id, **_flat(item)})
        tables[f"{kind}s"].append(_flat(plain))
    return {name: rows for name, rows in tables.items() if rows}


def _flat(plain: Mapping[str, Any], prefix: str = "") -> Row:
    row: Row = {}
    for key, value in plain.items():
        if value is None:
            continue
        if isinstance(value, dict):
            row |= _flat(cast("dict[str, Any]", value), f"{prefix}{key}.")
        elif isinstance(value, list):
            row[f"{prefix}{key}"] = _joined(key, cast("list[str]", value))
        else:
            row[f"{prefix}{key}"] = value
    return row


def _joined(key: str, items: Sequence[str]) -> str:
    for item in items:
        if BETWEEN.strip() in item:
            raise TableError(f"expected no '{BETWEEN.strip()}' within one of {key}, found '{item}'")
    return BETWEEN.join(items)


def columns_of(rows: Sequence[Row]) -> list[str]:
    """The columns of a table: id and record first, the rest as they come."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [name for name in (OF, IN, "id") if name in names] + [
        name for name in names if name not in (OF, IN, "id")
    ]  # fmt: skip


def records_of(sheets: Sequence[Sheet]) -> tuple[Stored, ...]:
    """The records and documents that tables state.

    Raises:
        TableError: a table or a column is not known, a part belongs to no record, an id stands twice, or a cell holds
            what its column does not take.
    """
    plain: dict[tuple[str, str], dict[str, Any]] = {}
    places: dict[tuple[str, str], Place] = {}
    stated = [one for one in sheets if one.name not in (ODDS, FORECASTS)]
    for sheet in sorted(stated, key=lambda one: one.name in PARTS):
        if sheet.name not in KIND_TABLES and sheet.name not in PARTS:
            known = (*KIND_TABLES, *PARTS)
            raise TableError(
                f"expected a table of records, found '{sheet.name}'", Place(sheet.path), did_you_mean(sheet.name, known)
            )
        for number, row in sheet.rows:
            place = Place(sheet.path, number)
            if sheet.name in PARTS:
                _add_part(plain, sheet.name, row, place)
                continue
            key = (KIND_TABLES[sheet.name], row.get("id", ""))
            if not key[1] or key in plain:
                raise TableError(f"expected an id that stands once, found '{key[1]}'", place)
            plain[key], places[key] = _nested(row), place
    return tuple(_decoded(key, one, places[key]) for key, one in plain.items())


def _add_part(plain: dict[tuple[str, str], dict[str, Any]], part: str, row: Mapping[str, str], place: Place) -> None:
    key = (row.get(OF, ""), row.get(IN, ""))
    if key not in plain:
        known = [name for kind, name in plain if kind == key[0]]
        hint = did_you_mean(key[1], known) if known else None
        raise TableError(f"expected a part of a record of these files, found {key[0]} '{key[1]}'", place, hint)
    rest = {name: value for name, value in row.items() if name not in (OF, IN)}
    plain[key].setdefault(part, []).append(_nested(rest))


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in row.items():
        if text == "":
            continue
        *way, last = name.split(".")
        inside = found
        for step in way:
            inside = inside.setdefault(step, {})
        inside[last] = text.split(BETWEEN) if last in LISTS and not way else text
    return found


def _decoded(key: tuple[str, str], plain: dict[str, Any], place: Place) -> Stored:
    kind = key[0]
    unknown = [name for name in plain if name not in _fields(kind)]
    if unknown:
        raise TableError(
            f"expected a column of a {kind}, found '{unknown[0]}'", place, did_you_mean(unknown[0], _fields(kind))
        )
    plain = _with_required(kind, plain)
    try:
        return decode(kind, json.dumps(plain, ensure_ascii=False))
    except CodecError as mistake:
        raise TableError(mistake.problem, place.at(key[1])) from None


def _fields(kind: str) -> tuple[str, ...]:
    from haidang.facts import Source

    found = Source if kind == SOURCE else KINDS[kind]
    return tuple(found.__dataclass_fields__)


def _with_required(kind: str, plain: dict[str, Any]) -> dict[str, Any]:
    """Fields that must be written even where nothing is known: nothing there, or no part."""
    found = dict(plain)
    for name, empty in _REQUIRED.get(kind, {}).items():
        found.setdefault(name, empty)
    for claim in (*found.get("claims", ()), *(one.get("claim", {}) for one in found.get("observations", ()))):
        for inner, names in (("quantity", ("minimum", "maximum")), ("period", ("start", "end"))):
            if inner in claim:
                for name in names:
                    claim[inner].setdefault(name, None)
    if isinstance(found.get("period"), dict):
        found["period"] = {"start": None, "end": None, **found["period"]}
    return found


_REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "commitment": {"responsible": None, "claims": [], "parties": []},
    "indicator": {"direction": None, "observations": []},
    "target": {"claims": []},
    "event": {"claims": [], "hosts": []},
    "proposal": {"by": None, "claims": []},
}
