"""How many requests programs may make: so many at once, and then so many a minute.

By one counter for each key, and one for each address of the net from which requests come without a key that is valid.
A counter is one number, the moment at which all that was asked would have been answered at an even pace (the generic
cell rate algorithm of ATM, ITU-T I.371). Each process of the server counts for itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from threading import Lock

MINUTE = 60.0
MOST = 20_000
"""Counters that a process keeps."""


class Limit:
    """So many requests a minute for each who asks."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Count.

        Args:
            rate: requests a minute, and at once.
            clock: seconds.
        """
        self._pace, self._clock = MINUTE / rate, clock
        self._even: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, who: str) -> int:
        """Count a request: 0 where it may be answered now, otherwise the seconds until one may; those do not count."""
        with self._lock:
            now = self._clock()
            even = max(self._even.get(who, now), now) + self._pace
            over = even - now - MINUTE
            if over > 1e-6:
                return max(1, ceil(over))
            self._even[who] = even
            if len(self._even) > MOST:
                self._forget(now)
            return 0

    def _forget(self, now: float) -> None:
        """Keep those who asked lately: the rest would begin anew anyway; of too many the ones that asked least."""
        busy = sorted(((even, who) for who, even in self._even.items() if even > now), reverse=True)
        self._even = {who: even for even, who in busy[: MOST // 2]}
