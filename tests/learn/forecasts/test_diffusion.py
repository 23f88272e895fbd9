"""The stochastic Bass path: its filter, its posterior, what it pools."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from haidang.learn.forecasts.diffusion import Bounds, Pool, chance_of, diffusion_forecast, others_of, seen_in_years
from haidang.learn.forecasts.observed import Observed
from haidang.learn.forecasts.path import State, likelihoods, unlike_after, walk_on
from haidang.learn.forecasts.pooled import VAGUE, pooled
from haidang.learn.forecasts.posterior import Prior, posterior
from haidang.learn.forecasts.suite_file import SuiteError
from haidang.models.diffusion import bass_after
from tests.learn.forecasts.worlds import grown, panel

BOUNDS = Bounds(100.0, 0.5)
# c, log p, log q, log sigma, log tau, log omega, log of forgetting, log v: all alike, chance only in what is seen.
CALM = np.array([[1.2, -4.0, -1.0, -9.0, -3.0, -9.0, 0.0, -12.0]])


def by_plain_euler(share, ceiling, innovation, imitation, years, unlike=0.0):
    """The curve in a hundred thousand small steps."""
    fraction, step = share / ceiling, years / 100_000
    for _ in range(100_000):
        fraction += step * (innovation + imitation * fraction) * (1.0 - fraction) ** (1.0 + unlike)
    return ceiling * fraction


def test_without_imitation_adopters_of_unlike_readiness_leave_by_the_law_of_gamma_frailty():
    # Who has not adopted after t years: (1 + v p t)^(-1/v) (Vaupel, Manton and Stallard 1979).
    share, innovation, unlike = 0.0, 0.1, 1.5
    for _ in range(20):
        share = unlike_after(share, 1.0, innovation, 1e-9, unlike)
    assert share == pytest.approx(1.0 - (1.0 + unlike * innovation * 20.0) ** (-1.0 / unlike), abs=4e-4)


def test_a_year_of_adopters_of_unlike_readiness_is_that_of_small_steps():
    for share in (0.01, 0.2, 0.6, 0.95):
        found = unlike_after(share, 1.0, 0.01, 0.4, 0.8)
        assert found == pytest.approx(by_plain_euler(share, 1.0, 0.01, 0.4, 1.0, 0.8), abs=4e-4)


def test_where_all_are_alike_a_step_is_one_along_the_bass_curve_however_long():
    assert unlike_after(0.3, 7.0, 0.02, 0.3, 0.0) == pytest.approx(float(bass_after(0.3, 7.0, 0.02, 0.3)), abs=1e-6)


def test_without_chance_a_path_follows_the_bass_curve():
    state = State(*(np.array([value]) for value in (np.log(0.1 / 0.9), 0.0, 0.0, 0.0, 0.0)))
    calm = CALM.copy()
    calm[0, 4] = -12.0
    path = walk_on(calm, state, 5, np.random.default_rng(1))[:, 0]
    ceiling = 1.0 - np.exp(-np.exp(1.2))
    share = 1.0 / (1.0 + np.exp(-path[-1]))
    assert share == pytest.approx(by_plain_euler(0.1, ceiling, np.exp(-4.0), np.exp(-1.0), 5.0), abs=2e-3)


def test_the_filter_gives_the_likelihood_of_a_normal_vector_where_the_path_is_a_line():
    # Far below the ceiling and with hardly any innovation a logit grows by q a year: x_t = x_0 + q t and noise.
    row = np.array([[3.0, -14.0, np.log(0.1), np.log(0.2), np.log(0.3), -9.0, 0.0, -12.0]])
    times = np.array([2000.0, 2001.0, 2002.0, 2004.0])
    logits = np.array([-6.0, -5.7, -6.1, -5.4])
    known = Observed("line", times, 100.0 / (1.0 + np.exp(-logits)))
    seen = seen_in_years(known, 100.0, 1e-6)
    fit, _ = likelihoods(row, seen)
    # Given the first number the state starts there with the variance of seeing, 0.09.
    ahead = times[1:] - 2000.0
    covariance = 0.09 + 0.04 * np.minimum.outer(ahead, ahead) + 0.09 * np.eye(3)
    expected = multivariate_normal(-6.0 + 0.1 * ahead, covariance).logpdf(logits[1:])
    assert fit[0] == pytest.approx(expected, abs=0.02)


def test_tempering_finds_the_posterior_of_a_normal_likelihood():
    # With one further number only the growth of its one year is told: compare with weighting the prior's draws.
    known = Observed("two", np.array([2000.0, 2003.0]), np.array([5.0, 9.0]))
    seen = seen_in_years(known, 100.0, 0.5)
    rows, _ = posterior(seen, VAGUE, 2000, np.random.default_rng(1))
    drawn = VAGUE.draw(30_000, np.random.default_rng(2))
    weight = np.exp(likelihoods(drawn, seen)[0])
    mean = weight @ drawn / weight.sum()
    assert rows.mean(axis=0) == pytest.approx(mean, abs=0.15)


def test_pooling_finds_the_distribution_that_series_came_from():
    truth = Prior(VAGUE.mean + 0.5, 0.3 * VAGUE.covariance)
    rng = np.random.default_rng(1)
    centres = truth.draw(60, rng)
    # Each series tells its parameters with an error of a fifth; its draws under the vague prior follow by Bayes.
    error = 0.04 * np.eye(8)
    gain = VAGUE.covariance @ np.linalg.inv(VAGUE.covariance + error)
    parts = []
    for centre in centres:
        told = rng.multivariate_normal(centre, error)
        parts.append(rng.multivariate_normal(VAGUE.mean + gain @ (told - VAGUE.mean), error @ gain, 1500))
    found = pooled(parts)
    assert found.mean == pytest.approx(truth.mean, abs=0.45)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.sqrt(np.diag(truth.covariance)), rel=0.3)


def test_pooling_of_series_told_without_error_is_their_mean_and_spread_with_the_vague_prior_as_two_more():
    rng = np.random.default_rng(3)
    centres = VAGUE.draw(12, rng)
    # Far from the vague prior and as narrow as can be: weights of draws would keep one of them.
    centres[:, 0] += 4.0
    found = pooled([centre + 1e-4 * rng.standard_normal((200, 8)) for centre in centres])
    mean = (centres.sum(axis=0) + 2.0 * VAGUE.mean) / 14.0
    away, off = centres - mean, VAGUE.mean - mean
    assert found.mean == pytest.approx(mean, abs=1e-3)
    covariance = (away.T @ away + 2.0 * (np.outer(off, off) + VAGUE.covariance)) / 14.0
    assert found.covariance == pytest.approx(covariance, abs=1e-3)


def test_series_that_say_nothing_leave_the_vague_prior():
    rng = np.random.default_rng(4)
    found = pooled([VAGUE.draw(4000, rng) for _ in range(3)])
    assert found.mean == pytest.approx(VAGUE.mean, abs=0.15)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.sqrt(np.diag(VAGUE.covariance)), rel=0.1)


def test_a_series_is_not_in_its_own_pool():
    series = [(one.id, one, BOUNDS) for one in panel()]
    assert sorted(others_of(series, "looms")) == ["lamps", "ploughs", "pumps"]


def test_without_others_the_prior_is_the_vague_one():
    assert Pool(50, 1).prior({}) is VAGUE


def test_forecasts_of_paths_drawn_from_the_prior_are_calibrated():
    inside, below = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        row = VAGUE.draw(1, rng)
        state = State(*(np.array([value]) for value in (-2.5, 0.0, 0.0, 0.0, 0.0)))
        logits = np.concatenate([[-2.5], walk_on(row, state, 17, rng)[:, 0]])
        whole = Observed("drawn", np.arange(18.0), 100.0 / (1.0 + np.exp(-logits)))
        at = whole.times[[9, 13, 17]]
        draws = diffusion_forecast(whole.first(8), at, VAGUE, Bounds(100.0, 0.01), 300, rng)
        low, high = np.quantile(draws, [0.05, 0.95], axis=1)
        inside.append(np.mean((low <= whole.values[[9, 13, 17]]) & (whole.values[[9, 13, 17]] <= high)))
        below.append(np.mean(draws < whole.values[[9, 13, 17], None]))
    # Thirty series, three numbers each that move together: bands of about two standard errors.
    assert 0.80 <= np.mean(inside) <= 0.99
    assert 0.35 <= np.mean(below) <= 0.65


def test_a_forecast_hangs_on_names_and_not_on_order():
    assert chance_of(1, "looms", 8).random() == chance_of(1, "looms", 8).random()
    assert chance_of(1, "looms", 8).random() != chance_of(1, "pumps", 8).random()


def test_days_are_refused_where_whole_years_are_needed():
    known = Observed("days", np.array([2020.0, 2020.5]), np.array([1.0, 2.0]))
    with pytest.raises(SuiteError, match="expected whole years, 120 at most, found other times in 'days'"):
        seen_in_years(known, 100.0, 0.5)


def test_forecasts_stay_between_nothing_and_all():
    known = grown("own", 99.0, 0.03, 0.6).first(10)
    draws = diffusion_forecast(known, known.times[-1] + np.array([1.0, 30.0]), VAGUE, BOUNDS, 200, chance_of(1, "x"))
    assert draws.min() >= 0.0
    assert draws.max() <= 100.0
