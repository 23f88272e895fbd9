"""What an expression is made of: a small tree of our own, and the mistake of writing something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from haidang.errors import HaidangError

Span: TypeAlias = tuple[int, int]
"""Where a part stands in the expression's text: first character and the one after the last."""

FUNCTIONS = {
    "abs": (1, 1),
    "clip": (3, 3),
    "exp": (1, 1),
    "log": (1, 1),
    "max": (2, 10),
    "min": (2, 10),
    "round": (1, 1),
    "sqrt": (1, 1),
}
"""The functions an expression may call, with the fewest and the most arguments."""

Operator: TypeAlias = Literal["+", "-", "*", "/"]
Relation: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]


class ExpressionError(HaidangError):
    """An expression that is not in the subset, names what is not there, or mixes what does not mix."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in canonical units, and the unit in which it was written (empty for none)."""

    value: float
    unit: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A column, a fact, a lever or another number known by name."""

    id: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    operand: Node
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied or divided."""

    operator: Operator
    left: Node
    right: Node
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A chain of comparisons, each of which must hold: `1 <= level < 4`."""

    first: Node
    rest: tuple[tuple[Relation, Node], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a category column has one of some words."""

    column: Name
    words: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    operand: Node
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """Conditions joined by `and`."""

    parts: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by `or`."""

    parts: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """`yes if condition else no`."""

    condition: Node
    yes: Node
    no: Node
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the fixed list, applied."""

    function: str
    arguments: tuple[Node, ...]
    span: Span = field(compare=False)


Node: TypeAlias = Number | Truth | Name | Negative | Arithmetic | Comparison | Among | Not | All | AnyOf | Choice | Call


def children(node: Node) -> tuple[Node, ...]:
    """The parts that a node is directly made of, in the order of the text."""
    match node:
        case Number() | Truth() | Name():
            return ()
        case Negative() | Not():
            return (node.operand,)
        case Arithmetic():
            return (node.left, node.right)
        case Comparison():
            return (node.first, *(part for _, part in node.rest))
        case Among():
            return (node.column,)
        case All() | AnyOf():
            return node.parts
        case Choice():
            return (node.yes, node.condition, node.no)
        case Call():
            return node.arguments


def walk(node: Node) -> Iterator[Node]:
    """The node and every part below it, in the order of the text."""
    yield node
    for part in children(node):
        yield from walk(part)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that must all hold for this one to hold; the node itself where it is no conjunction."""
    if not isinstance(node, All):
        return (node,)
    return tuple(part for below in node.parts for part in conjuncts(below))
