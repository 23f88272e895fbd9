"""From a pack and a programme to a finished run: the one road that every face takes.

A study reads the programme, builds or reads its population, draws the uncertain facts, simulates the scenarios and puts
the run on disk. The command line, the notebook and the web call the same functions.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from haidang import __version__
from haidang.errors import HaidangError, Place, did_you_mean
from haidang.packs import Pack

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from haidang.engine import Scenario, Setting, Source
    from haidang.models import Card
    from haidang.population import Population
    from haidang.programmes import Programme
    from haidang.results import Run

Progress = Callable[[int, int], None]
DEFAULT_MEMORY = 2_000_000_000
BASELINE = "baseline"
_BASELINE_TITLE = {"vi": "Không có chương trình", "en": "No programme"}


class StudyError(HaidangError):
    """A study that cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be simulated.

    Args:
        programme: id of the programme in the pack.
        variants: ids of its variants; `("all",)` for every one.
        draws: how many draws; one draw takes every fact at its stated value.
        seed: the seed of all chance.
        rows: rows of the population that is built; as its description says where None.
        units: a file of units to run on instead of the pack's population.
        workers: how many groups of draws run at once.
        memory: bytes that the population's columns may take; a larger file is streamed.
    """

    programme: str
    variants: tuple[str, ...] = ()
    draws: int = 200
    seed: int = 1
    rows: int | None = None
    units: Path | None = None
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory: int = DEFAULT_MEMORY

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing.

        Raises:
            StudyError: draws, rows or workers below one, or a negative seed.
        """
        for name, value, least in (("draws", self.draws, 1), ("workers", self.workers, 1), ("seed", self.seed, 0)):
            if value < least:
                raise StudyError(f"expected --{name} of {least} or more, found {value}")
        if self.rows is not None and self.rows < 1:
            raise StudyError(f"expected --rows of 1 or more, found {self.rows}")


def scenarios_of(pack: Pack, question: Question) -> tuple[tuple[str, Programme], ...]:
    """The programme and the variants asked for, by the id under which the run shows them.

    Raises:
        StudyError: a variant that the programme does not have.
    """
    file = pack.programme(question.programme)
    asked = tuple(file.variants) if question.variants == ("all",) else question.variants
    for name in asked:
        if name not in file.variants:
            raise StudyError(
                f"expected a variant of '{question.programme}', found '{name}'", None, did_you_mean(name, file.variants)
            )
    return ((file.base.id, file.base), *((name, file.variants[name]) for name in asked))


def run_study(
    pack: Pack, question: Question, out: Path, *, resume: bool = False, progress: Progress | None = None
) -> Run:
    """Simulate and put the run on disk.

    Args:
        pack: the pack.
        question: what is to be simulated.
        out: the run's folder.
        resume: go on with the draws that an interrupted run of the same question left there.
        progress: called with the draws done and the draws in all.

    Raises:
        HaidangError: whatever the user can mend, before anything is written where that is possible.
    """
    from haidang.engine import Desk, simulate
    from haidang.results import write_run

    begun, clock = datetime.now(UTC), monotonic()
    _refuse_finished(out, resume)
    _prepare_jax()
    programmes = scenarios_of(pack, question)
    card = pack.model(programmes[0][1].model).card
    population, source = units_of(pack, card, question)
    setting = _setting(pack, question, programmes, source)
    facts = _Draws(pack, card, programmes, question, setting.years)
    inputs = _inputs(pack, question, population, source)
    digest = _digest([__version__, *sorted(f"{name} {value}" for name, value in inputs.items()), repr(_fixed(question))])
    desk = Desk(out / "parts", digest)
    if not resume:
        _clear(desk.folder)
    tables = simulate(
        setting, facts.of, question.draws, desk=desk, workers=question.workers, progress=progress
    )
    simulated = monotonic() - clock
    manifest = _manifest(pack, question, programmes, setting, population, inputs) | {
        "facts_read": list(facts.names),
        "times": {"begun": begun.isoformat(timespec="seconds"), "seconds": round(simulated, 3)},
    }
    run = write_run(out, {**tables, "facts": facts.table()}, manifest, pack.book.explain(facts.names))
    _clear(desk.folder)
    return run


def _refuse_finished(out: Path, resume: bool) -> None:
    if (out / "manifest.json").exists():
        raise StudyError(
            "expected a new folder, found a finished run", Place(str(out)), "choose another folder with --out"
        )
    if (out / "parts").is_dir() and any((out / "parts").iterdir()) and not resume:
        raise StudyError(
            "expected a new folder, found a run that was interrupted",
            Place(str(out)),
            "go on with --resume, or choose another folder with --out",
        )


def _prepare_jax() -> None:
    """Keep compiled programs between runs, so that only the first pays for compiling.

    On a machine without an accelerator, programs run on the CPU; one task per core does better than many small pieces
    of one task.
    """
    import jax

    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "haidang" / "jax"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def units_of(pack: Pack, card: Card, question: Question) -> tuple[Population | None, Source]:
    """The population that is asked for, in memory where it fits, else as a file that is streamed.

    Raises:
        HaidangError: the file is not there, or a column of it is not as the model needs it.
    """
    from haidang.engine import MemorySource, ParquetSource
    from haidang.population import build_population, read_units

    if question.units is None:
        spec = pack.population(card.population)
        population = build_population(spec, pack.book, question.rows, question.seed)
        return population, MemorySource(population.table, card, name=card.population)
    if question.units.suffix == ".parquet" and question.units.is_file():
        streamed = ParquetSource(question.units, card)
        if streamed.rows * _bytes_per_row(card) > question.memory:
            return None, streamed
    population = read_units(question.units)
    return population, MemorySource(population.table, card, name=str(question.units))


def _bytes_per_row(card: Card) -> int:
    """What a unit takes in memory: its columns, its random numbers of a period, and room to work."""
    return 8 * len(card.attributes) + 8 * (len(card.alternatives) + 1 + len(card.chances)) + 64


def _setting(pack: Pack, question: Question, programmes: Sequence[tuple[str, Programme]], source: Source) -> Setting:
    from haidang.engine import Scenario, Setting, compile_scenario

    model = pack.model(programmes[0][1].model)
    scenarios = (Scenario(BASELINE, None), *(Scenario(name, programme) for name, programme in programmes))
    return Setting(
        model=model,
        source=source,
        scenarios=scenarios,
        programs=tuple(compile_scenario(model, one, source.codes) for one in scenarios),
        years=tuple(sorted({year for _, programme in programmes for year in programme.years})),
        seed=question.seed,
        returns=tuple(_returns(pack, model.card, one) for one in scenarios),
    )


def _returns(pack: Pack, card: Card, scenario: Scenario) -> tuple[int, ...]:
    """For each budget of a scenario, over how many years what was lent comes back; 0 where it does not."""
    found: list[int] = []
    for slot in scenario.slots:
        lever = card.resources[slot.budget.resource].returns
        if not slot.budget.revolving or lever is None:
            found.append(0)
            continue
        instrument = scenario.instruments[slot.instrument]
        default = card.levers[lever].default
        if lever in instrument.levers:
            expression = instrument.levers[lever]
            years = expression.constant({name: pack.book.value(name) for name in expression.names})
        else:
            years = pack.book.value(default) if isinstance(default, str) else default
        found.append(max(1, round(years)))
    return tuple(found)


class _Draws:
    """The facts that a run reads, drawn."""

    def __init__(
        self,
        pack: Pack,
        card: Card,
        programmes: Sequence[tuple[str, Programme]],
        question: Question,
        years: Sequence[int],
    ) -> None:
        from haidang.facts import draw_facts

        self._book = pack.book
        self._years = years
        self.names = facts_read(pack, card, [programme for _, programme in programmes])
        self._drawn = draw_facts(pack.book, self.names, question.draws, question.seed)
        self._draws = question.draws

    def of(self, draw: int) -> tuple[Mapping[str, np.float32], ...]:
        """The facts of a draw, one mapping a year, in canonical units."""
        return tuple(
            {name: self._value(name, draw, year) for name in self.names} for year in self._years
        )

    def _value(self, name: str, draw: int, year: int) -> np.float32:
        import numpy as np

        if self._book.facts[name].dated is not None:
            return np.float32(self._book.value(name, year))
        return np.float32(self._drawn[name][draw]) if name in self._drawn else np.float32(self._book.value(name))

    def table(self) -> pl.DataFrame:
        """The drawn values: draw, fact, value (canonical)."""
        import polars as pl

        names = [name for name in self.names if name in self._drawn]
        return pl.DataFrame(
            {
                "draw": [draw for _ in names for draw in range(self._draws)],
                "fact": [name for name in names for _ in range(self._draws)],
                "value": [float(value) for name in names for value in self._drawn[name]],
            },
            schema={"draw": pl.Int32, "fact": pl.String, "value": pl.Float64},
        )


def facts_read(pack: Pack, card: Card, programmes: Sequence[Programme]) -> tuple[str, ...]:
    """The facts that a model and its programmes read, sorted."""
    named = set(card.facts) | {one.default for one in card.levers.values() if isinstance(one.default, str)}
    for programme in programmes:
        for instrument in programme.instruments:
            for expression in (instrument.eligible, *instrument.levers.values(), instrument.ration.by):
                named |= set() if expression is None else {name for name in expression.names if name in pack.book.facts}
    return tuple(sorted(named))


def _fixed(question: Question) -> tuple[Any, ...]:
    """What of a question changes its numbers: not how many workers run it, nor how much memory they have."""
    return (question.programme, question.variants, question.draws, question.seed, question.rows)


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _inputs(
    pack: Pack, question: Question, population: Population | None, source: Source
) -> dict[str, str]:
    """The hash of every file that a run depends on."""
    found = {
        str(path.relative_to(pack.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(pack.root.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".py")
    }
    if question.units is not None:
        with question.units.open("rb") as handle:
            found[question.units.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    del population, source
    return found


def _manifest(
    pack: Pack,
    question: Question,
    programmes: Sequence[tuple[str, Programme]],
    setting: Setting,
    population: Population | None,
    inputs: Mapping[str, str],
) -> dict[str, Any]:
    from importlib.metadata import version

    card = setting.model.card
    scenarios: list[dict[str, Any]] = [{"id": BASELINE, "title": _BASELINE_TITLE, "note": None, "programme_digest": None}]
    for name, programme in programmes:
        scenarios.append(
            {
                "id": name,
                "title": dict(programme.title),
                "note": dict(programme.note) if programme.note else None,
                "programme_digest": programme.digest,
            }
        )
    units = {"id": "units", "title": {"vi": "Nhà máy", "en": "Units"}, "unit": "firm", "kind": "stock", "good": "neutral"}
    return {
        "haidang": __version__,
        "pack": pack.id,
        "programme": question.programme,
        "model": card.id,
        "seed": question.seed,
        "draws": question.draws,
        "rows": setting.source.rows,
        "years": list(setting.years),
        "scenarios": scenarios,
        "outcomes": [
            units,
            *(
                {"id": one.id, "title": dict(one.title), "unit": one.unit, "kind": one.kind, "good": one.good}
                for one in card.outcomes
            ),
        ],
        "alternatives": [{"id": one.id, "title": dict(one.title)} for one in card.alternatives],
        "stages": [{"id": one.id, "title": dict(one.title)} for one in card.stages],
        "groups": _group_titles(pack, card, population),
        "columns": _column_titles(pack, card),
        "resources": [
            {"id": name, "title": dict(one.title), "unit": one.unit} for name, one in card.resources.items()
        ],
        "budgets": [
            {
                "scenario": scenario.id,
                "instrument": scenario.instruments[slot.instrument].id,
                "resource": slot.budget.resource,
                "line": slot.budget.amount,
                "revolving": slot.budget.revolving,
                "title": dict(scenario.instruments[slot.instrument].title) or None,
            }
            for scenario in setting.scenarios
            for slot in scenario.slots
        ],
        "inputs": dict(inputs),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("haidang", "jax", "numpy", "polars", "scipy")},
        },
        "population": {
            "rows": setting.source.rows,
            "units": population.units if population is not None else None,
            "source": population.source if population is not None else str(question.units),
        },
        "command": command_of(pack, question),
    }


def command_of(pack: Pack, question: Question) -> str:
    """The command line that makes the same run."""
    parts = ["haidang run", f"{pack.id}/{question.programme}"]
    if question.variants:
        parts.append(f"--variants {','.join(question.variants)}")
    parts.append(f"--draws {question.draws} --seed {question.seed}")
    if question.rows is not None:
        parts.append(f"--rows {question.rows}")
    if question.units is not None:
        parts.append(f"--units {question.units.name}")
    return " ".join(parts)


def _group_titles(pack: Pack, card: Card, population: Population | None) -> dict[str, list[dict[str, Any]]]:
    """The words of each group in both languages, from the population's description."""
    columns = population.columns if population is not None else pack.population(card.population).columns
    yes_no = {"no": {"vi": "Không", "en": "No"}, "yes": {"vi": "Có", "en": "Yes"}}
    found: dict[str, list[dict[str, Any]]] = {}
    for name in card.groups:
        if card.attributes[name].kind == "category":
            titles = columns[name].titles if name in columns else {}
            found[name] = [
                {"id": word, "title": dict(titles.get(word) or {"vi": word, "en": word})}
                for word in card.attributes[name].categories
            ]
        else:
            found[name] = [{"id": word, "title": title} for word, title in yes_no.items()]
    return found


def _column_titles(pack: Pack, card: Card) -> dict[str, dict[str, str]]:
    columns = pack.population(card.population).columns
    return {name: dict(columns[name].title) or {"vi": name, "en": name} for name in card.groups if name in columns}


def _clear(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)

