"""How many requests somebody may make: so many at once, and then so many a minute.

A counter is one number, the moment at which all that was asked would have been answered at an even pace (the generic
cell rate algorithm of ATM, ITU-T I.371). It lies in a table, and one statement looks at it and moves it on, so that
however many processes count they count together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil

from django.db.models import F
from django.db.models.functions import Greatest

from haidang.web.counts.models import Asked

MINUTE = 60.0
SWEPT = 1000
"""So many new counters a process makes before it sweeps away those that would begin anew at any rate."""
_SLACK = 1e-6


class Limit:
    """So many requests a minute for each who asks."""

    def __init__(self, name: str, rate: int, clock: Callable[[], float] = time.time) -> None:
        """Count.

        Args:
            name: of the limit, so that each has counters of its own.
            rate: requests a minute, and at once.
            clock: seconds, the same for all who count.
        """
        self._name, self._pace, self._clock, self._made = name, MINUTE / rate, clock, 0

    def wait(self, who: str) -> int:
        """Count a request: 0 where it may be answered now, otherwise the seconds until one may; those do not count."""
        key, now = f"{self._name} {who}"[:200], self._clock()
        latest = now + MINUTE - self._pace + _SLACK
        while True:
            known = Asked.objects.filter(who=key, even__lte=latest)
            if known.update(even=Greatest(F("even"), now) + self._pace):
                return 0
            counted, fresh = Asked.objects.get_or_create(who=key, defaults={"even": now + self._pace})
            if fresh:
                self._sweep(now)
                return 0
            if counted.even > latest:
                return max(1, ceil(counted.even - latest))
            # Somebody else made the counter between the two statements: it is counted by the first.

    def _sweep(self, now: float) -> None:
        """Forget, now and then, who asked long ago: such a counter would begin anew, so none is needed."""
        self._made += 1
        if self._made % SWEPT == 0:
            Asked.objects.filter(even__lt=now).delete()
