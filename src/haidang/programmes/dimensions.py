"""Whether the parts of an expression go together: units of measure, conditions, categories.

A number written without a unit goes with plain numbers, with counts (persons, firms, levels) and with rates per year
(`market_rate - 0.02`); so does one written in percent or points. It does not go with money, energy or time: there
the unit must be written. Zero goes with everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn, TypeAlias

from haidang.errors import Place
from haidang.facts.reader import spelling
from haidang.facts.units import COUNTED, UnitError, canonical_unit, shorten
from haidang.programmes.syntax import (
    All,
    Among,
    AnyOf,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    ExpressionError,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Truth,
    walk,
)

Powers: TypeAlias = tuple[tuple[str, Fraction], ...]
"""Canonical units with their powers, sorted by name; empty for a plain number."""

COUNTS = frozenset(names[0] for names in COUNTED)
POINT = re.compile(r"\bpoints?\b")
WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as far as its unit is concerned.

    Args:
        powers: its canonical unit.
        plain: whether it was written without a dimension and takes that of what it meets.
        zero: whether it is the number zero, which has every unit.
    """

    powers: Powers
    plain: bool = False
    zero: bool = False

    def __str__(self) -> str:
        """The unit in words, as a message names it."""
        return spell(self.powers) if self.powers else "a number without a unit"


Kind: TypeAlias = Quantity | Literal["flag", "category"]


def unit_of(node: Node, text: str, units: Mapping[str, str], place: Place | None) -> str:
    """The canonical unit of an expression's value, or `flag` for a condition.

    Args:
        node: the expression's tree.
        text: its text, for messages.
        units: for every name, its unit of measure, or `category` or `flag`.
        place: where the expression stands.

    Raises:
        ExpressionError: a name is unknown, or the parts do not go together.
    """
    kind = _Checker(text, units, place).kind(node)
    if kind == "category":
        raise ExpressionError(f"expected a number or a condition, found the category column '{text}'", place)
    return kind if isinstance(kind, str) else spell(kind.powers)


def require_unit(node: Node, text: str, units: Mapping[str, str], wanted: str, place: Place | None) -> None:
    """See that an expression's value may stand where `wanted` is expected.

    Args:
        node: the expression's tree.
        text: its text, for messages.
        units: for every name, its unit of measure, or `category` or `flag`.
        wanted: a unit of measure, or `flag` for a condition.
        place: where the expression stands.

    Raises:
        ExpressionError: as `unit_of`, and where the value is of another kind.
    """
    checker = _Checker(text, units, place)
    found = checker.kind(node)
    if wanted == "flag":
        if found != "flag":
            checker.refuse(f"expected a condition, found {checker.said(found)} in '{shorten(text)}'")
        return
    if found == "flag":
        checker.refuse(
            f"expected a number, found the condition '{shorten(text)}'", f"write '1 if {shorten(text)} else 0'"
        )
    target = _quantity(wanted, place)
    if not isinstance(found, Quantity) or join(found, target) is None:
        checker.refuse(
            f"expected {target}, found {checker.said(found)} in '{shorten(text)}'", _write_unit(found, target)
        )


def join(one: Quantity, other: Quantity) -> Quantity | None:
    """The unit of two numbers that are added or compared, or none where they do not go together."""
    if one.powers == other.powers:
        return Quantity(one.powers, one.plain and other.plain, one.zero and other.zero)
    for number, measured in ((one, other), (other, one)):
        if number.zero or (number.plain and takes_plain(measured.powers)):
            return measured
    return None


def takes_plain(powers: Powers) -> bool:
    """Whether a number without a unit may stand for this unit: a plain number, a count or a rate per year."""
    return all(name in COUNTS or (name == "year" and power == -1) for name, power in powers)


def goes_without_unit(unit: str) -> bool:
    """Whether a number may be written without a unit where this one is expected."""
    return takes_plain(_powers(unit))


def spell(powers: Powers) -> str:
    """The powers as a unit's text: `VND/kWh`, `1/year`, `1`."""
    above = [_power(name, power) for name, power in powers if power > 0]
    below = [_power(name, -power) for name, power in powers if power < 0]
    return "/".join(["*".join(above) or "1", *below])


def _power(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}**{power}"


def _powers(unit: str) -> Powers:
    """The powers of a unit's text."""
    found: dict[str, Fraction] = {}
    for part, sign in _factors(canonical_unit(unit)):
        name, _, power = part.partition("^")
        if name != "1":
            found[name] = found.get(name, Fraction(0)) + sign * Fraction(power or 1)
    return _tidy(found)


def _factors(unit: str) -> list[tuple[str, int]]:
    above, *below = unit.replace("**", "^").split("/")
    return [*((part, 1) for part in above.split("*")), *((part, -1) for part in below)]


def _tidy(powers: Mapping[str, Fraction]) -> Powers:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _times(one: Powers, other: Powers, sign: int) -> Powers:
    found = dict(one)
    for name, power in other:
        found[name] = found.get(name, Fraction(0)) + sign * power
    return _tidy(found)


def _quantity(unit: str, place: Place | None) -> Quantity:
    try:
        powers = _powers(unit)
    except UnitError as mistake:
        raise ExpressionError(mistake.problem, place, mistake.hint) from None
    return Quantity(powers, plain=not powers and POINT.search(unit) is not None)


def _write_unit(found: Kind, target: Quantity) -> str | None:
    if isinstance(found, Quantity) and found.plain and not found.powers:
        return f"write the unit behind the number, such as '1 {spell(target.powers)}'"
    return None


class _Checker:
    """Finds the kind of every part, from the leaves up."""

    def __init__(self, text: str, units: Mapping[str, str], place: Place | None) -> None:
        self.text = text
        self.units = units
        self.place = place

    def kind(self, node: Node) -> Kind:
        match node:
            case Number():
                return self.number(node)
            case Truth():
                return "flag"
            case Name():
                return self.name(node)
            case Negative():
                return self.quantity(node.operand, "behind '-'")
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Among():
                if self.name(node.column) != "category":
                    self.refuse(
                        f"expected a category column beside a text, found {self.said(self.name(node.column))} "
                        f"in {self.quote(node)}"
                    )
                return "flag"
            case Not():
                return self.condition(node.operand, "behind 'not'")
            case All() | AnyOf():
                word = "and" if isinstance(node, All) else "or"
                for part in node.parts:
                    self.condition(part, f"beside '{word}'")
                return "flag"
            case Choice():
                return self.choice(node)
            case Call():
                return self.call(node)

    def number(self, node: Number) -> Quantity:
        for word in WORD.findall(node.unit.partition("/")[2]):
            if word in self.units and word != "year":
                self.refuse(
                    f"expected a unit or a column, found '/{word}', which is both, in {self.quote(node)}",
                    f"write ' / {word}' with spaces to divide by the column",
                )
        powers = _powers(node.unit) if node.unit else ()
        return Quantity(powers, plain=not powers, zero=node.value == 0)

    def name(self, node: Name) -> Kind:
        if node.id not in self.units:
            self.refuse(f"expected a known name, found '{node.id}'", spelling(node.id, self.units))
        unit = self.units[node.id]
        if unit == "flag" or unit == "category":
            return unit
        return _quantity(unit, self.place)

    def arithmetic(self, node: Arithmetic) -> Quantity:
        where = f"beside '{node.operator}'"
        left, right = self.quantity(node.left, where), self.quantity(node.right, where)
        if node.operator in "+-":
            return self.joined(left, right, f"on both sides of '{node.operator}'", node)
        powers = _times(left.powers, right.powers, 1 if node.operator == "*" else -1)
        return Quantity(powers, plain=left.plain and right.plain and not powers)

    def comparison(self, node: Comparison) -> Kind:
        left = self.kind(node.first)
        for relation, part in node.rest:
            right = self.kind(part)
            where = f"on both sides of '{relation}'"
            if left == "flag" and right == "flag" and relation in ("==", "!="):
                continue
            if not isinstance(left, Quantity) or not isinstance(right, Quantity):
                wrong = right if isinstance(left, Quantity) else left
                hint = 'compare a category with a text: sector == "food"' if wrong == "category" else None
                self.refuse(f"expected numbers {where}, found {self.said(wrong)} in {self.quote(node)}", hint)
            self.joined(left, right, where, node)
            left = right
        return "flag"

    def choice(self, node: Choice) -> Kind:
        self.condition(node.condition, "behind 'if'")
        yes, no = self.kind(node.yes), self.kind(node.no)
        if yes == "flag" and no == "flag":
            return "flag"
        where = "on both sides of 'if ... else'"
        if not isinstance(yes, Quantity) or not isinstance(no, Quantity):
            found = f"{self.said(yes)} and {self.said(no)}"
            self.refuse(f"expected two numbers or two conditions {where}, found {found} in {self.quote(node)}")
        return self.joined(yes, no, where, node)

    def call(self, node: Call) -> Quantity:
        first, *others = (self.quantity(part, f"in {node.function}()") for part in node.arguments)
        match node.function:
            case "log" | "exp":
                if not takes_plain(first.powers):
                    hint = f"divide by '1 {spell(first.powers)}' first"
                    self.refuse(f"expected a number without a unit in {node.function}(), found {first}", hint)
                return Quantity((), plain=first.plain)
            case "sqrt":
                return Quantity(_tidy({name: power / 2 for name, power in first.powers}), plain=first.plain)
            case _:
                joined = first
                for other in others:
                    joined = self.joined(joined, other, f"in {node.function}()", node)
                return joined

    def joined(self, one: Quantity, other: Quantity, where: str, node: Node) -> Quantity:
        together = join(one, other)
        if together is None:
            hint = _write_unit(one, other) or _write_unit(other, one)
            self.refuse(f"expected one unit of measure {where}, found {one} and {other} in {self.quote(node)}", hint)
        return together

    def quantity(self, node: Node, where: str) -> Quantity:
        kind = self.kind(node)
        if not isinstance(kind, Quantity):
            hint = f"write '1 if {self.words(node)} else 0'" if kind == "flag" else None
            self.refuse(f"expected a number {where}, found {self.said(kind)}: {self.quote(node)}", hint)
        return kind

    def condition(self, node: Node, where: str) -> Kind:
        kind = self.kind(node)
        if kind != "flag":
            self.refuse(f"expected a condition {where}, found {self.said(kind)}: {self.quote(node)}")
        return kind

    def said(self, kind: Kind) -> str:
        return {"flag": "a condition", "category": "a category"}[kind] if isinstance(kind, str) else str(kind)

    def words(self, node: Node) -> str:
        start, end = node.span
        return shorten(self.text[start:end])

    def quote(self, node: Node) -> str:
        return f"'{self.words(node)}'"

    def refuse(self, problem: str, hint: str | None = None) -> NoReturn:
        raise ExpressionError(problem, self.place, hint)


def names_of(node: Node) -> tuple[str, ...]:
    """Every name in the tree, once, in the order of the text."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))
