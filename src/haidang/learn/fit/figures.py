"""Published figures that a pack's model is fitted to, as a YAML file declares them, and the model's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.errors import did_you_mean
from haidang.facts import Distribution, FactBook, Reader, canonical, read_yaml
from haidang.learn.counted import Counted
from haidang.learn.fit.choices import Array, Floats
from haidang.learn.fit.derivatives import jax
from haidang.learn.fit.errors import FitError
from haidang.models import Model, Outcome, Scene, Taken
from haidang.packs import Pack
from haidang.population import build_population
from haidang.study.draws import FactDraws, facts_read

KEYS = ("title", "kind", "model", "population", "rows", "years", "facts", "figures", "members", "steps", "seed",
        "chances", "source", "as_of")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: what of the model it speaks of, and in which year.

    Args:
        title: in both languages.
        outcome: an outcome per unit, or none.
        taken: alternatives of which a unit has taken at least one since the start, as a share of units, or none.
        year: the year.
        published: in canonical units.
        error: its standard error.
    """

    title: Mapping[str, str]
    outcome: str | None
    taken: tuple[str, ...]
    year: int
    published: float
    error: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What is fitted to what."""

    path: str
    title: Mapping[str, str]
    model: str
    population: str
    rows: int | None
    years: tuple[int, ...]
    priors: Mapping[str, Distribution]
    figures: Mapping[str, Figure]
    members: int
    steps: int
    seed: int
    chances: int
    sources: tuple[str, ...]
    as_of: str | None


def load_figures(path: Path, book: FactBook) -> Figures:
    """Read a description of what is fitted to which published figures.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind, or names no fact of the pack.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    years = _years(reader)
    return Figures(
        path=str(path),
        title=reader.title_or({"vi": path.stem, "en": path.stem}),
        model=reader.text("model"),
        population=reader.text("population"),
        rows=reader.integer_or("rows", None),
        years=years,
        priors=_priors(reader, book),
        figures={name: _figure(one, name, years, book) for name, one in reader.children("figures").items()},
        members=reader.integer_or("members", 100),
        steps=reader.integer_or("steps", 4),
        seed=reader.integer_or("seed", 1),
        chances=reader.integer_or("chances", 1),
        sources=reader.texts("source"),
        as_of=reader.text_or("as_of", None),
    )


def _years(reader: Reader) -> tuple[int, ...]:
    """From `2023..2025`, or from one year."""
    first, _, last = reader.text("years").partition("..")
    if not (first.isdigit() and (last or first).isdigit() and int(first) <= int(last or first)):
        raise FitError("expected years such as 2023..2025", reader.place("years"))
    return tuple(range(int(first), int(last or first) + 1))


def _priors(reader: Reader, book: FactBook) -> dict[str, Distribution]:
    """The distribution of each fact: the pack's own, or the range or error that the description states instead."""
    entries = reader.child("facts")
    found: dict[str, Distribution] = {}
    for name in entries.keys:
        fact = book.fact(name, entries.place(name))
        if entries.optional(name) is None:
            if fact.distribution is None:
                raise FitError(f"expected a fact with a range or an error, found '{name}' without", entries.place(name))
            found[name] = fact.distribution
            continue
        one = entries.child(name)
        one.forbid_unknown(("value", "se", "range"))
        if one.optional("range") is not None:
            low, high = (canonical(end, fact.unit) for end in one.numbers("range"))
            if not low < high:
                raise FitError("expected a range from less to more", one.place("range"))
            found[name] = Distribution("uniform", (low, high))
            continue
        se = canonical(one.number("se"), fact.unit)
        if se <= 0:
            raise FitError("expected a standard error above zero", one.place("se"))
        found[name] = Distribution("normal", (canonical(one.number("value"), fact.unit), se, -np.inf, np.inf))
    return found


def _figure(one: Reader, name: str, years: tuple[int, ...], book: FactBook) -> Figure:
    one.forbid_unknown(("title", "outcome", "taken", "year", "fact", "value", "se"))
    outcome, taken = one.text_or("outcome", None), one.texts_or("taken", ())
    if (outcome is None) == (not taken):
        raise FitError("expected 'outcome' or 'taken'", one.place())
    year = one.integer_or("year", years[-1])
    if year not in years:
        raise FitError(f"expected a year of {years[0]}..{years[-1]}, found {year}", one.place("year"))
    if one.optional("fact") is None:
        published, error = one.number("value"), one.number("se")
    else:
        fact = book.fact(one.text("fact"), one.place("fact"))
        if fact.se is None:
            raise FitError(f"expected a fact with a standard error, found '{fact.id}' without", one.place("fact"))
        published, error = fact.canonical, canonical(fact.se, fact.unit)
    words = name.replace("_", " ")
    return Figure(one.title_or({"vi": words, "en": words}), outcome, taken, year, published, error)


class _Telling(Counted):
    """A model with its own outcomes and, beside them, the share of units that took one of a set."""

    def __init__(self, inner: Model, sets: Mapping[str, tuple[str, ...]]) -> None:
        """Put both on the card."""
        super().__init__(inner, sets, by="")
        counts = tuple(Outcome(name, {"vi": "", "en": ""}, "1", "stock") for name in sets)
        self.card = replace(self.card, outcomes=(*inner.card.outcomes, *counts), groups=())

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, and who has been counted."""
        own = self.inner.outcomes(scene, taken, after)
        return {**own, **{name: after[f"counted_{name}"].astype("float32") for name in self.sets}}


class Simulator:
    """A pack's model without a programme, run again and again under other facts and the same chance.

    Args:
        pack: the pack.
        plan: what is fitted to what.

    Raises:
        HaidangError: the description names what the model does not have.
    """

    def __init__(self, pack: Pack, plan: Figures) -> None:
        """Build the population and compile the baseline."""
        inner = pack.model(plan.model)
        _check(plan, inner, pack.book)
        sets = {name: one.taken for name, one in plan.figures.items() if one.taken}
        model = _Telling(inner, sets)
        table = build_population(pack.population(plan.population), pack.book, plan.rows, plan.seed).table
        names = facts_read(pack.book, model.card, [])
        source, scenario = MemorySource(table, model.card), Scenario("baseline", None)
        programs = (compile_scenario(model, scenario, source.codes, names),)
        self.setting: Any = Setting(model, source, (scenario,), programs, plan.years, plan.seed, names, ((),))
        self.stated = FactDraws(pack.book, names, 1, plan.seed).of(0, plan.years)
        self.places = [names.index(name) for name in plan.priors]
        outcomes = [one.id for one in model.card.outcomes]
        self.reads = [
            (plan.years.index(one.year), 1 + outcomes.index(one.outcome or name)) for name, one in plan.figures.items()
        ]
        self.chances = plan.chances

    def __call__(self, facts: Floats) -> Floats:
        """The figures at facts, per unit."""
        changed = tuple(one.copy() for one in self.stated)
        for one in changed:
            one[self.places] = facts
        found = np.zeros(len(self.reads))
        for draw in range(self.chances):
            with jax.enable_x64(True):
                totals = simulate_draw(self.setting, draw, changed).totals[0]
            found += np.array([totals[year, at, 0] / max(totals[year, 0, 0], 1e-9) for year, at in self.reads])
        return found / self.chances


def _check(plan: Figures, model: Model, book: FactBook) -> None:
    read = facts_read(book, model.card, [])
    for name in plan.priors:
        if name not in read:
            raise FitError(f"expected a fact that '{plan.model}' reads, found '{name}'", hint=did_you_mean(name, read))
    outcomes = [one.id for one in model.card.outcomes]
    alternatives = [one.id for one in model.card.alternatives]
    for one in plan.figures.values():
        if one.outcome is not None and one.outcome not in outcomes:
            hint = did_you_mean(one.outcome, outcomes)
            raise FitError(f"expected an outcome of '{plan.model}', found '{one.outcome}'", hint=hint)
        for name in one.taken:
            if name not in alternatives:
                hint = did_you_mean(name, alternatives)
                raise FitError(f"expected an alternative of '{plan.model}', found '{name}'", hint=hint)
