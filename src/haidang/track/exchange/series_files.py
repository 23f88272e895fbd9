"""The indicators for statistics offices and portals: SDMX-CSV, and a frictionless data package."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from haidang.track.exchange.flat import Row
from haidang.track.exchange.sheets import csv_bytes
from haidang.track.records import Indicator, Observation, Period
from haidang.track.tracked import Tracked

STATUS = {"actual": "A", "estimate": "E", "forecast": "F"}
"""SDMX code list CL_OBS_STATUS: normal, estimated, forecast."""
AREA = {"national": "VN", "city_old": "VN-SG-OLD", "city_new": "VN-SG", None: "_U"}
"""The country, the city in both borders, and `_U` where no territory was named."""
DIMENSIONS = ("INDICATOR", "METHOD", "REF_AREA", "SOURCE", "VINTAGE", "TIME_PERIOD")
ATTRIBUTES = (
    "OBS_MIN", "OBS_MAX", "QUALIFIER", "UNIT_MEASURE", "OBS_STATUS", "CONF", "SOURCE_ADDRESS", "PASSAGE", "CLAIM_ID",
)  # fmt: skip
SDMX_COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES)


def sdmx_bytes(tracked: Tracked, pack: str) -> bytes:
    """Every published value as SDMX-CSV 2.0, one row each; revisions differ in the dimension VINTAGE.

    A value that was said as a range has no OBS_VALUE, since nobody said one number; its ends are in OBS_MIN, OBS_MAX.
    """
    flow = f"HAIDANG:{pack.upper()}_INDICATORS(1.0)"
    rows: list[Row] = []
    for indicator, seen in _values(tracked):
        told = sdmx_row(tracked, indicator, seen)
        rows.append({"STRUCTURE": "dataflow", "STRUCTURE_ID": flow, "ACTION": "I", **told})
    return csv_bytes(rows, SDMX_COLUMNS).removeprefix(b"\xef\xbb\xbf")


def sdmx_row(tracked: Tracked, indicator: Indicator, seen: Observation) -> Row:
    """One published value by its dimensions and attributes, empty ones left out."""
    claim, source = seen.claim, tracked.sources.get(seen.claim.place.source)
    quantity = claim.quantity
    assert quantity is not None  # reading refuses a value without one
    row: Row = {
        "INDICATOR": indicator.id,
        "METHOD": seen.method or "_Z",
        "REF_AREA": AREA[claim.scope or indicator.geography],
        "SOURCE": claim.place.source,
        "VINTAGE": claim.said.isoformat(),
        "TIME_PERIOD": time_period(claim.period),
        "QUALIFIER": quantity.qualifier,
        "UNIT_MEASURE": quantity.unit,
        "OBS_STATUS": STATUS[seen.status],
        "CONF": claim.confidence,
        "CLAIM_ID": claim.id,
    }
    ends = {"OBS_MIN": quantity.minimum, "OBS_MAX": quantity.maximum}
    known = {name: value for name, value in ends.items() if value is not None}
    row |= known
    if len(set(known.values())) == 1:
        row["OBS_VALUE"] = next(iter(known.values()))
    if source is not None and source.address:
        row["SOURCE_ADDRESS"] = source.address
    if claim.place.passage:
        row["PASSAGE"] = claim.place.passage
    return row


def time_period(period: Period | None) -> str:
    """A period as SDMX writes it: `2025`, `2025-Q3`, `2025-09`, a day, or its first day and how long it is."""
    if period is None or period.start is None or period.end is None:
        return ""
    start, end = period.start, period.end
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if whole_months and months == 12 and start.month == 1:
        return str(start.year)
    if whole_months and months == 3 and start.month % 3 == 1:
        return f"{start.year}-Q{start.month // 3 + 1}"
    if whole_months and months == 1:
        return f"{start.year}-{start.month:02d}"
    if start == end:
        return start.isoformat()
    return f"{start.isoformat()}/{f'P{months}M' if whole_months else f'P{(end - start).days + 1}D'}"


def package_files(tracked: Tracked, pack: str) -> Mapping[str, bytes]:
    """A frictionless data package: indicators, values and sources as CSV with a schema each, joined by keys."""
    tables: dict[str, tuple[list[Row], dict[str, str], list[str], dict[str, str]]] = {
        "sources": (_source_rows(tracked), SOURCE_FIELDS, ["id"], {}),
        "indicators": (_indicator_rows(tracked), INDICATOR_FIELDS, ["id"], {}),
        "observations": (_observation_rows(tracked), OBSERVATION_FIELDS, ["indicator", "id"],
                         {"indicator": "indicators", "source": "sources"}),
    }  # fmt: skip
    files: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []
    for name, (rows, fields, key, links) in tables.items():
        content = csv_bytes(rows, tuple(fields)).removeprefix(b"\xef\xbb\xbf")
        files[f"{name}.csv"] = content
        resources.append(_resource(name, content, fields, key, links))
    package = {
        "profile": "tabular-data-package",
        "name": f"haidang-{pack}-indicators",
        "title": f"Published indicators of {pack}, each value with its source",
        "resources": resources,
    }
    files["datapackage.json"] = (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _resource(
    name: str, content: bytes, fields: Mapping[str, str], key: list[str], links: Mapping[str, str]
) -> dict[str, Any]:
    foreign = [{"fields": field, "reference": {"resource": there, "fields": "id"}} for field, there in links.items()]
    schema: dict[str, Any] = {
        "fields": [{"name": field, "type": kind} for field, kind in fields.items()],
        "primaryKey": key,
        "missingValues": [""],
    }
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema | ({"foreignKeys": foreign} if foreign else {}),
    }


SOURCE_FIELDS: dict[str, str] = dict.fromkeys(("id", "title", "publisher", "date", "address", "note"), "string")
INDICATOR_FIELDS = dict.fromkeys(
    (
        "id", "title_vi", "title_en", "unit", "definition_vi", "definition_en", "direction", "geography", "method_vi",
        "method_en", "main", "publisher", "licence",
    ),
    "string",
) | {"frequency": "integer", "next_update": "date"}  # fmt: skip
OBSERVATION_FIELDS = {
    "indicator": "string", "id": "string", "period_start": "date", "period_end": "date", "minimum": "number",
    "maximum": "number", "unit": "string", "qualifier": "string", "status": "string", "method": "string",
    "scope": "string", "said": "date", "by": "string", "about": "string", "source": "string", "passage": "string",
    "start": "integer", "end": "integer", "confidence": "string", "entered_by": "string", "entered_on": "date",
    "confirmed_by": "string", "confirmed_on": "date", "note_vi": "string", "note_en": "string",
}  # fmt: skip


def _source_rows(tracked: Tracked) -> list[Row]:
    used = {seen.claim.place.source for _, seen in _values(tracked)}
    rows: list[Row] = []
    for name in sorted(used):
        one = tracked.sources[name]
        told = {"id": name, "title": one.title, "publisher": one.publisher, "date": one.date, "address": one.address}
        told["note"] = one.note
        rows.append({key: value for key, value in told.items() if value is not None})
    return rows


def _indicator_rows(tracked: Tracked) -> list[Row]:
    rows: list[Row] = []
    for one in tracked.indicators.values():
        told: dict[str, str | int | None] = {
            "id": one.id,
            **{f"title_{language}": text for language, text in one.title.items()},
            "unit": one.unit,
            **{f"definition_{language}": text for language, text in one.definition.items()},
            "direction": one.direction,
            "geography": one.geography,
            **{f"method_{language}": text for language, text in (one.method or {}).items()},
            "main": one.main,
            "frequency": one.frequency,
            "publisher": one.publisher,
            "licence": one.licence,
            "next_update": _iso(one.next_update),
        }
        rows.append({key: value for key, value in told.items() if value is not None})
    return rows


def _observation_rows(tracked: Tracked) -> list[Row]:
    rows: list[Row] = []
    for indicator, seen in _values(tracked):
        claim, period, quantity = seen.claim, seen.claim.period, seen.claim.quantity
        assert quantity is not None
        told: dict[str, str | float | int | None] = {
            "indicator": indicator.id,
            "id": claim.id,
            "period_start": None if period is None else _iso(period.start),
            "period_end": None if period is None else _iso(period.end),
            "minimum": quantity.minimum,
            "maximum": quantity.maximum,
            "unit": quantity.unit,
            "qualifier": quantity.qualifier,
            "status": seen.status,
            "method": seen.method,
            "scope": claim.scope,
            "said": claim.said.isoformat(),
            "by": claim.by,
            "about": claim.about,
            "source": claim.place.source,
            "passage": claim.place.passage,
            "start": claim.place.start,
            "end": claim.place.end,
            "confidence": claim.confidence,
            "entered_by": claim.entered_by,
            "entered_on": _iso(claim.entered_on),
            "confirmed_by": claim.confirmed_by,
            "confirmed_on": _iso(claim.confirmed_on),
            **{f"note_{language}": text for language, text in (claim.note or {}).items()},
        }
        rows.append({key: value for key, value in told.items() if value is not None})
    return rows


def _values(tracked: Tracked) -> Iterable[tuple[Indicator, Observation]]:
    for indicator in tracked.indicators.values():
        for seen in indicator.observations:
            if seen.claim.quantity is not None:
                yield indicator, seen


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
