"""When something runs: `2026..2030`, a list of years, or `2021-12..2024-06` in months."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.errors import Place
from haidang.facts.nodes import Node, Scalar, Sequence, WrongValueError, kind
from haidang.facts.reader import Reader
from haidang.programmes.programme import Month, ProgrammeError

SPAN = re.compile(r"([0-9]{4}) *\.\. *([0-9]{4})")
YEAR = re.compile(r"[0-9]{4}")
MONTHS = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2]) *\.\. *([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Span:
    """Years in order, and the months where not all of theirs are meant."""

    years: tuple[int, ...]
    months: tuple[Month, ...] | None


def read_span(reader: Reader) -> Span:
    """The years or the months that a mapping states: one of the two keys.

    Raises:
        ProgrammeError: neither or both are there, or they do not go forward.
    """
    if reader.optional("months") is None:
        return Span(read_years(reader, "years"), None)
    if reader.optional("years") is not None:
        raise ProgrammeError("expected 'years' or 'months', found both", reader.place("months"))
    months = read_months(reader, "months")
    return Span(tuple(dict.fromkeys(year for year, _ in months)), months)


def read_months(reader: Reader, key: str) -> tuple[Month, ...]:
    """Months such as `2021-12..2024-06`.

    Raises:
        ProgrammeError: they do not go forward, or are none.
    """
    place = reader.place(key)
    found = MONTHS.fullmatch(reader.text(key))
    if found is None:
        raise ProgrammeError(f"expected months such as 2021-12..2024-06, found '{reader.text(key)[:80]}'", place)
    year, month, last_year, last_month = (int(part) for part in found.groups())
    first, last = 12 * year + month - 1, 12 * last_year + last_month - 1
    if last < first:
        raise ProgrammeError(f"expected months that go forward, found {found[0]}", place)
    _refuse_far(year, last_year, place)
    return tuple((one // 12, one % 12 + 1) for one in range(first, last + 1))


def read_years(reader: Reader, key: str) -> tuple[int, ...]:
    """`2026..2030`, one year, or a list of years.

    Raises:
        ProgrammeError: they are not in order, each once.
    """
    node = reader.required(key)
    place = Place(reader.path, node.line, reader.place(key).key)
    span = SPAN.fullmatch(node.text) if isinstance(node, Scalar) else None
    if span is not None:
        years = tuple(range(int(span[1]), int(span[2]) + 1))
        if not years:
            raise ProgrammeError(f"expected years that go forward, found {span[0]}", place)
    else:
        years = tuple(_year(item, place) for item in (node.items if isinstance(node, Sequence) else (node,)))
    if not years or list(years) != sorted(set(years)):
        raise ProgrammeError(f"expected years in order, each once, found {', '.join(map(str, years)) or 'none'}", place)
    _refuse_far(years[0], years[-1], place)
    return years


def _refuse_far(first: int, last: int, place: Place) -> None:
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise ProgrammeError(f"expected years from {FIRST_YEAR} to {LAST_YEAR}, found {first} to {last}", place)


def _year(node: Node, place: Place) -> int:
    if not isinstance(node, Scalar) or YEAR.fullmatch(node.text) is None:
        raise WrongValueError(f"expected a year, or years such as '2026..2030', found {kind(node)}", place)
    return int(node.text)
