"""Forecasting programmes whose outcome is known, from what was known before, and scoring the forecasts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.errors import did_you_mean
from haidang.facts import FactBook, draw_facts
from haidang.learn.backtest_file import BacktestError, BacktestFile, Quantity, load_backtest
from haidang.learn.laid import LaidSource, simulate_laid
from haidang.learn.scores import crps, crps_of_point, inside
from haidang.learn.seal import Reading, seal
from haidang.models import Card
from haidang.packs import Pack
from haidang.programmes import Expression, check_programme
from haidang.study import prepare_jax

Numbers = NDArray[np.float64]

ROWS = 512
"""Customers in a draw, each standing for an equal part of the money."""

SPREAD = "borrower_loan_spread"
QUANTILES = (5, 25, 50, 75, 95)
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """A forecast beside what came.

    Args:
        id: of the backtest and the quantity.
        title: of the backtest, in both languages.
        quantity: what was forecast, in both languages.
        cutoff: the last day of what the model knew.
        unit: the canonical unit of all amounts.
        draws: the forecast (draws).
        outcome: what came.
        outcome_source: the document that says so, as a report cites it.
        official: the official forecast.
        naive: the naive forecast.
        read: the facts that the forecast read.
        note: what the reader should know, in both languages.
    """

    id: str
    title: Mapping[str, str]
    quantity: Mapping[str, str]
    cutoff: date
    unit: str
    draws: Numbers
    outcome: float
    outcome_source: Mapping[str, str | None]
    official: float | None
    naive: float
    read: tuple[str, ...]
    note: Mapping[str, str] | None

    @property
    def quantiles(self) -> dict[str, float]:
        """The 5, 25, 50, 75 and 95 % points of the forecast."""
        return {str(point): float(np.quantile(self.draws, point / 100.0)) for point in QUANTILES}

    @property
    def scores(self) -> dict[str, float | None]:
        """The continuous ranked probability score of the model, the official and the naive forecast."""
        return {
            "model": crps(self.draws, self.outcome),
            "official": None if self.official is None else crps_of_point(self.official, self.outcome),
            "naive": crps_of_point(self.naive, self.outcome),
        }

    @property
    def covered90(self) -> bool:
        """Whether the outcome lies between the 5 and the 95 % point."""
        return inside(self.draws, self.outcome)

    def as_json(self) -> dict[str, Any]:
        """What a run keeps beside its tables and a page shows; the draws are told by their quantiles."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "cutoff": self.cutoff.isoformat(),
            "quantity": dict(self.quantity),
            "unit": self.unit,
            "quantiles": self.quantiles,
            "outcome": self.outcome,
            "outcome_source": dict(self.outcome_source),
            "official": self.official,
            "naive": self.naive,
            "crps": self.scores,
            "covered90": self.covered90,
            "read": list(self.read),
            "note": None if self.note is None else dict(self.note),
        }


def run_backtests(
    pack: Pack, names: Sequence[str] | None = None, draws: int = 1000, seed: int = 1
) -> list[BacktestResult]:
    """Forecast what the pack's backtests ask for, from what each may know, and lay what came beside it.

    Args:
        pack: the pack.
        names: the backtests; all, in the order of their names, where none is given.
        draws: how many draws; a single one takes every fact at its stated value.
        seed: of all chance.

    Raises:
        BacktestError: there is no such backtest, or its parts do not fit.
        LeakError: it would read what was not known at its cutoff.
    """
    for name in names or ():
        if name not in pack.backtests:
            hint = did_you_mean(name, pack.backtests)
            raise BacktestError(f"expected a backtest of the pack, found '{name}'", None, hint)
    found = [load_backtest(pack.backtests[name], pack.book) for name in names or sorted(pack.backtests)]
    sealed = [sealed_book(pack, one) for one in found]
    prepare_jax()
    return [
        result for one, book in zip(found, sealed, strict=True) for result in _forecast(pack, one, book, draws, seed)
    ]


def sealed_book(pack: Pack, one: BacktestFile) -> FactBook:
    """The facts that a backtest may know, and no others, with its rules and quantities checked against them.

    Raises:
        HaidangError: it would read what was not known, or its parts do not fit.
    """
    book = pack.book.using(one.use)
    told = frozenset(name for quantity in one.quantities for name in book.fact(quantity.came, quantity.place).source)
    readings = [Reading(one.reads, one.cutoff, one.printed_later)]
    if one.carried is not None:
        other = _other(pack, one)
        stray = next((name for name in one.carried.facts if name not in other.reads), None)
        if stray is not None:
            problem = f"expected a fact that '{other.id}' reads, found '{stray}'"
            raise BacktestError(problem, one.carried.facts[stray], did_you_mean(stray, other.reads))
        readings.append(Reading(one.carried.facts, other.cutoff, other.printed_later, told))
    sealed = seal(book, readings)
    card = pack.model(one.programme.model).card
    check_programme(one.programme, card, sealed)
    if any(instrument.budgets for instrument in one.programme.instruments):
        raise BacktestError("expected rules without a budget, found one; state it as the quantity's limit", one.place)
    for name in card.facts:
        sealed.fact(name, one.place)
    for quantity in one.quantities:
        if quantity.outcome not in {outcome.id for outcome in card.outcomes}:
            raise BacktestError(f"expected an outcome of the model, found '{quantity.outcome}'", quantity.place)
    return sealed


def _other(pack: Pack, one: BacktestFile) -> BacktestFile:
    name = "" if one.carried is None else one.carried.backtest
    if name not in pack.backtests or name == one.id:
        raise BacktestError(f"expected another backtest of the pack, found '{name}'", one.place)
    return load_backtest(pack.backtests[name], pack.book)


def _forecast(pack: Pack, one: BacktestFile, sealed: FactBook, draws: int, seed: int) -> list[BacktestResult]:
    """The forecast is made from the sealed book alone; the pack's whole book is opened only to say what came."""
    model = pack.model(one.programme.model)
    drawn = draw_facts(sealed, sealed.facts, draws, seed)
    read = sorted({*model.card.facts, *(name for name in one.programme.names if name in sealed.facts)})
    source = LaidSource(*customers(one, drawn, draws))
    years = tuple(year for year, _ in one.months)
    found = simulate_laid(model, one.programme, source, {name: drawn[name] for name in read}, years, seed)
    central = {name: sealed.value(name) for name in sealed.facts}
    results: list[BacktestResult] = []
    for quantity in one.quantities:
        forecast = _taken(model.card, quantity, found, one.months)
        if quantity.limit is not None:
            forecast = np.minimum(forecast, drawn[quantity.limit])
        naive = quantity.naive.constant(central)
        results.append(_held_against(pack.book, one, quantity, forecast, naive, tuple(sorted(sealed.facts))))
    return results


def customers(one: BacktestFile, drawn: Mapping[str, Numbers], draws: int) -> tuple[dict[str, Numbers], Numbers]:
    """Customers of every draw whose loans are lognormal and sum to what the backtest says, and their weights.

    Rows stand for equal parts of the money rather than for equal numbers of customers: the log of a loan, seen from a
    unit of money, is normal with its mean moved up by its variance. So a few hundred rows give the money well.

    Returns:
        The columns `loan` (VND) and `scale` (standard score of the loan's log among customers), and the weights; all
        draws x rows.
    """
    loans = _values(one.loans, drawn, draws)
    count = np.full(draws, float(ROWS)) if one.customers is None else _values(one.customers, drawn, draws)
    spread = drawn[SPREAD][:, None]
    place: Numbers = (0.5 + np.arange(ROWS, dtype=np.float64) * _GOLDEN) % 1.0
    scale = spread + _normal(place)[None, :]
    loan = (loans / count)[:, None] * np.exp(spread * scale - 0.5 * spread**2)
    return {"loan": loan, "scale": scale}, (loans / ROWS)[:, None] / loan


def _normal(place: Numbers) -> Numbers:
    from scipy import special

    quantile: Any = special
    return quantile.ndtri(place)


def _values(expression: Expression, drawn: Mapping[str, Numbers], draws: int) -> Numbers:
    per_draw = [
        expression.constant({name: float(drawn[name][draw]) for name in expression.names}) for draw in range(draws)
    ]
    return np.array(per_draw)


def _taken(card: Card, quantity: Quantity, found: Mapping[str, Numbers], months: Sequence[tuple[int, int]]) -> Numbers:
    """A flow summed up to the month, or a stock at its end, by draw."""
    kind = next(one.kind for one in card.outcomes if one.id == quantity.outcome)
    last = months.index(quantity.until)
    values = found[quantity.outcome]
    return values[:, : last + 1].sum(axis=1) if kind == "flow" else values[:, last]


def _held_against(
    book: FactBook, one: BacktestFile, quantity: Quantity, forecast: Numbers, naive: float, read: tuple[str, ...]
) -> BacktestResult:
    came = book.fact(quantity.came, quantity.place)
    document = book.sources[came.source[0]]
    return BacktestResult(
        id=f"{one.id}/{quantity.id}",
        title=one.title,
        quantity=quantity.title,
        cutoff=one.cutoff,
        unit=came.canonical_unit,
        draws=forecast,
        outcome=came.canonical,
        outcome_source={
            "id": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "date": document.date,
            "address": document.address,
        },
        official=None if quantity.official is None else book.value(quantity.official),
        naive=naive,
        read=read,
        note=quantity.note,
    )
