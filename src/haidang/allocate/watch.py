"""How long the search may go on, and the best that it has found so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_EVERY = 0.1
"""Seconds between two reports."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands.

    Args:
        stage: what it does now.
        seconds: since it began.
        value: of the best plan so far; none where there is none.
        bound: nothing is worth more; infinite where nothing is known.
        gap: how far the value may be from the best, as a share of the bound.
    """

    stage: str
    seconds: float
    value: float | None
    bound: float
    gap: float


Report = Callable[[Progress], bool | None]
"""Told where a search stands; the answer `False` ends it."""


class StopSearch(Exception):  # noqa: N818 - no error: the search ends with what it has
    """The search is to end with what it has."""

    def __init__(self, why: str) -> None:
        """Say why: `time` or `asked`."""
        self.why = why
        super().__init__(why)


class Watch:
    """The clock of a search, and the only place where its best plan and bound stand.

    A difference between bound and value that is no larger than the `resolution`, which roundings make, is none.

    Args:
        seconds: how long it may take.
        enough: the gap at which it may end.
        report: told of progress.
    """

    def __init__(self, seconds: float, enough: float, report: Report | None) -> None:
        """Start the clock."""
        self.begun = time.perf_counter()
        self.seconds = seconds
        self.enough = enough
        self.resolution = 0.0
        self.bound = float("inf")
        self.prices: NDArray[np.float64] | None = None
        self.value: float | None = None
        self.plan: NDArray[np.int64] | None = None
        self._report = report
        self._told = self.begun

    @property
    def spent(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.seconds - self.spent

    @property
    def gap(self) -> float:
        """How far the best plan may be from the best there is, as a share of the bound."""
        if self.value is None or not np.isfinite(self.bound):
            return float("inf")
        apart = self.bound - self.value
        return 0.0 if apart <= self.resolution else apart / abs(self.bound) if self.bound else float("inf")

    def see(self, stage: str) -> None:
        """Tell where the search stands.

        Raises:
            StopSearch: the time is up, or whoever was told asked for an end.
        """
        if self.left <= 0:
            raise StopSearch("time")
        now = time.perf_counter()
        if self._report is not None and now - self._told >= _EVERY:
            self._told = now
            if self._report(Progress(stage, self.spent, self.value, self.bound, self.gap)) is False:
                raise StopSearch("asked")

    def take_bound(self, bound: float, prices: NDArray[np.float64]) -> None:
        """Keep a bound, and the prices that prove it, where it is the least so far."""
        if bound < self.bound:
            self.bound, self.prices = bound, prices

    def take_plan(self, value: float, plan: NDArray[np.int64]) -> None:
        """Keep a plan where it is the best so far."""
        if self.value is None or value > self.value:
            self.value, self.plan = value, plan

    @property
    def done(self) -> bool:
        """Whether the gap is small enough."""
        return self.gap <= self.enough
