"""Estimators on arrays give the libraries' numbers."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.learn.evaluate import (
    clustered,
    encouraged,
    paired,
    randomised,
    staggered,
    synthetic_control,
    synthetic_did,
)
from haidang.learn.evaluate.arrays import Estimated, cluster_difference, difference, pair_difference, wald
from haidang.learn.evaluate.arrays_panel import (
    group_time,
    placebo_gaps,
    synthetic_did_estimated,
    synthetic_gap,
)
from haidang.learn.evaluate.arrays_panel import synthetic_did as did_alone
from haidang.learn.evaluate.effect import Effect

seeds = st.integers(0, 2**32 - 1)


def same(found: Estimated, effect: Effect, close: float = 1e-8) -> None:
    assert found.estimate == pytest.approx(effect.estimate, rel=close)
    assert found.standard_error == pytest.approx(effect.standard_error, rel=close)
    assert found.interval() == pytest.approx((effect.low, effect.high), rel=1e-6)
    assert found.p_value == pytest.approx(effect.p_value, rel=1e-6)


@settings(max_examples=5)
@given(seed=seeds)
def test_a_difference_by_unit_is_pyfixests(seed: int) -> None:
    random = np.random.default_rng(seed)
    x, d = random.normal(size=(60, 2)), np.tile([0.0, 1.0, 1.0], 20)
    y = d + x @ [1.0, -1.0] + random.normal(size=60) * (1.0 + d)
    table = pl.DataFrame({"y": y, "d": d, "a": x[:, 0], "b": x[:, 1]})
    same(difference(y, d, x), randomised(table, "y", "d", covariates=["a", "b"]))


def test_a_row_that_is_fitted_exactly_leaves_the_error_as_it_is_without_it() -> None:
    random = np.random.default_rng(1)
    d, alone = np.tile([0.0, 1.0], 20), np.eye(40)[:, -1:]
    y = d + random.normal(size=40)
    found, without = difference(y, d, alone), difference(y[:-1], d[:-1])
    assert (found.estimate, found.standard_error) == pytest.approx((without.estimate, without.standard_error))
    assert found.df == without.df


@settings(max_examples=5)
@given(seed=seeds)
def test_a_difference_by_cluster_is_diff_diffs(seed: int) -> None:
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(14), random.integers(3, 12, size=14))
    d = random.permutation(np.tile([0.0, 1.0], 7))[cluster]
    x = random.normal(size=(len(d), 1))
    y = d + random.normal(size=14)[cluster] + x[:, 0] + random.normal(size=len(d))
    table = pl.DataFrame({"y": y, "d": d, "x": x[:, 0], "c": cluster})
    found, effect = cluster_difference(y, d, cluster, x), clustered(table, "y", "d", "c", covariates=["x"])
    same(found, effect)
    assert found.df == pytest.approx(effect.df)


def test_a_difference_within_pairs_is_pyfixests_and_a_paired_t_test() -> None:
    from scipy.stats import ttest_rel

    random = np.random.default_rng(5)
    pair, d = np.repeat(np.arange(12), 2), np.tile([1.0, 0.0], 12)
    y = random.normal(size=24) + d
    found = pair_difference(y, d, pair)
    same(found, paired(pl.DataFrame({"y": y, "d": d, "p": pair}), "y", "d", "p"))
    assert found.p_value == pytest.approx(ttest_rel(y[::2], y[1::2]).pvalue)


@pytest.mark.parametrize("by_cluster", [False, True])
def test_an_effect_of_taking_up_is_pyfixests(by_cluster: bool) -> None:
    random = np.random.default_rng(11)
    cluster = np.repeat(np.arange(40), 6)
    z = np.tile([0.0, 1.0], 20)[cluster]
    x = random.normal(size=(240, 1))
    d = np.where(random.random(240) < 0.5, z, (random.random(240) < 0.3).astype(float))
    y = 2.0 * d + random.normal(size=240) + 0.5 * x[:, 0]
    table = pl.DataFrame({"y": y, "d": d, "z": z, "x": x[:, 0], "c": cluster})
    effect = encouraged(table, "y", "d", "z", covariates=["x"], cluster="c" if by_cluster else None)
    same(wald(y, d, z, x, cluster if by_cluster else None), effect)


@pytest.mark.parametrize("never", [30, 10])
def test_group_time_effects_are_diff_diffs(never: int) -> None:
    outcome, start = steps([2, 4, -1], [22, 25, never])
    effect = staggered(long(outcome, start), "y", "unit", "period", "start")
    same(group_time(outcome, start, never=never == 30), effect)


def test_where_all_are_treated_in_the_end_the_last_cohort_is_compared_with_until_it_begins() -> None:
    outcome, start = steps([2, 4, 5], [22, 25, 30])
    effect = staggered(long(outcome, start), "y", "unit", "period", "start")
    same(group_time(outcome[:, :5], np.where(start == 5, -1, start)), effect)
    cut = {one.name: (one.value, one.verdict) for one in effect.diagnostics}["periods_without_comparison"]
    assert (cut, effect.n) == ((1.0, "doubtful"), 77 * 5)


def test_a_synthetic_control_is_diff_diffs() -> None:
    outcome, _ = block(20, 1)
    effect = synthetic_control(long_on(outcome, 1, 8), "y", "unit", "period", "on")
    gap = synthetic_gap(outcome, 0, np.arange(1, 21), 8)
    assert gap[8:].mean() == pytest.approx(effect.estimate, abs=1e-6)
    assert placebo_gaps(outcome, 0, 8)[0] == pytest.approx(gap)
    assert [one.estimate for one in effect.path] == pytest.approx(list(gap))


@pytest.mark.parametrize("treated", [1, 3])
def test_a_synthetic_difference_in_differences_is_diff_diffs(treated: int) -> None:
    outcome, rest = block(20, treated)
    chosen = np.arange(treated)
    effect = synthetic_did(long_on(outcome, treated, 8), "y", "unit", "period", "on", placebos=200)
    assert did_alone(outcome, chosen, rest, 8) == pytest.approx(effect.estimate, abs=1e-6)
    found = synthetic_did_estimated(outcome, chosen, rest, 8, 200, np.random.default_rng(0))
    assert found.standard_error == pytest.approx(effect.standard_error, rel=0.2), "both are from placebos, drawn apart"


def steps(starts: list[int], sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    start = np.repeat(starts, sizes)
    on = (np.arange(6) >= start[:, None]) * (start[:, None] >= 0)
    return random.normal(size=(len(start), 6)).cumsum(axis=1) + on, start


def block(donors: int, treated: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(8)
    outcome = random.normal(size=(donors + treated, 1)) + random.normal(size=(donors + treated, 12)).cumsum(axis=1)
    return outcome, np.arange(treated, donors + treated)


def long(outcome: np.ndarray, start: np.ndarray) -> pl.DataFrame:
    units, periods = outcome.shape
    began = [None if one < 0 else int(one) + 2000 for one in start]
    return pl.DataFrame(
        {
            "y": outcome.ravel(),
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(2000, 2000 + periods), units),
            "start": [one for one in began for _ in range(periods)],
        }
    )


def long_on(outcome: np.ndarray, treated: int, first: int) -> pl.DataFrame:
    units, periods = outcome.shape
    on = (np.arange(units)[:, None] < treated) & (np.arange(periods) >= first)
    return long(outcome, np.full(units, -1)).with_columns(on=on.ravel().astype(int))
