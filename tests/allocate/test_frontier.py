"""A frontier falls as it should, and each of its points is bounded."""

from dataclasses import replace

import numpy as np
import pytest

from haidang.allocate.frontier import FrontierError, frontier
from haidang.allocate.verify import breaches
from tests.allocate.towns import town


def test_more_of_one_outcome_costs_more_and_more_of_the_other() -> None:
    problem = town(600, 6)
    gain = problem.values["gain"]
    carbon = gain * np.random.default_rng(1).lognormal(0.0, 0.8, gain.shape[2])
    both = replace(problem, values={"gain": gain, "carbon": carbon})
    points = frontier(both, "gain", "carbon", points=4, gap=0.004)
    first, second = ([getattr(point, name) for point in points] for name in ("first", "second"))
    assert second == sorted(second)
    assert first == sorted(first, reverse=True)
    for point in points[1:-1]:
        assert point.second >= point.asked
        assert point.first <= point.bound
        assert point.rate > 0.0
        assert breaches(both, point.plan.choice) == ()
    # One more of the second costs more the more of it there is already.
    assert points[1].rate < points[2].rate
    # No plan that was found lies beyond the bound of another point.
    for point in points[1:-1]:
        assert all(other.first <= point.bound for other in points if other.second >= point.asked)


def test_a_frontier_needs_two_outcomes() -> None:
    problem = town(10, 1)
    with pytest.raises(FrontierError, match="'carbon' is not given"):
        frontier(problem, "gain", "carbon")
    with pytest.raises(FrontierError, match="two outcomes"):
        frontier(problem, "gain", "gain")
