"""SDMX-CSV read back: values of indicators that are there, each by its dimensions.

SDMX-CSV holds no titles, definitions or documents, so a value joins an indicator and a source that are known. A value
that is there already keeps what the file does not carry; nothing that the file leaves out is taken away.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from haidang.errors import Place, did_you_mean
from haidang.track.exchange.flat import Sheet, TableError
from haidang.track.exchange.series_files import AREA, SDMX_COLUMNS, STATUS, sdmx_row
from haidang.track.records import (
    QUALIFIERS,
    Claim,
    Indicator,
    Observation,
    ObservationStatus,
    Period,
    Qualifier,
    Quantity,
    Scope,
    SourcePlace,
)
from haidang.track.tracked import Tracked

ACTIONS = ("I", "A", "M", "R")
"""Information, append, merge, replace: each states a value. `D` would take one away, which a log does not."""
NEEDED = ("INDICATOR", "SOURCE", "VINTAGE", "UNIT_MEASURE")
_KEY = ("METHOD", "REF_AREA", "SOURCE", "VINTAGE", "TIME_PERIOD")
_TIME = re.compile(
    r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-S(?P<half>[12])|-M?(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
    r"(?:/P(?P<count>\d{1,5})(?P<unit>[YMD]))?"
)
_MONTHS_OF = {"quarter": 3, "half": 6}


def is_sdmx(sheet: Sheet) -> bool:
    """Whether a table is SDMX-CSV, by the columns that it must have."""
    return "STRUCTURE" in sheet.header or {"TIME_PERIOD", "INDICATOR"} <= set(sheet.header)


def read_sdmx(sheet: Sheet, known: Tracked) -> tuple[Indicator, ...]:
    """The indicators with the values of an SDMX-CSV file among theirs.

    Args:
        sheet: its rows.
        known: the indicators and sources that are there.

    Raises:
        TableError: a column or an action is not known, an indicator or a source is not there, or a cell holds what its
            column does not take.
    """
    found: dict[str, Indicator] = {}
    for number, row in sheet.rows:
        place = Place(sheet.path, number)
        for column in row:
            if column not in SDMX_COLUMNS:
                hint = did_you_mean(column, SDMX_COLUMNS)
                raise TableError(f"expected a column of SDMX-CSV, found '{column}'", place, hint)
        for column in NEEDED:
            if column not in row:
                raise TableError(f"expected a value of {column}, found none", place)
        if row.get("ACTION", "I") not in ACTIONS:
            raise TableError(f"expected the action {', '.join(ACTIONS)}, found '{row['ACTION']}'", place)
        name = row["INDICATOR"]
        indicator = found.get(name) or known.indicators.get(name)
        if indicator is None:
            hint = (
                did_you_mean(name, known.indicators) or "SDMX-CSV tells no title or definition; import it as csv first"
            )
            raise TableError(f"expected an indicator that is there, found '{name}'", place, hint)
        if row["SOURCE"] not in known.sources:
            near = did_you_mean(row["SOURCE"], known.sources)
            raise TableError(f"expected a source that is there, found '{row['SOURCE']}'", place, near)
        found[name] = _with(indicator, row, known, place)
    return tuple(found.values())


def _with(indicator: Indicator, row: Mapping[str, str], known: Tracked, place: Place) -> Indicator:
    if row["UNIT_MEASURE"] != indicator.unit:
        raise TableError(
            f"expected '{indicator.id}' in {indicator.unit}, found '{row['UNIT_MEASURE']}'", place.at("UNIT_MEASURE")
        )
    at = _there(indicator, row, known)
    seen = None if at is None else indicator.observations[at]
    if seen is not None and _same(sdmx_row(known, indicator, seen), row):
        return indicator
    read = _observation(indicator, row, seen, place)
    kept = list(indicator.observations)
    if at is None:
        kept.append(read)
    else:
        kept[at] = read
    return replace(indicator, observations=tuple(kept))


def _there(indicator: Indicator, row: Mapping[str, str], known: Tracked) -> int | None:
    """Which value of the indicator a row is: by its claim, or where it names none by its dimensions."""
    for at, seen in enumerate(indicator.observations):
        if "CLAIM_ID" in row:
            if seen.claim.id == row["CLAIM_ID"]:
                return at
            continue
        told = sdmx_row(known, indicator, seen) if seen.claim.quantity is not None else {}
        default = {"METHOD": "_Z", "REF_AREA": AREA[indicator.geography]}
        if all(str(told.get(key) or "") == row.get(key, default.get(key, "")) for key in _KEY):
            return at
    return None


def _same(told: Mapping[str, str | float | int], row: Mapping[str, str]) -> bool:
    """Whether a row says what is there; numbers as numbers."""
    return all(
        (float(row[key]) == told[key] if isinstance(told[key], float) else row[key] == str(told[key]))
        if key in row and key in told
        else (key in row) == (key in told)
        for key in (*told, *row)
        if key not in ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    )


def _observation(indicator: Indicator, row: Mapping[str, str], seen: Observation | None, place: Place) -> Observation:
    period = None if "TIME_PERIOD" not in row else parse_time_period(row["TIME_PERIOD"])
    if period is None:
        told = row.get("TIME_PERIOD", "nothing")
        raise TableError(f"expected a period such as 2025, 2025-Q3 or 2025-09, found '{told}'", place.at("TIME_PERIOD"))
    areas: Mapping[str, Scope | None] = {code: cast("Scope | None", scope) for scope, code in AREA.items()}
    area = _one_of(row, "REF_AREA", areas, AREA[indicator.geography], place)
    scope: Scope | None = None if area == AREA[indicator.geography] else areas[area]
    states = {code: status for status, code in STATUS.items()}
    status = cast("ObservationStatus", states[_one_of(row, "OBS_STATUS", states, "A", place)])
    confidence = _one_of(row, "CONF", ("seen", "reported"), "seen", place)
    method = row.get("METHOD", "_Z")
    where = SourcePlace(row["SOURCE"], row.get("PASSAGE"))
    if seen is not None and (seen.claim.place.source, seen.claim.place.passage) == (where.source, where.passage):
        where = seen.claim.place
    made = Claim(
        id=row.get("CLAIM_ID") or "-".join((row["SOURCE"], *([] if method == "_Z" else [method]), row["TIME_PERIOD"])),
        place=where,
        said=_day(row["VINTAGE"], place),
        about="value",
        quantity=_quantity(row, place),
        period=period,
        scope=scope,
        confidence="seen" if confidence == "seen" else "reported",
    )
    if seen is not None:
        made = replace(
            seen.claim, place=made.place, said=made.said, quantity=made.quantity, period=made.period,
            confidence=made.confidence, scope=seen.claim.scope if AREA[seen.claim.scope] == area else made.scope,
        )  # fmt: skip
    return Observation(made, status, None if method == "_Z" else method)


def _one_of(row: Mapping[str, str], key: str, choices: Iterable[str], default: str, place: Place) -> str:
    found = row.get(key, default)
    known = tuple(choices)
    if found not in known:
        raise TableError(
            f"expected one of {', '.join(known)}, found '{found}'", place.at(key), did_you_mean(found, known)
        )
    return found


def _quantity(row: Mapping[str, str], place: Place) -> Quantity:
    """The value: its ends where they are told, else the one number."""
    least, most, one = (_number(row, key, place) for key in ("OBS_MIN", "OBS_MAX", "OBS_VALUE"))
    if least is None and most is None:
        least = most = one
    if least is None and most is None:
        raise TableError("expected OBS_VALUE, or OBS_MIN and OBS_MAX, found none", place)
    if least is not None and most is not None and most < least:
        raise TableError(f"expected OBS_MAX from {least:g}, found {most:g}", place.at("OBS_MAX"))
    if one is not None and one not in (least, most):
        raise TableError(f"expected OBS_VALUE to be the one value of its ends, found {one:g}", place.at("OBS_VALUE"))
    qualifier = cast("Qualifier", _one_of(row, "QUALIFIER", QUALIFIERS, "exactly", place))
    return Quantity(least, most, row["UNIT_MEASURE"], qualifier)


def _number(row: Mapping[str, str], key: str, place: Place) -> float | None:
    if key not in row:
        return None
    try:
        found = float(row[key])
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise TableError(f"expected a number, found '{row[key]}'", place.at(key))
    return found


def _day(text: str, place: Place) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TableError(f"expected a day such as 2025-11-26, found '{text}'", place.at("VINTAGE")) from None


def parse_time_period(text: str) -> Period | None:
    """The period that SDMX writes so: a year, half, quarter, month or day, or a first day and how long it is.

    None where it is none of those.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    try:
        start, months, days = _begun(part)
        if part["unit"] is not None:
            if part["day"] is None:
                return None
            count = int(part["count"])
            months, days = {"Y": (12 * count, 0), "M": (count, 0), "D": (0, count)}[part["unit"]]
        return Period(start, _after(start, months, days))
    except (ValueError, OverflowError):
        return None


def _begun(part: Mapping[str, str | None]) -> tuple[date, int, int]:
    """The first day, and how many months or days the period has unless that is told."""
    year = int(part["year"] or 0)
    for key, months in _MONTHS_OF.items():
        place = part[key]
        if place is not None:
            return date(year, months * (int(place) - 1) + 1, 1), months, 0
    if part["month"] is None:
        return date(year, 1, 1), 12, 0
    if part["day"] is None:
        return date(year, int(part["month"]), 1), 1, 0
    return date(year, int(part["month"]), int(part["day"])), 0, 1


def _after(start: date, months: int, days: int) -> date:
    """The last day of so many months, or days, that begin on a day.

    Raises:
        ValueError: nothing is left.
    """
    if not months:
        if days < 1:
            raise ValueError(days)
        return start + timedelta(days=days - 1)
    years, month = divmod(start.month - 1 + months, 12)
    following = date(start.year + years, month + 1, 1)
    last = monthrange(following.year, following.month)[1]
    return following.replace(day=min(start.day, last)) - timedelta(days=1)
