"""A backtest on a population of the pack: built from the sealed book, then simulated draw by draw by the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from haidang.engine import DrawResult, MemorySource, Setting, simulate_draw
from haidang.facts import FactBook
from haidang.learn.backtest_file import BacktestFile, Built
from haidang.learn.quantity import Line
from haidang.learn.reads import named_by_population
from haidang.learn.sealed import Sealed
from haidang.learn.series import Numbers, Series, Track
from haidang.models import Card
from haidang.packs import Pack
from haidang.population import Population, PopulationSpec, build_population
from haidang.programmes import Month
from haidang.study import setting_of
from haidang.study.draws import FactDraws, facts_read


@dataclass(slots=True)
class Workshop:
    """What the forecasts of one call share, so that cases do not build or compile the same thing again.

    Args:
        populations: by their file, their size and the facts that they rest on.
        programs: compiled scenarios, by what they follow from.
    """

    populations: dict[tuple[Any, ...], Population] = field(default_factory=dict[tuple[Any, ...], Population])
    programs: dict[tuple[Any, ...], Any] = field(default_factory=dict[tuple[Any, ...], Any])


def simulate_built(
    pack: Pack, one: BacktestFile, built: Built, spec: PopulationSpec, sealed: Sealed, draws: int, seed: int,
    workshop: Workshop,
) -> Series:  # fmt: skip
    """Every draw of a backtest on a population of the pack.

    Args:
        pack: the pack.
        one: the backtest.
        built: what population it asks for.
        spec: the population.
        sealed: what may be read, and the rules.
        draws: how many draws; a single one takes the stated values.
        seed: of all chance.
        workshop: what was built and compiled before.
    """
    card = pack.model(one.programme.model).card
    population = _population(spec, sealed.book, built.rows, seed, workshop)
    facts = FactDraws(sealed.book, facts_read(sealed.book, card, [sealed.programme]), draws, seed)
    source = MemorySource(population.table, card, name=spec.id)
    setting = _setting(pack, one, sealed, source, facts.names, seed, workshop)
    years = sorted(set(setting.years))
    found: list[DrawResult] = []
    for draw in range(draws):
        by_year = dict(zip(years, facts.of(draw, years), strict=True))
        found.append(simulate_draw(setting, draw, tuple(by_year[year] for year in setting.years)))
    return _series(setting, one, found)


def periods_of(one: BacktestFile, card: Card) -> tuple[Month, ...]:
    """Year and month of each period; of years, their last month."""
    if card.period == "year":
        return tuple((year, 12) for year in one.span.years)
    return one.span.months or tuple((year, month) for year in one.span.years for month in range(1, 13))


def _population(spec: PopulationSpec, book: FactBook, rows: int | None, seed: int, workshop: Workshop) -> Population:
    behind = replace(book, facts={name: book.facts[name] for name in named_by_population(spec)}, joints={})
    key = (spec.path, rows, seed, behind.digest())
    if key not in workshop.populations:
        workshop.populations[key] = build_population(spec, book, rows, seed)
    return workshop.populations[key]


def _setting(
    pack: Pack, one: BacktestFile, sealed: Sealed, source: MemorySource, facts: tuple[str, ...], seed: int,
    workshop: Workshop,
) -> Setting:  # fmt: skip
    """The rules over the backtest's periods; beside the baseline where a quantity takes it off, else alone."""
    setting = setting_of(
        replace(pack, book=sealed.book), [(sealed.programme.id, sealed.programme)], source, facts, seed
    )
    alone = all(line.which == "rules" for quantity in one.quantities for line in quantity.lines)
    first = 1 if alone else 0
    key = (sealed.programme.digest, facts, alone)
    periods = periods_of(one, setting.model.card)
    return replace(
        setting,
        scenarios=setting.scenarios[first:],
        programs=workshop.programs.setdefault(key, setting.programs[first:]),
        returns=setting.returns[first:],
        years=tuple(year for year, _ in periods),
        months=None if setting.model.card.period == "year" else tuple(month for _, month in periods),
    )


def _series(setting: Setting, one: BacktestFile, found: list[DrawResult]) -> Series:
    periods = periods_of(one, setting.model.card)
    years: tuple[Month, ...] = tuple((year, 12) for year in dict.fromkeys(setting.years))
    lines = {line for quantity in one.quantities for line in quantity.lines}
    return {
        line: Track(periods if line.group is None else years, np.stack([_values(setting, line, one) for one in found]))
        for line in lines
    }


def _values(setting: Setting, line: Line, result: DrawResult) -> Numbers:
    """A line in one draw: by period for all units, by year for a group."""
    place = len(setting.scenarios) - 1 if line.which == "rules" else 0
    if line.outcome.startswith("market."):
        word = line.outcome.removeprefix("market.")
        return np.array([float(getattr(record, word)) for record in result.markets[place]])
    outcomes = setting.model.card.outcomes
    row = 1 + next(k for k, one in enumerate(outcomes) if one.id == line.outcome)
    if line.group is None:
        sums = result.periods[place]
    else:
        sums = result.totals[place, :, :, setting.source.groups.labels().index(line.group)]
    if outcomes[row - 1].kind == "mean":
        return sums[:, row] / np.maximum(sums[:, 0], 1e-9)
    return sums[:, row]
