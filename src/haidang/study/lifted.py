"""Programmes whose numbers are read by name, so that another number needs no new compiled program.

`level < 4 and loan_rate > 3 %` becomes `level < given_0 and loan_rate > given_1`: what is compiled is the form, and a
programme with other numbers in the same form is the same program with other inputs. Names, words, levers and the order
of things are the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from haidang.programmes import Expression, Instrument, Programme, parse
from haidang.programmes.evaluate import single
from haidang.programmes.syntax import Among, Arithmetic, Call, Choice, Name, Negative, Node, Number, children, walk

PREFIX = "given_"
PARTS = ("condition", "lever", "ration")
"""The parts of a programme whose numbers are counted each by itself."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A programme in form and numbers.

    Args:
        programme: the programme, its numbers read by name.
        numbers: of each of `PARTS` in order, canonical; the third of its conditions is read as `given_condition_2`.
    """

    programme: Programme
    numbers: Mapping[str, tuple[float, ...]]

    @property
    def form(self) -> object:
        """What a compiled program of it depends on: equal where two programmes are the same but for numbers."""
        return self.conditions, self.levers, self.shape

    @property
    def conditions(self) -> object:
        """The form of the conditions."""
        return tuple(one.eligible.text for one in self.programme.instruments)

    @property
    def levers(self) -> object:
        """The form of the levers."""
        return tuple(
            tuple((name, value.text) for name, value in one.levers.items()) for one in self.programme.instruments
        )

    @property
    def shape(self) -> object:
        """The form without conditions and levers: what the large one of the programs set apart depends on."""
        return tuple(_shape(one) for one in self.programme.instruments)


def lift(programme: Programme) -> Lifted:
    """A programme with every number of its conditions, levers and priorities read by a name of its own."""
    # Counted by part, so that a number more in a condition leaves the names in the levers as they were.
    numbers: dict[str, list[float]] = {part: [] for part in PARTS}

    def lifted(part: str, expression: Expression) -> Expression:
        return _lifted(expression, numbers[part], f"{PREFIX}{part}_")

    instruments = tuple(
        replace(
            one,
            eligible=lifted("condition", one.eligible),
            levers={name: lifted("lever", value) for name, value in sorted(one.levers.items())},
            ration=one.ration if one.ration.by is None else replace(one.ration, by=lifted("ration", one.ration.by)),
        )
        for one in programme.instruments
    )
    return Lifted(replace(programme, instruments=instruments), {part: tuple(found) for part, found in numbers.items()})


def _lifted(expression: Expression, numbers: list[float], prefix: str) -> Expression:
    text = expression.text
    # Each place once: `level + 1 in (2, 3)` is a tree with the 1 in it twice.
    places = {node.span: node for node in _constants(expression.tree)}
    for node in sorted(places.values(), key=lambda node: -node.span[0]):
        name = f"{prefix}{len(numbers)}"
        numbers.append(single(node, {}, expression.place))
        text = f"{text[: node.span[0]]} {name} {text[node.span[1] :]}"
    return parse(text, expression.place)


def _constants(node: Node) -> Iterator[Node]:
    """The largest parts that are numbers whatever the unit: what is written is worked out in double precision."""
    if any(isinstance(part, Name | Among) for part in walk(node)):
        for part in children(node):
            yield from _constants(part)
    elif isinstance(node, Number | Negative | Arithmetic | Call | Choice):
        yield node


def _shape(one: Instrument) -> object:
    budgets = tuple((budget.resource, budget.per_unit is None) for budget in one.budgets)
    capacities = tuple((capacity.resource, capacity.by) for capacity in one.capacities)
    by = one.ration.by
    return None if by is None else (by.text, one.ration.order), budgets, capacities
