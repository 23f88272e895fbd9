"""Conditions and amounts as a programme officer writes them: `sector == "food" and level < 4`, `market_rate - 2 point`.

A small subset of Python's expressions: names, numbers (with units of measure), texts beside category columns,
`+ - * /`, comparisons (chained too), `and or not`, `in`, `a if c else b`, and eight functions. It is parsed with
`ast` and worked out by our own evaluator; Python never evaluates a character of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from haidang.errors import Place, did_you_mean
from haidang.programmes.dimensions import names_of, require_unit, unit_of
from haidang.programmes.grammar import read
from haidang.programmes.syntax import Among, ExpressionError, Node, conjuncts, walk

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

Array = Any
"""An array of NumPy or JAX of length n, or a single number."""

Codes = Mapping[str, tuple[str, ...]]
"""For each category column, its words in the order of their codes."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions that a row must meet, and how the row stands to it.

    Args:
        text: the condition as written.
        met: whether the row meets it.
        reads: what the row has in the columns that the condition reads.
    """

    text: str
    met: bool
    reads: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of the subset. Equal to another where both have the same text.

    Args:
        text: as written, without the space around it.
        tree: its parts.
        names: every name it reads, once, in the order of the text.
        place: where it stands.
        codes: the category columns' words, once bound.
    """

    text: str
    tree: Node = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    place: Place | None = field(default=None, compare=False, repr=False)
    codes: Codes | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text

    @property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """For each column compared with texts, those texts."""
        found: dict[str, tuple[str, ...]] = {}
        for node in walk(self.tree):
            if isinstance(node, Among):
                found[node.column.id] = tuple(dict.fromkeys((*found.get(node.column.id, ()), *node.words)))
        return found

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """The conditions joined by `and` at the top, each as an expression of its own; itself where there is one."""
        parts = conjuncts(self.tree)
        if len(parts) == 1:
            return (self,)
        return tuple(replace(parse(self.text[slice(*part.span)], self.place), codes=self.codes) for part in parts)

    def check(self, units: Mapping[str, str]) -> str:
        """The unit of measure of the value, in canonical units, or `flag` for a condition.

        Args:
            units: for every name that may be read, its unit of measure, or `category` or `flag`.

        Raises:
            ExpressionError: a name is unknown (with the nearest), or parts of different units are added or compared.
        """
        return unit_of(self.tree, self.text, units, self.place)

    def require(self, units: Mapping[str, str], wanted: str) -> None:
        """See that the value may stand where the unit `wanted` (or `flag`, a condition) is expected.

        Raises:
            ExpressionError: as `check`, and where the value is of another kind.
        """
        require_unit(self.tree, self.text, units, wanted, self.place)

    def bind(self, codes: Codes) -> Expression:
        """The same expression, knowing the code of every word it compares a category column with.

        Args:
            codes: for each category column, its words in the order of their codes; may hold more than is read.

        Raises:
            ExpressionError: a column has no such word (with the nearest), or no codes.
        """
        known = {column: tuple(normalize("NFC", word) for word in codes.get(column, ())) for column in self.categories}
        for column, words in self.categories.items():
            if column not in codes:
                raise ExpressionError(
                    f"expected a category column beside a text, found '{column}'",
                    self.place,
                    did_you_mean(column, codes),
                )
            for word in words:
                if word not in known[column]:
                    hint = did_you_mean(word, codes[column])
                    raise ExpressionError(f"expected a category of '{column}', found '{word}'", self.place, hint)
        return replace(self, codes=known)

    def evaluate(self, columns: Mapping[str, Array], xp: Any, *, dtype: Any = None, length: int | None = None) -> Array:
        """The value for every unit.

        Args:
            columns: for each name, an array (n) or a single number; categories as codes.
            xp: `numpy` or `jax.numpy`.
            dtype: the floating type to compute in; the widest of the columns read, float32 where none is floating.
            length: where given, the value is broadcast to this many units.

        Returns:
            Canonical units in `dtype`, or bool for a condition; of shape (n), or () where only single numbers are
            read and no length is given.

        Raises:
            ExpressionError: a column is missing, or a category is read that has not been bound.
        """
        from haidang.programmes.evaluate import evaluate, floating_type

        kind = floating_type(self.names, columns) if dtype is None else dtype
        value = evaluate(self.tree, columns, self.codes or {}, xp, kind, self.place)
        return value if length is None else xp.broadcast_to(value, (length,))

    def on_table(self, table: pl.DataFrame, constants: Mapping[str, float] | None = None) -> np.ndarray[Any, Any]:
        """The value for every row of a polars table whose categories are words.

        Args:
            table: the rows; may have more columns than are read.
            constants: numbers that are the same for all rows, by name, in canonical units.

        Returns:
            float64 in canonical units, or bool for a condition; one entry per row.

        Raises:
            ExpressionError: a column is missing, of another kind than it is read as, or has rows without a value.
        """
        from haidang.programmes.table import evaluate_table

        return evaluate_table(self, table, constants or {})

    def constant(self, values: Mapping[str, float] | None = None) -> float:
        """The value where every name is one number, in double precision and canonical units.

        Raises:
            ExpressionError: a name has no number.
        """
        from haidang.programmes.evaluate import single

        return single(self.tree, values or {}, self.place)

    def explain(self, row: Mapping[str, Any]) -> tuple[Condition, ...]:
        """Which of the conditions joined by `and` one row meets.

        Args:
            row: a number, truth value or word for each name.

        Raises:
            ExpressionError: the row lacks a value, or has one of another kind than it is read as.
        """
        from haidang.programmes.table import evaluate_row

        return tuple(
            Condition(part.text, evaluate_row(part, row), {name: row[name] for name in part.names})
            for part in self.conditions
        )


def parse(text: str, place: Place | None = None) -> Expression:
    """The expression that a text says.

    Args:
        text: at most 2,000 characters; a number may carry a unit of measure, which makes it canonical.
        place: where the text stands, for errors.

    Raises:
        ExpressionError: the text is not in the subset.
    """
    tidy, tree = read(text, place)
    return Expression(tidy, tree, names_of(tree), place)
