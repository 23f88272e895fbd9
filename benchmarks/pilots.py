"""Pilots with a known truth, one for each design: drawn, assigned, and analysed as the design says.

Units differ in what treatment does to them, errors have heavy tails, and periods follow one another with memory, so
that an interval holds because its method is right and not because the world is simple. Estimates are those of
`haidang.learn.evaluate` on arrays, which its tests hold equal to the libraries' numbers; of a cut-off the library's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.evaluate.arrays import (
    Estimated,
    cluster_difference,
    difference,
    pair_difference,
    wald,
)
from haidang.learn.evaluate.arrays_panel import group_time, placebo_gaps, synthetic_did_estimated
from haidang.learn.evaluate.assignments import permuted
from haidang.learn.evaluate.bounds import lee_bounds
from haidang.learn.evaluate.cutoff import local_linear
from haidang.learn.evaluate.placebo import place
from haidang.learn.evaluate.repeat import randomisation_inference

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """What the analysis of one pilot said, and what was true."""

    estimate: float
    low: float
    high: float
    truth: float

    @property
    def covered(self) -> bool:
        return self.low <= self.truth <= self.high


def by_unit(random: np.random.Generator, units: int = 200, treated: int = 80) -> Trial:
    """A lot by unit, a covariate, effects that grow with it."""
    x = random.normal(size=units)
    d = _some(random, units, treated)
    y = x + d * (1.0 + 0.5 * x) + random.standard_t(5, size=units)
    return _trial(difference(y, d, x[:, None]), 1.0)


def by_cluster(random: np.random.Generator, clusters: int = 24) -> Trial:
    """A lot by cluster, clusters of 10 to 40 units, a fifth of the variance between them."""
    cluster = np.repeat(np.arange(clusters), random.integers(10, 41, size=clusters))
    d = _some(random, clusters, clusters // 2)[cluster]
    y = d + 0.5 * random.normal(size=clusters)[cluster] + random.standard_t(5, size=len(cluster)) * 0.775
    return _trial(cluster_difference(y, d, cluster), 1.0)


def by_pair(random: np.random.Generator, pairs: int = 30) -> Trial:
    """Matched pairs that are alike in level and differ in effect."""
    pair = np.repeat(np.arange(pairs), 2)
    first = random.integers(0, 2, size=pairs)
    d = np.where(np.tile([0, 1], pairs) == np.repeat(first, 2), 1.0, 0.0)
    effect = 1.0 + 0.5 * random.normal(size=2 * pairs)
    y = random.normal(size=pairs)[pair] + d * effect + random.standard_t(5, size=2 * pairs)
    return _trial(pair_difference(y, d, pair), 1.0)


def by_encouragement(random: np.random.Generator, units: int = 600) -> Trial:
    """An encouragement that moves four in ten; those who take up anyway would have done better anyway."""
    z = _some(random, units, units // 2)
    kind = random.random(units)
    d = np.where(kind < 0.4, z, (kind > 0.8).astype(np.float64))
    y = 2.0 * d + 0.8 * (kind > 0.8) + random.standard_t(5, size=units)
    return _trial(wald(y, d, z), 2.0)


def by_encouraged_clusters(random: np.random.Generator, clusters: int = 60) -> Trial:
    """The same with clusters of 8 to 20 that are encouraged together."""
    cluster = np.repeat(np.arange(clusters), random.integers(8, 21, size=clusters))
    z = _some(random, clusters, clusters // 2)[cluster]
    kind = random.random(len(cluster))
    d = np.where(kind < 0.4, z, (kind > 0.8).astype(np.float64))
    y = 2.0 * d + 0.4 * random.normal(size=clusters)[cluster] + random.standard_t(5, size=len(cluster))
    return _trial(wald(y, d, z, cluster=cluster), 2.0)


def by_steps(random: np.random.Generator, cohort: int = 30, never: int = 60) -> Trial:
    """Two cohorts over eight periods, effects that grow with time and differ between cohorts, errors with memory."""
    start = np.concatenate([np.full(cohort, 3), np.full(cohort, 5), np.full(never, -1)])
    units, periods = len(start), 8
    since = np.arange(periods) - start[:, None]
    on = (start[:, None] >= 0) & (since >= 0)
    effect = on * (0.5 + 0.2 * since + 0.3 * (start[:, None] == 5))
    own = random.normal(size=(units, 1)) + 0.1 * np.arange(periods)
    return _trial(group_time(own + effect + _memory(random, units, periods), start), float(effect[on].mean()))


def by_one_unit(random: np.random.Generator, donors: int = 39) -> Trial:
    """One unit of forty, any of which might have been it, in fifteen periods before and five after."""
    outcome, first = _factors(random, donors + 1)
    unit = int(random.integers(donors + 1))
    outcome[unit, first:] += 1.0
    found = place(placebo_gaps(outcome, unit, first), first, 0.95)
    return Trial(found.estimate, found.low, found.high, 1.0)


def by_few_units(random: np.random.Generator, treated: int = 4, donors: int = 26, placebos: int = 60) -> Trial:
    """Four units of thirty treated at once."""
    outcome, first = _factors(random, treated + donors)
    chosen = np.sort(random.permutation(treated + donors)[:treated])
    outcome[chosen, first:] += 1.0
    rest = np.setdiff1d(np.arange(treated + donors), chosen)
    return _trial(synthetic_did_estimated(outcome, chosen, rest, first, placebos, random), 1.0)


def by_score(random: np.random.Generator, units: int = 1_000) -> Trial:
    """A cut-off at zero of a score that also bends the outcome."""
    x = random.uniform(-1.0, 1.0, size=units)
    y = 0.5 * x + 1.2 * x**2 + 0.8 * x**3 + (x >= 0.0) * (1.0 + 0.4 * x) + 0.4 * random.standard_t(5, size=units)
    found = local_linear(x, y, 0.0)
    return Trial(found.estimate, found.low, found.high, 1.0)


def by_lot(random: np.random.Generator, units: int = 14) -> Trial:
    """A small lot, repeated in all its ways; one effect for all."""
    d = _some(random, units, units // 2)
    table = pl.DataFrame({"y": d + random.standard_t(3, size=units), "d": d})
    found = randomisation_inference(table, "y", "d", permuted(d), draws=20_000)
    return Trial(found.estimate, found.low, found.high, 1.0)


def by_bounds(random: np.random.Generator, units: int = 2_000) -> Trial:
    """Attrition that treatment lowers; the truth lies at the lower bound, where covering it is hardest.

    Whoever would do best anyhow is seen only under treatment, so trimming the top is exactly right.
    """
    return _bounded(random, _some(random, units, units // 2), None)


def by_bounds_of_clusters(random: np.random.Generator, clusters: int = 40) -> Trial:
    """The same in a lot by cluster, clusters of 10 to 40 units that differ in outcomes and so in how many are lost."""
    cluster = np.repeat(np.arange(clusters), random.integers(10, 41, size=clusters))
    return _bounded(random, _some(random, clusters, clusters // 2)[cluster], cluster)


def by_bounds_of_pairs(random: np.random.Generator, pairs: int = 200) -> Trial:
    """The same in matched pairs."""
    d = np.concatenate([random.permutation([0.0, 1.0]) for _ in range(pairs)])
    return _bounded(random, d, np.repeat(np.arange(pairs), 2))


def _bounded(random: np.random.Generator, d: Numbers, cluster: NDArray[np.int64] | None) -> Trial:
    """An effect of one on all; one in seven or so is seen only under treatment."""
    own = 0.0 if cluster is None else 0.5 * random.normal(size=int(cluster[-1]) + 1)[cluster]
    anyhow = own + random.standard_t(5, size=len(d))
    lost = (anyhow > 1.2) & (d == 0.0)
    table = pl.DataFrame({"y": anyhow + d, "d": d}).with_columns(y=pl.when(pl.Series(~lost)).then("y"))
    if cluster is not None:
        table = table.with_columns(cluster=cluster)
    found = lee_bounds(table, "y", "d", cluster=None if cluster is None else "cluster")
    return Trial(found.lower, found.low, found.high, 1.0)


def _trial(found: Estimated, truth: float) -> Trial:
    return Trial(found.estimate, *found.interval(), truth)


def _some(random: np.random.Generator, units: int, treated: int) -> Numbers:
    return random.permutation(np.repeat([1.0, 0.0], [treated, units - treated]))


def _memory(random: np.random.Generator, units: int, periods: int) -> Numbers:
    """Errors of which half stays to the next period."""
    found = random.normal(size=(units, periods))
    for period in range(1, periods):
        found[:, period] = 0.5 * found[:, period - 1] + 0.866 * found[:, period]
    return found


def _factors(random: np.random.Generator, units: int, before: int = 15, after: int = 5) -> tuple[Numbers, int]:
    """Two common factors with a load of its own for each unit, and errors with memory."""
    common = np.cumsum(random.normal(size=(2, before + after)), axis=1)
    loads = random.normal(1.0, 0.5, size=(units, 2))
    return random.normal(size=(units, 1)) + loads @ common + _memory(random, units, before + after), before
