"""The lot repeated: exact where all its assignments are listed, and right where they are drawn."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.learn.evaluate import Assignments, flipped, permuted, randomisation_inference
from haidang.learn.evaluate.mistakes import ColumnError, TooFewError
from haidang.learn.evaluate.placebo import place

seeds = st.integers(0, 2**32 - 1)


def small(seed: int, units: int = 9, treated: int = 4) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    d = random.permutation(np.repeat([1.0, 0.0], [treated, units - treated]))
    return pl.DataFrame({"y": random.normal(size=units) + d, "d": d})


def plain_chance(y: np.ndarray, d: np.ndarray, effect: float) -> float:
    """Fisher's test written out: all ways to treat as many, the outcome without the effect."""
    rest = y - effect * d
    actual = abs(rest[d == 1].mean() - rest[d == 0].mean())
    found = []
    for chosen in combinations(range(len(y)), int(d.sum())):
        other = np.setdiff1d(np.arange(len(y)), chosen)
        found.append(abs(rest[list(chosen)].mean() - rest[other].mean()) >= actual - 1e-12)
    return float(np.mean(found))


@settings(max_examples=10)
@given(seed=seeds)
def test_the_chance_is_that_of_all_assignments_written_out(seed: int) -> None:
    table = small(seed)
    y, d = table["y"].to_numpy(), table["d"].to_numpy()
    found = randomisation_inference(table, "y", "d", permuted(d))
    assert found.method == "randomisation_exact"
    assert found.p_value == pytest.approx(plain_chance(y, d, 0.0))


@settings(max_examples=5)
@given(seed=seeds)
def test_the_interval_ends_where_effects_begin_to_be_rejected(seed: int) -> None:
    table = small(seed)
    y, d = table["y"].to_numpy(), table["d"].to_numpy()
    found = randomisation_inference(table, "y", "d", permuted(d))
    for end, out in ((found.low, -1e-6), (found.high, 1e-6)):
        assert plain_chance(y, d, end - out) > 0.05
        assert plain_chance(y, d, end + out) <= 0.05


def test_the_lady_tasting_tea_has_one_chance_in_seventy() -> None:
    """Fisher (1935): eight cups, four with milk first, all told right; two-sided, as here, two in seventy."""
    cups = pl.DataFrame({"y": [1, 1, 1, 1, 0, 0, 0, 0], "d": [1, 1, 1, 1, 0, 0, 0, 0]})
    found = randomisation_inference(cups, "y", "d", permuted(cups["d"].to_numpy().astype(float)))
    assert found.p_value == pytest.approx(2 / 70)


def test_drawn_assignments_come_near_all_of_them_and_are_the_same_for_one_seed() -> None:
    table = small(3, units=14, treated=7)
    lot = permuted(table["d"].to_numpy())
    exact = randomisation_inference(table, "y", "d", lot)
    drawn = randomisation_inference(table, "y", "d", lot.draw, seed=1, draws=4_000)
    assert drawn.method == "randomisation_drawn"
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.03)
    assert drawn == randomisation_inference(table, "y", "d", lot.draw, seed=1, draws=4_000)


def test_a_lot_by_cluster_and_stratum_moves_whole_clusters_within_their_stratum() -> None:
    clusters, strata = np.repeat(np.arange(6), 3), np.repeat([0, 1], 9)
    d = np.repeat([1.0, 0.0, 0.0, 1.0, 1.0, 0.0], 3)
    lot = permuted(d, strata, clusters)
    assert lot.count == 9
    assert lot.every is not None
    every = np.array(list(lot.every()))
    assert len(np.unique(every, axis=0)) == 9
    assert (every[:, :9].sum(axis=1) == 3).all()
    assert (every.reshape(9, 6, 3).std(axis=2) == 0).all()
    assert lot.draw(np.random.default_rng(0)).tolist() in every.tolist()


def test_a_lot_by_pair_treats_one_of_each() -> None:
    d, pairs = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0]), np.array([0, 0, 1, 1, 2, 2])
    lot = flipped(d, pairs)
    assert lot.count == 8
    assert lot.every is not None
    every = np.array(list(lot.every()))
    assert len(np.unique(every, axis=0)) == 8
    assert (every.reshape(8, 3, 2).sum(axis=2) == 1).all()


def test_a_lot_that_cannot_have_fallen_so_is_refused() -> None:
    table = small(1)
    other = Assignments(lambda _: np.zeros(9), 1, lambda: iter([1.0 - table["d"].to_numpy()]))
    with pytest.raises(ColumnError, match="as they fell"):
        randomisation_inference(table, "y", "d", other)
    with pytest.raises(ColumnError, match="0 or 1 for each of 9 rows"):
        randomisation_inference(table, "y", "d", lambda _: np.full(9, 2.0))


def test_too_few_assignments_are_refused() -> None:
    table = small(1, units=5, treated=2)
    with pytest.raises(TooFewError, match="at least 20 possible assignments"):
        randomisation_inference(table, "y", "d", permuted(table["d"].to_numpy()))


def test_a_placebo_interval_holds_exactly_the_effects_that_are_not_rejected() -> None:
    random = np.random.default_rng(6)
    gaps = random.normal(size=(40, 12))
    found = place(gaps, 8, 0.95)
    for effect, kept in ((found.low + 1e-9, True), (found.low - 1e-6, False), (found.high + 1e-6, False)):
        moved = gaps.copy()
        moved[0, 8:] -= effect
        assert (place(moved, 8, 0.95).chance > 0.05) == kept


def test_too_few_donors_bound_nothing() -> None:
    found = place(np.random.default_rng(6).normal(size=(15, 12)), 8, 0.95)
    assert (found.low, found.high) == (-np.inf, np.inf)
