"""What a simulation of a backtest gives, and what a quantity makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from haidang.errors import did_you_mean
from haidang.facts import canonical, canonical_unit
from haidang.learn.quantity import BacktestError, Line, Quantity, Stretch
from haidang.models import Card
from haidang.programmes import Expression, Month, parse

Numbers: TypeAlias = NDArray[np.float64]

PRICE = "market.price"
TRADES = ("market.traded", "market.bid", "market.offered")
"""What a model's market gives beside its outcomes: the price of each period, and amounts."""
SHARE = "share"


@dataclass(frozen=True, slots=True)
class Track:
    """A line by draw and period.

    Args:
        periods: year and month of each; the month is 12 where periods are years.
        values: draws x periods: sums over units in the unit of measure, averages for a mean, prices.
    """

    periods: tuple[Month, ...]
    values: Numbers


Series: TypeAlias = Mapping[Line, Track]
"""What a simulation gave."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How an outcome counts over periods: `flow` adds up, `price` is averaged, others stand at the end."""

    kind: str
    unit: str


def measures_of(card: Card) -> dict[str, Measure]:
    """Everything that a backtest may forecast with a model, by the word for it."""
    found = {one.id: Measure(one.kind, one.unit) for one in card.outcomes}
    if card.market is not None:
        found[PRICE] = Measure("price", card.market.price_unit)
        found |= {name: Measure("flow", card.market.unit) for name in TRADES}
    return found


def check_quantity(quantity: Quantity, card: Card) -> str:
    """See that a model has what a quantity is made of.

    Returns:
        The canonical unit of what is forecast, before it is divided by `per`.

    Raises:
        BacktestError: with the nearest spelling.
    """
    known = measures_of(card)
    for one in quantity.stretches:
        if one.outcome not in known:
            problem = f"expected an outcome of the model, found '{one.outcome}'"
            raise BacktestError(problem, one.place, did_you_mean(one.outcome, known))
        kind = known[one.outcome].kind
        if one.first is not None and kind in ("stock", "mean"):
            problem = f"expected no 'from' for '{one.outcome}', a {kind}, which is taken at the end, found one"
            raise BacktestError(problem, one.place)
    _check_group(quantity, card)
    units = [plain_unit(known[one.outcome].unit) for one in quantity.stretches]
    if len(units) == 1:
        return canonical_unit(units[0])
    return parse("above / below").check(dict(zip(("above", "below"), units, strict=True)))


def _check_group(quantity: Quantity, card: Card) -> None:
    if quantity.group is None:
        return
    column, word = quantity.group
    place = quantity.place.at(f"quantities.{quantity.id}.in")
    if any(one.outcome.startswith("market.") for one in quantity.stretches):
        raise BacktestError("expected a market of all units, found one of a group", place)
    if column not in card.groups:
        problem = f"expected a column by which the model tells outcomes apart, found '{column}'"
        raise BacktestError(problem, place, did_you_mean(column, card.groups))
    attribute = card.attributes[column]
    words = attribute.categories if attribute.kind == "category" else ("no", "yes")
    if word not in words:
        raise BacktestError(f"expected a group of '{column}', found '{word}'", place, did_you_mean(word, words))
    for one in quantity.stretches if card.period == "month" else ():
        if (one.first is not None and one.first[1] != 1) or one.last[1] != 12:
            problem = "expected whole years for a group, by which months are not told apart, found part of one"
            raise BacktestError(problem, one.place)


def plain_unit(unit: str) -> str:
    """A unit of measure of a card; a share is a plain number."""
    return "1" if unit in (SHARE, "%") else unit


def forecast(
    quantity: Quantity,
    series: Series,
    card: Card,
    drawn: Mapping[str, Numbers],
    per: Expression | None,
) -> Numbers:
    """A quantity in each draw, in canonical units.

    Args:
        quantity: what is forecast.
        series: what the simulation gave.
        card: of the model.
        drawn: the facts that may be read, by draw.
        per: what it is divided by.

    Raises:
        BacktestError: it would be divided by zero.
    """
    value = _amount(quantity, quantity.what, series, card)
    if quantity.start is not None:
        value = value + by_draw(quantity.start, drawn, len(value))
    if quantity.limit is not None:
        value = np.minimum(value, drawn[quantity.limit])
    if quantity.over is not None:
        value = _divided(value, _amount(quantity, quantity.over, series, card), quantity, "over")
    if per is not None:
        value = _divided(value, by_draw(per, drawn, len(value)), quantity, "per")
    return value


def by_draw(expression: Expression, drawn: Mapping[str, Numbers], draws: int) -> Numbers:
    """An expression over facts in each draw."""
    return np.array(
        [expression.constant({name: float(drawn[name][draw]) for name in expression.names}) for draw in range(draws)]
    )


def _amount(quantity: Quantity, stretch: Stretch, series: Series, card: Card) -> Numbers:
    """An outcome over its periods by draw, less the baseline's where that is taken off, in canonical units."""
    measure = measures_of(card)[stretch.outcome]
    unit = plain_unit(measure.unit)
    parts = [_over_time(series, Line(stretch.outcome, quantity.group, which), stretch, measure.kind)
             for which in quantity.scenarios]  # fmt: skip
    value = parts[0] if len(parts) == 1 else parts[0] - parts[1]
    return value * canonical(1.0, unit)


def _over_time(series: Series, line: Line, stretch: Stretch, kind: str) -> Numbers:
    periods, values = series[line].periods, series[line].values
    last = _last(periods, stretch.last)
    if kind in ("stock", "mean"):
        return values[:, last]
    nothing = last if kind == "price" else 0
    first = nothing if stretch.first is None else _first(periods, stretch.first)
    span = values[:, first : last + 1]
    return span.mean(axis=1) if kind == "price" else span.sum(axis=1)


def _first(periods: Sequence[Month], month: Month) -> int:
    return next(place for place, one in enumerate(periods) if one >= month)


def _last(periods: Sequence[Month], month: Month) -> int:
    return max(place for place, one in enumerate(periods) if one <= month)


def _divided(above: Numbers, below: Numbers, quantity: Quantity, key: str) -> Numbers:
    empty = int(np.count_nonzero(below == 0))
    if empty:
        problem = f"expected something other than zero to divide by, found zero in {empty} of {len(below)} draws"
        raise BacktestError(problem, quantity.place.at(f"quantities.{quantity.id}.{key}"))
    return above / below
