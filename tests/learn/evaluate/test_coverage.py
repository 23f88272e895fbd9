"""Intervals of simulated pilots hold the truth as often as they say; `benchmarks/coverage.py` simulates a thousand."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks import pilots
from benchmarks.coverage import Pilot, simulate
from haidang.learn.evaluate.arrays import difference


def _name(one: object) -> str:
    return str(getattr(getattr(one, "func", one), "__name__", one))


COUNTS: dict[Pilot, int] = {
    pilots.by_unit: 400,
    pilots.by_cluster: 400,
    pilots.by_pair: 400,
    pilots.by_encouragement: 400,
    pilots.by_encouraged_clusters: 400,
    pilots.by_steps: 400,
    pilots.by_one_unit: 300,
    partial(pilots.by_few_units, treated=2, donors=18, placebos=40): 50,
    pilots.by_score: 50,
    partial(pilots.by_lot, units=12): 200,
    pilots.by_bounds: 300,
    pilots.by_bounds_of_clusters: 200,
}
"""As many as a few seconds take."""


def plausible(covered: int, count: int) -> bool:
    """Whether so many are what a coverage between 93 and 97 % may give: fewer or more have a chance of one in 2,000."""
    return bool(binom.cdf(covered, count, 0.93) > 5e-4 and binom.sf(covered - 1, count, 0.97) > 5e-4)


@pytest.mark.parametrize(("pilot", "count"), COUNTS.items(), ids=_name)
def test_the_interval_holds_the_truth_as_often_as_it_says(pilot: Pilot, count: int) -> None:
    found = simulate(pilot, count)
    assert plausible(sum(one.covered for one in found), count)


def test_an_interval_that_forgets_the_clusters_is_caught() -> None:
    def forgetful(random: np.random.Generator) -> pilots.Trial:
        cluster = np.repeat(np.arange(24), random.integers(10, 41, size=24))
        d = random.permutation(np.tile([0.0, 1.0], 12))[cluster]
        y = d + 0.5 * random.normal(size=24)[cluster] + random.normal(size=len(cluster))
        found = difference(y, d)
        return pilots.Trial(found.estimate, *found.interval(), 1.0)

    assert not plausible(sum(one.covered for one in simulate(forgetful, 400)), 400)
