"""Programmes whose numbers are read by name, so that another number needs no new compiled program.

`level < 4 and loan_rate > 3 %` becomes `level < given_0 and loan_rate > given_1`: what is compiled is the form, and a
programme with other numbers in the same form is the same program with other inputs. Names, words, levers and the order
of things are the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from haidang.programmes import Expression, Instrument, Programme, Ration, parse
from haidang.programmes.evaluate import single
from haidang.programmes.syntax import Among, Arithmetic, Call, Choice, Name, Negative, Node, Number, children, walk

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
        return tuple(_form(one) for one in self.programme.instruments), self.shape

    @property
    def shape(self) -> object:
        """The form without conditions and levers: what the large one of two programs set apart depends on."""
        return tuple(_shape(one) for one in self.programme.instruments)


def lift(programme: Programme, prefix: str = PREFIX) -> Lifted:
    """A programme with every number of its conditions, levers and priorities read by a name with this prefix."""
    numbers: dict[str, float] = {}
    # Priorities first, so that a number more in a condition leaves the names in them as they were.
    rations = [_ration(one.ration, numbers, prefix) for one in programme.instruments]
    instruments = tuple(
        replace(
            one,
            eligible=_lifted(one.eligible, numbers, prefix),
            levers={name: _lifted(value, numbers, prefix) for name, value in sorted(one.levers.items())},
            ration=ration,
        )
        for one, ration in zip(programme.instruments, rations, strict=True)
    )
    return Lifted(replace(programme, instruments=instruments), numbers)


def _ration(ration: Ration, numbers: dict[str, float], prefix: str) -> Ration:
    return ration if ration.by is None else replace(ration, by=_lifted(ration.by, numbers, prefix))


def _lifted(expression: Expression, numbers: dict[str, float], prefix: str) -> Expression:
    text = expression.text
    # Each place once: `level + 1 in (2, 3)` is a tree with the 1 in it twice.
    places = {node.span: node for node in _constants(expression.tree)}
    for node in sorted(places.values(), key=lambda node: -node.span[0]):
        name = f"{prefix}{len(numbers)}"
        numbers[name] = single(node, {}, expression.place)
        text = f"{text[: node.span[0]]} {name} {text[node.span[1] :]}"
    return parse(text, expression.place)


def _constants(node: Node) -> Iterator[Node]:
    """The largest parts that are numbers whatever the unit: what is written is worked out in double precision."""
    if any(isinstance(part, Name | Among) for part in walk(node)):
        for part in children(node):
            yield from _constants(part)
    elif isinstance(node, Number | Negative | Arithmetic | Call | Choice):
        yield node


def _form(one: Instrument) -> object:
    return one.eligible.text, tuple((name, value.text) for name, value in one.levers.items())


def _shape(one: Instrument) -> object:
    budgets = tuple((budget.resource, budget.per_unit is None) for budget in one.budgets)
    capacities = tuple((capacity.resource, capacity.by) for capacity in one.capacities)
    by = one.ration.by
    return None if by is None else (by.text, one.ration.order), budgets, capacities
