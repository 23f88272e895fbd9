"""Programmes whose numbers are read by name, so that another number needs no new compiled program.

`level < 4 and loan_rate > 3 %` becomes `level < given_0 and loan_rate > given_1`: what is compiled is the form, and a
programme with other numbers in the same form is the same program with other inputs. Names, words, levers and the order
of things are the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from haidang.programmes import Expression, Instrument, Programme, Ration, parse
from haidang.programmes.syntax import Number, walk

PREFIX = "given_"


@dataclass(frozen=True, slots=True)
class Lifted:
    """A programme in form and numbers.

    Args:
        programme: the programme, its numbers read by name.
        numbers: the numbers by name, canonical.
    """

    programme: Programme
    numbers: Mapping[str, float]

    @property
    def form(self) -> object:
        """What a compiled program of it depends on: equal where two programmes are the same but for numbers."""
        return tuple(_form(one) for one in self.programme.instruments)


def lift(programme: Programme, prefix: str = PREFIX) -> Lifted:
    """A programme with every number of its conditions, levers and priorities read by a name with this prefix."""
    numbers: dict[str, float] = {}
    instruments = tuple(_instrument(one, numbers, prefix) for one in programme.instruments)
    return Lifted(replace(programme, instruments=instruments), numbers)


def _instrument(one: Instrument, numbers: dict[str, float], prefix: str) -> Instrument:
    ration = one.ration if one.ration.by is None else replace(one.ration, by=_lifted(one.ration.by, numbers, prefix))
    return replace(
        one,
        eligible=_lifted(one.eligible, numbers, prefix),
        levers={name: _lifted(value, numbers, prefix) for name, value in sorted(one.levers.items())},
        ration=ration,
    )


def _lifted(expression: Expression, numbers: dict[str, float], prefix: str) -> Expression:
    text = expression.text
    found = [node for node in walk(expression.tree) if isinstance(node, Number)]
    for node in sorted(found, key=lambda node: -node.span[0]):
        name = f"{prefix}{len(numbers)}"
        numbers[name] = node.value
        text = f"{text[: node.span[0]]} {name} {text[node.span[1] :]}"
    return parse(text, expression.place)


def _form(one: Instrument) -> object:
    levers = tuple((name, value.text) for name, value in one.levers.items())
    budgets = tuple((budget.resource, budget.per_unit is None) for budget in one.budgets)
    capacities = tuple((capacity.resource, capacity.by) for capacity in one.capacities)
    return one.eligible.text, levers, _order(one.ration), budgets, capacities


def _order(ration: Ration) -> object:
    return None if ration.by is None else (ration.by.text, ration.order)
