"""A programme kept ready on a small sample, so that a design of it can be tried within a second.

The sample is the pack's population built with few rows, and few draws; they are the first draws of a larger run of the
same seed. The baseline and what was tried before are kept. All draws are simulated at once (`haidang.engine.draws`).
Another number in the same place is only another input; another form of a condition or a lever compiles a small program
of its own (`haidang.engine.apart`).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from haidang.engine import (
    DrawResult,
    Feeder,
    Setting,
    Simulated,
    Tables,
    draws_at_once,
    simulate_draws,
    tables_of,
)
from haidang.engine.apart import compile_conditions, compile_levers, joined, set_apart
from haidang.engine.scenario import Programs, Scenario, compile_scenario
from haidang.facts import moved_by
from haidang.packs import Pack
from haidang.packs.design_file import Design, designed, refuse_mixed, supposing
from haidang.population import Population
from haidang.programmes import Feed, Programme
from haidang.results import HeldRun, hold_run
from haidang.study.draws import FactDraws, amounts_read, facts_read
from haidang.study.lifted import PARTS, PREFIX, Lifted, lift
from haidang.study.manifest import manifest_of
from haidang.study.prepared import feeder_of
from haidang.study.question import Question
from haidang.study.setting import prepare_jax, setting_of, units_of

T = TypeVar("T")
ROOM, MORE_FACTS = 12, 8
"""Programs take this many numbers of each part, and facts that only a design reads, or a multiple of it, so that they
are the same beside most designs."""
WORD = re.compile(r"[a-z][a-z0-9_]*")
"""A fact that is none of the words of a population's file does not change the population."""
KEPT_WORLDS, KEPT_TRIALS, KEPT_FORMS = 8, 48, 64


@dataclass(frozen=True, slots=True)
class Sample:
    """How small a sample is.

    Args:
        rows: rows of the population.
        draws: draws; two or more, so that there is an interval.
        seed: the seed of all chance.
    """

    rows: int
    draws: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _World:
    """The pack as some facts are supposed to be, with its sample and its facts drawn.

    Args:
        supposed: what is supposed, by which worlds are told apart.
        pack: in which it is so.
        population: the sample, none where it is a file.
        source: the same as the engine takes it.
        facts: drawn.
        feeders: the simulations that pay into budgets, made when they are first needed.
    """

    supposed: tuple[tuple[str, str], ...]
    pack: Pack
    population: Population | None
    source: Any
    facts: FactDraws
    feeders: dict[Feed, Feeder] = field(default_factory=dict[Feed, Feeder])


class Bench:
    """A programme kept ready. Asked by one thread at a time.

    Args:
        pack: the pack.
        programme: the id of the programme.
        sample: how small the sample is.
    """

    def __init__(self, pack: Pack, programme: str, sample: Sample) -> None:
        """Nothing is simulated yet."""
        prepare_jax()
        self.pack, self.programme, self.sample = pack, programme, sample
        self._model = pack.model(pack.programme(programme).base.model)
        # Groups of so few rows say nothing, so only the whole is counted.
        self._card = replace(self._model.card, groups=())
        text = Path(pack.population(self._model.card.population).path).read_text(encoding="utf-8")
        self._in_population = frozenset(WORD.findall(text))
        self._question = Question(programme, (), sample.draws, sample.seed, sample.rows, workers=1)
        self._worlds: OrderedDict[object, _World] = OrderedDict()
        self._baselines: OrderedDict[object, Simulated] = OrderedDict()
        self._trials: OrderedDict[object, list[DrawResult]] = OrderedDict()
        self._forms: OrderedDict[object, Any] = OrderedDict()

    def try_out(self, designs: Sequence[Design]) -> HeldRun:
        """The programme as declared and designs of it on the sample, as a run that lies in memory.

        Raises:
            HaidangError: a design cannot be run, or they cannot stand in one run.
        """
        refuse_mixed(designs, self.programme)
        world = self._world(designs)
        file = world.pack.programme(self.programme)
        programmes = [(file.base.id, file.base), *((one.id, designed(world.pack, one)) for one in designs)]
        self._try_missing(world, programmes)
        tried = [self._trials[world.supposed, programme.digest] for _, programme in programmes]
        setting, baseline = self._setting(world, programmes), self._baselines[world.supposed].results
        results = [_together(one) for one in zip(baseline, *tried, strict=True)]
        return self._told(world, programmes, setting, tables_of(setting, range(self.sample.draws), results))

    def _world(self, designs: Sequence[Design]) -> _World:
        supposed = tuple(designs[0].supposed.items()) if designs else ()
        if supposed not in self._worlds:
            _keep(self._worlds, supposed, self._new_world(designs), KEPT_WORLDS)
        self._worlds.move_to_end(supposed)
        # Two designs that suppose different things must not meet, whatever was kept.
        supposing(self.pack, designs)
        return self._worlds[supposed]

    def _new_world(self, designs: Sequence[Design]) -> _World:
        pack = supposing(self.pack, designs)
        if pack is self.pack:
            population, source = units_of(pack, self._card, self._question)
            names = facts_read(pack.book, self._model.card, pack.programme(self.programme).programmes)
            return _World((), pack, population, source, self._drawn(pack, names))
        stated, names = self._world(()), moved_by(self.pack.book, designs[0].facts.keys)
        population, source = stated.population, stated.source
        if self._in_population & names:
            population, source = units_of(pack, self._card, self._question)
        facts = stated.facts.held(pack.book, names)
        return _World(tuple(designs[0].supposed.items()), pack, population, source, facts)

    def _drawn(self, pack: Pack, names: tuple[str, ...]) -> FactDraws:
        return FactDraws(pack.book, names, self.sample.draws, self.sample.seed)

    def _setting(self, world: _World, programmes: Sequence[tuple[str, Programme]]) -> Setting:
        feeds = tuple(dict.fromkeys(feed for _, programme in programmes for feed in programme.feeds))
        for feed in feeds:
            if feed not in world.feeders:
                world.feeders[feed] = feeder_of(world.pack, self._question, feed)
        facts, seed = world.facts.names, self.sample.seed
        return setting_of(world.pack, programmes, world.source, facts, seed, world.feeders, self._model)

    def _try_missing(self, world: _World, programmes: Sequence[tuple[str, Programme]]) -> None:
        """Simulate what was not tried in this world."""
        keys = {(world.supposed, programme.digest): (name, programme) for name, programme in programmes}
        for key in keys:
            if key in self._trials:
                self._trials.move_to_end(key)
        for key, (name, programme) in keys.items():
            if key not in self._trials or world.supposed not in self._baselines:
                _keep(self._trials, key, self._simulated(world, name, programme), max(KEPT_TRIALS, len(keys)))

    def _simulated(self, world: _World, name: str, programme: Programme) -> list[DrawResult]:
        """A programme in every draw of the sample; the baseline too where the world has none."""
        plain, more, lifted = (
            self._setting(world, [(name, programme)]),
            self._more_facts(world, programme),
            lift(programme),
        )
        room = _room(len(more.names), MORE_FACTS)
        names, given = [f"more_{place}" for place in range(room)], list[float]()
        for part in PARTS:
            told = lifted.numbers[part]
            names += [f"{PREFIX}{part}_{place}" for place in range(_room(len(told), ROOM))]
            given += [*told, *(0.0 for _ in range(_room(len(told), ROOM) - len(told)))]
        whole = (*world.facts.names, *names)
        read = (*world.facts.names, *more.names, *names[len(more.names) :])
        programs = (
            self._compiled(world, "baseline", plain.scenarios[0], whole),
            self._apart(world, lifted, Scenario(name, lifted.programme), whole, read),
        )
        setting, tail = replace(plain, programs=programs, facts=whole), np.array(given, np.float32)

        def of(draw: int) -> tuple[NDArray[np.float32], ...]:
            parts = (world.facts.of(draw, setting.years), more.of(draw, setting.years))
            unused = np.zeros(room - len(more.names), np.float32)
            return tuple(np.concatenate([stated, named, unused, tail]) for stated, named in zip(*parts, strict=True))

        draws = range(self.sample.draws)
        facts, baseline = [of(draw) for draw in draws], self._baselines.get(world.supposed)
        if baseline is None:
            found = simulate_draws(setting, draws, facts)
            baseline = replace(found, results=tuple(_only(one, 0) for one in found.results))
            results = [_only(one, 1) for one in found.results]
        else:
            results = list(simulate_draws(_without_baseline(setting), draws, facts, baseline).results)
        _keep(self._baselines, world.supposed, baseline, KEPT_WORLDS)
        self._baselines.move_to_end(world.supposed)
        return results

    def _at_once(self, world: _World) -> int:
        return draws_at_once(self._model.card, world.source, self.sample.draws)

    def _more_facts(self, world: _World, programme: Programme) -> FactDraws:
        """The facts that a design names and neither the programme nor its variants read."""
        named = {name for name in programme.names if name in world.pack.book.facts}
        return self._drawn(world.pack, tuple(sorted(named - set(world.facts.names))))

    def _apart(
        self, world: _World, lifted: Lifted, one: Scenario, whole: tuple[str, ...], read: tuple[str, ...]
    ) -> Programs:
        """The programs of a programme: large ones for its shape, small ones for its conditions and its levers."""
        large = self._compiled(world, lifted.shape, set_apart(one, self._model.card), whole)
        given = self._model, one, world.source.codes, read, self._at_once(world)
        key = lifted.conditions, read, _codes(world)
        conditions = self._kept(("conditions", *key), lambda: compile_conditions(*given))
        levers = self._kept(("levers", lifted.levers, *key[1:]), lambda: compile_levers(*given))
        return joined(large, conditions, levers)

    def _compiled(self, world: _World, shape: object, one: Scenario, facts: tuple[str, ...]) -> Programs:
        key = (shape, facts, _codes(world))
        draws = self._at_once(world)
        return self._kept(key, lambda: compile_scenario(self._model, one, world.source.codes, facts, draws))

    def _kept(self, key: object, compile_it: Callable[[], T]) -> T:
        if key not in self._forms:
            _keep(self._forms, key, compile_it(), KEPT_FORMS)
        self._forms.move_to_end(key)
        return self._forms[key]

    def _told(
        self, world: _World, programmes: Sequence[tuple[str, Programme]], setting: Setting, tables: Tables
    ) -> HeldRun:
        read = {*world.facts.names, *amounts_read([programme for _, programme in programmes])}
        manifest = manifest_of(world.pack, self._question, programmes, setting, world.population, {})
        drawn = world.facts.table()
        return hold_run({**tables, "facts": drawn}, manifest, world.pack.book.explain(sorted(read)))


def _codes(world: _World) -> object:
    return tuple(world.source.codes.items())


def _room(count: int, step: int) -> int:
    return max(step, count + -count % step)


def _keep(shelf: OrderedDict[Any, Any], key: object, one: Any, most: int) -> None:
    shelf[key] = one
    while len(shelf) > most:
        shelf.popitem(last=False)


def _without_baseline(setting: Setting) -> Setting:
    """The scenarios behind the baseline."""
    return replace(
        setting,
        scenarios=setting.scenarios[1:],
        programs=setting.programs[1:],
        returns=setting.returns[1:],
        feeders=tuple(((place - 1, slot), feeder) for (place, slot), feeder in setting.feeders),
    )


def _only(result: DrawResult, place: int) -> DrawResult:
    """One scenario of a draw."""
    return DrawResult(**{one.name: getattr(result, one.name)[place : place + 1] for one in fields(DrawResult)})


def _together(scenarios: Sequence[DrawResult]) -> DrawResult:
    """Scenarios of one draw as one."""
    joined: dict[str, Any] = {}
    for one in fields(DrawResult):
        parts: list[Any] = [getattr(each, one.name) for each in scenarios]
        joined[one.name] = np.concatenate(parts) if isinstance(parts[0], np.ndarray) else sum(parts, ())
    return DrawResult(**joined)
