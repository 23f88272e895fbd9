"""Looking after every arrival costs no false alarms, and finds what is there."""

from math import exp, lgamma, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peeking import TRIALS, false_alarms
from haidang.learn.monitor.ratio import ratio_evidence
from haidang.learn.monitor.sequences import (
    asymptotic_evidence,
    asymptotic_sequence,
    betting_evidence,
    betting_sequence,
    effect_terms,
    terms_range,
    two_sided_evidence,
)


@pytest.mark.parametrize("name", [name for name in TRIALS if not name.startswith("the usual")])
def test_peeking_after_every_arrival_raises_no_more_false_alarms_than_declared(name: str) -> None:
    # 5 % and two standard errors of 300 pilots; the page has 4,000 pilots of each.
    assert false_alarms(TRIALS[name], 300, 600, seed=11) <= 0.05 + 2.0 * sqrt(0.05 * 0.95 / 300.0)


def test_the_usual_test_does_when_it_is_looked_at_after_every_arrival() -> None:
    assert false_alarms(TRIALS["the usual test, looked at after every arrival"], 300, 600, seed=11) > 0.15


def slow_evidence(x: list[float], mean: float, alpha: float) -> list[float]:
    """Betting that the mean lies above, written as a loop: Waudby-Smith and Ramdas (2024), predictable plug-in."""
    capital, total, squares, variance, found = 1.0, 0.5, 0.25, 0.25, list[float]()
    for count, value in enumerate(x, start=1):
        bet = min(sqrt(2.0 * log(1.0 / alpha) / (variance * count * log(1.0 + count))), 0.5 / mean)
        capital *= 1.0 + bet * (value - mean)
        found.append(capital)
        total += value
        squares += (value - total / (count + 1)) ** 2
        variance = squares / (count + 1)
    return found


def test_the_e_process_is_that_of_a_plain_loop() -> None:
    x = np.random.default_rng(4).beta(2.0, 3.0, 50)
    found = betting_evidence(x, (0.0, 1.0), 0.3, "above", 0.05)
    assert found == pytest.approx(slow_evidence(list(x), 0.3, 0.05), rel=1e-12)


@given(seed=st.integers(0, 200))
def test_the_interval_only_narrows_and_leaves_out_what_evidence_rejects(seed: int) -> None:
    x = np.random.default_rng(seed).beta(2.0, 6.0, 200)
    found = betting_sequence(x, (0.0, 1.0), 0.05)
    assert (np.diff(found.low) >= 0.0).all()
    assert (np.diff(found.high) <= 0.0).all()
    assert 0.0 <= found.low[-1] <= x.mean() <= found.high[-1] <= 1.0
    # The interval takes the larger side, the two-sided evidence the sum of both: it rejects no less.
    assert two_sided_evidence(x, (0.0, 1.0), float(found.low[-1]) - 0.02, 0.05).max() >= 20.0 or found.low[-1] < 0.03


def test_the_terms_of_the_effect_have_its_mean_and_stay_in_their_range() -> None:
    generator = np.random.default_rng(7)
    d = (generator.random(200_000) < 0.15).astype(float)
    y = (generator.random(200_000) < 0.1 + 0.07 * d).astype(float)
    x = effect_terms(y, d, 0.15, (0.0, 1.0))
    low, high = terms_range((0.0, 1.0), 0.15)
    assert low <= x.min()
    assert x.max() <= high
    assert x.mean() == pytest.approx(0.07, abs=4.0 * x.std() / len(x) ** 0.5)


def test_the_asymptotic_interval_at_its_sharpest_is_the_formula_of_the_paper() -> None:
    x = np.random.default_rng(1).normal(0.3, 1.0, 500)
    alpha, n = 0.05, 500
    rho = sqrt((-2.0 * log(alpha) + log(-2.0 * log(alpha) + 1.0)) / n)
    variance = float(x.var())
    half = sqrt(2.0 * (n * variance * rho**2 + 1.0) / (n * rho) ** 2 * log(sqrt(n * variance * rho**2 + 1.0) / alpha))
    found = asymptotic_sequence(x, alpha, n)
    assert found.low[-1] == pytest.approx(float(x.mean()) - half, abs=0.02)
    assert found.low[-1] >= float(x.mean()) - half - 1e-12
    assert np.isinf(found.low[99])
    assert np.isfinite(found.low[100])
    inside = (asymptotic_evidence(x, 0.3, alpha, n) < 1.0 / alpha).all()
    assert inside == bool((found.low < 0.3).all() and (found.high > 0.3).all())


def test_the_check_of_shares_is_the_dirichlet_multinomial_ratio() -> None:
    arm, shares, weight = np.array([0, 1, 1, 0, 1, 1]), (0.5, 0.5), 2.0
    top = lgamma(2.0) - lgamma(8.0) + lgamma(1.0 + 2) + lgamma(1.0 + 4) - 2.0 * lgamma(1.0)
    assert ratio_evidence(arm, shares, weight)[-1] == pytest.approx(exp(top - 6.0 * log(0.5)))


def test_arms_that_do_not_report_as_drawn_are_seen() -> None:
    arm = (np.random.default_rng(0).random(2000) < 0.42).astype(np.int64)
    assert ratio_evidence(arm, (0.5, 0.5)).max() > 1e4
