"""Each design on data whose answer is known by hand, and what its second estimator and diagnostics say."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.learn.evaluate import at_cutoff, clustered, encouraged, paired, randomised, staggered, synthetic_did
from haidang.learn.evaluate.balance import joint_chance
from haidang.learn.evaluate.effect import Effect
from haidang.learn.evaluate.heard import heard


def verdicts(effect: Effect) -> dict[str, tuple[float | None, str]]:
    return {one.name: (one.value, one.verdict) for one in effect.diagnostics}


def trial(seed: int = 0, units: int = 60) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    d = random.permutation(np.tile([0.0, 1.0, 1.0], units // 3))
    x = random.normal(size=units)
    return pl.DataFrame({"y": 1.0 + d + 2.0 * x + random.normal(size=units), "d": d, "x": x})


def test_without_covariates_the_error_is_neymans() -> None:
    table = trial()
    y, d = table["y"].to_numpy(), table["d"].to_numpy()
    found = randomised(table, "y", "d")
    neyman = (y[d == 1].var(ddof=1) / 40 + y[d == 0].var(ddof=1) / 20) ** 0.5
    assert found.standard_error == pytest.approx(neyman)
    assert found.second is not None
    assert (found.second.method, found.second.standard_error) == ("welch", pytest.approx(neyman))
    assert found.second.df is not None
    assert found.df is not None
    assert found.second.df < found.df


def test_the_second_estimator_with_strata_is_the_average_of_their_differences() -> None:
    """Lin's estimator with strata alone is post-stratification (Miratrix, Sekhon and Yu 2013)."""
    table = trial(4, 90).with_columns(s=pl.int_range(90) // 30)
    found = randomised(table, "y", "d", strata="s")
    each = [
        one.filter(pl.col("d") == 1)["y"].mean() - one.filter(pl.col("d") == 0)["y"].mean()  # type: ignore[operator]
        for one in table.partition_by("s")
    ]
    assert found.second is not None
    assert found.second.method == "lin"
    assert found.second.estimate == pytest.approx(np.mean(each))


@settings(max_examples=8)
@given(scale=st.floats(0.01, 1e6), shift=st.floats(-1e3, 1e3))
def test_a_change_of_unit_changes_the_effect_and_nothing_else(scale: float, shift: float) -> None:
    table = trial()
    one = randomised(table, "y", "d", covariates=["x"])
    two = randomised(table.with_columns(y=scale * pl.col("y") + shift), "y", "d", covariates=["x"])
    assert two.estimate == pytest.approx(scale * one.estimate, rel=1e-5)
    assert two.low == pytest.approx(scale * one.low, rel=1e-5)
    assert two.p_value == pytest.approx(one.p_value, rel=1e-5)


def test_the_order_of_rows_and_the_names_of_columns_do_not_matter() -> None:
    table = trial()
    one = randomised(table, "y", "d", covariates=["x"])
    names = {"y": "Doanh thu (tỷ đồng)", "d": "y", "x": "C(x) + 1"}
    two = randomised(table.reverse().rename(names), *list(names.values())[:2], covariates=["C(x) + 1"])
    assert two.estimate == pytest.approx(one.estimate)
    assert two.standard_error == pytest.approx(one.standard_error)


def test_an_arm_chosen_by_a_covariate_fails_the_balance_check() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=300)
    chosen = pl.DataFrame({"y": random.normal(size=300), "d": (x + random.normal(size=300) > 0).astype(int), "x": x})
    found = verdicts(randomised(chosen, "y", "d", covariates=["x"]))
    assert found["balance"][1] == found["balance_joint"][1] == "bad"


def test_the_joint_balance_check_rejects_a_fair_lot_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    x = random.normal(size=(80, 4))
    arm = np.tile([0.0, 1.0], 40)
    found = [joint_chance(x, random.permutation(arm)) for _ in range(600)]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)


def test_with_equal_clusters_both_estimators_by_cluster_are_one() -> None:
    random = np.random.default_rng(9)
    cluster = np.repeat(np.arange(12), 7)
    d = np.tile([0, 1], 6)[cluster]
    table = pl.DataFrame({"y": random.normal(size=84) + random.normal(size=12)[cluster], "d": d, "c": cluster})
    found = clustered(table, "y", "d", "c")
    assert found.second is not None
    assert found.estimate == pytest.approx(found.second.estimate)
    assert found.standard_error == pytest.approx(found.second.standard_error), "CR2 is Welch's of equal clusters' means"
    assert found.df == pytest.approx(10.0)


def test_leaving_out_a_cluster_is_leaving_it_out() -> None:
    random = np.random.default_rng(9)
    cluster = np.repeat(np.arange(12), random.integers(4, 9, size=12))
    table = pl.DataFrame({"y": random.normal(size=len(cluster)), "d": np.tile([0, 1], 6)[cluster], "c": cluster})
    found = verdicts(clustered(table, "y", "d", "c"))
    without = [clustered(table.filter(pl.col("c") != one), "y", "d", "c").estimate for one in range(12)]
    assert found["leave_one_out_low"][0] == pytest.approx(min(without))
    assert found["leave_one_out_high"][0] == pytest.approx(max(without))


def test_the_second_estimator_within_pairs_repeats_the_lot_or_regresses() -> None:
    random = np.random.default_rng(2)
    pair = np.repeat(np.arange(15), 2)
    x = random.normal(size=30)
    table = pl.DataFrame({"y": random.normal(size=30) + 3.0 * x, "d": [0, 1] * 15, "pair": pair, "x": x})
    plain = paired(table, "y", "d", "pair").second
    adjusted = paired(table, "y", "d", "pair", covariates=["x"])
    assert plain is not None
    assert plain.method == "randomisation_drawn"
    assert adjusted.second is not None
    assert adjusted.second.method == "pairs_regressed"
    assert (adjusted.second.standard_error or 0.0) < (adjusted.standard_error or 0.0)


def test_a_weak_encouragement_is_said_to_be_weak_and_bounded_by_nothing() -> None:
    random = np.random.default_rng(4)
    z = np.tile([0.0, 1.0], 150)
    d = (random.random(300) < 0.3 + 0.02 * z).astype(float)
    found = encouraged(pl.DataFrame({"y": random.normal(size=300), "d": d, "z": z}), "y", "d", "z")
    assert verdicts(found)["first_stage_f"][1] == "bad"
    assert found.second is not None
    assert (found.second.low, found.second.high) == (-np.inf, np.inf)


def test_taking_up_is_the_offers_effect_over_what_it_moved() -> None:
    random = np.random.default_rng(4)
    z = np.tile([0.0, 1.0], 200)
    d = np.where(random.random(400) < 0.5, z, 0.0)
    found = encouraged(pl.DataFrame({"y": 2.0 * d + random.normal(size=400), "d": d, "z": z}), "y", "d", "z")
    told = verdicts(found)
    offer, moved = told["effect_of_offer"][0], told["takeup_moved"][0]
    assert offer is not None
    assert moved is not None
    assert found.estimate == pytest.approx(offer / moved)


def test_trends_that_differ_before_the_start_are_seen() -> None:
    random = np.random.default_rng(5)
    start = np.repeat([4, -1], 30)
    outcome = random.normal(size=(60, 7)) + 0.8 * np.arange(7) * (start[:, None] == 4)
    table = pl.DataFrame(
        {
            "y": outcome.ravel(),
            "u": np.repeat(np.arange(60), 7),
            "t": np.tile(np.arange(7), 60),
            "g": [None if one < 0 else int(one) for one in start for _ in range(7)],
        }
    )
    found = verdicts(staggered(table, "y", "u", "t", "g"))
    assert found["pre_trends"][1] == "bad"


def test_a_roll_out_by_cluster_has_errors_by_cluster() -> None:
    random = np.random.default_rng(6)
    ward = np.repeat(np.arange(60), 4)
    start = np.where(ward < 30, 3, -1)
    outcome = random.normal(size=(60, 6))[ward] + 0.1 * random.normal(size=(240, 6))
    table = pl.DataFrame(
        {
            "y": outcome.ravel(),
            "u": np.repeat(np.arange(240), 6),
            "t": np.tile(np.arange(6), 240),
            "g": [None if one < 0 else int(one) for one in start for _ in range(6)],
            "w": np.repeat(ward, 6),
        }
    )
    alone, together = staggered(table, "y", "u", "t", "g"), staggered(table, "y", "u", "t", "g", cluster="w")
    assert together.clusters == 60
    assert together.estimate == pytest.approx(alone.estimate)
    assert (together.standard_error or 0.0) > 1.5 * (alone.standard_error or 0.0)


def test_scores_that_were_moved_over_the_cut_off_are_seen() -> None:
    random = np.random.default_rng(8)
    score = random.normal(size=2_000)
    moved = np.where((score < 0) & (score > -0.25) & (random.random(2_000) < 0.7), -score, score)
    table = pl.DataFrame({"y": random.normal(size=2_000), "score": moved})
    assert verdicts(at_cutoff(table, "y", "score", 0.0))["density"][1] == "bad"


def test_low_scores_served_are_high_scores_served_turned_round() -> None:
    random = np.random.default_rng(8)
    score = random.uniform(-1, 1, size=600)
    table = pl.DataFrame({"y": score + (score >= 0.1) + 0.3 * random.normal(size=600), "score": score, "low": -score})
    one = at_cutoff(table, "y", "score", 0.1)
    two = at_cutoff(table, "y", "low", -0.1, treated_above=False)
    assert (one.estimate, one.low, one.high) == pytest.approx((two.estimate, two.low, two.high))


def test_a_cut_off_that_moved_some_divides_by_what_it_moved() -> None:
    random = np.random.default_rng(10)
    score = random.uniform(-1, 1, size=2_000)
    took = (random.random(2_000) < 0.2 + 0.5 * (score >= 0)).astype(float)
    table = pl.DataFrame({"y": score + 2.0 * took + 0.5 * random.normal(size=2_000), "score": score, "took": took})
    found = at_cutoff(table, "y", "score", 0.0, takeup="took")
    assert found.estimand == "at_cutoff_late"
    assert found.low < 2.0 < found.high
    assert verdicts(found)["takeup_moved"][0] == pytest.approx(0.5, abs=0.15)


def test_the_same_seed_gives_the_same_placebos() -> None:
    random = np.random.default_rng(1)
    table = pl.DataFrame(
        {
            "y": random.normal(size=30 * 8),
            "u": np.repeat(np.arange(30), 8),
            "t": np.tile(np.arange(8), 30),
            "on": ((np.arange(30)[:, None] < 2) & (np.arange(8) >= 5)).ravel().astype(int),
        }
    )
    one, two = (synthetic_did(table, "y", "u", "t", "on", placebos=50, seed=3) for _ in range(2))
    assert one == two


def test_warnings_are_kept_word_for_word_once() -> None:
    import warnings

    def work() -> int:
        for _ in range(2):
            warnings.warn("the score has\n mass points", UserWarning, stacklevel=1)
        warnings.warn("write it otherwise", DeprecationWarning, stacklevel=1)
        return 3

    assert heard(work) == (3, ("the score has mass points",))


def test_a_unit_alone_in_its_stratum_or_with_a_word_of_its_own_changes_nothing_and_is_told() -> None:
    random = np.random.default_rng(3)
    stratum = ["a"] * 30 + ["b"] * 29 + ["alone"]
    table = pl.DataFrame({"y": random.normal(size=60), "d": [0, 1] * 30, "x": random.normal(size=60), "s": stratum})
    found = randomised(table, "y", "d", covariates=["x"], strata="s")
    without = randomised(table.head(59), "y", "d", covariates=["x"], strata="s")
    assert (found.estimate, found.low, found.high) == pytest.approx((without.estimate, without.low, without.high))
    assert found.second is not None
    assert without.second is not None
    assert found.second.low == pytest.approx(without.second.low)
    assert (found.n, without.n) == (59, 59)
    assert [(one.value, one.verdict) for one in found.diagnostics if one.name == "rows_alone"] == [(1.0, "doubtful")]
    assert not [one for one in without.diagnostics if one.name == "rows_alone"]
    marked = table.with_columns(word=(pl.col("s") == "alone").cast(pl.Float64))
    by_word = randomised(marked, "y", "d", covariates=["x", "word"])
    assert by_word.low == pytest.approx(randomised(table.head(59), "y", "d", covariates=["x"]).low)
