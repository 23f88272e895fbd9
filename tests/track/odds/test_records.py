"""Counts, promises and payments against closed forms."""

import csv
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, betaprime, gamma

from haidang.track.odds import (
    Bound,
    OddsError,
    Series,
    StageChance,
    StageWait,
    amount_odds,
    arrival,
    arrivals,
    beta_binomial,
    count_odds,
    pipeline,
    stage_waits,
    status_odds,
)
from haidang.track.odds.amount import payments
from haidang.track.odds.priors import PAYMENTS, PacePrior

BY, TODAY = date(2030, 12, 31), date(2025, 11, 28)


@given(st.integers(0, 30), st.floats(0.1, 20), st.floats(0.1, 20))
def test_one_stage_is_beta_binomial(trials, passed, failed):
    assert beta_binomial(trials, passed, failed) == pytest.approx(
        betabinom(trials, passed, failed).pmf(np.arange(trials + 1)), abs=1e-10
    )


def test_a_flat_prior_makes_every_number_equally_likely():
    found = pipeline([StageChance("announced", 4, prior_passed=1.0, prior_failed=1.0)], done=3)
    assert found.first == 3
    assert found.probability == pytest.approx([0.2] * 5)


def test_two_stages_by_hand():
    # One waits before two stages of an even chance each, and one before the second only; flat priors, shared.
    stages = [StageChance(name, 1, prior_passed=1.0, prior_failed=1.0) for name in ("signed", "running")]
    # The first passes with 1/2: then two are in the last stage, each number 1/3; else one, 1/2 and 1/2.
    assert pipeline(stages).probability == pytest.approx([1 / 6 + 1 / 4, 1 / 6 + 1 / 4, 1 / 6])


def test_a_record_of_projects_brings_the_chance_to_their_share():
    found = pipeline([StageChance("signed", 1, passed=8000, failed=2000)])
    assert found.probability[1] == pytest.approx(0.8, abs=1e-4)


@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8))
def test_more_are_never_likelier_than_fewer(waiting, passed, bound):
    stages = [StageChance("signed", waiting, passed), StageChance("running", 2)]
    chances = [count_odds("it", BY, Bound(low=one), stages).probability for one in (bound, bound + 1)]
    assert chances[1] <= chances[0] + 1e-12


def test_nothing_under_way_gives_no_number():
    found = count_odds("it", BY, Bound(low=5), [StageChance("signed", 0)])
    assert (found.evidence, found.reason, found.probability) == ("none", "no_record", None)


def test_few_projects_on_record_are_not_enough_data():
    few = count_odds("it", BY, Bound(low=2), [StageChance("signed", 3, passed=1)])
    many = count_odds("it", BY, Bound(low=2), [StageChance("signed", 3, passed=4, failed=2)])
    assert (few.evidence, few.reason, many.evidence) == ("not_enough", "mostly_assumed", "enough")


def test_one_stage_without_lapses_is_lomax():
    stage = StageWait("signed", 3, 0, 4.0, 2.0, 0.0, 1.0)
    found = arrival([stage], 6.0)
    for years in (0.5, 2.0, 6.0):
        assert found.by(years) == pytest.approx(1 - (5 / (5 + years)) ** 5, abs=1e-5)


def test_lapses_take_their_share():
    found = arrival([StageWait("signed", 3, 1, 4.0, 1.0, 1.0, 1.0)], 1e5)
    assert found.by(1e5) == pytest.approx(4 / 6, abs=1e-6)


def test_known_rates_add_up_to_erlang():
    stages = [StageWait(name, 10**7, 0, 10**7 / 2.0, 1.0, 0.0, 1.0) for name in ("signed", "planned", "running")]
    found = arrival(stages, 5.0)
    for years in (0.5, 1.5, 4.0):
        assert found.by(years) == pytest.approx(gamma(3, scale=0.5).cdf(years), abs=1e-4)


def test_a_stage_much_quicker_than_the_grid_takes_no_time():
    slow, quick = StageWait("planned", 0, 0, 0.0, 2.0, 0.5, 3.0), StageWait("signed", 10**6, 0, 1.0, 1.0, 0.0, 1e-3)
    assert arrival([quick, slow], 5.0).by(3.0) == pytest.approx(arrival([slow], 5.0).by(3.0), abs=1e-3)


@given(st.lists(st.tuples(st.floats(0.2, 5), st.floats(0, 3), st.floats(0.1, 5)), min_size=1, max_size=5))
def test_arriving_only_grows_likelier_and_one_stage_more_never_helps(rows):
    stages = [StageWait(str(place), 0, 0, 0.0, *row) for place, row in enumerate(rows)]
    found = arrival(stages, 5.0)
    assert np.all(np.diff(found.probability) >= 0)
    assert found.probability[0] >= 0
    assert found.probability[-1] <= 1
    fewer = arrival(stages[1:], 5.0)
    assert np.all(found.probability <= fewer.probability + 1e-3)


def test_every_stage_has_its_arrival_and_a_goal_is_one_of_them():
    order = ("announced", "signed", "running")
    stages = stage_waits([], TODAY)
    found = arrivals(stages, order, "running", 5.0)
    assert list(found) == ["announced", "signed", "running"]
    assert found["announced"].by(5) < found["signed"].by(5) < found["running"].by(5) == 1.0
    with pytest.raises(OddsError, match="found 'funded'"):
        arrivals(stages, order, "funded", 5.0)


def test_histories_count_moves_lapses_and_waits():
    day = date(2025, 1, 1)
    histories = [
        [("announced", date(2023, 1, 1)), ("signed", date(2024, 1, 1))],
        [("announced", date(2024, 1, 1)), ("withdrawn", day)],
        [("announced", day), ("signed", date(2025, 6, 1))],
    ]
    found = stage_waits(histories, day)
    assert (found["announced"].moved, found["announced"].lapsed) == (1, 1)
    assert found["announced"].years == pytest.approx(731 / 365.2425)
    assert (found["signed"].moved, found["signed"].years) == (0, pytest.approx(366 / 365.2425))


def test_the_days_of_a_promise_rise():
    with pytest.raises(OddsError, match="to rise"):
        stage_waits([[("signed", date(2025, 2, 1)), ("planned", date(2025, 1, 1))]], TODAY)


def test_a_long_wait_lowers_the_odds():
    def after(start):
        stages = stage_waits([[("signed", start)]], TODAY)
        return status_odds("it", TODAY, BY, [stages["signed"]]).odds.probability

    assert after(date(2018, 1, 1)) < after(date(2025, 11, 1))


def test_a_promise_that_is_kept_is_certain_and_one_whose_day_has_passed_has_no_number():
    assert status_odds("it", TODAY, BY, []).odds.probability == 1.0
    late = status_odds("it", BY, TODAY, [StageWait("signed", 0, 0, 0.0, 1.0, 1.0, 1.0)])
    assert (late.odds.evidence, late.odds.reason) == ("none", "past")


def paid(shares, first=2021, total=1500.0):
    days = tuple(date(first + place, 12, 31) for place in range(len(shares)))
    return Series("it", days, tuple(share * total for share in shares), "identity")


def test_payments_of_one_burstiness_are_a_gamma_over_a_gamma():
    prior = PacePrior(0.2, 1.0, ((2.0, 1.0),))
    found = payments(paid([0.0, 0.1, 0.3]), 1500.0, prior).ahead(3.0)
    years = (date(2023, 12, 31) - date(2021, 12, 31)).days / 365.2425
    shape, rate = 1.0 + 2.0 * years, 0.2 / 2.0 + 0.3
    assert found.below(0.7 * 1500) == pytest.approx(betaprime(6.0, shape, scale=rate).cdf(0.4))
    assert found.below(found.quantile(0.3)) == pytest.approx(0.3)


def test_burstiness_is_weighted_by_the_marginal_likelihood():
    prior = PacePrior(0.2, 1.0, ((0.5, 0.5), (10.0, 0.5)))
    steady = payments(paid([0.0, 0.1, 0.2, 0.3, 0.4]), 1500.0, prior)
    bursts = payments(paid([0.0, 0.001, 0.002, 0.399, 0.4]), 1500.0, prior)
    assert steady.weight[1] > 0.95
    assert bursts.weight[0] > 0.95


def test_what_is_paid_is_the_least_and_the_total_is_the_most():
    odds = amount_odds("it", paid([0.0, 0.3, 0.5]), 1500.0, BY, Bound(low=1500.0))
    for points in odds.without.fan.points:
        assert 750 <= points.p5 <= points.p95 <= 1500.0
    assert 0 < odds.probability < 1
    assert odds.evidence == "not_enough"


@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0), st.sampled_from([1e-9, 1e9]))
def test_the_unit_of_money_leaves_the_odds_and_a_higher_bound_is_never_likelier(bound, more, factor):
    def odds(share, unit):
        series = Series("it", paid([0, 0, 0]).dates, tuple(unit * one for one in (0.0, 60.0, 200.0)), "identity")
        return amount_odds("it", series, 1500.0 * unit, BY, Bound(low=share * 1500.0 * unit)).probability

    assert odds(bound, factor) == pytest.approx(odds(bound, 1.0), abs=1e-9)
    assert odds(min(1.0, bound + more), 1.0) <= odds(bound, 1.0) + 1e-12


def test_payments_that_fall_and_those_beyond_the_total_are_refused():
    with pytest.raises(OddsError, match="never to fall"):
        payments(paid([0.2, 0.1]), 1500.0, PAYMENTS)
    with pytest.raises(OddsError, match="at most the total"):
        payments(paid([0.2, 1.1]), 1500.0, PAYMENTS)


def test_the_support_of_2022_was_unlikely_to_be_spent_as_its_first_months_told(shared):
    text = (shared / "facts" / "vn_interest_support_2022_2023.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    known = [(date.fromisoformat(row["date"]), float(row["interest_paid_bn_vnd"])) for row in rows[1:3]]
    # The support opened in May 2022 with nothing paid.
    days, values = zip((date(2022, 5, 20), 0.0), *known, strict=True)
    odds = amount_odds("it", Series("it", days, values, "identity"), 40_000.0, date(2023, 12, 31), Bound(low=2560.0))
    # The official forecast of April 2023 was 6.4 % of the line by the end of the year.
    assert odds.probability < 0.25
    assert odds.without.fan.points[-1].p50 < 0.04 * 40_000
    assert math.isfinite(odds.without.fan.points[-1].p95)
