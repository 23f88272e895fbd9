"""A scenario compiled: what each unit sees under its instruments, and the programs that the period calls.

Three programs a period, so that choosing and summing are never fused (XLA on the CPU would run the noise once per
sum): `wish` gives each unit's choice as one small integer, `claim` what the choices ask of each budget, `move` the
states and outcomes that follow. Alternatives are unrolled and the best is kept as a running maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from haidang.engine.compiled import compile_function, jnp
from haidang.engine.each import rows_of_each, sums_of_each
from haidang.engine.observe import count_stages, group_count, observe_peers
from haidang.engine.view import View
from haidang.errors import HaidangError, did_you_mean
from haidang.models import Columns, Model, Option, Period, Scene, Taken
from haidang.programmes import Budget, Expression, Instrument, Programme, ProgrammeError

Array = Any
Arrays = Mapping[str, Array]
MOST_INSTRUMENTS = 8
"""What was refused to a unit is kept as one bit for each instrument of a byte."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One budget of one instrument: a queue of its own. A capacity is a budget that each place has anew every period.

    Args:
        instrument: place of the instrument in the programme.
        budget: what is limited.
        by: the columns whose every combination has a queue and the budget's amount of its own; none for one queue.
    """

    instrument: int
    budget: Budget
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A model with a programme, or with none: `baseline`."""

    id: str
    programme: Programme | None

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments in the order in which they are declared."""
        return () if self.programme is None else self.programme.instruments

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The budgets and capacities in the order in which they are served."""
        return tuple(slot for k, one in enumerate(self.instruments) for slot in _slots_of(k, one))

    def active(self, year: int, month: int | None = None) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which instruments run in this year, or in this month of it."""
        runs = self.programme is not None and self.programme.runs(year, month)
        return np.array([runs and one.runs(year, month) for one in self.instruments], dtype=bool)


def _slots_of(place: int, instrument: Instrument) -> tuple[Slot, ...]:
    budgets = (Slot(place, budget) for budget in instrument.budgets)
    capacities = (
        Slot(place, Budget(one.resource, one.amount, unit=one.unit, place=one.place), one.by)
        for one in instrument.capacities
    )
    return (*budgets, *capacities)


@dataclass(frozen=True, slots=True)
class Programs:
    """The compiled programs of one scenario. See the functions of the same names for what they take and give."""

    wish: Callable[[View, Mapping[str, Array]], Array]
    claim: Callable[[View, Array], tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]]
    move: Callable[[View, Array], tuple[Arrays, tuple[Array, ...]]]
    prepare: Callable[[Arrays, Array], Arrays]
    stages: Callable[[View, Array], Array]
    observe: Callable[[Arrays, Arrays, Array], Array]
    orders: Callable[[View, Array], tuple[Array, ...]]
    limits: Callable[[View, Array], tuple[Array, Array]]


def compile_scenario(
    model: Model, scenario: Scenario, codes: Mapping[str, tuple[str, ...]], facts: tuple[str, ...], draws: int = 1
) -> Programs:
    """The programs of a scenario, compiled when first called.

    Args:
        model: the model.
        scenario: the scenario.
        codes: for each category column, its words in the order of their codes.
        facts: the names of the facts in the order in which views hold them: one array passes faster than a hundred
            numbers.
        draws: for how many draws at once; the programs of a market are always of one.

    Raises:
        ProgrammeError: more instruments than a unit's byte can hold, or a bound per unit on a resource of which the
            model cannot be told how much is left.
    """
    _refuse_what_cannot_be_held(model, scenario)
    rules = Rules(model, scenario, codes, facts)
    return Programs(
        wish=compile_function(rows_of_each(partial(_wish, rules), draws)),
        claim=compile_function(rows_of_each(partial(_claim, rules), draws)),
        move=compile_function(rows_of_each(partial(_move, rules), draws)),
        prepare=compile_function(rows_of_each(partial(_prepare, rules), draws)),
        stages=compile_function(sums_of_each(partial(_stages, rules), draws)),
        observe=compile_function(sums_of_each(partial(observe_peers, model, codes), draws)),
        orders=compile_function(partial(_orders, rules)),
        limits=compile_function(partial(_limits, rules)),
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


class Rules:
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


class ModelError(HaidangError):
    """A model that does not give what its card promises."""


def _given(found: Mapping[str, Any], name: str, function: str, rules: Rules) -> Any:
    """What a model's function gives under a name of its card.

    Raises:
        ModelError: it gives no such thing.
    """
    if name not in found:
        problem = f"expected '{name}' from {function}() of the model '{rules.model.card.id}', found none"
        raise ModelError(problem, hint=did_you_mean(name, found))
    return found[name]


def environment(rules: Rules, view: View) -> tuple[Columns, dict[str, Array]]:
    """Attributes with the model's derived columns; and all that an expression may name, default levers included."""
    attributes = Columns(view.units, rules.codes)
    derived = rules.model.derive(attributes, view.state)
    columns = {**view.units, **derived}
    facts = _facts(rules, view.fact)
    defaults = {name: _default(lever.default, facts) for name, lever in rules.model.card.levers.items()}
    return Columns(columns, rules.codes), {**facts, **defaults, **columns, **_calendar(rules, view)}


def _calendar(rules: Rules, view: View) -> dict[str, Array]:
    """The year, and the month where periods are months."""
    year = {"year": view.clock[0]}
    return year | {"month": view.clock[1]} if rules.model.card.period == "month" else year


def _facts(rules: Rules, fact: Array) -> dict[str, Array]:
    return {name: fact[place] for place, name in enumerate(rules.facts)}


def _prepare(rules: Rules, units: Arrays, fact: Array) -> Arrays:
    """The model's own columns for a draw (units)."""
    return dict(rules.model.prepare(Columns(units, rules.codes), _facts(rules, fact)))


def _default(default: float | str, fact: Arrays) -> Array:
    return fact[default] if isinstance(default, str) else jnp.float32(default)


def reached_by(rules: Rules, view: View, names: Mapping[str, Array]) -> list[Array]:
    """For each instrument, the units that may have it: its condition holds, it runs, and it was not refused."""
    held = (view.denied >> np.uint8(k) & np.uint8(1) for k in range(len(rules.eligible)))
    return [
        _flag(condition, names) & view.active[k] & (lost == 0)
        for k, (condition, lost) in enumerate(zip(rules.eligible, held, strict=True))
    ]


def _flag(condition: Expression, names: Mapping[str, Array]) -> Array:
    return jnp.asarray(condition.evaluate(names, jnp), dtype=bool)


def _scene(rules: Rules, view: View) -> tuple[Scene, list[Array]]:
    """What the units see, and which of them each instrument reaches.

    Of two instruments that change one lever the first declared holds where a unit may have both.
    """
    units, names = environment(rules, view)
    reached = reached_by(rules, view, names)
    lever = _levers(rules, reached, names)
    lever |= _caps(rules, view, reached, lever)
    peers = {
        name: _seen(view.peers[place, : group_count(rules.model.card, spec.by)], view.units[spec.by])
        for place, (name, spec) in enumerate(rules.model.card.peers.items())
    }
    period = Period(view.clock[0], view.clock[2], view.clock[1])
    seen = (units, view.state, lever, _facts(rules, view.fact), view.chance, peers, period)
    return Scene(*seen, price=view.price[0], last_price=view.price[1]), reached


def _levers(rules: Rules, reached: list[Array], names: Mapping[str, Array]) -> dict[str, Array]:
    """The levers of each unit, as the instruments that reach it change them."""
    lever = {name: names[name] for name in rules.model.card.levers}
    for k in reversed(range(len(reached))):
        for name, value in rules.levers[k].items():
            lever[name] = jnp.where(reached[k], jnp.asarray(value.evaluate(names, jnp), jnp.float32), lever[name])
    return lever


def treatment(rules: Rules, view: View) -> tuple[Array, ...]:
    """Which instruments reach each unit (bool), and its levers (float32), what budgets leave to it apart."""
    _, names = environment(rules, view)
    reached = reached_by(rules, view, names)
    return (*reached, *_levers(rules, reached, names).values())


def _seen(shares: Array, group: Array) -> Array:
    """The share of each unit's group. Groups are few: a chain of selections keeps the fusion, a gather would end it."""
    found = jnp.full(group.shape, shares[0])
    for code in range(1, shares.shape[0]):
        found = jnp.where(group == code, shares[code], found)
    return found


def _caps(rules: Rules, view: View, reached: list[Array], lever: Arrays) -> dict[str, Array]:
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


def _wish(rules: Rules, view: View, noise: Mapping[str, Array]) -> Array:
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
        option = _given(options, name, "options", rules)
        utility = jnp.where(option.available, option.utility + noise[name], -jnp.inf)
        better = utility > best
        best = jnp.where(better, utility, best)
        choice = jnp.where(better, np.uint8(code), choice)
    return choice


def _uses(rules: Rules, options: Mapping[str, Option], choice: Array) -> dict[str, Array]:
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


def _claim(rules: Rules, view: View, choice: Array) -> tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]:
    """What the choices ask of each slot, per real unit (float64), and their priority in its queue (float32).

    A resource is asked of the first declared instrument that limits it and reaches the unit, of all its limits. Higher
    priorities are served first: an order of `lowest` turns the sign. For each capacity, also who may ask it (bool).
    """
    scene, reached = _scene(rules, view)
    uses = _uses(rules, rules.model.options(scene), choice)
    _, names = environment(rules, view)
    names |= {name: amount for name, amount in uses.items() if name not in names}
    names |= dict(rules.model.rank(scene, choice, rules.names))
    amounts: list[Array] = []
    priorities: list[Array] = []
    open_to: list[Array] = []
    billed: dict[str, tuple[int, Array, Array]] = {}
    nobody = jnp.zeros(choice.shape, bool)
    for slot in rules.slots:
        resource, mine = slot.budget.resource, reached[slot.instrument]
        last, before, theirs = billed.get(resource, (slot.instrument, nobody, nobody))
        before = before if last == slot.instrument else before | theirs
        billed[resource] = (slot.instrument, before, mine)
        free = mine & ~before
        amounts.append(jnp.where(free, uses[resource].astype(jnp.float64), 0.0))
        priorities.append(_priority(rules, slot, names, choice.shape))
        if slot.by:
            open_to.append(free)
    return tuple(amounts), tuple(priorities), tuple(open_to)


def _priority(rules: Rules, slot: Slot, names: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    key = rules.keys[slot.instrument]
    if key is None:
        return jnp.zeros(shape, jnp.float32)
    value = jnp.broadcast_to(jnp.asarray(key.evaluate(names, jnp), jnp.float32), shape)
    return -value if rules.order[slot.instrument] == "lowest" else value


def _taken(rules: Rules, view: View, scene: Scene, choice: Array) -> Taken:
    """What each unit took: its choice, what it got of each resource, what it traded."""
    uses = {name: used * view.share for name, used in _uses(rules, rules.model.options(scene), choice).items()}
    helped = jnp.zeros(choice.shape, bool)
    for amount in uses.values():
        helped = helped | (amount > 0)
    return Taken(choice.astype(jnp.int32), rules.names, uses, helped, view.traded)


def _move(rules: Rules, view: View, choice: Array) -> tuple[Arrays, tuple[Array, ...]]:
    """The states after the choice, and the outcomes of the card in its order with `helped` last (float32, units)."""
    scene, _ = _scene(rules, view)
    taken = _taken(rules, view, scene, choice)
    after = {
        name: jnp.asarray(column).astype(rules.model.card.states[name].dtype)
        for name, column in rules.model.move(scene, taken).items()
    }
    found = rules.model.outcomes(scene, taken, after)
    listed = tuple(
        jnp.broadcast_to(jnp.asarray(_given(found, one.id, "outcomes", rules), jnp.float32), choice.shape)
        for one in rules.model.card.outcomes
    )
    return after, (*listed, taken.helped.astype(jnp.float32))


def _orders(rules: Rules, view: View, choice: Array) -> tuple[Array, ...]:
    """What the units bid (above zero) and offer (below) on each side of the market, per real unit (float64, units)."""
    scene, _ = _scene(rules, view)
    found = rules.model.orders(scene, _taken(rules, view, scene, choice))
    sides = () if rules.model.card.market is None else rules.model.card.market.sides
    return tuple(
        jnp.broadcast_to(jnp.asarray(_given(found, side, "orders", rules)).astype(jnp.float64), choice.shape)
        for side in sides
    )


def _limits(rules: Rules, view: View, weight: Array) -> tuple[Array, Array]:
    """The highest floor and the lowest ceiling of the price among the units of a block (float32)."""
    scene, _ = _scene(rules, view)
    market = rules.model.card.market
    if market is None:
        return jnp.float32(0), jnp.float32(0)
    floor, ceiling = (jnp.broadcast_to(scene.lever[name], weight.shape) for name in (market.floor, market.ceiling))
    real = weight > 0
    return jnp.max(jnp.where(real, floor, -jnp.inf)), jnp.min(jnp.where(real, ceiling, jnp.inf))


def _stages(rules: Rules, view: View, weight: Array) -> Array:
    """How many real units reach each stage of the funnel, in the order of the card, in quanta (float64, stages)."""
    scene, _ = _scene(rules, view)
    return count_stages(rules.model, scene, weight)
