"""What a backtest forecasts: an outcome over some periods, what is done with it, and what it is held against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from haidang.errors import HaidangError, Place
from haidang.facts import Reader, Sequence
from haidang.programmes import Expression, Month, parse

KEYS = (
    "title", "of", "in", "from", "until", "less", "start", "limit", "over", "per", "came", "official", "naive", "note",
)  # fmt: skip
OVER_KEYS = ("of", "from", "until")
MOMENT = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")

Group = tuple[str, str]
"""A column by which the model tells its outcomes apart, and one of its words."""
Which = Literal["rules", "baseline"]


class BacktestError(HaidangError):
    """A backtest whose parts do not fit."""


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome in every period, as a simulation gives it: of all units or of a group, under the rules or without."""

    outcome: str
    group: Group | None = None
    which: Which = "rules"


@dataclass(frozen=True, slots=True)
class Stretch:
    """An outcome over some periods.

    Args:
        outcome: of the model, or of its market.
        first: the first month that counts; none for the backtest's first, or where only the last matters.
        last: the last month that counts.
        place: where it stands.
    """

    outcome: str
    first: Month | None
    last: Month
    place: Place


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is forecast.

    Args:
        id: its key.
        title: in both languages.
        what: the outcome and its periods.
        group: the group it is of; none for all units.
        scenarios: the rules, and the baseline too where that is taken off.
        start: what stood at the cutoff and is added.
        limit: the fact that no draw can pass, such as a budget.
        over: the outcome and periods that it is divided by.
        per: what it is divided by, such as a target.
        came: what came, over facts: one, or those of a reference class; none where cases have their own.
        class_of: whether what came is a reference class.
        official: the fact with the official forecast.
        naive: the forecast of who reads nothing but the programme's size.
        note: what the reader should know.
        place: where it stands.
    """

    id: str
    title: Mapping[str, str]
    what: Stretch
    group: Group | None
    scenarios: tuple[Which, ...]
    start: Expression | None
    limit: str | None
    over: Stretch | None
    per: Expression | None
    came: tuple[Expression, ...]
    class_of: bool
    official: str | None
    naive: Expression
    note: Mapping[str, str] | None
    place: Place

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The outcomes and periods that it reads."""
        return (self.what,) if self.over is None else (self.what, self.over)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What a simulation must give for it."""
        return tuple(Line(one.outcome, self.group, which) for one in self.stretches for which in self.scenarios)

    @property
    def facts(self) -> dict[str, Place]:
        """The facts that the forecast and the naive one read, each with the place where it is named."""
        found = {} if self.limit is None else {self.limit: self.place.at(f"quantities.{self.id}.limit")}
        for expression in (self.start, self.per, self.naive):
            if expression is not None:
                found |= dict.fromkeys(expression.names, expression.place or self.place)
        return found


def read_quantity(name: str, reader: Reader, periods: tuple[Month, ...]) -> Quantity:
    """What a mapping under `quantities` says.

    Args:
        name: its key.
        reader: the mapping.
        periods: the months of the backtest; of years, all their months.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    reader.forbid_unknown(KEYS)
    over = reader.child_or("over", None)
    if over is not None:
        over.forbid_unknown(OVER_KEYS)
    return Quantity(
        id=name,
        title=reader.title(),
        what=_stretch(reader, reader.text("of"), periods),
        group=_group(reader.child_or("in", None)),
        scenarios=("rules",) if reader.one_of_or("less", ("baseline",), None) is None else ("rules", "baseline"),
        start=optional_expression(reader, "start"),
        limit=reader.text_or("limit", None),
        over=None if over is None else _stretch(over, over.text_or("of", reader.text("of")), periods),
        per=optional_expression(reader, "per"),
        came=tuple(parse(text, reader.place("came")) for text in reader.texts_or("came", ())),
        class_of=isinstance(reader.optional("came"), Sequence),
        official=reader.text_or("official", None),
        naive=read_expression(reader, "naive"),
        note=reader.title_or(None, "note"),
        place=reader.place(),
    )


def read_expression(reader: Reader, key: str) -> Expression:
    """The expression behind a key, which knows its place."""
    return parse(reader.text(key), Place(reader.path, reader.required(key).line, reader.place(key).key))


def optional_expression(reader: Reader, key: str) -> Expression | None:
    """The expression behind a key, none where it is not written."""
    return None if reader.optional(key) is None else read_expression(reader, key)


def _stretch(reader: Reader, outcome: str, periods: tuple[Month, ...]) -> Stretch:
    first = None if reader.optional("from") is None else _months(reader, "from", periods)[0]
    last = _months(reader, "until", periods)[-1]
    if first is not None and first > last:
        raise BacktestError("expected a time before that of 'until', found one after it", reader.place("from"))
    return Stretch(outcome, first, last, reader.place("of" if "of" in reader.keys else "until"))


def _months(reader: Reader, key: str, periods: tuple[Month, ...]) -> tuple[Month, ...]:
    """The months of the backtest in the month or year behind a key, in order."""
    text = reader.text(key)
    found = MOMENT.fullmatch(text)
    if found is None:
        raise BacktestError(f"expected a month or a year such as 2022-06 or 2022, found '{text}'", reader.place(key))
    year, month = int(found[1]), None if found[2] is None else int(found[2])
    inside = tuple(one for one in periods if one[0] == year and month in (None, one[1]))
    if not inside:
        (first, first_month), (last, last_month) = periods[0], periods[-1]
        span = f"{first}-{first_month:02d} to {last}-{last_month:02d}"
        raise BacktestError(f"expected a time of the backtest, {span}, found {text}", reader.place(key))
    return inside


def _group(reader: Reader | None) -> Group | None:
    if reader is None:
        return None
    if len(reader.keys) != 1:
        raise BacktestError(f"expected one column and its group, found {len(reader.keys)}", reader.place())
    return reader.keys[0], reader.text(reader.keys[0])
