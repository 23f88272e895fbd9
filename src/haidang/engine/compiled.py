"""JAX by a narrow door: the array functions, and compiling a function without losing its type.

JAX's own annotations leave half of what the engine calls partly unknown to a strict type checker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import jax
import jax.numpy

P = ParamSpec("P")
R = TypeVar("R")

jnp: Any = jax.numpy
"""The array functions of JAX."""
lax: Any = jax.lax
"""Its loops."""


def compile_function(function: Callable[P, R], *static: str) -> Callable[P, R]:
    """The function compiled when it is first called with arguments of a shape.

    Args:
        function: a pure function of arrays.
        static: names of arguments that are not arrays: another value compiles anew.
    """
    return jax.jit(function, static_argnames=static)  # pyright: ignore[reportUnknownMemberType]


def compiled(*static: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`compile_function` as a decorator."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return compile_function(function, *static)

    return decorate
