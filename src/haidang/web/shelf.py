"""Drawn pages by address, within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

BESIDES = 2000
"""Bytes reckoned for a page's headers, and for holding it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was drawn.

    Args:
        rests_on: asks what it rests on.
        stamp: the answer before it was drawn.
        headers: of the answer.
        body: the page.
        packed: the page, compressed; empty where that is not worth while.
        tag: a digest of the page.
    """

    rests_on: Callable[[], Hashable]
    stamp: Hashable
    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    tag: str


@dataclass(slots=True)
class Shelf:
    """Pages by address, within a number of bytes; the one that was not asked for longest makes room."""

    room: int
    _pages: OrderedDict[tuple[str, ...], Page] = field(default_factory=OrderedDict[tuple[str, ...], Page])
    _used: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[str, ...]) -> Page | None:
        """The page of an address."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: tuple[str, ...], page: Page) -> None:
        """Keep a page in the place of the one before; one that takes more than a quarter of the room is not kept."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._used -= 0 if before is None else _size(key, before)
            if 4 * _size(key, page) > self.room:
                return
            self._pages[key] = page
            self._used += _size(key, page)
            while self._used > self.room:
                self._used -= _size(*self._pages.popitem(last=False))

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def used(self) -> int:
        """Bytes of all pages."""
        return self._used


def _size(key: tuple[str, ...], page: Page) -> int:
    """About the bytes that a page and its address take."""
    return BESIDES + sum(map(len, key)) + len(page.body) + len(page.packed)
