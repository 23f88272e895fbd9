"""What would have to be true, by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.track.odds import Bound, Series, required, required_growth

BY = date(2030, 12, 31)


def series(values, scale="log", first=2016):
    return Series("it", tuple(date(first + place, 12, 31) for place in range(len(values))), tuple(values), scale)


def test_a_level_that_must_double_in_five_years_grows_by_the_fifth_root():
    found = required(series([1.0, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.0, 2.0, 2.0]), BY, Bound(low=4.0))
    assert (found.pace, found.reached, found.faster) == ("growth", False, False)
    assert found.needed == pytest.approx(2**0.2 - 1, abs=1e-4)
    # From 1 at the end of 2017 to 2 at the end of 2022, and no five years were faster.
    assert found.best == pytest.approx(2**0.2 - 1, abs=1e-4)
    assert (found.best_from, found.best_to) == (date(2017, 12, 31), date(2022, 12, 31))


def test_a_share_is_told_in_points_and_a_short_record_as_a_whole():
    found = required(series([0.14, 0.18, 0.20], "logit", 2023), BY, Bound(0.3, 0.4))
    assert found.pace == "points"
    assert found.needed == pytest.approx(0.02, abs=1e-5)
    assert (found.best, found.best_years) == (pytest.approx(0.03, abs=1e-4), pytest.approx(2.0, abs=0.01))
    assert found.faster is False


def test_of_a_rank_fewer_is_faster():
    found = required(series([120, 118, 115, 113, 112, 110], "rank", 2020), BY, Bound(high=90))
    assert found.needed == pytest.approx(-4.0, abs=0.01)
    assert found.best == pytest.approx(-2.0, abs=0.01)
    assert found.faster is True


def test_a_bound_that_is_kept_needs_nothing():
    found = required(series([90, 80], "rank", 2024), BY, Bound(high=100))
    assert (found.needed, found.reached, found.faster) == (0.0, True, None)


def test_of_a_band_that_is_overshot_the_upper_end_is_meant():
    found = required(series([0.45, 0.5], "logit", 2024), BY, Bound(0.3, 0.4))
    assert found.needed == pytest.approx(-0.02, abs=1e-5)


def test_one_value_has_no_best_years_and_none_has_nothing():
    assert required(series([2.0], first=2025), BY, Bound(low=3.0)).best is None
    assert required(series([]), BY, Bound(low=3.0)) is None
    assert required(series([2.0]), date(2016, 12, 31), Bound(low=3.0)) is None


@given(st.lists(st.floats(0.5, 50), min_size=2, max_size=12), st.floats(0.5, 100), st.sampled_from([1e-6, 1e6]))
def test_the_unit_of_measure_leaves_the_growth(values, low, factor):
    once = required(series(values), BY, Bound(low=low))
    again = required(series([factor * one for one in values]), BY, Bound(low=factor * low))
    assert again.needed == pytest.approx(once.needed, rel=1e-9, abs=1e-9)
    assert again.best == pytest.approx(once.best, rel=1e-9, abs=1e-9)


def test_where_no_value_lies_just_five_years_on_the_nearest_stretch_counts_and_not_a_much_longer_one():
    days = tuple(date(year, 12, 31) for year in (2015, 2019, 2024, 2025))
    found = required(Series("it", days, (5104.0, 6862.0, 7600.0, 7947.0), "log"), BY, Bound(low=14000.0))
    assert found.since == date(2025, 12, 31)
    assert found.needed == pytest.approx((14000 / 7947) ** 0.2 - 1, abs=1e-4)
    assert found.best == pytest.approx((6862 / 5104) ** 0.25 - 1, abs=1e-4)
    assert (found.best_from, found.best_to) == (date(2015, 12, 31), date(2019, 12, 31))


def test_of_a_target_of_one_year_the_best_single_year_is_told_too():
    level = series([1.0, 1.08, 1.08 * 1.09, 1.08 * 1.09 * 1.05], first=2022)
    found = required_growth(level, date(2026, 1, 1), date(2026, 12, 31), Bound(low=0.10))
    assert found.best_year == (pytest.approx(0.09, abs=1e-3), 2024)
    assert required_growth(level, date(2026, 1, 1), BY, Bound(low=0.10)).best_year is None
