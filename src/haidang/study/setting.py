"""What all draws of a run share: the model, its units, the scenarios compiled."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from haidang import __version__
from haidang.engine import (
    DEFAULT_ROWS,
    Feeder,
    MemorySource,
    ParquetSource,
    Scenario,
    Setting,
    Source,
    compile_scenario,
)
from haidang.models import Card, Model
from haidang.packs import Pack
from haidang.population import Population, PopulationError, build_population, read_units, write_population
from haidang.programmes import Feed, Month, Programme
from haidang.study.question import Question
from haidang.study.resource import parts_of, term_of

BASELINE = "baseline"
_BLOCKS_AT_ONCE = 8
_FEWEST_ROWS = 256


_FLAGS = {
    # XLA prefers vectors of 256 bits where the processor has 512; the noise is twice as fast with the wider ones.
    "--xla_cpu_prefer_vector_width": "512",
    # A program is too small to be worth cutting up: workers run several draws at once instead.
    "--xla_cpu_multi_thread_eigen": "false",
}


def cache_folder() -> Path:
    """Where what can be made again is kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "haidang"


def prepare_jax() -> None:
    """Keep compiled programs between runs, so that only the first pays for compiling, and set XLA up for many draws.

    XLA reads its flags when JAX meets its first array, so they are too late where JAX is in use already; numbers are
    the same with and without them.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    missing = [f"{name}={value}" for name, value in _FLAGS.items() if name not in flags]
    os.environ["XLA_FLAGS"] = " ".join([flags, *missing]).strip()
    os.environ.setdefault("NPROC", "1")  # how many threads XLA cuts a program up for
    from jax import config

    folder = cache_folder() / "jax"
    settings: dict[str, Any] = {
        "jax_compilation_cache_dir": str(folder),
        "jax_persistent_cache_min_compile_time_secs": 0,
        "jax_persistent_cache_min_entry_size_bytes": -1,
        # A draw waits for each program anyway; handing it to another thread costs more than it hides.
        "jax_cpu_enable_async_dispatch": False,
    }
    set_option: Any = getattr(config, "update")  # noqa: B009 - its type is unknown to the checker
    for name, value in settings.items():
        set_option(name, value)


def units_of(pack: Pack, card: Card, question: Question) -> tuple[Population | None, Source]:
    """The population that is asked for, in memory where it fits, else as a file that is streamed.

    Returns:
        The population, None where it is streamed; and the units as the engine takes them.

    Raises:
        HaidangError: the file is not there, or a column of it is not as the model needs it.
    """
    if question.units is None:
        population = _built(pack, card.population, question)
        return population, MemorySource(population.table, card, name=card.population)
    if question.units.suffix == ".parquet" and question.units.is_file():
        streamed = ParquetSource(question.units, card, _block_rows(card, question.memory))
        if streamed.rows * _bytes_per_row(card) > question.memory:
            return None, streamed
    columns = pack.population(card.population).columns
    population = read_units(question.units, {name: columns[name] for name in card.attributes})
    return population, MemorySource(population.table, card, name=str(question.units))


def _built(pack: Pack, name: str, question: Question) -> Population:
    """The pack's population, from the cache where the same one was built before.

    What it follows from is in the file's name, so a file is never out of date; one that is damaged is built anew.
    """
    spec = pack.population(name)
    stated = repr((__version__, question.rows, question.seed, pack.book.digest())).encode()
    digest = hashlib.sha256(stated + Path(spec.path).read_bytes()).hexdigest()
    kept = cache_folder() / "populations" / f"{name}-{digest[:32]}.parquet"
    if kept.exists():
        try:
            return read_units(kept)
        except PopulationError:
            kept.unlink(missing_ok=True)
    population = build_population(spec, pack.book, question.rows, question.seed)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_population(population, kept)
    except (OSError, PopulationError) as error:
        # A cache that cannot be written costs a second, not the run.
        logging.getLogger(__name__).info("the population was not kept: %s", error)
    return population


def _bytes_per_row(card: Card) -> int:
    """What a unit takes in memory: its columns, its random numbers of a period, and room to work."""
    return 8 * len(card.attributes) + 8 * (len(card.alternatives) + 1 + len(card.chances)) + 64


def _block_rows(card: Card, memory: int) -> int:
    """Rows of a block such that a few of them at once stay within the memory."""
    return min(DEFAULT_ROWS, max(_FEWEST_ROWS, memory // (_BLOCKS_AT_ONCE * _bytes_per_row(card))))


def setting_of(
    pack: Pack,
    programmes: Sequence[tuple[str, Programme]],
    source: Source,
    facts: tuple[str, ...],
    seed: int,
    feeders: Mapping[Feed, Feeder] | None = None,
    model: Model | None = None,
    returns: Mapping[str, tuple[int, ...]] | None = None,
) -> Setting:
    """The baseline and the programmes over one population, ready to be simulated.

    Args:
        pack: the pack.
        programmes: the programmes by the id under which the run shows them; all of one model.
        source: the units.
        facts: the facts that the run reads, in the order of its draws.
        seed: the seed of all chance.
        feeders: the other simulations that pay into the programmes' budgets.
        model: what stands around the pack's model; the pack's own where there is none.
        returns: by scenario, over how many periods what was lent comes back; as its levers say where it is not told.
    """
    model = model or pack.model(programmes[0][1].model)
    told = returns or {}
    scenarios = (Scenario(BASELINE, None), *(Scenario(name, programme) for name, programme in programmes))
    periods = periods_of(model.card, [programme for _, programme in programmes])
    return Setting(
        model=model,
        source=source,
        scenarios=scenarios,
        programs=tuple(compile_scenario(model, one, source.codes, facts) for one in scenarios),
        years=tuple(year for year, _ in periods),
        seed=seed,
        facts=facts,
        returns=tuple(told[one.id] if one.id in told else _returns(pack, model.card, one) for one in scenarios),
        months=tuple(month for _, month in periods) if model.card.period == "month" else None,
        feeders=_feeders(scenarios, feeders or {}),
    )


def periods_of(card: Card, programmes: Sequence[Programme]) -> tuple[Month, ...]:
    """The periods of a run in order: every year of its programmes (month 12), or every month from first to last."""
    years = sorted({year for programme in programmes for year in programme.years})
    if card.period == "year":
        return tuple((year, 12) for year in years)
    spans = [programme.months or ((programme.years[0], 1), (programme.years[-1], 12)) for programme in programmes]
    (first, first_month), (last, last_month) = min(span[0] for span in spans), max(span[-1] for span in spans)
    return tuple((one // 12, one % 12 + 1) for one in range(12 * first + first_month - 1, 12 * last + last_month))


def _feeders(
    scenarios: Sequence[Scenario], feeders: Mapping[Feed, Feeder]
) -> tuple[tuple[tuple[int, int], Feeder], ...]:
    return tuple(
        ((place, k), feeders[slot.budget.fed_by])
        for place, scenario in enumerate(scenarios)
        for k, slot in enumerate(scenario.slots)
        if slot.budget.fed_by is not None
    )


def _returns(pack: Pack, card: Card, scenario: Scenario) -> tuple[int, ...]:
    """For each budget of a scenario, over how many periods what was lent comes back; 0 where it does not."""
    found: list[int] = []
    for slot in scenario.slots:
        term = term_of(card, scenario.instruments[slot.instrument], slot.budget.resource, pack.book.value)
        found.append(parts_of(card, term) if slot.budget.revolving and term > 0 else 0)
    return tuple(found)
