"""The score of a forecast against known answers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from haidang.learn import crps, crps_of_normal, crps_of_point, inside

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def by_definition(draws, outcome):
    """Mean distance to the outcome less half the mean distance between draws, pair by pair."""
    pairs = [abs(a - b) for a in draws for b in draws]
    return sum(abs(a - outcome) for a in draws) / len(draws) - sum(pairs) / (2 * len(pairs))


def test_one_draw_scores_its_distance():
    assert crps(np.array([3.0]), 5.0) == 2.0 == crps_of_point(3.0, 5.0)


@pytest.mark.parametrize(("outcome", "score"), [(0.5, 0.25), (2.0, 1.25), (0.0, 0.25)])
def test_two_draws_score_what_the_integral_says(outcome, score):
    assert crps(np.array([1.0, 0.0]), outcome) == pytest.approx(score)


def test_draws_of_a_uniform_forecast_score_a_third_at_its_end():
    draws = (np.arange(100_000) + 0.5) / 100_000
    assert crps(draws, 0.0) == pytest.approx(1 / 3, rel=1e-5)


def test_a_normal_forecast_at_its_mean_scores_in_closed_form():
    assert crps_of_normal(7.0, 2.0, 7.0) == pytest.approx(2.0 * (math.sqrt(2) - 1) / math.sqrt(math.pi))


@pytest.mark.parametrize("outcome", [-3.0, 0.0, 0.7, 5.0])
def test_many_normal_draws_score_as_the_closed_form(outcome):
    draws = norm.ppf((np.arange(200_000) + 0.5) / 200_000, loc=1.0, scale=1.5)
    assert crps(draws, outcome) == pytest.approx(crps_of_normal(1.0, 1.5, outcome), rel=1e-4)


@given(numbers, st.floats(-1e6, 1e6))
def test_sorting_gives_the_definition(draws, outcome):
    assert crps(np.array(draws), outcome) == pytest.approx(by_definition(draws, outcome), rel=1e-9, abs=1e-6)


@given(numbers, st.floats(-1e6, 1e6))
def test_a_score_is_never_negative_nor_above_the_farthest_draw(draws, outcome):
    score = crps(np.array(draws), outcome)
    assert -1e-6 <= score <= max(abs(one - outcome) for one in draws) + 1e-6


@given(numbers, st.floats(-1e3, 1e3), st.floats(0.01, 100.0))
def test_a_score_is_in_the_unit_of_what_is_forecast(draws, outcome, factor):
    once = crps(np.array(draws), outcome)
    assert crps(factor * np.array(draws), factor * outcome) == pytest.approx(factor * once, rel=1e-9, abs=1e-4)


def test_ninety_percent_is_from_the_fifth_to_the_ninety_fifth_point():
    draws = np.arange(101.0)
    assert inside(draws, 5.0)
    assert inside(draws, 95.0)
    assert not inside(draws, 4.9)
    assert not inside(draws, 95.1)


def test_no_draw_is_refused():
    with pytest.raises(ValueError, match="at least one draw"):
        crps(np.array([]), 1.0)
