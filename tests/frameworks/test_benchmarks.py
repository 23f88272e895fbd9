"""Where peers stand: quantiles with intervals, shrunk where few, never fewer than five."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from haidang.frameworks.assessment import Campaign
from haidang.frameworks.benchmarks import FEWEST, benchmarks, order_interval, quantile_intervals
from haidang.frameworks.score import score
from tests.frameworks.answers import ALL_YES, campaign


def many(*sizes: tuple[str, str, int, str]) -> Campaign:
    """So many factories of a sector and a size, all at the level to which the word of criterion P1-2 brings them."""
    given_ = [(sector, size, word) for sector, size, count, word in sizes for _ in range(count)]
    base = campaign(*[{**ALL_YES, "P1-2": word} for _, _, word in given_])
    factories = tuple(
        replace(one, sector=sector, size=size) for one, (sector, size, _) in zip(base.factories, given_, strict=True)
    )
    return replace(base, factories=factories)


def test_the_median_of_ten_lies_between_the_second_and_the_ninth_at_ninety_five_per_cent() -> None:
    # The textbook's interval for a median (Conover 1999, table A3): n = 10, ranks 2 and 9, 97.9 %.
    low, high, held = order_interval(10, 0.5, 0.95)
    assert (low, high) == (2, 9)
    assert held == pytest.approx(0.9785, abs=1e-4)


def test_the_median_of_five_has_no_interval_of_ninety_five_per_cent_within_the_sample() -> None:
    low, high, held = order_interval(5, 0.5, 0.95)
    assert low == 0 or high == 6
    assert held >= 0.95


@given(
    n=st.integers(1, 200), q=st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]), confidence=st.sampled_from([0.8, 0.9, 0.95])
)
def test_an_interval_holds_what_it_promises(n: int, q: float, confidence: float) -> None:
    low, high, held = order_interval(n, q, confidence)
    exact = binom.cdf(high - 1, n, q) - binom.cdf(low - 1, n, q)
    assert held == pytest.approx(exact, abs=1e-9)
    assert held >= confidence - 1e-9 or (low, high) == (0, n + 1)
    assert low < high


@given(values=st.lists(st.floats(0, 5), min_size=5, max_size=50))
def test_a_quantile_lies_in_its_interval(values: list[float]) -> None:
    for one in quantile_intervals(np.array(values), 0.0, 5.0):
        assert one.low <= one.value + 1e-12
        assert one.value <= one.high + 1e-12


def test_a_cell_of_fewer_than_five_is_shown_as_its_sector_and_so_is_the_cell_that_would_tell_it() -> None:
    base = many(("food", "small", 4, "no"), ("food", "large", 6, "yes"), ("metal", "small", 7, "no"))
    found = benchmarks(base, score(base))
    # Ten of the sector less the six large ones would be the four small ones.
    for size in ("small", "large"):
        one = found["standard-work", "food", size]
        assert (one.shown, one.factories) == ("sector", 10)
    assert found["standard-work", "metal", "small"].shown == "cell"
    assert found["standard-work", "garments", "small"].factories == 17


def test_a_sector_of_fewer_than_five_cannot_be_told_from_all_less_the_others() -> None:
    base = many(("food", "small", 6, "no"), ("metal", "small", 3, "no"), ("garments", "small", 9, "no"))
    found = benchmarks(base, score(base))
    assert found["standard-work", "metal", "small"].shown == "all"
    assert found["standard-work", "food", "small"].shown == "all"
    assert found["standard-work", "garments", "small"].shown == "cell"


def test_nothing_is_shown_of_fewer_than_five_in_all() -> None:
    base = many(("food", "small", 4, "no"))
    found = benchmarks(base, score(base))
    assert {one.shown for one in found.values()} == {"none"}
    assert {one.quantiles for one in found.values()} == {()}


@given(counts=st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_no_cell_of_fewer_than_five_is_ever_shown(counts: list[int]) -> None:
    sizes = ("small", "medium", "large")
    base = many(
        *[("food", size, count, "no") for size, count in zip(sizes, counts, strict=True)], ("metal", "small", 1, "no")
    )
    for (_, _, _), one in benchmarks(base, score(base)).items():
        assert one.factories == 0 or one.factories >= FEWEST
        assert (one.shown == "none") == (not one.quantiles)


def test_a_small_cell_is_shrunk_to_its_sector() -> None:
    base = many(("food", "small", 5, "no"), ("food", "large", 20, "yes"))
    one = benchmarks(base, score(base))["standard-work", "food", "small"]
    share = 5 / 25
    assert one.own_share == share
    assert one.quantiles[1].value == pytest.approx(share * 1 + (1 - share) * 3)


def test_levels_that_are_not_known_are_no_peers() -> None:
    base = many(("food", "small", 4, "no"), ("food", "large", 6, "yes"))
    answers = base.answers.copy()
    answers[4:, :] = -1
    base = replace(base, answers=answers)
    assert benchmarks(base, score(base))["standard-work", "food", "large"].shown == "none"
