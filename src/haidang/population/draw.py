"""Drawing the columns of units, in the order of the description, each from the columns above it.

The average of a flag or a step is an average over the population, so the constant of its odds is settled once on a
fixed set of reference rows. With the constants settled, what a unit is depends on its id, the seed and its own known
columns, and on nothing else: a table of twice the rows begins with the same rows, and a firm of a register is given
what firms like it have, not what makes the register's average come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.facts import FactBook
from haidang.population.chance import normal, uniform
from haidang.population.columns import TOP_LEVEL, Column, PopulationError
from haidang.population.spec import (
    Amount,
    Chance,
    Classes,
    Counts,
    Drawn,
    Effects,
    Lognormal,
    Normal,
    PopulationSpec,
    Shares,
    Steps,
)

Array = np.ndarray[Any, np.dtype[Any]]
REFERENCE_ROWS = 20_000
REFERENCE_SEED = 0
Constants = Mapping[tuple[str, int], float]
"""Column and step, and the constant of its odds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows before the margins.

    Attributes:
        columns: by name, shape (units,): codes of a category (int64), truths of a flag, float64 numbers and levels.
        weight: shape (units,), mean near one: what undoes that rare values were given more rows.
    """

    columns: dict[str, Array]
    weight: Array


@dataclass(frozen=True, slots=True)
class Known:
    """A column that need not be drawn where `present`; both of shape (units,)."""

    value: Array
    present: Array


def amount_of(amount: Amount, book: FactBook) -> float:
    """The canonical number that is written, or that the named fact states."""
    if amount.value is not None:
        return amount.value
    return book.fact(amount.fact or "", amount.place).canonical


def counted_codes(how: Counts, book: FactBook, ids: Array) -> Array:
    """The category of each unit of a census: as many in a row as are counted, and over again from the first.

    So a table of any length has the counted proportions, and what a unit is follows from its id.
    """
    ends: Array = np.cumsum([round(amount_of(one, book)) for one in how.counts.values()])
    return ((ids % ends[-1])[:, None] >= ends).sum(axis=1)


def settle(spec: PopulationSpec, book: FactBook) -> Constants:
    """The constants that give every flag and every step its average over the population."""
    ids = np.arange(REFERENCE_ROWS, dtype=np.int64)
    constants: dict[tuple[str, int], float] = {}
    _Drawing(spec, book, ids, REFERENCE_SEED, constants, settling=True).columns({})
    return constants


def draw(
    spec: PopulationSpec,
    book: FactBook,
    ids: Array,
    seed: int,
    constants: Constants,
    known: Mapping[str, Known] | None = None,
) -> Candidates:
    """Every column of the units, taken from `known` where that has it and drawn otherwise.

    Args:
        spec: the description.
        book: the facts that it names.
        ids: shape (units,), int64.
        seed: of all chance.
        constants: from `settle`.
        known: columns that need no drawing, coded as in `Candidates`.
    """
    return _Drawing(spec, book, ids, seed, dict(constants), settling=False).columns(known or {})


class _Drawing:
    """The columns so far, while the next ones are drawn from them."""

    def __init__(
        self,
        spec: PopulationSpec,
        book: FactBook,
        ids: Array,
        seed: int,
        constants: dict[tuple[str, int], float],
        settling: bool,
    ) -> None:
        self.spec = spec
        self.book = book
        self.ids = ids
        self.seed = seed
        self.constants = constants
        self.settling = settling
        self.described = spec.columns
        self.so_far: dict[str, Array] = {}
        self.weight: Array = np.ones(len(ids))

    def columns(self, known: Mapping[str, Known]) -> Candidates:
        for one in self.spec.drawn:
            name = one.column.name
            if name not in known:
                self.so_far[name] = self.draw(one)
            elif known[name].present.all():
                self.so_far[name] = known[name].value
            else:
                self.so_far[name] = np.where(known[name].present, known[name].value, self.draw(one))
        return Candidates({one.column.name: self.so_far[one.column.name] for one in self.spec.drawn}, self.weight)

    def draw(self, one: Drawn) -> Array:
        match one.draw:
            case Shares():
                return self.category(one.column, one.draw)
            case Counts():
                return counted_codes(one.draw, self.book, self.ids)
            case Chance():
                return self.flag(one.column, one.draw)
            case Steps():
                return self.level(one.column, one.draw)
            case Classes():
                return self.in_class(one.column, one.draw)
            case Lognormal():
                return self.positive(one.column, one.draw)
            case Normal():
                return self.around(one.column, one.draw)

    def category(self, column: Column, how: Shares) -> Array:
        values = column.categories
        chance = np.tile([amount_of(how.shares[value], self.book) for value in values], (len(self.ids), 1))
        for other, by in how.times.items():
            for value, factors in by.items():
                rows = self.is_value(other, value)
                chance[rows] *= [factors.get(one, 1.0) for one in values]
        chance /= chance.sum(axis=1, keepdims=True)
        taken = chance
        if how.rows is not None:
            taken = np.broadcast_to([how.rows[value] for value in values], chance.shape)
            taken = taken / taken.sum(axis=1, keepdims=True)
        # The last category closes the scale at one, whatever rounding leaves of the sum.
        steps = np.cumsum(taken, axis=1)[:, :-1]
        codes = (self.uniform(column.name)[:, None] > steps).sum(axis=1)
        if how.rows is not None:
            every = np.arange(len(self.ids))
            self.weight = self.weight * chance[every, codes] / taken[every, codes]
        return codes

    def flag(self, column: Column, how: Chance) -> Array:
        everybody = np.ones(len(self.ids), dtype=np.bool_)
        chance = self.chances(column.name, 0, how.average, self.effect(how.odds, np.log), everybody)
        return self.uniform(column.name) < chance

    def level(self, column: Column, how: Steps) -> Array:
        log_odds = self.effect(how.odds, np.log)
        reached = np.zeros(len(self.ids))
        climbing = np.ones(len(self.ids), dtype=np.bool_)
        for step, wanted in enumerate(how.steps[:TOP_LEVEL], start=1):
            if isinstance(wanted, str):
                climbing = climbing & self.so_far[wanted].astype(np.bool_)
            else:
                chance = self.chances(column.name, step, wanted, log_odds, climbing)
                climbing = climbing & (self.uniform(f"{column.name}/{step}") < chance)
            reached = reached + climbing
        return reached

    def in_class(self, column: Column, how: Classes) -> Array:
        """Quantiles of the Pareto distribution between two ends (Aban, Meerschaert and Panorska, 2006)."""
        u = self.uniform(column.name)
        number = np.zeros(len(self.ids))
        for value, span in how.spans.items():
            rows = self.is_value(how.of, value)
            if span.exponent == 0:
                drawn = span.least * (span.below / span.least) ** u
            else:
                tail = 1 - (span.least / span.below) ** span.exponent
                drawn = span.least * (1 - u * tail) ** (-1 / span.exponent)
            number = np.where(rows, np.minimum(np.floor(drawn), np.ceil(span.below) - 1), number)
        return number

    def positive(self, column: Column, how: Lognormal) -> Array:
        log = np.log(amount_of(how.median, self.book)) + self.effect(how.times, np.log)
        with np.errstate(divide="ignore"):  # what follows from nothing is nothing
            for other, power in how.powers.items():
                log = log + power * np.log(self.so_far[other])
        return _within(np.exp(log + how.spread * self.normal(column.name)), column)

    def around(self, column: Column, how: Normal) -> Array:
        middle = amount_of(how.mean, self.book) + self.effect(how.plus, np.asarray)
        return _within(middle + how.spread * self.normal(column.name), column)

    def chances(self, name: str, step: int, average: Amount, log_odds: Array, among: Array) -> Array:
        if self.settling:
            self.constants[name, step] = _constant(amount_of(average, self.book), log_odds, self.weight * among)
        return _logistic(self.constants[name, step] + log_odds)

    def effect(self, effects: Effects, scale: Callable[[float], Any]) -> Array:
        """The sum of all effects, each on the scale given: logs of odds and of factors add up, as do numbers."""
        total = np.zeros(len(self.ids))
        with np.errstate(divide="ignore"):  # odds of zero rule a value out: their log is minus infinity
            for column, by in effects.by.items():
                for value, one in by.items():
                    total = np.where(self.is_value(column, value), total + scale(one), total)
            for column, one in effects.per.items():
                total = total + scale(one) * self.number(column)
        return total

    def is_value(self, column: str, value: str) -> Array:
        if self.described[column].kind == "flag":
            return self.so_far[column] == (value == "true")
        return self.so_far[column] == self.described[column].categories.index(value)

    def number(self, name: str) -> Array:
        """A number or level drawn above, or a factor, which is drawn when first asked for."""
        if name in self.so_far:
            return self.so_far[name].astype(np.float64)
        factor = self.spec.factors[name]
        self.so_far[name] = self.normal(f"factor/{name}") + self.effect(Effects(by=factor.by), np.asarray)
        return self.so_far[name]

    def uniform(self, purpose: str) -> Array:
        return uniform(self.ids, self.seed, purpose)

    def normal(self, purpose: str) -> Array:
        return normal(self.ids, self.seed, purpose)


def _within(number: Array, column: Column) -> Array:
    if column.least is None and column.most is None:
        return number
    return np.clip(number, column.least, column.most)


def _logistic(log_odds: Array) -> Array:
    from scipy.special import expit

    return expit(log_odds)


def _constant(average: float, log_odds: Array, weight: Array) -> float:
    """The constant at which the weighted mean of the chances is the average.

    Raises:
        PopulationError: where the odds rule out so many units that the average cannot be had.
    """
    total = weight.sum()
    if total == 0:
        return 0.0
    possible = float(weight[np.isfinite(log_odds)].sum() / total)
    if not 0 < average < possible:
        raise PopulationError(f"an average chance of {average:g} cannot be had where only {possible:.3g} may take it")
    from scipy import optimize

    scipy_optimize: Any = optimize

    def too_high(constant: float) -> float:
        # A sum, not a matrix product: it adds up in the same order whatever the number of threads.
        return float((weight * _logistic(constant + log_odds)).sum()) / total - average

    return float(scipy_optimize.brentq(too_high, -40.0, 40.0, xtol=1e-10))
