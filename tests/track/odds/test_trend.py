"""The trend against a slow reference, by hand, and in what must hold for every series."""

import math
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_t, t

from haidang.track.odds import Asked, Bound, Series, level_odds
from haidang.track.odds.kalman import filtered, moves
from haidang.track.odds.priors import TRENDS, TrendGrid, TrendPrior
from haidang.track.odds.series import from_line, to_line
from haidang.track.odds.trend import learn

BY = date(2030, 12, 31)


def ends(first, count):
    return tuple(date(first + place, 12, 31) for place in range(count))


def joint_covariance(times, drift, slope, error, rate):
    """Of observations less the first, entry by entry, the slope's part by integrating its covariance twice."""

    def level(a, b):
        wander = 0.0
        if slope:
            inner = lambda u: quad(lambda v: math.exp(-rate * abs(u - v)), 0, b, points=[min(u, b)])[0]  # noqa: E731
            wander = slope**2 * quad(inner, 0, a)[0]
        return min(a, b) + drift**2 * a * b + wander

    count = len(times)
    found = np.zeros((count - 1, count - 1))
    for i, j in product(range(1, count), repeat=2):
        a, b = times[i] - times[0], times[j] - times[0]
        found[i - 1, j - 1] = level(a, b) + error**2 * (1 + (i == j))
    return found


TIMES = np.array([0.0, 0.5, 2.0, 3.0, 5.5])
VALUES = np.array([1.0, 1.4, 1.1, 2.0, 2.4])
SETTINGS = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.5, 0.0), (3.0, 2.0, 0.7)]


@pytest.mark.parametrize(("drift", "slope", "error"), SETTINGS)
def test_the_filter_gives_the_likelihood_of_the_joint_normal(drift, slope, error):
    grid = TrendGrid(np.array([drift]), np.array([slope]), np.array([error]), np.ones(1))
    found = filtered(VALUES[None, :], TIMES[None, :], grid, 0.4)
    # The first level is diffuse, so the differences from the first observation carry the whole likelihood.
    covariance = joint_covariance(TIMES, drift, slope, error, 0.4)
    away = VALUES[1:] - VALUES[0]
    assert found.squares[0, 0] == pytest.approx(away @ np.linalg.solve(covariance, away), rel=1e-6)
    assert found.logdet[0, 0] == pytest.approx(np.linalg.slogdet(covariance)[1], abs=1e-6)


@pytest.mark.parametrize(("drift", "slope", "error"), SETTINGS)
def test_the_forecast_is_the_conditional_of_the_joint_student(drift, slope, error):
    prior = TrendPrior(0.3, 1.5, ((drift, 1.0),), ((slope, 1.0),), ((error, 1.0),), 0.4)
    mixture = learn(VALUES[None, :], TIMES[None, :], prior).forecast(np.array([8.0]))
    whole = joint_covariance(np.append(TIMES, 8.0), drift, slope, error, 0.4)
    seen, cross, own = whole[:-1, :-1], whole[-1, :-1], whole[-1, -1]
    away = VALUES[1:] - VALUES[0]
    middle = VALUES[0] + cross @ np.linalg.solve(seen, away)
    left = own - cross @ np.linalg.solve(seen, cross)
    rate = 1.5 * 0.3**2 + 0.5 * away @ np.linalg.solve(seen, away)
    assert mixture.freedom[0] == 2 * 1.5 + 4
    assert mixture.middle[0, 0] == pytest.approx(middle, abs=1e-7)
    assert mixture.width[0, 0] == pytest.approx(math.sqrt(rate / 3.5 * left), rel=1e-6)


def test_settings_are_weighted_by_their_marginal_likelihood():
    prior = TrendPrior(0.3, 1.5, ((0.0, 0.2), (2.0, 0.8)), ((0.0, 1.0),), ((0.5, 1.0),), 0.4)
    found = learn(VALUES[None, :], TIMES[None, :], prior)
    away = VALUES[1:] - VALUES[0]
    likelihood = [
        share * multivariate_t(shape=0.3**2 * joint_covariance(TIMES, drift, 0.0, 0.5, 0.4), df=3.0).pdf(away)
        for drift, share in prior.drift
    ]
    assert found.weight[0] == pytest.approx(np.array(likelihood) / sum(likelihood), rel=1e-9)


def test_a_random_walk_spreads_with_the_root_of_time():
    prior = TrendPrior(1.0, 1e8, ((0.0, 1.0),), ((0.0, 1.0),), ((0.0, 1.0),), 0.5)
    posterior = learn(np.array([[2.0, 3.0, 5.0]]), np.array([[0.0, 1.0, 2.0]]), prior)
    for years in (1.0, 4.0, 9.0):
        mixture = posterior.forecast(np.array([2.0 + years]))
        assert mixture.middle[0, 0] == 5.0
        assert mixture.width[0, 0] == pytest.approx(math.sqrt(years), rel=1e-6)


def test_a_walk_of_two_values_by_hand():
    # One change of 0.3 in a year: shape 0.5 + 0.5, rate 0.5 x 0.01 + 0.5 x 0.09 = 0.05, so t with 2 degrees of freedom.
    prior = TrendPrior(0.1, 0.5, ((0.0, 1.0),), ((0.0, 1.0),), ((0.0, 1.0),), 0.5)
    mixture = learn(np.array([[0.0, 0.3]]), np.array([[0.0, 1.0]]), prior).forecast(np.array([2.0]))
    assert mixture.below(np.array([0.5]))[0] == pytest.approx(t(2).cdf(0.2 / math.sqrt(0.05)))
    assert mixture.quantile(0.9)[0] == pytest.approx(0.3 + math.sqrt(0.05) * t(2).ppf(0.9))


def test_a_slope_that_comes_back_has_the_moments_of_ornstein_and_uhlenbeck():
    step = moves(np.array([2.0]), 0.7)
    inner = lambda u: (1 - math.exp(-0.7 * u)) / 0.7  # noqa: E731
    # A unit stationary variance takes a driving noise of twice the rate.
    assert step.level_noise[0] == pytest.approx(1.4 * quad(lambda u: inner(u) ** 2, 0, 2)[0])
    assert step.cross_noise[0] == pytest.approx(1.4 * quad(lambda u: inner(u) * math.exp(-0.7 * u), 0, 2)[0])
    assert step.slope_noise[0] == pytest.approx(1 - math.exp(-2.8))


def test_the_change_between_two_days_to_come_is_that_of_the_joint_normal():
    prior = TrendPrior(0.3, 1.5, ((1.0, 1.0),), ((0.5, 1.0),), ((0.0, 1.0),), 0.4)
    posterior = learn(VALUES[None, :], TIMES[None, :], prior)
    found = posterior.change(np.array([7.0]), np.array([9.0]))
    whole = joint_covariance(np.append(TIMES, [7.0, 9.0]), 1.0, 0.5, 0.0, 0.4)
    seen, cross, own = whole[:-2, :-2], whole[-2:, :-2], whole[-2:, -2:]
    left = own - cross @ np.linalg.solve(seen, cross.T)
    middle = cross @ np.linalg.solve(seen, VALUES[1:] - VALUES[0])
    spread = posterior.spread[0, 0]
    assert found.middle[0, 0] == pytest.approx(middle[1] - middle[0])
    assert found.width[0, 0] == pytest.approx(spread * math.sqrt(left[0, 0] + left[1, 1] - 2 * left[0, 1]), rel=1e-6)


def test_series_of_unlike_lengths_are_told_together_as_alone():
    table = np.array([[1.0, 1.2, 1.5, 1.4], [0.3, 0.5, np.nan, np.nan], [2.0, 2.0, 2.1, np.nan]])
    times = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 2.0, np.nan, np.nan], [0.0, 0.5, 4.0, np.nan]])
    together = learn(table, times, TRENDS["log"]).forecast(np.full(3, 6.0)).quantile(0.2)
    for row, count in enumerate((4, 2, 3)):
        alone = learn(table[row : row + 1, :count], times[row : row + 1, :count], TRENDS["log"])
        assert alone.forecast(np.array([6.0])).quantile(0.2)[0] == pytest.approx(together[row], rel=1e-9)


levels = st.lists(st.floats(0.1, 1e4), min_size=2, max_size=9)
shares = st.lists(st.floats(0.01, 0.99), min_size=2, max_size=9)


def odds_of(values, scale, bound, first=2015):
    return level_odds([Asked("it", Series("it", ends(first, len(values)), tuple(values), scale), BY, bound)])[0]


@given(levels, st.floats(0.1, 1e4), st.floats(1.0, 10.0))
def test_a_higher_bound_is_never_likelier(values, bound, factor):
    assert odds_of(values, "log", Bound(low=bound * factor)).probability <= (
        odds_of(values, "log", Bound(low=bound)).probability + 1e-12
    )


@given(levels, st.floats(0.1, 1e4), st.sampled_from([1e-9, 1e-3, 1e3, 1e12]))
def test_the_unit_of_measure_leaves_the_odds_of_a_level(values, bound, factor):
    once = odds_of(values, "log", Bound(low=bound))
    again = odds_of([value * factor for value in values], "log", Bound(low=bound * factor))
    assert again.probability == pytest.approx(once.probability, abs=1e-9)
    assert again.without.fan.points[-1].p50 == pytest.approx(factor * once.without.fan.points[-1].p50, rel=1e-6)


@given(
    st.lists(st.integers(-400, 400).map(lambda one: one / 8), min_size=2, max_size=7, unique=True),
    st.floats(-50, 50),
    st.sampled_from([1e-6, 100.0, 1e9]),
)
def test_the_unit_of_measure_leaves_the_odds_of_a_difference(values, bound, factor):
    once = odds_of(values, "identity", Bound(low=bound))
    again = odds_of([value * factor for value in values], "identity", Bound(low=bound * factor))
    assert again.probability == pytest.approx(once.probability, abs=1e-6)


@given(shares, st.floats(0.05, 0.4), st.floats(0.5, 0.95))
def test_below_within_and_above_are_one(values, low, high):
    found = odds_of(values, "logit", Bound(low, high)).without.chance
    assert found.below + found.within + found.above == pytest.approx(1.0, abs=1e-9)
    assert min(found.below, found.within, found.above) >= 0


@given(shares)
def test_a_share_stays_between_none_and_all_and_its_points_rise(values):
    for points in odds_of(values, "logit", Bound(low=0.5)).without.fan.points:
        row = list(points.as_dict().values())
        assert row[0] >= 0
        assert row[-1] <= 1
        assert row == sorted(row)


@given(st.floats(0.2, 0.8), st.floats(0.1, 0.9))
def test_a_quantile_is_where_the_probability_says(share, start):
    found = learn(np.array([[start, 1.0, 1.3]]), np.array([[0.0, 1.0, 2.0]]), TRENDS["log"]).forecast(np.array([5.0]))
    assert found.below(found.quantile(share))[0] == pytest.approx(share, abs=1e-7)


@pytest.mark.parametrize(("scale", "noise"), [("log", 0.015), ("logit", 0.06), ("rank", 0.08)])
def test_fewer_points_of_the_same_kind_spread_wider(scale, noise):
    rng = np.random.default_rng(3)
    widths = {2: [], 3: [], 6: [], 12: []}
    for _ in range(40):
        walk = 3.0 * (scale != "logit") + np.cumsum(rng.normal(0.0, noise, 12))
        for count, found in widths.items():
            values = from_line(walk[-count:], scale)
            last = odds_of(values.tolist(), scale, Bound(low=0.5), 2026 - count).without.fan.points[-1]
            low, high = to_line(np.array([last.p5, last.p95]), scale)
            found.append(high - low)
    medians = [np.median(widths[count]) for count in (2, 3, 6, 12)]
    assert medians == sorted(medians, reverse=True)


@pytest.mark.parametrize("scale", ["log", "logit", "rank"])
def test_a_value_further_from_the_present_spreads_wider(scale):
    values = [0.2, 0.22, 0.25, 0.24, 0.27, 0.29] if scale == "logit" else [20.0, 22.0, 25.0, 24.0, 27.0, 29.0]
    fan = odds_of(values, scale, Bound(low=0.3)).without.fan.points
    widths = [one.p95 - one.p5 for one in fan]
    assert widths == sorted(widths)
