"""A register of real units as a population: every row is in it, or in the report of those that are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from haidang.errors import Place, did_you_mean, nearest
from haidang.facts import FactBook, same_dimension
from haidang.population.build import Settled, as_drawn, scaled_like, settle_population, to_table
from haidang.population.columns import Column, Population, check_table
from haidang.population.draw import Known, draw
from haidang.population.mapping import (
    Classed,
    Coded,
    Compared,
    Copied,
    RegisterMapping,
    Rule,
    Summed,
    Worded,
    plain_text,
)
from haidang.population.register_checks import Problems, parse
from haidang.population.register_source import Raw, RegisterError, open_register
from haidang.population.spec import PopulationSpec

Array = np.ndarray[Any, np.dtype[Any]]
__all__ = ["Register", "RegisterError", "read_register"]


FITTING: Mapping[str, tuple[type[Any], ...]] = {
    "number": (Copied, Summed),
    "category": (Worded, Coded, Classed),
    "flag": (Worded, Compared),
}


@dataclass(frozen=True, slots=True)
class Register:
    """What became of a register.

    Attributes:
        population: the rows that are units of it, each of weight one; `assumed` names the columns that were drawn.
        rejected: one line per problem: `row` (as a spreadsheet counts), `column`, `value`, `reason`, and `outcome`:
            `rejected` where something is wrong, `outside` where the unit is right but not of this population.
        rows: how many rows the register has.
        drawn: rows drawn for want of a value, by column.
    """

    population: Population
    rejected: pl.DataFrame
    rows: int
    drawn: Mapping[str, int]

    @property
    def table(self) -> pl.DataFrame:
        """The population's table."""
        return self.population.table


def read_register(
    address: str, mapping: RegisterMapping, spec: PopulationSpec, book: FactBook, seed: int = 1
) -> Register:
    """Read an office's own register.

    Columns of the population that the register has no rule for, or no value for in a row, are drawn as the population
    describes, given what the register says of that unit, and are named in `drawn` and `Population.assumed`.

    Args:
        address: see `open_register`.
        mapping: how its columns become the population's.
        spec: the population.
        book: the facts that it names.
        seed: of what is drawn.

    Raises:
        RegisterError: where the register as a whole cannot be used; a single bad row never stops the others.
    """
    _check_rules(mapping, spec)
    raw = open_register(address, mapping)
    problems = Problems(raw)
    fields = {
        name: parse(field, raw, _heading(name, mapping, raw), mapping.numbers, problems)
        for name, field in mapping.fields.items()
    }
    year = np.zeros(len(raw.row)) if mapping.latest is None else fields[mapping.latest].number
    ids = _unit_ids(fields[mapping.unit_id].text, year, raw, mapping.unit_id, problems)
    known = {
        name: _applied(name, rule, spec.columns[name], fields, mapping, problems)
        for name, rule in mapping.rules.items()
    }
    _check_limits(known, spec, mapping, problems)
    keep = problems.clean()
    kept = {name: Known(one.value[keep], one.present[keep]) for name, one in known.items()}
    settled = settle_population(spec, book)
    population = _population(ids[keep], kept, spec, book, seed, settled, raw.name)
    drawn = {
        name: int(keep.sum()) - int(kept[name].present.sum()) if name in kept else int(keep.sum())
        for name in spec.columns
    }
    counts = {name: count for name, count in drawn.items() if count}
    return Register(population, problems.report(), len(raw.row) + len(raw.torn), counts)


def _population(
    ids: Array,
    known: Mapping[str, Known],
    spec: PopulationSpec,
    book: FactBook,
    seed: int,
    settled: Settled,
    source: str,
) -> Population:
    candidates = draw(spec, book, ids, seed, settled.constants, known)
    columns = scaled_like(spec, settled, candidates.columns, as_drawn(spec, known, len(ids)))
    table = to_table(ids, np.ones(len(ids)), columns, spec.columns)
    assumed = tuple(name for name in spec.columns if name not in known or not known[name].present.all())
    note = f"{len(ids)} units of the register; drawn where it says nothing: {', '.join(assumed) or 'nothing'}"
    return Population(spec.id, check_table(table, spec.columns), spec.columns, source, assumed, (note,))


def _check_rules(mapping: RegisterMapping, spec: PopulationSpec) -> None:
    """A rule must fit the column that it fills."""
    for name, rule in mapping.rules.items():
        place = Place(mapping.place.path, mapping.place.line, f"columns.{name}")
        if name not in spec.columns:
            hint = did_you_mean(name, spec.columns)
            raise RegisterError(f"expected a column of the population {spec.id}, found '{name}'", place, hint)
        column = spec.columns[name]
        if type(rule) not in FITTING.get(column.kind, ()):
            raise RegisterError(f"a {column.kind} cannot come from this rule", place)
        values = _values(rule)
        known = column.categories if column.kind == "category" else ("true", "false")
        for value in values:
            if value not in known:
                raise RegisterError(f"expected a value of {name}, found '{value}'", place, did_you_mean(value, known))
        for field in _fields(rule) if column.kind == "number" else ():
            unit = mapping.fields[field].unit
            if not same_dimension(unit, column.unit or "1"):
                raise RegisterError(f"expected {column.unit} for {name}, found {unit} of {field}", place)


def _values(rule: Rule) -> tuple[str, ...]:
    match rule:
        case Worded(words=values) | Coded(begins=values) | Classed(classes=values):
            return tuple(values)
        case _:
            return ()


def _fields(rule: Rule) -> tuple[str, ...]:
    match rule:
        case Summed(fields=fields):
            return fields
        case Compared(field=field, of=of):
            return field, of
        case _:
            return (rule.field,)


def _heading(name: str, mapping: RegisterMapping, raw: Raw) -> str | None:
    """The register's own heading of a field; none where an optional one is absent."""
    field = mapping.fields[name]
    by_text = {plain_text(heading): heading for heading in raw.table.columns}
    for spelling in (name, *field.also):
        if plain_text(spelling) in by_text:
            return by_text[plain_text(spelling)]
    if field.optional:
        return None
    near = nearest(plain_text(name), by_text)
    hint = (
        f"is '{by_text[near]}' it? then add it to 'also' in the mapping"
        if near
        else (f"the register has: {', '.join(raw.table.columns)}")
    )
    raise RegisterError(f"expected the column '{name}'", Place(raw.name), hint)


def _unit_ids(codes: Array, year: Array, raw: Raw, field: str, problems: Problems) -> Array:
    """The code's digits as a number. Of several rows of a unit the latest stays, the first where they are as late."""
    ids = np.zeros(len(codes), dtype=np.int64)
    sound = np.flatnonzero(problems.clean())
    stays: dict[int, int] = {}
    for at in sound[np.argsort(-year[sound], kind="stable")]:
        ids[at] = int(codes[at])
        kept = stays.setdefault(int(ids[at]), int(at))
        if kept != at and year[kept] > year[at]:
            reason = f"row {raw.row[kept]} has a later year of this unit"
            problems.add_row(int(at), field, codes[at], reason, "outside")
        elif kept != at:
            problems.add_row(int(at), field, codes[at], f"this unit is in row {raw.row[kept]} already")
    return ids


def _applied(
    name: str, rule: Rule, column: Column, fields: Mapping[str, Any], mapping: RegisterMapping, problems: Problems
) -> Known:
    match rule:
        case Copied(field=field):
            found = fields[field]
            return Known(found.number * mapping.fields[field].factor, found.present)
        case Summed(fields=parts):
            present = np.logical_and.reduce([fields[one].present for one in parts])
            total = sum(np.maximum(fields[one].number, 0.0) * mapping.fields[one].factor for one in parts)
            return Known(np.where(present, total, 0.0), present)
        case Compared(field=field, of=of, share=share):
            one = fields[field].number * mapping.fields[field].factor
            other = fields[of].number * mapping.fields[of].factor
            present = fields[field].present & fields[of].present
            return Known((one > 0) & (one >= share * other), present)
        case Worded(field=field, words=words, drop=drop):
            found = fields[field]
            index = {_number_or_word(word): value for value, many in words.items() for word in many}
            values = [index.get(_number_or_word(_dropped(plain_text(text or ""), drop))) for text in found.text]
            problems.add(field, [value is None for value in values] & found.present, found.text, f"no word for {name}")
            return _coded(values, column, found.present)
        case Coded(field=field, begins=begins):
            found = fields[field]
            starts = sorted(((start, value) for value, many in begins.items() for start in many), key=_longest_first)
            values = [
                next((value for start, value in starts if (text or "").startswith(start)), None) for text in found.text
            ]
            problems.add(
                field, [value is None for value in values] & found.present, found.text, f"outside by {name}", "outside"
            )
            return _coded(values, column, found.present)
        case Classed(field=field, classes=classes):
            found = fields[field]
            values = [
                next((value for value, (low, high) in classes.items() if low <= one < high), None)
                for one in found.number
            ]
            problems.add(
                field, [value is None for value in values] & found.present, found.text, f"outside by {name}", "outside"
            )
            return _coded(values, column, found.present)


def _longest_first(start: tuple[str, str]) -> int:
    return -len(start[0])


def _coded(values: list[str | None], column: Column, present: Array) -> Known:
    if column.kind == "flag":
        return Known(np.array([value == "true" for value in values], dtype=np.bool_), present)
    codes = {value: code for code, value in enumerate(column.categories)}
    return Known(np.array([0 if value is None else codes[value] for value in values], dtype=np.int64), present)


def _dropped(text: str, drop: tuple[str, ...]) -> str:
    for word in drop:
        if text.startswith(f"{word} "):
            return text[len(word) + 1 :]
    return text


def _number_or_word(word: str) -> str:
    """A code word without leading zeros, so that 01 is 1."""
    return str(int(word)) if word.isascii() and word.isdigit() else word


def _check_limits(
    known: Mapping[str, Known], spec: PopulationSpec, mapping: RegisterMapping, problems: Problems
) -> None:
    """What the population's own columns allow."""
    for name, one in known.items():
        column = spec.columns[name]
        if column.kind != "number":
            continue
        field = _fields(mapping.rules[name])[0]
        for limit, wrong, word in (
            (column.least, one.value < (column.least or 0), "at least"),
            (column.most, one.value > (column.most or 0), "at most"),
        ):
            if limit is not None:
                reason = f"{name} must be {word} {limit:g} {column.unit}"
                problems.add(field, wrong & one.present & problems.clean(), one.value, reason)
