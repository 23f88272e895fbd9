"""A scenario compiled: what each unit sees under its instruments, and the programs that the period calls.

Three programs a period, so that choosing and summing are never fused (XLA on the CPU would run the noise once per
sum): `wish` gives each unit's choice as one small integer, `claim` what the choices ask of each budget, `move` the
states and outcomes that follow. Alternatives are unrolled and the best is kept as a running maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np

from haidang.engine.compiled import compile_function, jnp
from haidang.engine.tally import UNIT_QUANTUM, tally
from haidang.models import Columns, Model, Option, Period, Scene, Taken
from haidang.programmes import Budget, Expression, Instrument, Programme, ProgrammeError

_FLAGS_AT_ONCE = 10
"""How many flags of a unit are counted by one code: a thousand codes a group stay in the cache."""

Array = Any
Arrays = Mapping[str, Array]
MOST_INSTRUMENTS = 8
"""What was refused to a unit is kept as one bit for each instrument of a byte."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One budget of one instrument: a queue of its own.

    Args:
        instrument: place of the instrument in the programme.
        budget: what is limited.
    """

    instrument: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class Scenario:
    """A model with a programme, or with none: `baseline`."""

    id: str
    programme: Programme | None

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments in the order in which they are declared."""
        return () if self.programme is None else self.programme.instruments

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The budgets in the order in which they are served."""
        return tuple(Slot(k, budget) for k, one in enumerate(self.instruments) for budget in one.budgets)

    def active(self, year: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which instruments run in this year."""
        runs = self.programme is not None and year in self.programme.years
        return np.array([runs and (one.years is None or year in one.years) for one in self.instruments], dtype=bool)


@dataclass(frozen=True, slots=True)
class View:
    """What the programs of a period are given, as one tree of arrays.

    Args:
        units: the population's columns.
        state: the states' columns.
        fact: facts of the draw and year, in the order in which the scenario was compiled for (float32, facts).
        chance: the model's own random numbers.
        peers: for each of the model's peers, what is seen by group (float32, peers by groups).
        denied: bit k is set where instrument k is lost to the unit (uint8, units).
        share: the part of what the unit asked for that it got (float32, units); below one for a row served in part.
        left: for each slot with a bound per unit, what the unit may still get (float32, units).
        active: which instruments run (bool, instruments).
        year: the year (int32).
        index: the place of the period (int32).
    """

    units: Arrays
    state: Arrays
    fact: Array
    chance: Arrays
    peers: Array
    denied: Array
    share: Array
    left: Arrays
    active: Array
    year: Array
    index: Array


jax.tree_util.register_dataclass(
    View,
    data_fields=["units", "state", "fact", "chance", "peers", "denied", "share", "left", "active", "year", "index"],
    meta_fields=[],
)


@dataclass(frozen=True, slots=True)
class Programs:
    """The compiled programs of one scenario. See the functions of the same names for what they take and give."""

    wish: Callable[[View, Mapping[str, Array]], Array]
    claim: Callable[[View, Array], tuple[tuple[Array, ...], tuple[Array, ...]]]
    move: Callable[[View, Array], tuple[Arrays, tuple[Array, ...]]]
    prepare: Callable[[Arrays, Array], Arrays]
    stages: Callable[[View, Array], Array]
    observe: Callable[[Arrays, Arrays, Array], Array]


def compile_scenario(
    model: Model, scenario: Scenario, codes: Mapping[str, tuple[str, ...]], facts: tuple[str, ...]
) -> Programs:
    """The programs of a scenario, compiled when first called.

    Args:
        model: the model.
        scenario: the scenario.
        codes: for each category column, its words in the order of their codes.
        facts: the names of the facts in the order in which views hold them: one array passes faster than a hundred
            numbers.

    Raises:
        ProgrammeError: more instruments than a unit's byte can hold, or a bound per unit on a resource of which the
            model cannot be told how much is left.
    """
    _refuse_what_cannot_be_held(model, scenario)
    rules = _Rules(model, scenario, codes, facts)
    return Programs(
        wish=compile_function(partial(_wish, rules)),
        claim=compile_function(partial(_claim, rules)),
        move=compile_function(partial(_move, rules)),
        prepare=compile_function(partial(_prepare, rules)),
        stages=compile_function(partial(_stages, rules)),
        observe=compile_function(partial(_observe, rules)),
    )


def _refuse_what_cannot_be_held(model: Model, scenario: Scenario) -> None:
    if len(scenario.instruments) > MOST_INSTRUMENTS:
        raise ProgrammeError(
            f"expected at most {MOST_INSTRUMENTS} instruments in a programme, found {len(scenario.instruments)}",
            None if scenario.programme is None else scenario.programme.place,
        )
    for slot in scenario.slots:
        if slot.budget.per_unit is not None and model.card.resources[slot.budget.resource].cap is None:
            raise ProgrammeError(
                f"expected a bound per unit on a resource that the model can cap, found '{slot.budget.resource}'",
                slot.budget.place,
            )


class _Rules:
    """A scenario's expressions, bound to the codes of the population's categories."""

    def __init__(
        self, model: Model, scenario: Scenario, codes: Mapping[str, tuple[str, ...]], facts: tuple[str, ...]
    ) -> None:
        self.model = model
        self.facts = facts
        self.codes = codes
        self.slots = scenario.slots
        self.names = tuple(one.id for one in model.card.alternatives)
        self.eligible = [one.eligible.bind(codes) for one in scenario.instruments]
        self.levers = [{name: e.bind(codes) for name, e in one.levers.items()} for one in scenario.instruments]
        self.keys = [None if one.ration.by is None else one.ration.by.bind(codes) for one in scenario.instruments]
        self.order = [one.ration.order for one in scenario.instruments]


def _environment(rules: _Rules, view: View) -> tuple[Columns, dict[str, Array]]:
    """Attributes with the model's derived columns; and all that an expression may name, default levers included."""
    attributes = Columns(view.units, rules.codes)
    derived = rules.model.derive(attributes, view.state)
    columns = {**view.units, **derived}
    facts = _facts(rules, view.fact)
    defaults = {name: _default(lever.default, facts) for name, lever in rules.model.card.levers.items()}
    return Columns(columns, rules.codes), {**facts, **defaults, **columns, "year": view.year}


def _facts(rules: _Rules, fact: Array) -> dict[str, Array]:
    return {name: fact[place] for place, name in enumerate(rules.facts)}


def _prepare(rules: _Rules, units: Arrays, fact: Array) -> Arrays:
    """The model's own columns for a draw (units)."""
    return dict(rules.model.prepare(Columns(units, rules.codes), _facts(rules, fact)))


def _default(default: float | str, fact: Arrays) -> Array:
    return fact[default] if isinstance(default, str) else jnp.float32(default)


def _reached(rules: _Rules, view: View, names: Mapping[str, Array]) -> list[Array]:
    """For each instrument, the units that may have it: its condition holds, it runs, and it was not refused."""
    held = (view.denied >> np.uint8(k) & np.uint8(1) for k in range(len(rules.eligible)))
    return [
        _flag(condition, names) & view.active[k] & (lost == 0)
        for k, (condition, lost) in enumerate(zip(rules.eligible, held, strict=True))
    ]


def _flag(condition: Expression, names: Mapping[str, Array]) -> Array:
    return jnp.asarray(condition.evaluate(names, jnp), dtype=bool)


def _scene(rules: _Rules, view: View) -> tuple[Scene, list[Array]]:
    """What the units see, and which of them each instrument reaches.

    Of two instruments that change one lever the first declared holds where a unit may have both.
    """
    units, names = _environment(rules, view)
    reached = _reached(rules, view, names)
    lever = {name: names[name] for name in rules.model.card.levers}
    for k in reversed(range(len(reached))):
        for name, value in rules.levers[k].items():
            lever[name] = jnp.where(reached[k], jnp.asarray(value.evaluate(names, jnp), jnp.float32), lever[name])
    lever |= _caps(rules, view, reached, lever)
    peers = {
        name: _seen(view.peers[place, : _group_count(rules, spec.by)], view.units[spec.by])
        for place, (name, spec) in enumerate(rules.model.card.peers.items())
    }
    period = Period(view.year, view.index)
    return Scene(units, view.state, lever, _facts(rules, view.fact), view.chance, peers, period), reached


def _seen(shares: Array, group: Array) -> Array:
    """The share of each unit's group. Groups are few: a chain of selections keeps the fusion, a gather would end it."""
    found = jnp.full(group.shape, shares[0])
    for code in range(1, shares.shape[0]):
        found = jnp.where(group == code, shares[code], found)
    return found


def _caps(rules: _Rules, view: View, reached: list[Array], lever: Arrays) -> dict[str, Array]:
    """The levers through which the model learns how much of a resource one unit may still get."""
    caps: dict[str, Array] = {}
    for place in reversed(range(len(rules.slots))):
        slot = rules.slots[place]
        resource = rules.model.card.resources[slot.budget.resource]
        if slot.budget.per_unit is None or resource.cap is None:
            continue
        bound = jnp.where(reached[slot.instrument], view.left[str(place)], caps.get(resource.cap, lever[resource.cap]))
        caps[resource.cap] = bound
    return caps


def _wish(rules: _Rules, view: View, noise: Mapping[str, Array]) -> Array:
    """The alternative of highest utility for each unit: 0 for *nothing*, else its place on the card plus one (uint8).

    Args:
        rules: the scenario.
        view: what the units see.
        noise: Gumbel numbers for *nothing* and for each alternative (float32, units).
    """
    scene, _ = _scene(rules, view)
    options = rules.model.options(scene)
    best = noise["nothing"]
    choice = jnp.zeros(best.shape, jnp.uint8)
    for code, name in enumerate(rules.names, start=1):
        option = options[name]
        utility = jnp.where(option.available, option.utility + noise[name], -jnp.inf)
        better = utility > best
        best = jnp.where(better, utility, best)
        choice = jnp.where(better, np.uint8(code), choice)
    return choice


def _uses(rules: _Rules, options: Mapping[str, Option], choice: Array) -> dict[str, Array]:
    """What each unit's choice takes of each resource, per real unit (float32)."""
    amounts: dict[str, Array] = {}
    for resource in rules.model.card.resources:
        amount = jnp.zeros(choice.shape, jnp.float32)
        for code, name in enumerate(("nothing", *rules.names)):
            used = options[name].uses.get(resource) if name in options else None
            if used is not None:
                amount = jnp.where(choice == np.uint8(code), used, amount)
        amounts[resource] = amount
    return amounts


def _claim(rules: _Rules, view: View, choice: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """What the choices ask of each slot, per real unit (float64), and their priority in its queue (float32).

    A resource is asked of the first declared instrument that budgets it and reaches the unit. Higher priorities are
    served first: an order of `lowest` turns the sign.
    """
    scene, reached = _scene(rules, view)
    uses = _uses(rules, rules.model.options(scene), choice)
    _, names = _environment(rules, view)
    names |= {name: amount for name, amount in uses.items() if name not in names}
    names |= dict(rules.model.rank(scene, choice, rules.names))
    amounts: list[Array] = []
    priorities: list[Array] = []
    asked: dict[str, Array] = {}
    for slot in rules.slots:
        resource, mine = slot.budget.resource, reached[slot.instrument]
        free = mine & ~asked.get(resource, jnp.zeros_like(mine))
        asked[resource] = asked.get(resource, jnp.zeros_like(mine)) | mine
        amounts.append(jnp.where(free, uses[resource].astype(jnp.float64), 0.0))
        priorities.append(_priority(rules, slot, names, choice.shape))
    return tuple(amounts), tuple(priorities)


def _priority(rules: _Rules, slot: Slot, names: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    key = rules.keys[slot.instrument]
    if key is None:
        return jnp.zeros(shape, jnp.float32)
    value = jnp.broadcast_to(jnp.asarray(key.evaluate(names, jnp), jnp.float32), shape)
    return -value if rules.order[slot.instrument] == "lowest" else value


def _move(rules: _Rules, view: View, choice: Array) -> tuple[Arrays, tuple[Array, ...]]:
    """The states after the choice, and the outcomes of the card in its order with `helped` last (float32, units)."""
    scene, _ = _scene(rules, view)
    uses = {name: used * view.share for name, used in _uses(rules, rules.model.options(scene), choice).items()}
    helped = jnp.zeros(choice.shape, bool)
    for amount in uses.values():
        helped = helped | (amount > 0)
    taken = Taken(choice.astype(jnp.int32), rules.names, uses, helped)
    after = {
        name: jnp.asarray(column).astype(rules.model.card.states[name].dtype)
        for name, column in rules.model.move(scene, taken).items()
    }
    found = rules.model.outcomes(scene, taken, after)
    listed = tuple(
        jnp.broadcast_to(jnp.asarray(found[one.id], jnp.float32), choice.shape) for one in rules.model.card.outcomes
    )
    return after, (*listed, helped.astype(jnp.float32))


def _stages(rules: _Rules, view: View, weight: Array) -> Array:
    """How many real units reach each stage of the funnel, in the order of the card, in quanta (float64, stages).

    Who reaches a stage has reached all before it, so one count of how far each unit came tells all of them.
    """
    scene, _ = _scene(rules, view)
    found = rules.model.stages(scene)
    came = jnp.zeros(weight.shape, jnp.int32)
    for one in rules.model.card.stages:
        came = came + jnp.where(found[one.id], 1, 0)
    cells = len(rules.model.card.stages) + 1
    counted = tally((jnp.ones(weight.shape, jnp.float32),), weight, np.array([UNIT_QUANTUM]), came, cells=cells)[0]
    return jnp.cumsum(counted[::-1])[::-1][1:]


def _observe(rules: _Rules, units: Arrays, state: Arrays, weight: Array) -> Array:
    """For each of the model's peers in the order of the card, weight and weighted sum by group, in quanta.

    Returns:
        float64, peers by 2 by groups; a column with fewer groups than the longest has zeros behind.
    """
    seen = rules.model.observe(Columns(units, rules.codes), state)
    peers = rules.model.card.peers
    most = max(_group_count(rules, spec.by) for spec in peers.values())
    rows: dict[str, Array] = {}
    for by in sorted({spec.by for spec in peers.values()}):
        group = units[by].astype(jnp.int32)
        names = [name for name, spec in peers.items() if spec.by == by]
        flags = [name for name in names if seen[name].dtype == jnp.bool_]
        for start in range(0, len(flags), _FLAGS_AT_ONCE):
            some = flags[start : start + _FLAGS_AT_ONCE]
            rows |= dict(zip(some, _flag_sums([seen[name] for name in some], group, most, weight), strict=True))
        for name in names:
            if name not in rows:
                columns = (jnp.ones(weight.shape, jnp.float32), jnp.asarray(seen[name], jnp.float32))
                rows[name] = tally(columns, weight, np.full(2, UNIT_QUANTUM), group, cells=most)
    return jnp.stack([rows[name] for name in peers])


def _flag_sums(flags: list[Array], group: Array, groups: int, weight: Array) -> list[Array]:
    """Weight and weight of those flagged, by group, for several flags (float64, 2 by groups each), in quanta.

    A unit's flags are the bits of one code, so one count by code serves them all; summing a count over the codes that
    have a bit is exact, since all are whole numbers.
    """
    code = group
    for flag in flags:
        code = code * 2 + flag.astype(jnp.int32)
    cells = groups * 2 ** len(flags)
    counted = tally((jnp.ones(weight.shape, jnp.float32),), weight, np.full(1, UNIT_QUANTUM), code, cells=cells)[0]
    table = counted.reshape((groups, *(2 for _ in flags)))
    whole = table.sum(axis=tuple(range(1, len(flags) + 1)))
    found: list[Array] = []
    for place in range(len(flags)):
        others = tuple(axis for axis in range(1, len(flags) + 1) if axis != place + 1)
        found.append(jnp.stack([whole, table.sum(axis=others)[:, 1]]))
    return found


def _group_count(rules: _Rules, by: str) -> int:
    attribute = rules.model.card.attributes[by]
    return len(attribute.categories) if attribute.kind == "category" else 2
