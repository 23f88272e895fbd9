"""A scenario compiled apart: small programs for what its conditions and its levers are worth, a large one for the rest.

The large one reads them as columns of the units, so it is the same whatever a condition says and whichever levers an
instrument moves; another form of a condition compiles one small program alone. The small ones work out the same
expressions from the same columns, in XLA as the whole program does, since NumPy rounds divisions otherwise. It pays
where programmes are tried one after another; where one is run many times, the whole is faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from operator import is_
from typing import Any

import numpy as np

from haidang.engine.compiled import compile_function, jnp
from haidang.engine.each import rows_of_each
from haidang.engine.scenario import Programs, Rules, Scenario, environment, reached_by
from haidang.engine.view import View
from haidang.models import Card, Model
from haidang.programmes import Instrument, parse

Array = Any
Terms = Callable[[View], Mapping[str, Array]]
"""A small program: what conditions or levers of a scenario are worth for each unit, by name of a column."""


def set_apart(scenario: Scenario, card: Card) -> Scenario:
    """The scenario with its conditions and levers read as columns, every lever of the card by every instrument."""
    read = (
        replace(
            one, eligible=parse(_column(k)), levers={name: parse(_column(k, name)) for name in sorted(card.levers)}
        )
        for k, one in enumerate(scenario.instruments)
    )  # fmt: skip
    return _of(scenario, read)


def _of(scenario: Scenario, instruments: Iterable[Instrument]) -> Scenario:
    if scenario.programme is None:
        return scenario
    return Scenario(scenario.id, replace(scenario.programme, instruments=tuple(instruments)))


def compile_conditions(
    model: Model, scenario: Scenario, codes: Mapping[str, tuple[str, ...]], facts: tuple[str, ...], draws: int = 1
) -> Terms:
    """The small program of a scenario's conditions, compiled when first called; it takes what `compile_scenario` does.

    It tells whom each instrument reaches (bool, units).
    """
    told = (replace(one, levers={}) for one in scenario.instruments)
    return compile_function(rows_of_each(partial(_conditions, Rules(model, _of(scenario, told), codes, facts)), draws))


def compile_levers(
    model: Model, scenario: Scenario, codes: Mapping[str, tuple[str, ...]], facts: tuple[str, ...], draws: int = 1
) -> Terms:
    """The small program of a scenario's levers, which reads the columns that its conditions came to.

    It tells what each lever becomes for those whom an instrument reaches (float32, units). A lever that an instrument
    leaves alone keeps what the instruments declared after it make of it.
    """
    told = (replace(one, eligible=parse(_column(k))) for k, one in enumerate(scenario.instruments))
    rules = Rules(model, _of(scenario, told), codes, facts)
    program, like = compile_function(rows_of_each(partial(_levers, rules), draws)), _alike(rules)

    def terms(view: View) -> Mapping[str, Array]:
        found = program(view)
        return {name: found[one] for name, one in like.items()}

    return terms


def joined(programs: Programs, conditions: Terms, levers: Terms) -> Programs:
    """The large programs of `set_apart`, each of which first asks the small ones."""
    seen = _Seen(conditions, levers)

    def with_noise(view: View, noise: Mapping[str, Array]) -> Array:
        return programs.wish(seen(view), noise)

    def after(program: Callable[[View, Array], Any]) -> Callable[[View, Array], Any]:
        return lambda view, given: program(seen(view), given)

    return replace(
        programs,
        wish=with_noise,
        claim=after(programs.claim),
        move=after(programs.move),
        stages=after(programs.stages),
        orders=after(programs.orders),
        limits=after(programs.limits),
    )


class _Seen:
    """Views with their terms. A period asks the same of the same units several times: the last answer is kept."""

    def __init__(self, conditions: Terms, levers: Terms) -> None:
        self._conditions, self._levers = conditions, levers
        self._last: tuple[tuple[object, ...], bytes] = ((), b"")
        self._columns: Mapping[str, Array] = {}

    def __call__(self, view: View) -> View:
        read = (view.units, view.state, view.fact, view.clock)
        told = np.asarray(view.denied).tobytes() + np.asarray(view.active).tobytes()
        same = len(self._last[0]) == len(read) and all(map(is_, self._last[0], read)) and self._last[1] == told
        if not same:
            reached = self._conditions(view)
            levers = self._levers(replace(view, units={**view.units, **reached}))
            self._last, self._columns = (read, told), {**reached, **levers}
        return replace(view, units={**view.units, **self._columns})


def _column(instrument: int, lever: str = "") -> str:
    return f"term_{instrument}_{lever}"


def _left(instrument: int, lever: str) -> str:
    """What an instrument and those declared after it make of a lever."""
    return f"left_{instrument}_{lever}"


def _conditions(rules: Rules, view: View) -> dict[str, Array]:
    _, names = environment(rules, view)
    reached = reached_by(rules, view, names)
    return {_column(k): jnp.broadcast_to(one, view.share.shape) for k, one in enumerate(reached)}


def _levers(rules: Rules, view: View) -> dict[str, Array]:
    """The columns of levers that are unlike any other: see `_alike`."""
    _, names = environment(rules, view)
    reached, shape = reached_by(rules, view, names), view.share.shape
    lever = {name: jnp.broadcast_to(jnp.asarray(names[name], jnp.float32), shape) for name in rules.model.card.levers}
    found = {_column(len(reached), name): before for name, before in lever.items()}
    for k in reversed(range(len(reached))):
        for name, own in rules.levers[k].items():
            value = jnp.broadcast_to(jnp.asarray(own.evaluate(names, jnp), jnp.float32), shape)
            lever[name] = jnp.where(reached[k], value, lever[name])
            found |= {_column(k, name): value, _left(k, name): lever[name]}
    read = set(_alike(rules).values())
    return {name: column for name, column in found.items() if name in read}


def _alike(rules: Rules) -> dict[str, str]:
    """For each column that the large program reads, the one that is like it.

    An instrument that leaves a lever alone has what those declared after it leave. Few columns differ, and each that is
    written costs time.
    """
    count, found = len(rules.levers), dict[str, str]()
    for name in rules.model.card.levers:
        behind = _column(count, name)
        for k in reversed(range(count)):
            found[_column(k, name)] = _column(k, name) if name in rules.levers[k] else behind
            behind = _left(k, name) if name in rules.levers[k] else behind
    return found
