"""Margins: what is published about all units together, held against a table of units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.errors import did_you_mean
from haidang.facts import FactBook, Rival, UnknownFactError, canonical
from haidang.population.columns import Column, Population, PopulationError, Title
from haidang.population.spec import Condition, MarginSpec, PopulationSpec

Array = np.ndarray[Any, np.dtype[Any]]
EXACT = 1e-3
"""The miss allowed, as a share of the figure, where neither a standard error nor a tolerance is stated."""


@dataclass(frozen=True, slots=True)
class Margin:
    """One published figure beside the population's own.

    Attributes:
        name: its key in the description.
        title: text per language.
        published: the figure, in its canonical unit (a share is a fraction).
        se: its standard error; none where none is published.
        tolerance: the miss allowed: the standard error, or what the description states.
        reached: the population's own figure; NaN where no unit is in the group.
        unit: canonical unit.
        held: whether it is reached to within the tolerance.
        source: ids of the documents, or `assumption`.
        shown: why it is shown and not asked for; none where the population must reach it.
    """

    name: str
    title: Title
    published: float
    se: float | None
    tolerance: float
    reached: float
    unit: str
    held: bool
    source: tuple[str, ...]
    shown: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """A margin's figure, from the facts."""

    value: float
    se: float | None
    tolerance: float
    unit: str
    source: tuple[str, ...]
    title: Title


def margins(population: Population, spec: PopulationSpec, book: FactBook) -> list[Margin]:
    """Every margin of the description: published, standard error, reached, held.

    Raises:
        HaidangError: where a margin names a fact that the book does not have, or a column that the table does not.
    """
    columns = columns_of(population)
    weight = population.table["weight"].to_numpy()
    return [_margin(one, published(one, book), columns, weight, population.columns) for one in spec.margins]


def missed(found: Iterable[Margin]) -> tuple[Margin, ...]:
    """The margins that must be reached and are not; empty where the population is as published."""
    return tuple(one for one in found if one.shown is None and not one.held)


def columns_of(population: Population) -> dict[str, Array]:
    """The columns as numbers: codes of categories, truths of flags, float64 for the rest."""
    found: dict[str, Array] = {}
    for name, column in population.columns.items():
        values = population.table[name]
        found[name] = (values.to_physical() if column.kind == "category" else values).to_numpy()
    return found


def published(margin: MarginSpec, book: FactBook) -> Published:
    """What the facts state for a margin."""
    fact = book.fact(margin.fact, margin.place)
    stated = fact if margin.value is None else _rival(fact.rivals, margin)
    value = canonical(stated.value, fact.unit)
    se = None if stated.se is None else canonical(stated.se, fact.unit)
    if se is not None and margin.tolerance is not None:
        raise PopulationError("expected no tolerance beside a published standard error", margin.place.at("tolerance"))
    share = EXACT if margin.tolerance is None else margin.tolerance
    claim = stated.claim
    return Published(
        value=value,
        se=se,
        tolerance=share * abs(value) if se is None else se,
        unit=fact.canonical_unit,
        source=claim.source if claim.assumption is None else (*claim.source, "assumption"),
        title=fact.title,
    )


def group(conditions: Iterable[Condition], columns: Mapping[str, Array], described: Mapping[str, Column]) -> Array:
    """The units that meet every condition, shape (units,), bool."""
    found = np.ones(len(next(iter(columns.values()))), dtype=np.bool_)
    for condition in conditions:
        values, column = columns[condition.column], described[condition.column]
        if condition.at_least is not None:
            found = found & (values >= condition.at_least)
        elif column.kind == "flag":
            found = found & np.isin(values, [one == "true" for one in condition.values])
        else:
            found = found & np.isin(values, [column.categories.index(one) for one in condition.values])
    return found


def measured(margin: MarginSpec, columns: Mapping[str, Array], described: Mapping[str, Column]) -> tuple[Array, Array]:
    """The group that a margin is taken over and what is measured in it, each of shape (units,)."""
    inside = group(margin.where, columns, described)
    if margin.column is not None:
        return inside, columns[margin.column].astype(np.float64)
    return inside, group(margin.what, columns, described).astype(np.float64)


def figure(margin: MarginSpec, inside: Array, value: Array, weight: Array) -> float:
    """A margin's figure in a weighted table; NaN for a share or a mean of nobody."""
    total = float(weight[inside] @ value[inside])
    if margin.measure in {"count", "total"}:
        return total
    size = float(weight[inside].sum())
    return total / size if size > 0 else math.nan


def _rival(rivals: Iterable[Rival], margin: MarginSpec) -> Rival:
    by_id = {one.id: one for one in rivals}
    if margin.value not in by_id:
        hint = did_you_mean(margin.value or "", by_id)
        raise UnknownFactError(f"expected a value of {margin.fact}, found '{margin.value}'", margin.place, hint)
    return by_id[margin.value]


def _titled(title: Title, where: Iterable[Condition], described: Mapping[str, Column]) -> Title:
    """The fact's title with the group that it is taken over: `Employees per firm · Food`."""
    parts = [_worded(condition, described[condition.column]) for condition in where]
    return {language: " · ".join((text, *(part[language] for part in parts))) for language, text in title.items()}


def _worded(condition: Condition, column: Column) -> Title:
    if column.kind == "category":
        chosen = [column.titles[value] for value in condition.values]
        return {language: ", ".join(title[language] for title in chosen) for language in column.title}
    if condition.at_least is not None:
        return {language: f"{text} ≥ {condition.at_least:g}" for language, text in column.title.items()}
    plain = condition.values == ("true",)
    return {
        language: text if plain else f"{text}: {', '.join(condition.values)}" for language, text in column.title.items()
    }


def _margin(
    spec: MarginSpec, stated: Published, columns: Mapping[str, Array], weight: Array, described: Mapping[str, Column]
) -> Margin:
    reached = figure(spec, *measured(spec, columns, described), weight)
    # A rounding error of the last sum is not a miss.
    allowed = stated.tolerance * (1 + 1e-9)
    return Margin(
        name=spec.name,
        title=spec.title or (stated.title if spec.value is None else _titled(stated.title, spec.where, described)),
        published=stated.value,
        se=stated.se,
        tolerance=stated.tolerance,
        reached=reached,
        unit=stated.unit,
        held=abs(reached - stated.value) <= allowed,
        source=stated.source,
        shown=spec.shown,
    )
