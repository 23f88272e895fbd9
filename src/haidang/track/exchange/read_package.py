"""A frictionless data package of indicators read back, held against what it says of itself.

A package describes its files: their size and hash, their fields and types, which keys are unique and which point
elsewhere (frictionless Data Package and Table Schema). All of that is checked before a record is made.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.track.exchange.flat import Sheet, TableError
from haidang.track.exchange.series_files import INDICATOR_FIELDS, OBSERVATION_FIELDS, SOURCE_FIELDS
from haidang.track.exchange.sheets import read_csv
from haidang.track.records import Indicator
from haidang.track.store.codec import CodecError, Stored, decode, encode
from haidang.track.tracked import Tracked

TABLES: Mapping[str, Mapping[str, str]] = {
    "sources": SOURCE_FIELDS,
    "indicators": INDICATOR_FIELDS,
    "observations": OBSERVATION_FIELDS,
}
NAME = "datapackage.json"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_Plain = dict[str, Any]


class PackageError(HaidangError):
    """A data package that is not as it describes itself, or not one of indicators."""


def read_package(path: Path, known: Tracked) -> tuple[Stored, ...]:
    """The sources and indicators of a package; what an indicator that is there has beside is kept.

    Args:
        path: of `datapackage.json`.
        known: the indicators that are there.

    Raises:
        PackageError: the description is wrong, or a file is not as described.
        TableError: a cell holds what its column does not take, a key stands twice, or names what is not there.
    """
    sheets = {name: _sheet(path, resource) for name, resource in _resources(path).items()}
    _check_links(sheets)
    sources = [_decoded("source", dict(row), place) for place, row in _each(sheets["sources"])]
    values: dict[str, list[tuple[Place, Mapping[str, str]]]] = {}
    for place, row in _each(sheets["observations"]):
        values.setdefault(row["indicator"], []).append((place, row))
    indicators = [
        _indicator(row, values.get(row["id"], ()), known.indicators.get(row["id"]), place)
        for place, row in _each(sheets["indicators"])
    ]
    return (*sources, *indicators)


def _each(sheet: Sheet) -> list[tuple[Place, Mapping[str, str]]]:
    return [(Place(sheet.path, number), row) for number, row in sheet.rows]


def _resources(path: Path) -> Mapping[str, _Plain]:
    """The description of each table.

    Raises:
        PackageError: it is none, or does not describe the three tables of indicators.
    """
    place = Place(str(path))
    try:
        plain: Any = json.loads(path.read_bytes())
    except OSError as mistake:
        raise PackageError(f"expected a file that can be read: {mistake.strerror}", place) from None
    except (ValueError, RecursionError):
        raise PackageError("expected JSON, found something else", place) from None
    listed: Any = cast("_Plain", plain).get("resources") if isinstance(plain, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in cast("list[Any]", listed)):
        raise PackageError("expected a list of 'resources', found none", place.at("resources"))
    found: dict[str, _Plain] = {}
    for number, one in enumerate(cast("list[_Plain]", listed)):
        name = one.get("name")
        if name not in TABLES:
            near = did_you_mean(str(name), TABLES)
            raise PackageError(
                f"expected the resources {', '.join(TABLES)}, found '{name}'",
                place.at(f"resources[{number}].name"),
                near,
            )
        if name in found:
            raise PackageError(f"expected the resource '{name}' once, found it again", place.at(f"resources[{number}]"))
        found[str(name)] = one
    missing = [name for name in TABLES if name not in found]
    if missing:
        raise PackageError(f"expected the resource '{missing[0]}', found none", place.at("resources"))
    return found


def _sheet(package: Path, resource: _Plain) -> Sheet:
    """The rows of a table, held against its description."""
    name, place = cast("str", resource["name"]), Place(str(package), None, f"resources.{resource['name']}")
    path = resource.get("path")
    if not isinstance(path, str) or _SAFE.fullmatch(path) is None or ".." in path:
        raise PackageError(f"expected the path of a file beside it, found '{path}'", place.at(f"{place.key}.path"))
    if str(resource.get("encoding", "utf-8")).lower() not in ("utf-8", "utf8"):
        raise PackageError(f"expected the encoding utf-8, found '{resource['encoding']}'", place)
    if resource.get("dialect", {}) not in ({}, {"delimiter": ","}):
        raise PackageError("expected CSV with commas and no other dialect, found one", place)
    file = package.parent / path
    fields = _fields(resource, TABLES[name], place)
    sheet = read_csv(file)
    _check_file(file, resource, list(fields), sheet.header)
    _check_rows(sheet, fields, _keys(resource, place))
    return sheet


def _fields(resource: _Plain, wanted: Mapping[str, str], place: Place) -> Mapping[str, str]:
    """The fields of a table by its schema, and their types."""
    schema: Any = resource.get("schema")
    listed: Any = cast("_Plain", schema).get("fields") if isinstance(schema, dict) else None
    if not isinstance(listed, list):
        raise PackageError("expected a schema with 'fields', found none", place)
    found: dict[str, str] = {}
    for one in cast("list[_Plain]", listed):
        field = str(one.get("name"))
        if field not in wanted:
            raise PackageError(f"expected a known field, found '{field}'", place, did_you_mean(field, wanted))
        if one.get("type", "string") != wanted[field]:
            raise PackageError(f"expected '{field}' of the type {wanted[field]}, found '{one.get('type')}'", place)
        found[field] = wanted[field]
    return found


def _keys(resource: _Plain, place: Place) -> tuple[str, ...]:
    key: Any = resource["schema"].get("primaryKey", ())
    names = (key,) if isinstance(key, str) else tuple(cast("Sequence[str]", key))
    wanted = ("indicator", "id") if resource["name"] == "observations" else ("id",)
    if names != wanted:
        raise PackageError(f"expected the primary key {', '.join(wanted)}, found '{', '.join(names)}'", place)
    return names


def _check_file(file: Path, resource: _Plain, fields: list[str], header: Sequence[str]) -> None:
    """See that a file is the one that the package describes."""
    content = file.read_bytes()
    place = Place(str(file))
    hint = "export the package anew, or take 'hash' and 'bytes' out of datapackage.json"
    told = resource.get("hash")
    if told is not None and str(told) != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise PackageError("expected the file that datapackage.json describes, found another by its hash", place, hint)
    if resource.get("bytes", len(content)) != len(content):
        raise PackageError(f"expected {resource['bytes']} bytes, found {len(content)}", place, hint)
    if list(header) != fields:
        raise PackageError(f"expected the columns {', '.join(fields)}, found {', '.join(header)}", Place(str(file), 1))


def _check_rows(sheet: Sheet, fields: Mapping[str, str], keys: tuple[str, ...]) -> None:
    seen: set[tuple[str, ...]] = set()
    for place, row in _each(sheet):
        key = tuple(row.get(name, "") for name in keys)
        if not all(key) or key in seen:
            raise TableError(f"expected {' and '.join(keys)} that stand once, found '{' '.join(key)}'", place)
        seen.add(key)
        for name, text in row.items():
            if not _fits(text, fields[name]):
                raise TableError(f"expected a {fields[name]}, found '{text}'", place.at(name))


def _check_links(sheets: Mapping[str, Sheet]) -> None:
    """See that each value names an indicator and a source of the package: its foreign keys."""
    for field, table in (("indicator", "indicators"), ("source", "sources")):
        known = {row["id"] for _, row in sheets[table].rows}
        for place, row in _each(sheets["observations"]):
            name = row.get(field, "")
            if name not in known:
                article = "an" if field == "indicator" else "a"
                told = f"expected {article} {field} of the package, found '{name}'"
                raise TableError(told, place.at(field), did_you_mean(name, known))


def _fits(text: str, kind: str) -> bool:
    """Whether a cell is of a type of Table Schema."""
    try:
        if kind == "date":
            return date.fromisoformat(text).isoformat() == text
        return kind == "string" or math.isfinite(float(text) if kind == "number" else int(text))
    except ValueError:
        return False


def _indicator(
    row: Mapping[str, str], values: Sequence[tuple[Place, Mapping[str, str]]], there: Indicator | None, place: Place
) -> Stored:
    plain: _Plain = {} if there is None else json.loads(encode(there))
    for name in INDICATOR_FIELDS:
        base, _, language = name.rpartition("_")
        if language in ("vi", "en"):
            inner: _Plain = dict(plain.get(base) or {})
            inner.pop(language, None)
            plain[base] = inner | ({language: row[name]} if name in row else {})
        else:
            plain[name] = row.get(name)
    kept: dict[str, _Plain] = {one["claim"]["id"]: one for one in plain.get("observations", ())}
    for at, one in values:
        kept[one["id"]] = _observation(one, kept.get(one["id"], {}), at)
    plain["observations"] = list(kept.values())
    required = ("direction",)
    told = {name: value for name, value in plain.items() if value not in (None, {}) or name in required}
    return _decoded("indicator", told, place)


def _observation(row: Mapping[str, str], there: _Plain, place: Place) -> _Plain:
    unit = row.get("unit")
    if unit is None:
        raise TableError("expected a unit, found none", place)
    claim: _Plain = dict(there.get("claim", {}))
    passage = {name: row[name] for name in ("source", "passage", "start", "end") if name in row}
    note = {language: row[f"note_{language}"] for language in ("vi", "en") if f"note_{language}" in row}
    quantity = {"minimum": row.get("minimum"), "maximum": row.get("maximum"), "unit": unit}
    if quantity["minimum"] is None and quantity["maximum"] is None:
        raise TableError("expected a minimum or a maximum, found neither", place)
    period = {"start": row.get("period_start"), "end": row.get("period_end")}
    single = (
        "id", "said", "by", "about", "scope", "confidence", "entered_by", "entered_on", "confirmed_by", "confirmed_on",
    )  # fmt: skip
    claim |= {name: row.get(name) for name in single}
    claim |= {"place": passage, "note": note or None}
    claim["quantity"] = quantity | ({"qualifier": row["qualifier"]} if "qualifier" in row else {})
    claim["period"] = None if period == {"start": None, "end": None} else period
    told = {name: value for name, value in claim.items() if value is not None}
    beside = {name: row[name] for name in ("status", "method") if name in row}
    return {"claim": told, **beside}


def _decoded(kind: str, plain: _Plain, place: Place) -> Stored:
    try:
        return decode(kind, json.dumps(plain, ensure_ascii=False))
    except CodecError as mistake:
        raise TableError(mistake.problem, place) from None
