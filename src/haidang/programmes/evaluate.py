"""What an expression is worth: the same on NumPy arrays, on JAX arrays and on single numbers.

Every function is written with the array library it is given, so one tree runs in the engine and on a table. The
rules are the same everywhere:

- Numbers are computed in one floating type, the widest among the columns read, float32 where none is floating; whole
  numbers and levels are converted to it. What is written in the expression is computed in double precision until it
  meets a column.
- `x / 0` is infinite with the sign of x, and `0 / 0` is 0: nothing per nothing.
- `log` of zero is minus infinity; `log` and `sqrt` of a negative number are not a number, and a comparison with that
  does not hold.
- `round` goes to the even neighbour from the middle.

Arithmetic, comparisons and choices give the same bits in NumPy and in JAX, called directly; `log` and `exp` may
differ in the last bit between libraries, as may arithmetic that XLA has compiled and fused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from haidang.errors import Place, did_you_mean
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
    Relation,
    Truth,
)

Array: TypeAlias = Any
"""An array of NumPy or JAX, or a plain Python number or truth value, which takes the type of what it meets."""

UFUNCS = {
    "abs": "abs",
    "exp": "exp",
    "log": "log",
    "round": "round",
    "sqrt": "sqrt",
    "max": "maximum",
    "min": "minimum",
}
RELATIONS = {
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}


def evaluate(
    node: Node,
    columns: Mapping[str, Array],
    codes: Mapping[str, tuple[str, ...]],
    xp: Any,
    dtype: Any,
    place: Place | None,
) -> Array:
    """The value of a tree.

    Args:
        node: the tree.
        columns: an array or a number for each name; categories as codes.
        codes: for each category column, its words in the order of their codes.
        xp: `numpy` or `jax.numpy`.
        dtype: the floating type to compute in.
        place: where the expression stands, for errors.

    Returns:
        An array of `xp` with the shape that the columns read have together, of `dtype` or bool.

    Raises:
        ExpressionError: a name has no column, or a category column has no codes.
    """
    with np.errstate(all="ignore"):
        evaluator = _Evaluator(columns, codes, xp, np.dtype(dtype), place)
        return evaluator.array(evaluator.value(node))


def floating_type(names: tuple[str, ...], columns: Mapping[str, Array]) -> Any:
    """The widest floating type among the named columns, float32 where none is floating."""
    types = [np.dtype(columns[name].dtype) for name in names if hasattr(columns.get(name), "dtype")]
    floating = [found for found in types if found.kind == "f" and found.itemsize >= 4]
    return max(floating, key=lambda found: found.itemsize, default=np.dtype(np.float32))


def is_single(value: Array) -> bool:
    """Whether a value is a plain Python number or truth value."""
    return isinstance(value, bool | int | float)


class _Evaluator:
    """Works out a tree from its leaves up; plain Python numbers stay plain until they meet an array."""

    def __init__(
        self,
        columns: Mapping[str, Array],
        codes: Mapping[str, tuple[str, ...]],
        xp: Any,
        dtype: Any,
        place: Place | None,
    ) -> None:
        self.columns = columns
        self.codes = codes
        self.xp = xp
        self.dtype = dtype
        self.place = place

    def value(self, node: Node) -> Array:
        match node:
            case Number() | Truth():
                return node.value
            case Name():
                return self.column(node)
            case Negative():
                return self.apply("negative", self.number(node.operand))
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Among():
                return self.among(node)
            case Not():
                return self.apply("logical_not", self.flag(node.operand))
            case All() | AnyOf():
                first, *others = (self.flag(part) for part in node.parts)
                for other in others:
                    first = self.apply("logical_and" if isinstance(node, All) else "logical_or", first, other)
                return first
            case Choice():
                return self.choice(node)
            case Call():
                return self.call(node)

    def column(self, node: Name) -> Array:
        """The column, a number of it converted to the type in which all is computed."""
        if node.id not in self.columns:
            raise ExpressionError(
                f"expected a column '{node.id}', found none of that name",
                self.place,
                did_you_mean(node.id, self.columns),
            )
        value = self.columns[node.id]
        if is_single(value):
            return value if isinstance(value, bool) else float(value)
        kind = np.dtype(value.dtype).kind
        if kind not in "biufV":
            raise ExpressionError(f"expected numbers in the column '{node.id}', found {value.dtype}", self.place)
        return value if kind == "b" or value.dtype == self.dtype else value.astype(self.dtype)

    def number(self, node: Node) -> Array:
        return self.as_number(self.value(node))

    def flag(self, node: Node) -> Array:
        value = self.value(node)
        return value if self.is_flag(value) else self.apply("not_equal", value, 0.0)

    def is_flag(self, value: Array) -> bool:
        return isinstance(value, bool) or (not is_single(value) and value.dtype == np.bool_)

    def arithmetic(self, node: Arithmetic) -> Array:
        left, right = self.number(node.left), self.number(node.right)
        if node.operator == "/":
            return self.divided(left, right)
        return self.apply({"+": "add", "-": "subtract", "*": "multiply"}[node.operator], left, right)

    def divided(self, above: Array, below: Array) -> Array:
        if is_single(below) and below != 0:
            return self.apply("divide", above, self.as_long_as(above, below))
        nothing = self.apply("equal", below, 0.0)
        quotient = self.apply("divide", above, self.as_long_as(above, self.where(nothing, 1.0, below)))
        endless = self.apply("multiply", self.apply("sign", above), float("inf"))
        at_zero = self.where(self.apply("equal", above, 0.0), 0.0, endless)
        return self.where(nothing, at_zero, quotient)

    def as_long_as(self, above: Array, below: Array) -> Array:
        """One divisor for each number: by a single one, XLA multiplies with the reciprocal, which rounds otherwise."""
        if is_single(above) or (not is_single(below) and below.shape):
            return below
        return self.xp.broadcast_to(self.array(below), above.shape)

    def comparison(self, node: Comparison) -> Array:
        left, held = self.value(node.first), None
        for relation, part in node.rest:
            right = self.value(part)
            found = self.compared(relation, left, right)
            held = found if held is None else self.apply("logical_and", held, found)
            left = right
        return held

    def compared(self, relation: Relation, left: Array, right: Array) -> Array:
        if self.is_flag(left) != self.is_flag(right):
            left, right = self.as_number(left), self.as_number(right)
        return self.apply(RELATIONS[relation], left, right)

    def as_number(self, value: Array) -> Array:
        if isinstance(value, bool):
            return float(value)
        return value.astype(self.dtype) if self.is_flag(value) else value

    def among(self, node: Among) -> Array:
        name = node.column.id
        if name not in self.columns:
            self.column(node.column)
        if name not in self.codes:
            raise ExpressionError(
                f"expected the categories of '{name}', found none: bind the expression first", self.place
            )
        code: Array = self.columns[name]
        found: Array = None
        for word in node.words:
            hit = code == self.codes[name].index(word) if word in self.codes[name] else code != code
            found = hit if found is None else self.apply("logical_or", found, hit)
        return found

    def choice(self, node: Choice) -> Array:
        condition = self.flag(node.condition)
        yes, no = self.value(node.yes), self.value(node.no)
        if self.is_flag(yes) != self.is_flag(no):
            yes, no = self.as_number(yes), self.as_number(no)
        return self.where(condition, yes, no)

    def call(self, node: Call) -> Array:
        first, *others = (self.number(part) for part in node.arguments)
        if node.function == "clip":
            return self.apply("minimum", self.apply("maximum", first, others[0]), others[1])
        if not others:
            return self.apply(UFUNCS[node.function], first)
        for other in others:
            first = self.apply(UFUNCS[node.function], first, other)
        return first

    def where(self, condition: Array, yes: Array, no: Array) -> Array:
        if is_single(condition) and is_single(yes) and is_single(no):
            return yes if condition else no
        return self.xp.where(condition, self.array(yes), self.array(no))

    def apply(self, function: str, *values: Array) -> Array:
        """A function of the array library, or in double precision where all the values are plain."""
        if all(is_single(value) for value in values):
            found = getattr(np, function)(*(value if isinstance(value, bool) else float(value) for value in values))
            return found.item()
        return getattr(self.xp, function)(*values)

    def array(self, value: Array) -> Array:
        if not is_single(value):
            return value
        return self.xp.asarray(value, dtype=bool if isinstance(value, bool) else self.dtype)


def single(node: Node, values: Mapping[str, float], place: Place | None) -> float:
    """The value of a tree whose names are plain numbers, in double precision."""
    return float(evaluate(node, values, {}, np, np.float64, place))
