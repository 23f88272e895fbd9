"""Programs of one draw made into programs of several: one call does for all draws what as many calls would do.

A small population is over before a call of its program has well begun, so what a draw costs is its calls. The rows of
several draws stand one draw after the other, in stretches of equal length, and the program goes over the stretches one
by one: mapped over all at once (`vmap`) it is as fast, but XLA then rounds some numbers of a draw otherwise than when
the draw is alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from jax.tree_util import tree_map

from haidang.engine.compiled import lax
from haidang.engine.view import SAME, View

Array = Any
Program = Callable[..., Any]
"""A function of views, of arrays and of mappings of arrays."""
_OWN = tuple(one.name for one in fields(View) if one.name not in SAME)


def rows_of_each(program: Program, draws: int) -> Program:
    """A program that gives numbers of units, for the units of several draws.

    Args:
        program: takes and gives arrays of the units of one draw.
        draws: how many draws stand one after the other; the program itself where it is one.
    """
    if draws == 1:
        return program
    each = sums_of_each(program, draws)
    return lambda *given: tree_map(_joined, each(*given))


def sums_of_each(program: Program, draws: int) -> Program:
    """A program that gives sums over units, for several draws: the sums of each along the first axis.

    Args:
        program: takes arrays of the units of one draw.
        draws: how many draws stand one after the other; the program itself where it is one.
    """
    if draws == 1:
        return program

    def several(*given: Any) -> Any:
        def one(parts: tuple[Any, ...]) -> Any:
            return program(*map(_put_back, parts, given))

        return lax.map(one, tuple(_apart(each, draws) for each in given))

    return several


def _apart(given: Any, draws: int) -> Any:
    """What differs between draws, with the draws along an axis of their own."""

    def cut(column: Array) -> Array:
        return column.reshape(draws, column.shape[0] // draws, *column.shape[1:])

    own: Mapping[str, Any] = {name: getattr(given, name) for name in _OWN} if isinstance(given, View) else given
    return tree_map(cut, own)


def _joined(column: Array) -> Array:
    return column.reshape(-1, *column.shape[2:])


def _put_back(part: Any, given: Any) -> Any:
    """One draw's part, as a view where a view was given."""
    return replace(given, **part) if isinstance(given, View) else part
