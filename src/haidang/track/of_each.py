"""What is worked out of each record by itself, again only for records that are new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

R = TypeVar("R")
V = TypeVar("V")
ROOM = 3
"""So many times as many as there are records are remembered: those of two kinds of readers, and what changes."""


class OfEach(Generic[R, V]):
    """A function of one record, remembered for as long as the record is there.

    Records never change, so the same object gives the same again; it is held here, so that no other takes its place in
    memory. For other things given besides everything is worked out anew.

    Args:
        work: what is worked out, from a record and whatever is given besides.
    """

    __slots__ = ("_remembered", "_work")

    def __init__(self, work: Callable[..., V]) -> None:
        """Remember nothing yet."""
        self._work = work
        self._remembered: tuple[tuple[object, ...], dict[int, tuple[R, V]]] = ((), {})

    def __call__(self, records: Iterable[R], *given: object) -> list[V]:
        """The values of records, in their order."""
        before, known = self._remembered
        if given != before:
            known = {}
        asked: dict[int, tuple[R, V]] = {}
        found: list[V] = []
        for one in records:
            pair = known.get(id(one)) or (one, self._work(one, *given))
            asked[id(one)] = pair
            found.append(pair[1])
        # At once, so that of several threads each finds what belongs together.
        self._remembered = (given, asked if len(known) > ROOM * len(asked) else known | asked)
        return found
