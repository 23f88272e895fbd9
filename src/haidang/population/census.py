"""A census: every unit is a row of weight one, some are known by name, and published totals are exact to the last one.

Where the units are few and counted, a sample with weights would be the wrong picture: a plant that holds a twentieth of
a total is there once. So a category says how many units each of its values has; units of which something is published
keep it; the rest is drawn and scaled to the published totals; and numbers that come in whole pieces are made whole by
the method of largest remainders (Hamilton 1792), which keeps the total.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from haidang.facts import FactBook
from haidang.population.columns import Column, PopulationError
from haidang.population.draw import Known, amount_of, counted_codes
from haidang.population.margins import measured, published
from haidang.population.spec import Amount, Counts, PopulationSpec

Array = np.ndarray[Any, np.dtype[Any]]
_TYPES = {"category": np.int64, "flag": np.bool_}
"""How columns are coded while they are drawn, where they are not float64."""


def census_rows(spec: PopulationSpec, book: FactBook) -> int | None:
    """How many units a census counts; none where the description is not of one."""
    counts = _counts(spec)
    return None if counts is None else round(sum(amount_of(one, book) for one in counts.counts.values()))


def check_census(spec: PopulationSpec, book: FactBook) -> None:
    """See that counts are whole and add up, and that there are units enough for those given.

    Raises:
        PopulationError: they do not, or units are given, or numbers made whole, outside of a census.
    """
    counted, counts = spec.counted, _counts(spec)
    if counted is None or counts is None:
        for one in (*spec.given, *(margin for margin in spec.margins if margin.whole)):
            raise PopulationError("expected this in a census, where a category has 'counts'; found none", one.place)
        return
    left: dict[str, float] = {}
    for value, amount in counts.counts.items():
        left[value] = amount_of(amount, book)
        if left[value] < 0 or left[value] != round(left[value]):
            raise PopulationError(f"expected a whole number of units, found {left[value]:g}", amount.place)
    total = sum(left.values())
    if amount_of(spec.units, book) != total or spec.rows != total:
        raise PopulationError(f"expected rows and units to be the {total:g} that are counted", spec.units.place)
    for one in spec.given:
        value = str(one.values.get(counted.column.name, ""))
        if value not in left:
            raise PopulationError(f"expected a unit that is given to say its {counted.column.name}", one.place)
        left[value] -= 1
        if left[value] < 0:
            raise PopulationError(f"expected no more units given than there are of '{value}'", one.place)


def given_units(spec: PopulationSpec, book: FactBook, ids: Array) -> dict[str, Known]:
    """What is published of single units, by column: the first rows of each category are theirs, in the file's order."""
    counted, counts = spec.counted, _counts(spec)
    if counted is None or counts is None:
        return {}
    codes = counted_codes(counts, book, ids)
    known: dict[str, Known] = {}
    taken: set[int] = set()
    for one in spec.given:
        code = counted.column.categories.index(str(one.values[counted.column.name]))
        row = next(int(place) for place in np.flatnonzero(codes == code) if int(place) not in taken)
        taken.add(row)
        for name, value in one.values.items():
            if name == counted.column.name:
                continue
            kind = _TYPES.get(spec.columns[name].kind, np.float64)
            column = known.setdefault(name, Known(np.zeros(len(ids), kind), np.zeros(len(ids), np.bool_)))
            column.value[row], column.present[row] = _number(value, spec.columns[name], book), True
    return known


def whole_totals(
    spec: PopulationSpec, book: FactBook, columns: Mapping[str, Array], drawn: Mapping[str, Array]
) -> dict[str, Array]:
    """The columns with every number that must be whole made so, at totals that are exactly the published ones.

    Args:
        spec: the description.
        book: the facts that it names.
        columns: as in `Candidates`, scaled.
        drawn: by column, shape (units,): whether the value was drawn; what is given stays.
    """
    found = dict(columns)
    for margin in spec.margins:
        if margin.whole and margin.column is not None:
            inside, value = measured(margin, found, spec.columns)
            free = inside & drawn[margin.column]
            total = round(published(margin, book).value) - round(float(value[inside & ~free].sum()))
            found[margin.column] = found[margin.column].astype(np.float64)
            found[margin.column][free] = apportion(value[free], total)
    return found


def apportion(values: Array, total: int) -> Array:
    """Whole numbers in proportion to values, with exactly this total (Hamilton's method of largest remainders).

    Args:
        values: zero or more each, some above zero (float64, units).
        total: what the whole numbers add up to.

    Raises:
        PopulationError: there is nothing to share out among, or the total is negative.
    """
    if total < 0 or not values.sum() > 0:
        raise PopulationError(f"expected units among which to share out {total}, found none")
    exact = values * (total / values.sum())
    whole = np.floor(exact)
    last = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[last] += 1
    return whole


def _counts(spec: PopulationSpec) -> Counts | None:
    draw = None if spec.counted is None else spec.counted.draw
    return draw if isinstance(draw, Counts) else None


def _number(value: Amount | str, column: Column, book: FactBook) -> float:
    if isinstance(value, Amount):
        return amount_of(value, book)
    return float(column.categories.index(value)) if column.kind == "category" else float(value == "true")
