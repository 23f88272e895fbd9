"""What is told of levels, ranks and growth: numbers where there are enough, words where there are not."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import t

from haidang.track.odds import Asked, Bound, Growing, OddsError, Series, growth_odds, level_odds, level_of, rank_among
from haidang.track.odds.forecast import Counted, Moved, OnLine, chance
from haidang.track.odds.levels import posterior_of
from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.priors import ONE_POINT, ONE_POINT_FREEDOM
from haidang.track.odds.rivals import passed
from haidang.track.odds.series import years_between

BY = date(2030, 12, 31)


def ends(first, count):
    return tuple(date(first + place, 12, 31) for place in range(count))


def series(values, scale="log", first=2016):
    return Series("it", ends(first, len(values)), tuple(values), scale)


def told(values, bound=None, scale="log", first=2016, by=BY, effect=None):
    return level_odds([Asked("it", series(values, scale, first), by, bound or Bound(low=1.0), effect)])[0]


def test_no_value_gives_no_number_and_says_why():
    found = told([])
    assert (found.evidence, found.reason, found.probability) == ("none", "no_series", None)


def test_one_value_without_a_size_of_its_own_gives_no_number():
    found = told([3.0], scale="identity")
    assert (found.evidence, found.reason, found.probability) == ("none", "one_point_alone", None)


@pytest.mark.parametrize(
    ("scale", "value", "bound", "line"),
    [("log", 14000.0, 400000.0, math.log), ("logit", 0.035, 0.4, logit), ("rank", 30.0, 50.0, math.log)],
)
def test_one_value_is_told_by_the_published_changes_of_other_things_in_closed_form(scale, value, bound, line):
    found = told([value], Bound(low=bound), scale, first=2025)
    years = years_between(date(2025, 12, 31), BY)
    edge = 0.5 if scale == "rank" else 0.0
    expected = sum(
        one.weight
        * t.sf(
            (line(bound - edge) - line(value) - one.drift * years)
            / math.hypot(one.spread * years, one.noise * years**0.5),
            ONE_POINT_FREEDOM,
        )
        for one in ONE_POINT[scale]
    )
    assert found.probability == pytest.approx(expected, rel=1e-6)
    assert (found.method, found.evidence, found.reason) == ("one_point", "not_enough", "one_point")
    assert len(found.without.fan.dates) == 5


@pytest.mark.parametrize("scale", ["log", "logit", "rank"])
def test_one_value_says_less_than_two_and_the_kinds_are_all_there_is(scale):
    one, two = told([0.2 if scale == "logit" else 20.0], scale=scale, first=2025), None
    two = told([0.2, 0.2] if scale == "logit" else [20.0, 20.0], scale=scale, first=2024)
    width = [found.without.fan.points[-1].p75 - found.without.fan.points[-1].p25 for found in (one, two)]
    assert width[0] > width[1]
    assert sum(kind.weight for kind in ONE_POINT[scale]) == 1.0


def test_a_day_that_has_passed_gives_no_number():
    assert told([1.0, 2.0, 3.0], by=date(2018, 12, 31)).reason == "past"


def test_a_series_that_never_left_zero_gives_no_number():
    assert told([0.0, 0.0, 0.0], scale="identity").reason == "constant"


@pytest.mark.parametrize(
    ("count", "first", "evidence", "reason"),
    [
        (2, 2024, "not_enough", "few_points"),
        (4, 2022, "not_enough", "few_points"),
        (5, 2021, "enough", None),
        (5, 2011, "not_enough", "short_span"),
    ],
)
def test_few_points_or_a_short_record_are_not_enough_data_and_still_have_a_number(count, first, evidence, reason):
    found = told([2.0 + 0.1 * place for place in range(count)], first=first)
    assert (found.evidence, found.reason) == (evidence, reason)
    assert 0 < found.probability <= 1


def test_equal_values_do_not_look_certain():
    found = told([50.0] * 5, Bound(low=51.0), first=2021)
    assert 0.02 < found.probability < 0.5


def test_many_targets_are_told_in_the_order_in_which_they_are_asked():
    asked = [
        Asked(str(place), series([1.0, 1.1, 1.3 + place / 700], scale, 2023), BY, Bound(low=1.2))
        for place, scale in enumerate(["log", "rank", "identity"] * 400)
    ]
    found = level_odds(asked)
    assert [one.target for one in found] == [one.target for one in asked]
    for place in (0, 1, 2, 1199):
        alone = level_odds([asked[place]])[0]
        assert alone.probability == pytest.approx(found[place].probability, abs=1e-12)


def test_the_fan_has_a_day_at_the_end_of_each_year_and_ends_on_the_day_of_the_target():
    found = told([1.0, 1.1, 1.3], first=2025, by=date(2030, 6, 30))
    days = [date(2028, 12, 31), date(2029, 12, 31), date(2030, 6, 30)]
    assert list(found.without.fan.dates) == days


def test_a_rank_of_a_hundred_lets_in_what_rounds_to_it():
    values = [120.0, 110.0, 105.0]
    mixture = posterior_of([series(values, "rank", 2023)]).forecast(np.array([BY.toordinal() / 365.2425]))
    expected = mixture.below(np.log([100.5]))[0]
    assert told(values, Bound(high=100), "rank", 2023).probability == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scale", "values", "wanted"),
    [("log", (1.0, 0.0), "above zero"), ("logit", (0.5, 23.0), "between zero and one"), ("rank", (0.5, 2), "of one")],
)
def test_a_value_that_its_scale_does_not_have_is_refused(scale, values, wanted):
    with pytest.raises(OddsError, match=wanted):
        Series("it", ends(2020, 2), values, scale)


def test_days_that_do_not_rise_are_refused():
    with pytest.raises(OddsError, match="to rise"):
        Series("it", (BY, BY), (1.0, 2.0), "log")


def test_a_bound_needs_an_end_and_its_ends_in_order():
    with pytest.raises(OddsError, match="found neither"):
        Bound()
    with pytest.raises(OddsError, match="at or below"):
        Bound(0.4, 0.3)


POINT = StudentMixture(np.ones((1, 1)), np.full((1, 1), 10.0), np.ones((1, 1)), np.array([5.0]))


def test_a_sure_effect_shifts_the_forecast():
    base = OnLine(POINT, "identity")
    moved = Moved(base, np.array([2.0]))
    assert moved.below(13.0) == pytest.approx(base.below(11.0))
    assert moved.quantile(0.3) == pytest.approx(base.quantile(0.3) + 2.0)


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=8), st.floats(0.05, 0.95))
def test_an_uncertain_effect_is_a_mixture_of_shifts(draws, share):
    base, moved = OnLine(POINT, "identity"), Moved(OnLine(POINT, "identity"), np.array(draws))
    assert moved.below(11.0) == pytest.approx(np.mean([base.below(11.0 - one) for one in draws]))
    assert moved.below(moved.quantile(share)) == pytest.approx(share, abs=1e-6)


def test_a_programme_that_adds_raises_the_odds_and_one_that_adds_nothing_leaves_them():
    values = [0.14, 0.17, 0.19, 0.2, 0.21, 0.23]
    for size in (0.0, 0.04):
        effect = {day: [size * share for share in (0.5, 1.0, 1.5)] for day in ends(2026, 5)}
        found = told(values, Bound(low=0.3), "logit", 2020, effect=effect)
        gain = found.programme.chance.within - found.without.chance.within
        assert gain == pytest.approx(0.0, abs=1e-12) if size == 0 else gain > 0.1


def test_an_effect_that_is_not_finite_is_refused():
    with pytest.raises(OddsError, match="finite draws"):
        told([1.0, 1.1, 1.2], effect={ends(2026, 1)[0]: [math.nan]})


def test_a_steady_growth_is_forecast_as_steady():
    level = level_of("grdp", range(2015, 2026), [0.07] * 11)
    assert level.values[-1] == pytest.approx(1.07**11)
    found = growth_odds(Growing("it", level, date(2025, 12, 31), BY, Bound(0.06, 0.08)))
    assert found.without.chance.within > 0.8
    assert found.without.fan.points[-1].p50 == pytest.approx(0.07, abs=2e-3)


@pytest.mark.parametrize(
    ("rates", "evidence", "reason"),
    [([], "none", "no_series"), ([0.08], "not_enough", "few_points"), ([0.08] * 4, "not_enough", "few_points")],
)
def test_growth_of_one_year_is_two_levels_and_gives_a_number_with_the_words(rates, evidence, reason):
    level = level_of("grdp", range(2026 - len(rates), 2026), rates)
    found = growth_odds(Growing("it", level, date(2025, 12, 31), BY, Bound(low=0.1)))
    assert (found.evidence, found.reason) == (evidence, reason)
    assert (found.probability is None) == (evidence == "none")


def test_growth_that_is_known_counts():
    rates = [0.06, 0.08, 0.07, 0.05, 0.09, 0.07, 0.08]
    slow, fast = ([*rates, 0.01, 0.02], [*rates, 0.15, 0.14])
    found = [
        growth_odds(
            Growing("it", level_of("grdp", range(2019, 2028), one), date(2025, 12, 31), BY, Bound(low=0.1))
        ).probability
        for one in (slow, fast)
    ]
    assert found[0] < 0.1 < found[1]


def test_growth_that_begins_later_is_forecast_from_its_beginning():
    level = level_of("grdp", range(2018, 2025), [0.06, 0.08, 0.07, 0.05, 0.09, 0.07, 0.08])
    found = growth_odds(Growing("it", level, date(2025, 12, 31), BY, Bound(0.05, 0.1)))
    assert found.without.fan.dates[0] == date(2026, 12, 31)
    assert 0.3 < found.probability < 1


def test_growth_since_a_day_without_a_level_is_refused():
    level = level_of("grdp", range(2021, 2026), [0.06] * 5)
    with pytest.raises(OddsError, match="found the nearest at 2020-12-31"):
        growth_odds(Growing("it", level, date(2015, 12, 31), BY, Bound(low=0.1)))


def test_a_gap_between_years_of_growth_is_refused():
    with pytest.raises(OddsError, match="in every year"):
        level_of("grdp", [2020, 2022], [0.1, 0.1])


def test_the_number_of_rivals_ahead_is_poisson_binomial():
    # One's own place is certain; each rival is higher with the chance that its median is: a half, and nearly one.
    own = np.zeros(1)
    wide = np.ones((1, 1))
    rivals = [StudentMixture(wide, np.full((1, 1), middle), wide * 1e-3, np.array([9.0])) for middle in (0.0, 1.0)]
    assert passed(own, rivals) == pytest.approx([0.0, 0.5, 0.5], abs=1e-6)


def test_equal_rivals_are_beaten_as_often_as_not():
    scores = [1.0, 1.02, 1.01, 1.04]
    every = [Series(str(place), ends(2022, 4), tuple(scores), "log") for place in range(4)]
    found = rank_among(every[0], every[1:], BY, ahead=2)
    assert found.first == 3
    # By symmetry every order of four is equally likely, but for the points at which one's own score is averaged.
    assert found.probability == pytest.approx([0.25] * 4, abs=2e-3)


def test_a_count_keeps_a_bound_with_both_ends():
    found = chance(Counted(np.array([0.1, 0.2, 0.3, 0.4])), Bound(1, 2))
    assert (found.below, found.within, found.above) == pytest.approx((0.1, 0.5, 0.4))
