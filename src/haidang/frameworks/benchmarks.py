"""Where a factory's peers stand, by sector and size, without showing any one of them.

A quantile of n factories comes with an interval between two of them: with k ~ Binomial(n, q) factories below the q-th
quantile, the interval from the l-th to the u-th smallest holds it with probability P(l <= k < u), whatever the
distribution (Thompson 1936; David and Nagaraja 2003, section 7.1). Where n is too small for the probability asked for,
the interval ends at the lowest or the highest of the scale.

A cell of few factories is shrunk to its sector: with n factories in the cell and m = 20, every quantile and bound is
n / (n + m) of the cell's own and m / (n + m) of the sector's. Fewer than five factories with a known level are never
shown: the cell is given as its sector, the sector as all, and where all are fewer than five there is nothing. Nor can
they be worked out: where a cell is hidden, so are those beside it that its sector less themselves would tell it from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from haidang.facts.few import BATCH, FEWEST, hidden
from haidang.frameworks.assessment import Array, AssessmentError, Campaign
from haidang.frameworks.framework import SECTORS, SIZES
from haidang.frameworks.score import Scores

SHRINK = 20.0
QUANTILES = (0.25, 0.5, 0.75)
CONFIDENCE = 0.90

Shown = Literal["cell", "sector", "all", "none"]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of peers and the interval that holds it."""

    q: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Where the peers stand in one part.

    Args:
        shown: whose quantiles they are: those of the cell of sector and size, or, since it is too small, of the sector
            or of all; `none` where even those are fewer than five.
        factories: how many factories they rest on; 0 where nothing is shown.
        own_share: the share of the cell's own quantiles in them, 0 to 1; the rest is the sector's.
        quantiles: the quartiles; empty where nothing is shown.
    """

    part: str
    id: str
    sector: str
    size: str
    shown: Shown
    factories: int
    own_share: float
    quantiles: tuple[Quantile, ...]

    @property
    def good(self) -> float | None:
        """Where good peers stand: the upper quartile."""
        return self.quantiles[-1].value if self.quantiles else None


Benchmarks = Mapping[tuple[str, str, str], Benchmark]
"""By part's id, sector and size."""


def order_interval(n: int, q: float, confidence: float = CONFIDENCE) -> tuple[int, int, float]:
    """The shortest interval of order statistics around a quantile that is held with a probability.

    Args:
        n: how many there are.
        q: the quantile, between 0 and 1.
        confidence: the probability asked for.

    Returns:
        The ranks of both ends, counted from one; 0 stands for the lowest of the scale and n + 1 for its highest. And
        the probability that the interval holds the quantile.
    """
    return _order_interval(n, q, confidence)


@lru_cache(maxsize=100_000)
def _order_interval(n: int, q: float, confidence: float) -> tuple[int, int, float]:
    from scipy import stats  # only intervals need it

    # The l-th smallest is at or below the quantile and the u-th above it where l <= k < u.
    binom: Any = stats.binom
    below: Array = np.asarray(binom.cdf(np.arange(-1, n + 1), n, q))
    low = int(np.searchsorted(below, (1.0 - confidence) / 2.0, side="right")) - 1
    high = int(np.searchsorted(below, (1.0 + confidence) / 2.0, side="left"))
    low, high = max(low, 0), min(high, n + 1)
    held = float(below[high] if high <= n else 1.0) - float(below[low])
    while low < high - 1:
        up = held - float(below[low + 1] - below[low])
        down = held - (float(below[high] if high <= n else 1.0) - float(below[high - 1]))
        if max(up, down) < confidence:
            break
        low, high, held = (low + 1, high, up) if up >= down else (low, high - 1, down)
    return low, high, held


def quantile_intervals(values: Array, lowest: float, highest: float,
                       quantiles: Sequence[float] = QUANTILES) -> tuple[Quantile, ...]:  # fmt: skip
    """Quantiles of values with their intervals.

    Args:
        values: shape (n,), finite, at least one.
        lowest: the lowest of the scale.
        highest: the highest of the scale.
        quantiles: which.
    """
    ranked = np.concatenate([[lowest], np.sort(values), [highest]])
    found: list[Quantile] = []
    for q in quantiles:
        low, high, _ = order_interval(len(values), q)
        found.append(Quantile(q, _between(ranked[1:-1], q), float(ranked[low]), float(ranked[high])))
    return tuple(found)


def _between(ranked: Array, q: float) -> float:
    """The quantile of ranked values, linear between neighbours (Hyndman and Fan 1996, definition 7)."""
    place = q * (len(ranked) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    low, high = float(ranked[below]), float(ranked[above])
    return low + (place - below) * (high - low)


def benchmarks(
    campaign: Campaign, scores: Scores, *, batches: Array | None = None, apart: Array | None = None
) -> Benchmarks:
    """Where peers stand by sector and size, for every capability, area and the whole, on claimed levels.

    Args:
        campaign: the factories' answers.
        scores: their levels.
        batches: for tables that are published again and again, the batch in which each factory came, shape (n,), each
            of different owners (`haidang.frameworks.batches`). A batch counts in a cell only where all of it is of the
            cell, and in a part only where enough of it is known.
        apart: whether a factory is the reader's own, shape (n,): none of those is among its peers, and a batch that is
            left with fewer than five counts in nothing.

    Raises:
        AssessmentError: the scores are of other factories.
    """
    if len(scores.claimed.level) != len(campaign):
        raise AssessmentError(f"expected scores of {len(campaign)} factories, found {len(scores.claimed.level)}")
    sectors = np.array([SECTORS.index(one.sector) for one in campaign.factories])
    sizes = np.array([SIZES.index(one.size) for one in campaign.factories])
    groups = _Groups.of(sectors, sizes, batches)
    found: dict[tuple[str, str, str], Benchmark] = {}
    for part, name, values in _parts(scores):
        kept = values if batches is None else _enough(values, batches, BATCH)
        if apart is not None:
            kept = np.where(apart, np.nan, kept)
            kept = kept if batches is None else _enough(kept, batches, FEWEST)
        for one in _of_part(part, name, kept, groups, float(campaign.framework.top)):
            found[name, one.sector, one.size] = one
    return found


@dataclass(frozen=True)
class _Groups:
    """The rows of every cell, every sector, and all."""

    cells: Mapping[tuple[int, int], Array]
    sectors: Mapping[int, Array]
    everyone: Array

    @staticmethod
    def of(sectors: Array, sizes: Array, batches: Array | None) -> _Groups:
        every = np.ones(len(sectors), bool)
        in_sector = every if batches is None else _alike(sectors, batches)
        in_cell = every if batches is None else _alike(sectors * len(SIZES) + sizes, batches)
        cells = {
            (sector, size): np.flatnonzero((sectors == sector) & (sizes == size) & in_cell)
            for sector in range(len(SECTORS))
            for size in range(len(SIZES))
        }
        by_sector = {sector: np.flatnonzero((sectors == sector) & in_sector) for sector in range(len(SECTORS))}
        return _Groups(cells, by_sector, np.arange(len(sectors)))


def _alike(codes: Array, batches: Array) -> Array:
    """Whether all of a row's batch have one code, for each row."""
    _, place = np.unique(batches, return_inverse=True)
    low, high = np.full(len(codes), np.iinfo(np.int64).max), np.full(len(codes), -1)
    np.minimum.at(low, place, codes)
    np.maximum.at(high, place, codes)
    return (low == high)[place]


def _enough(values: Array, batches: Array, least: int) -> Array:
    """Values of the batches of which enough are known; of the others none."""
    _, place = np.unique(batches, return_inverse=True)
    known = np.bincount(place, weights=~np.isnan(values))
    return np.where(known[place] >= least, values, np.nan)


def _parts(scores: Scores) -> Iterator[tuple[str, str, Array]]:
    """Every part with its values; NaN where not known."""
    for at, capability in enumerate(scores.framework.capabilities):
        level = scores.claimed.level[:, at].astype(float)
        yield "capability", capability.id, np.where(level >= 0, level, np.nan)
    for at, area in enumerate(scores.framework.areas):
        yield "area", area.id, scores.claimed.area_mean[:, at]
    yield "all", scores.framework.id, scores.claimed.mean


def _of_part(part: str, name: str, values: Array, groups: _Groups, top: float) -> Iterator[Benchmark]:
    everyone = _known(values, groups.everyone)
    whole = quantile_intervals(everyone, 0.0, top) if len(everyone) >= FEWEST else ()
    by_sector = [_known(values, rows) for rows in groups.sectors.values()]
    covered = hidden([*map(len, by_sector), len(everyone) - sum(map(len, by_sector))])
    for sector, near in enumerate(by_sector):
        shown = len(near) >= FEWEST and sector not in covered
        wider = quantile_intervals(near, 0.0, top) if shown else ()
        cells = [_known(values, groups.cells[sector, size]) for size in range(len(SIZES))]
        # A sector that is not shown hides its cells too: all less the cells would tell what it hides for others.
        under = hidden([*map(len, cells), len(near) - sum(map(len, cells))])
        for size, cell in enumerate(cells):
            where = part, name, SECTORS[sector], SIZES[size]
            if wider and len(cell) >= FEWEST and size not in under:
                share = len(cell) / (len(cell) + SHRINK)
                own = quantile_intervals(cell, 0.0, top)
                yield Benchmark(*where, "cell", len(cell), share, _shrunk(own, wider, share))
            elif wider:
                yield Benchmark(*where, "sector", len(near), 0.0, wider)
            elif whole:
                yield Benchmark(*where, "all", len(everyone), 0.0, whole)
            else:
                yield Benchmark(*where, "none", 0, 0.0, ())


def _known(values: Array, rows: Array) -> Array:
    own = values[rows]
    return own[~np.isnan(own)]


def _shrunk(own: Sequence[Quantile], wider: Sequence[Quantile], share: float) -> tuple[Quantile, ...]:
    return tuple(
        Quantile(
            one.q,
            share * one.value + (1.0 - share) * other.value,
            share * one.low + (1.0 - share) * other.low,
            share * one.high + (1.0 - share) * other.high,
        )
        for one, other in zip(own, wider, strict=True)
    )
