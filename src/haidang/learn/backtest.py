"""Forecasting programmes whose outcome is known, from what was known before, and scoring the forecasts."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.errors import did_you_mean
from haidang.facts import draw_facts
from haidang.learn.backtest_file import BacktestFile, Built, Case, load_backtest
from haidang.learn.built import Workshop, simulate_built
from haidang.learn.came import Told, held_against, told_in
from haidang.learn.customers import simulate_customers
from haidang.learn.quantity import BacktestError, Quantity
from haidang.learn.result import BacktestResult, Held, Kind
from haidang.learn.sealed import Sealed, population_of, programmes_of, seal_backtest
from haidang.learn.series import Numbers, forecast
from haidang.packs import Pack
from haidang.study import prepare_jax

DRAWS_LAID = 1000
DRAWS_BUILT = 200
"""Draws where nobody says how many: side by side they cost little, one after the other they add up."""


def backtests_of(pack: Pack, programme: str) -> tuple[str, ...]:
    """The backtests that a programme's report shows: those that name it, and those that name none.

    Raises:
        BacktestError: a backtest names a programme that the pack does not have.
    """
    return tuple(name for name in sorted(pack.backtests) if programme in (programmes_of(pack, name) or (programme,)))


def run_backtests(
    pack: Pack, names: Sequence[str] | None = None, draws: int | None = None, seed: int = 1
) -> list[BacktestResult]:
    """Forecast what the pack's backtests ask for, from what each may know, and lay what came beside it.

    Args:
        pack: the pack.
        names: the backtests; all, in the order of their names, where none is given.
        draws: how many draws; a single one takes every fact at its stated value. As each backtest says unless given.
        seed: of all chance.

    Raises:
        BacktestError: there is no such backtest, or its parts do not fit.
        LeakError: it would read what was not known at its cutoff.
    """
    for name in names or ():
        if name not in pack.backtests:
            hint = did_you_mean(name, pack.backtests)
            raise BacktestError(f"expected a backtest of the pack, found '{name}'", None, hint)
    asked = sorted(pack.backtests) if names is None else names
    found = [load_backtest(pack.backtests[name], pack.book) for name in asked]
    sealed = [_sealed(pack, one) for one in found]
    prepare_jax()
    return [
        result
        for one, trials in zip(found, sealed, strict=True)
        for result in _results(pack, one, trials, draws or one.draws or _usual(one), seed)
    ]


Trials = Sequence[tuple[Case | None, Sealed]]
"""The forecasts of a backtest, each with what it may know: one, or one for each case."""


def _usual(one: BacktestFile) -> int:
    return DRAWS_BUILT if isinstance(one.population, Built) else DRAWS_LAID


def _sealed(pack: Pack, one: BacktestFile) -> Trials:
    programmes_of(pack, one.id)
    cases: Sequence[Case | None] = one.cases or (None,)
    return [(case, seal_backtest(pack, one, case)) for case in cases]


def _results(pack: Pack, one: BacktestFile, trials: Trials, draws: int, seed: int) -> list[BacktestResult]:
    """Forecasts are made from sealed books alone; the pack's whole book is opened only to say what came."""
    told = {quantity.id: _told(pack, one, quantity) for quantity in one.quantities}
    held: dict[str, list[Held]] = {quantity.id: [] for quantity in one.quantities}
    workshop = Workshop()
    for case, sealed in trials:
        forecasts = _forecasts(pack, one, case, sealed, draws, seed, workshop)
        for quantity in one.quantities:
            expression = quantity.naive if case is None or case.naive is None else case.naive
            naive = expression.constant({name: sealed.book.value(name) for name in expression.names})
            held[quantity.id] += held_against(
                pack.book, quantity, case, forecasts[quantity.id], naive, told[quantity.id], one.cutoff
            )
    read = tuple(sorted({name for _, sealed in trials for name in sealed.book.facts}))
    return [
        BacktestResult(
            id=f"{one.id}/{quantity.id}",
            kind=_kind(one, quantity),
            programmes=one.programmes,
            title=one.title,
            quantity=quantity.title,
            cutoff=one.cutoff,
            unit=told[quantity.id].unit,
            held=tuple(held[quantity.id]),
            read=read,
            note=quantity.note,
        )
        for quantity in one.quantities
    ]


def _told(pack: Pack, one: BacktestFile, quantity: Quantity) -> Told:
    return told_in(pack.book, one.cases[0].came if one.cases else quantity.came[0])


def _kind(one: BacktestFile, quantity: Quantity) -> Kind:
    return "cases" if one.cases else "class" if quantity.class_of else "one"


def _forecasts(
    pack: Pack, one: BacktestFile, case: Case | None, sealed: Sealed, draws: int, seed: int, workshop: Workshop
) -> dict[str, Numbers]:
    """Each quantity in each draw, canonical."""
    model = pack.model(one.programme.model)
    drawn = draw_facts(sealed.book, sealed.book.facts, draws, seed)
    spec = population_of(pack, one)
    if isinstance(one.population, Built) and spec is not None:
        series = simulate_built(pack, one, one.population, spec, sealed, draws, seed, workshop)
    else:
        series = simulate_customers(one, model, sealed.programme, drawn, seed)
    return {
        quantity.id: forecast(
            quantity, series, model.card, drawn, quantity.per if case is None or case.per is None else case.per
        )
        for quantity in one.quantities
    }
