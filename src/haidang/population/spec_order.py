"""Whether the parts of a description go together: what leans on what, and the words that name values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from haidang.errors import Place, did_you_mean
from haidang.population.columns import Column, PopulationError
from haidang.population.spec import (
    Chance,
    Classes,
    Counts,
    Draw,
    Lognormal,
    Normal,
    PopulationSpec,
    Shares,
    Steps,
)


def check_order(spec: PopulationSpec) -> None:
    """A column may lean on columns above it and on factors; a factor on columns above its first use."""
    known: set[str] = set()
    columns = spec.columns
    for one in spec.drawn:
        needed = _leans_on(one.draw)
        factors = needed & set(spec.factors)
        needed = (needed - factors) | {column for name in factors for column in spec.factors[name].by}
        for name in sorted(needed - known):
            where = "below it" if name in columns else "unknown"
            raise PopulationError(
                f"expected a column above {one.column.name} or a factor, found '{name}', which is {where}",
                one.place,
                did_you_mean(name, known | set(spec.factors)),
            )
        _check_values(one.draw, columns, one.place)
        known.add(one.column.name)
    for factor in spec.factors.values():
        _check_by(factor.by, columns, factor.place)


def _leans_on(draw: Draw) -> set[str]:
    match draw:
        case Shares(times=times):
            return set(times)
        case Counts():
            return set()
        case Chance(odds=effects):
            return set(effects.by) | set(effects.per)
        case Steps(steps=steps, odds=effects):
            return {step for step in steps if isinstance(step, str)} | set(effects.by) | set(effects.per)
        case Classes(of=of):
            return {of}
        case Lognormal(powers=powers, times=effects):
            return set(powers) | set(effects.by) | set(effects.per)
        case Normal(plus=effects):
            return set(effects.by) | set(effects.per)


def _check_values(draw: Draw, columns: Mapping[str, Column], place: Place) -> None:
    match draw:
        case Shares(times=times):
            _check_by(times, columns, place)
        case Counts():
            pass
        case Chance(odds=effects) | Steps(odds=effects) | Lognormal(times=effects) | Normal(plus=effects):
            _check_by(effects.by, columns, place)
        case Classes(of=of, spans=spans):
            _check_by({of: dict.fromkeys(spans, 0.0)}, columns, place)
            missing = sorted(set(columns[of].categories) - set(spans))
            if missing:
                raise PopulationError(f"expected a span for every value of {of}, found none for {missing[0]}", place)


def _check_by(by: Mapping[str, Mapping[str, object]], columns: Mapping[str, Column], place: Place) -> None:
    for name, values in by.items():
        if name not in columns:
            raise PopulationError(f"expected a column, found '{name}'", place, did_you_mean(name, columns))
        check_words(columns[name], values, place)


def check_words(column: Column, values: Iterable[str], place: Place) -> None:
    """See that words are values of a category or a flag."""
    known = column.categories if column.kind == "category" else ("true", "false")
    if column.kind not in {"category", "flag"}:
        raise PopulationError(f"expected a category or a flag, found {column.name}, a {column.kind}", place)
    for value in values:
        if value not in known:
            hint = did_you_mean(value, known)
            raise PopulationError(f"expected a value of {column.name}, found '{value}'", place, hint)


def check_margins(spec: PopulationSpec) -> None:
    """See that every margin measures and compares what its columns can be measured and compared by."""
    columns = spec.columns
    for margin in spec.margins:
        for condition in (*margin.what, *margin.where):
            column = columns[condition.column]
            if condition.at_least is None:
                check_words(column, condition.values, margin.place)
            elif column.kind not in {"number", "level"}:
                raise PopulationError(f"'>=' needs a number or a level, found {column.name}", margin.place)
        if margin.column is not None and columns[margin.column].kind not in {"number", "level"}:
            raise PopulationError(f"expected a number to take the {margin.measure} of", margin.place)
