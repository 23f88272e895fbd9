"""The rivals find what they should find in series made by themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.learn.forecasts import statistical
from haidang.learn.forecasts.curves import SHAPES, curve_forecast, fit_curve
from haidang.learn.forecasts.naive import drift, last_value
from haidang.learn.forecasts.observed import Observed
from haidang.learn.scores import crps_of_normal
from tests.learn.forecasts.worlds import grown


def chance(seed=1):
    return np.random.default_rng(seed)


def test_the_last_value_spreads_like_a_random_walk():
    known = Observed("steps", np.arange(5.0), np.array([0.0, 2.0, 0.0, 2.0, 0.0]))
    draws = last_value(known, np.array([5.0, 8.0]), 200_000, chance())
    assert draws.mean(axis=1) == pytest.approx([0.0, 0.0], abs=0.03)
    assert draws.std(axis=1) == pytest.approx([2.0, 4.0], rel=0.01)


def test_the_drift_goes_on_at_the_mean_pace_and_knows_its_own_error():
    known = Observed("steps", np.arange(5.0), np.array([0.0, 3.0, 4.0, 7.0, 8.0]))
    draws = drift(known, np.array([6.0]), 400_000, chance())
    # Steps 3, 1, 3, 1 around a pace of 2: variance 4 / 3, ahead two years of four known: 4 / 3 * 2 * (1 + 2 / 4) = 4.
    assert draws.mean() == pytest.approx(12.0, abs=0.02)
    assert draws.std() == pytest.approx(2.0, rel=0.01)


def test_the_drift_is_calibrated_on_random_walks_with_a_pace():
    inside, score, told = [], [], []
    for seed in range(300):
        rng = chance(seed)
        walk = np.cumsum(1.0 + rng.standard_normal(41))
        draws = drift(Observed("walk", np.arange(31.0), walk[:31]), np.array([40.0]), 500, rng)[0]
        low, high = np.quantile(draws, [0.05, 0.95])
        inside.append(low <= walk[40] <= high)
        score.append(np.mean(np.abs(draws - walk[40])))
        told.append(crps_of_normal(walk[30] + 10.0, np.sqrt(10.0), walk[40]))
    assert 0.85 <= np.mean(inside) <= 0.95
    assert np.mean(score) > np.mean(told)


@pytest.mark.parametrize("forecast", [last_value, drift])
def test_a_series_of_one_number_is_forecast_by_that_number(forecast):
    known = Observed("one", np.array([2019.0]), np.array([0.4]))
    assert np.all(forecast(known, np.array([2020.0, 2021.0]), 5, chance()) == 0.4)


def test_a_bass_curve_is_found_again_in_its_own_numbers():
    known = grown("own", 80.0, 0.02, 0.38, years=18)
    fit = fit_curve("bass", known, 100.0)
    later = grown("own", 80.0, 0.02, 0.38, years=40)
    assert fit.value(later.times, fit.row) == pytest.approx(later.values, abs=0.6)
    assert np.exp(fit.row[0]) == pytest.approx(0.38, rel=0.05)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("logistic", lambda t: 70.0 / (1.0 + np.exp(-0.4 * (t - 9.0)))),
        ("gompertz", lambda t: 70.0 * np.exp(-6.0 * np.exp(-0.25 * t))),
    ],
)
def test_a_curve_without_noise_is_carried_on(name, curve):
    times = np.arange(14.0)
    ahead = np.arange(14.0, 24.0)
    draws = curve_forecast(name, Observed("own", times, curve(times)), ahead, 200, 100.0, chance())
    assert np.median(draws, axis=1) == pytest.approx(curve(ahead), rel=0.03)


def test_intervals_of_a_fitted_curve_hold_where_the_curve_is_true():
    inside = []
    for seed in range(40):
        whole = grown("own", 80.0, 0.02, 0.38, years=22, noise=1.0, seed=seed)
        draws = curve_forecast("bass", whole.first(16), whole.times[16:], 300, 100.0, chance(seed))
        low, high = np.quantile(draws, [0.05, 0.95], axis=1)
        inside.append(np.mean((low <= whole.values[16:]) & (whole.values[16:] <= high)))
    assert 0.85 <= np.mean(inside) <= 0.98


@settings(max_examples=15)
@given(st.sampled_from(sorted(SHAPES)), st.lists(st.floats(0.0, 100.0), min_size=2, max_size=7))
def test_any_short_series_is_forecast_with_numbers(name, values):
    known = Observed("any", np.arange(float(len(values))), np.array(values))
    draws = curve_forecast(name, known, np.array([10.0, 30.0]), 20, 100.0, chance())
    assert np.all(np.isfinite(draws))


def test_a_curve_without_a_top_may_pass_a_hundred():
    known = Observed("roofs", np.arange(8.0), 900.0 / (1.0 + np.exp(-1.2 * (np.arange(8.0) - 4.0))))
    draws = curve_forecast("logistic", known, np.array([12.0]), 200, None, chance())
    assert np.median(draws) == pytest.approx(900.0, rel=0.03)


@pytest.mark.skipif(not statistical.installed(), reason="statsforecast is of the extra 'learn', not installed here")
@pytest.mark.parametrize("name", ["ets", "arima"])
def test_statsforecast_carries_a_straight_line_on(name):
    known = Observed("line", np.arange(2000.0, 2015.0), 5.0 + 2.0 * np.arange(15.0) + np.tile([0.1, -0.1, 0.0], 5))
    draws = statistical.statistical_forecast(name, known, np.array([2016.0, 2018.0]), 400, chance())
    assert np.median(draws, axis=1) == pytest.approx([37.0, 41.0], abs=1.0)
    assert not statistical.serves(known.first(6), np.array([2016.0]))
