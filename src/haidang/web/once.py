"""What several threads ask for at once is worked out by one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
V = TypeVar("V")


def once(maxsize: int) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """Keep what a function gave for its last arguments; whoever asks while it is worked out waits for it.

    Args:
        maxsize: for so many sets of arguments.
    """

    def keeping(function: Callable[P, V]) -> Callable[P, V]:
        kept, turn = lru_cache(maxsize)(function), Lock()

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> V:
            with turn:
                return kept(*args, **kwargs)

        return asked

    return keeping
