"""The values that records are written with: days, periods, quantities, texts in two languages."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import TypeVar, cast

from haidang.errors import HaidangError, Place
from haidang.facts import Reader, Scalar, WrongValueError
from haidang.track.records import QUALIFIERS, SCOPES, Period, Qualifier, Quantity, Scope

T = TypeVar("T")

NUMERAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
ONE = re.compile(rf"({NUMERAL})\s*([^\d\s,.;\[\]][^,;\[\]]*)?")
RANGE = re.compile(rf"\[\s*({NUMERAL})\s*,\s*({NUMERAL})\s*\]\s*([^\d\s,.;\[\]][^,;\[\]]*)?")
DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
SPLIT = ".."


class RecordError(HaidangError):
    """A record that contradicts itself or names what is not there."""


def day(entry: Reader, key: str) -> date:
    """The key's day in ISO form.

    Raises:
        WrongValueError: it is no day.
    """
    text = entry.text(key)
    found = _day(text, last=True)
    if found is None or len(text) != len("2025-11-26"):
        raise WrongValueError(f"expected a day such as 2025-11-26, found '{text}'", entry.place(key))
    return found


def day_or_none(entry: Reader, key: str) -> date | None:
    """The key's day, or none where nothing is written."""
    return None if entry.optional(key) is None else day(entry, key)


def period(entry: Reader, key: str) -> Period:
    """The key's period: `2025`, `2025-09`, `2025-11-26`, `2026..2030`, `..2030`.

    Raises:
        WrongValueError: it is no period, or it ends before it begins.
    """
    text = entry.text(key)
    found = parse_period(text)
    if found is None:
        raise WrongValueError(
            f"expected a period such as 2025, 2025-09 or 2026..2030, found '{text}'", entry.place(key)
        )
    return found


def period_or_none(entry: Reader, key: str) -> Period | None:
    """The key's period, or none where nothing is written."""
    return None if entry.optional(key) is None else period(entry, key)


def parse_period(text: str) -> Period | None:
    """The period that a text names; none where it names none or ends before it begins."""
    if SPLIT not in text:
        start, end = _day(text, last=False), _day(text, last=True)
        return None if start is None or end is None else Period(start, end)
    left, _, right = (part.strip() for part in text.partition(SPLIT))
    start = _day(left, last=False) if left else None
    end = _day(right, last=True) if right else None
    if (left and start is None) or (right and end is None) or not (left or right):
        return None
    if start is not None and end is not None and end < start:
        return None
    return Period(start, end)


def _day(text: str, last: bool) -> date | None:
    matched = DAY.fullmatch(text.strip())
    if matched is None:
        return None
    year, month, number = (None if one is None else int(one) for one in matched.groups())
    try:
        month = month if month is not None else (12 if last else 1)
        found = date(cast("int", year), month, 1)
        number = number if number is not None else (monthrange(found.year, month)[1] if last else 1)
        return found.replace(day=number)
    except ValueError:
        return None


def quantity_or_none(entry: Reader) -> Quantity | None:
    """The claim's quantity with its qualifier, or none where no number was said.

    Raises:
        RecordError: a qualifier without a quantity, or one that a range cannot have.
    """
    qualifier = cast("Qualifier", entry.one_of_or("qualifier", QUALIFIERS, "exactly"))
    if entry.optional("quantity") is None:
        if entry.optional("qualifier") is not None:
            raise RecordError("expected a quantity beside its qualifier, found none", entry.place("qualifier"))
        return None
    node = entry.required("quantity")
    if not isinstance(node, Scalar):
        raise WrongValueError("expected a number and its unit, or [least, most] and a unit", entry.place("quantity"))
    found = parse_quantity(node.text, qualifier)
    if found is None:
        raise WrongValueError(
            f"expected a number and its unit such as '1500e9 VND' or '[30, 40] %', found '{node.text}'",
            entry.place("quantity"),
        )
    return found


def parse_quantity(text: str, qualifier: Qualifier) -> Quantity | None:
    """The quantity that a text states; none where it states none, or a range whose ends are in the wrong order.

    `at_least` and `more_than` leave the most unknown, `at_most` the least; the other qualifiers bound both sides.
    """
    whole = RANGE.fullmatch(text.strip())
    if whole is not None:
        least, most, unit = float(whole[1]), float(whole[2]), (whole[3] or "1").strip()
        return Quantity(least, most, unit, qualifier) if math.isfinite(least + most) and least <= most else None
    one = ONE.fullmatch(text.strip())
    if one is None or not math.isfinite(float(one[1])):
        return None
    value, unit = float(one[1]), (one[2] or "1").strip()
    least = None if qualifier == "at_most" else value
    most = None if qualifier in ("at_least", "more_than") else value
    return Quantity(least, most, unit, qualifier)


def scope_or_none(entry: Reader, key: str) -> Scope | None:
    """The key's territory, or none where nothing is written."""
    return cast("Scope | None", entry.one_of_or(key, SCOPES, None))


def share_or_none(entry: Reader, key: str) -> float | None:
    """The key's share, 0 to 1, or none where nobody reported it.

    Raises:
        WrongValueError: it lies outside.
    """
    found = entry.number_or(key, None)
    if found is not None and not 0.0 <= found <= 1.0:
        raise WrongValueError(f"expected a share from 0 to 1, found {found:g}", entry.place(key))
    return found


def unique(ids: Iterable[tuple[str, Place]], what: str) -> None:
    """See that no id is used twice.

    Raises:
        RecordError: one is.
    """
    seen: set[str] = set()
    for one, place in ids:
        if one in seen:
            raise RecordError(f"expected each {what}'s id once, found '{one}' again", place)
        seen.add(one)
