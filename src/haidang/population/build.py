"""Building a population: candidates are drawn, weighted so that published margins come out, and scaled to totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from haidang.facts import FactBook
from haidang.population.census import census_rows, given_units, whole_totals
from haidang.population.check import check_spec
from haidang.population.columns import Column, Population, PopulationError, check_table
from haidang.population.draw import (
    REFERENCE_ROWS,
    REFERENCE_SEED,
    Candidates,
    Constants,
    Known,
    amount_of,
    draw,
    settle,
)
from haidang.population.margins import EXACT, figure, measured, published
from haidang.population.spec import Lognormal, MarginSpec, PopulationSpec
from haidang.population.weights import reach

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds for every unit, whoever it is: the constants of the odds, and the factor of each published total."""

    constants: Constants
    scales: Mapping[str, float]


def build_population(spec: PopulationSpec, book: FactBook, rows: int | None = None, seed: int = 1) -> Population:
    """Units that look like the published ones, one row each.

    Candidates are drawn by the stated assumptions. Their weights are moved as little as the margins ask (`weights`).
    Numbers whose total is published are then multiplied by one factor per group, which fixes the unit of scale that
    no assumption knows. A census has one row of weight one for each unit, whatever number of rows is asked for.

    Args:
        spec: the description.
        book: the facts that it names.
        rows: how many rows; as the description says unless given, or unless it is a census.
        seed: of all chance.

    Returns:
        The population. A margin that cannot be had does not stop it: `margins` names it.

    Raises:
        HaidangError: where the description and the facts do not fit.
    """
    asked = spec.rows if rows is None else rows
    if asked < 1:
        raise PopulationError(f"expected at least one row, found {asked}")
    check_spec(spec, book)
    counted = census_rows(spec, book)
    count = asked if counted is None else counted
    ids = np.arange(count, dtype=np.int64)
    constants = settle(spec, book)
    given = given_units(spec, book, ids)
    candidates = draw(spec, book, ids, seed, constants, given)
    units = amount_of(spec.units, book)
    weight = weigh(spec, book, candidates, units) if counted is None else np.ones(count)
    drawn = as_drawn(spec, given, count)
    settled = Settled(constants, scales_of(spec, book, candidates.columns, weight, drawn))
    columns = whole_totals(spec, book, scaled_like(spec, settled, candidates.columns, drawn), drawn)
    table = check_table(to_table(ids, weight, columns, spec.columns), spec.columns)
    population = Population(spec.id, table, spec.columns, spec.path, tuple(spec.columns))
    change = weight / (candidates.weight * units / candidates.weight.sum())
    notes = (
        f"{count} rows stand for {population.units:.0f} units",
        f"effective rows: {population.effective_rows:.0f}",
        f"weights changed by factors of {change.min():.3g} to {change.max():.3g}",
    )
    return Population(spec.id, table, spec.columns, spec.path, tuple(spec.columns), notes)


def weigh(spec: PopulationSpec, book: FactBook, candidates: Candidates, units: float) -> Array:
    """Weights that reach the margins, shape (units,), summing to `units`."""
    before = candidates.weight * (units / candidates.weight.sum())
    added: list[Array] = [np.full(len(before), 1 / EXACT)]  # how many units there are
    wanted: list[float] = [1 / EXACT]
    for margin in spec.margins:
        if margin.shown is None and not margin.scales:
            ask = _ask(spec, margin, book, candidates, before)
            if ask is not None:
                added.append(ask[0])
                wanted.append(ask[1])
    weight = reach(np.column_stack(added), np.array(wanted), before, spec.bounds).weight
    return _rounded(weight * (units / weight.sum()))


def scales_of(
    spec: PopulationSpec, book: FactBook, columns: Mapping[str, Array], weight: Array, drawn: Mapping[str, Array]
) -> dict[str, float]:
    """The factor that brings each number whose total is published to that total, by margin.

    What is not drawn stays as it is, so the factor is that of the rest.
    """
    factors: dict[str, float] = {}
    for margin in spec.margins:
        if margin.scales and margin.shown is None and margin.column is not None:
            # Factors of the columns above are in place before a column that follows from them is measured.
            so_far = scaled_like(spec, Settled({}, factors), columns, drawn)
            inside, value = measured(margin, so_far, spec.columns)
            free = inside & drawn[margin.column]
            now = figure(margin, free, value, weight)
            wanted = published(margin, book).value - figure(margin, inside & ~free, value, weight)
            if now > 0 and wanted > 0:  # a total to which no row adds is left to the check, which names it
                factors[margin.name] = float(_rounded(np.array(wanted / now)))
    return factors


def scaled_like(
    spec: PopulationSpec, settled: Settled, columns: Mapping[str, Array], drawn: Mapping[str, Array]
) -> dict[str, Array]:
    """The columns times the settled factors, with what follows from them.

    Args:
        spec: the description.
        settled: has the factors.
        columns: as in `Candidates`.
        drawn: by column, shape (units,): whether the value was drawn; what a register says stays as it is.
    """
    scaled = dict(columns)
    by: dict[str, Array] = {}
    for one in spec.drawn:
        name = one.column.name
        if not isinstance(one.draw, Lognormal):
            continue
        factor: Array = np.ones(len(drawn[name]))
        for other, power in one.draw.powers.items():
            factor = factor * by.get(other, 1.0) ** power
        for margin in spec.margins:
            if margin.column == name and margin.name in settled.scales:
                inside = measured(margin, columns, spec.columns)[0]
                factor = np.where(inside, factor * settled.scales[margin.name], factor)
        by[name] = np.where(drawn[name], factor, 1.0)
        scaled[name] = columns[name] * by[name]
    return scaled


def as_drawn(spec: PopulationSpec, known: Mapping[str, Known], count: int) -> dict[str, Array]:
    """By column, shape (units,): whether its value had to be drawn."""
    everything = np.ones(count, dtype=np.bool_)
    return {name: ~known[name].present if name in known else everything for name in spec.columns}


def settle_population(spec: PopulationSpec, book: FactBook) -> Settled:
    """What a description and its facts settle about any unit: taken from a population of the reference size."""
    check_spec(spec, book)
    constants = settle(spec, book)
    candidates = draw(spec, book, np.arange(REFERENCE_ROWS, dtype=np.int64), REFERENCE_SEED, constants)
    weight = weigh(spec, book, candidates, amount_of(spec.units, book))
    drawn = as_drawn(spec, {}, REFERENCE_ROWS)
    return Settled(constants, scales_of(spec, book, candidates.columns, weight, drawn))


def to_table(ids: Array, weight: Array, columns: Mapping[str, Array], described: Mapping[str, Column]) -> pl.DataFrame:
    """A table of units from arrays coded as in `Candidates`."""
    series: list[pl.Series] = [pl.Series("id", ids), pl.Series("weight", weight)]
    for name, column in described.items():
        values = columns[name]
        if column.kind == "category":
            words = np.array(column.categories, dtype=object)[values.astype(np.int64)]
            series.append(pl.Series(name, words, dtype=pl.Enum(list(column.categories))))
        else:
            series.append(pl.Series(name, values))
    return pl.DataFrame(series)


def _ask(
    spec: PopulationSpec, margin: MarginSpec, book: FactBook, candidates: Candidates, before: Array
) -> tuple[Array, float] | None:
    """What each row adds to a margin, and how much is wanted, both in tolerances; none where no row can add to it."""
    stated = published(margin, book)
    inside, value = measured(margin, candidates.columns, spec.columns)
    total = before.sum()
    if margin.measure in {"count", "total"}:
        return inside * value * total / stated.tolerance, stated.value / stated.tolerance
    size = float(before[inside].sum())
    if size == 0:
        return None
    return inside * (value - stated.value) * total / (size * stated.tolerance), 0.0


def _rounded(number: Array) -> Array:
    """Seven significant digits: what is left of the order in which a machine adds up does not reach the table."""
    unit = 10.0 ** (np.floor(np.log10(number)) - 6)
    return np.rint(number / unit) * unit
