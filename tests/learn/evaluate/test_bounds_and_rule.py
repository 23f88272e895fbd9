"""Bounds for attrition, and the rule that turns an effect into a decision."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.learn.evaluate import Effect, EvaluationError, decide, lee_bounds


def lost(seed: int, units: int = 4_000) -> tuple[pl.DataFrame, np.ndarray]:
    """Units of which some are seen only under treatment; and who is always seen."""
    random = np.random.default_rng(seed)
    d = random.permutation(np.tile([0.0, 1.0], units // 2))
    kind = random.random(units)
    y = random.normal(size=units) + 0.5 * d + (kind < 0.2)
    seen = (kind > 0.3) | ((kind < 0.2) & (d == 1.0))
    table = pl.DataFrame({"y": y, "d": d}).with_columns(y=pl.when(pl.Series(seen)).then("y"))
    return table, kind > 0.3


def test_bounds_are_the_means_of_what_is_left_by_hand() -> None:
    """All ten treated known, five of ten others: half of the treated are cut at either end."""
    known = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    table = pl.DataFrame({"y": [*known, 1, 1, 1, 1, 2, *[None] * 5], "d": [1] * 10 + [0] * 10})
    found = lee_bounds(table, "y", "d")
    assert found.trimmed == pytest.approx(0.5)
    assert (found.lower, found.upper) == pytest.approx((3.0 - 1.2, 8.0 - 1.2))
    assert (found.seen_treated, found.seen_untreated) == (1.0, 0.5)


def test_bounds_do_not_depend_on_which_arm_lost_more() -> None:
    table, _ = lost(1, 400)
    other = table.with_columns(d=1.0 - pl.col("d"))
    one, two = lee_bounds(table, "y", "d"), lee_bounds(other, "y", "d")
    assert (one.lower, one.upper) == pytest.approx((-two.upper, -two.lower))
    assert (one.lower_error, one.upper_error) == pytest.approx((two.upper_error, two.lower_error))


def test_bounds_hold_the_effect_on_those_always_seen() -> None:
    for seed in range(5):
        table, _ = lost(seed)
        found = lee_bounds(table, "y", "d")
        assert found.low < 0.5 < found.high
        assert found.lower < found.upper


def test_errors_of_bounds_are_those_of_a_bootstrap() -> None:
    table, _ = lost(3, 2_000)
    found = lee_bounds(table, "y", "d")
    random = np.random.default_rng(0)
    again = [lee_bounds(table[random.integers(0, 2_000, 2_000)], "y", "d") for _ in range(300)]
    assert np.std([one.lower for one in again]) == pytest.approx(found.lower_error, rel=0.15)
    assert np.std([one.upper for one in again]) == pytest.approx(found.upper_error, rel=0.15)


def by_ward(seed: int, wards: int = 60) -> pl.DataFrame:
    """Wards of ten, drawn whole, whose units are alike in what they do and in whether they are seen."""
    random = np.random.default_rng(seed)
    ward = np.repeat(np.arange(wards), 10)
    d = random.permutation(np.tile([0.0, 1.0], wards // 2))[ward]
    y = random.normal(size=len(ward)) + 0.8 * random.normal(size=wards)[ward] + 0.5 * d
    seen = random.random(len(ward)) < 0.7 + 0.2 * d + 0.1 * random.normal(size=wards)[ward]
    return pl.DataFrame({"y": y, "d": d, "ward": ward}).with_columns(y=pl.when(pl.Series(seen)).then("y"))


def test_errors_of_bounds_by_cluster_are_those_of_a_bootstrap_of_clusters() -> None:
    table = by_ward(5)
    found, forgotten = lee_bounds(table, "y", "d", cluster="ward"), lee_bounds(table, "y", "d")
    parts = table.partition_by("ward", maintain_order=True)
    random = np.random.default_rng(0)
    again = [lee_bounds(pl.concat([parts[one] for one in random.integers(0, 60, 60)]), "y", "d") for _ in range(300)]
    assert np.std([one.lower for one in again]) == pytest.approx(found.lower_error, rel=0.15)
    assert np.std([one.upper for one in again]) == pytest.approx(found.upper_error, rel=0.15)
    assert forgotten.lower_error < 0.6 * found.lower_error
    assert (forgotten.lower, forgotten.upper) == (found.lower, found.upper)


def test_clusters_of_one_unit_each_are_units() -> None:
    table, _ = lost(2, 400)
    alone = table.with_row_index("own")
    one, other = lee_bounds(alone, "y", "d", cluster="own"), lee_bounds(table, "y", "d")
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_bounds_of_too_few_clusters_are_refused() -> None:
    with pytest.raises(EvaluationError, match=r"at least 4 clusters with known outcomes in each arm .* found 3"):
        lee_bounds(by_ward(6, 6), "y", "d", cluster="ward")


def test_without_attrition_bounds_are_the_difference_in_means() -> None:
    random = np.random.default_rng(4)
    d = np.tile([0.0, 1.0], 200)
    table = pl.DataFrame({"y": random.normal(size=400) + d, "d": d})
    found = lee_bounds(table, "y", "d")
    y = table["y"].to_numpy()
    gap = y[d == 1].mean() - y[d == 0].mean()
    assert (found.lower, found.upper, found.trimmed) == pytest.approx((gap, gap, 0.0))
    error = (y[d == 1].var(ddof=1) / 200 + y[d == 0].var(ddof=1) / 200) ** 0.5
    assert found.lower_error == pytest.approx(error, rel=0.01)


def effect(low: float, estimate: float, high: float) -> Effect:
    return Effect("ate", estimate, None, low, high, 100, None, "welch", "none 0")


@pytest.mark.parametrize(
    ("low", "estimate", "high", "action", "reason"),
    [
        (2.1, 3.0, 4.0, "scale", "surely_worthwhile"),
        (0.5, 2.5, 4.0, "scale", "probably_worthwhile"),
        (0.5, 1.5, 4.0, "change", "perhaps_too_little"),
        (-1.0, 3.0, 7.0, "change", "unsure"),
        (0.1, 0.5, 1.9, "stop", "too_little"),
        (-1.0, 0.2, 1.5, "stop", "nothing_worthwhile"),
        (-3.0, -2.0, -1.0, "stop", "harm"),
        (-np.inf, 3.0, np.inf, "change", "unsure"),
    ],
)
def test_the_rule_reads_the_interval(low: float, estimate: float, high: float, action: str, reason: str) -> None:
    found = decide(effect(low, estimate, high), 2.0)
    assert (found.action, found.reason) == (action, reason)
    turned = decide(effect(-high, -estimate, -low), 2.0, better="less")
    assert (turned.action, turned.reason) == (action, reason)


def test_bounds_by_which_the_rule_would_say_something_else_are_a_caution() -> None:
    found = lee_bounds(lost(1, 400)[0], "y", "d")
    assert 0.0 < found.low < 0.3 < found.high
    assert decide(effect(0.1, 0.2, 0.25), 0.3, bounds=found).cautions == ("bounds_row",)
    assert decide(effect(0.1, 0.2, 0.25), 0.3).cautions == ()
    assert decide(effect(0.4, 0.5, 0.6), 0.3, bounds=found).cautions == ()


ends = st.floats(-10, 10)


@given(st.lists(ends, min_size=3, max_size=3), st.floats(0.1, 5), st.floats(0.0, 3.0))
def test_a_better_effect_is_never_decided_worse(three: list[float], worthwhile: float, shift: float) -> None:
    low, estimate, high = sorted(three)
    order = {"stop": 0, "change": 1, "scale": 2}
    one = decide(effect(low, estimate, high), worthwhile)
    two = decide(effect(low + shift, estimate + shift, high + shift), worthwhile)
    assert order[two.action] >= order[one.action]


@pytest.mark.parametrize("worthwhile", [0.0, -1.0, float("nan")])
def test_a_rule_without_a_worthwhile_effect_is_refused(worthwhile: float) -> None:
    with pytest.raises(EvaluationError, match="above zero"):
        decide(effect(0, 1, 2), worthwhile)
