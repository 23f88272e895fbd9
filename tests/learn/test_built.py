"""Backtests of any model on a population of its pack: what they forecast follows by hand."""

import json

import numpy as np
import pytest

from haidang.learn import backtests_of, crps, run_backtests
from haidang.packs import load_pack
from haidang.results.manifest import Backtest
from tests.learn.taps import write_backtest, write_pack

TITLE = "title: {vi: b, en: B}"


@pytest.fixture
def root(tmp_path):
    return write_pack(tmp_path / "taps")


def forecast(root, rules, quantity, draws=1, **given):
    """The result of a backtest with one quantity."""
    write_backtest(root, rules, f"q: {{{TITLE}, {quantity}}}", **given)
    (found,) = run_backtests(load_pack(str(root)), ("one",), draws=draws)
    return found


@pytest.mark.parametrize(
    ("quantity", "by_hand"),
    [
        # 200 taps, open from the first month, 2 kWh a month each: 400 kWh a month.
        ("of: flow, until: 2020-06, came: flow_came, naive: 0", 2400),
        ("of: flow, from: 2020-02, until: 2020-04, came: flow_came, naive: 0", 1200),
        ("of: flow, from: 2020, until: 2020, came: flow_came, naive: 0", 2400),
        ("of: flow, from: 2020-06, until: 2020-06, start: stored_before, came: flow_came, naive: 0", 1400),
        ("of: flow, until: 2020-06, limit: stored_before, came: flow_came, naive: 0", 1000),
        ("of: stored, until: 2020-03, came: flow_came, naive: 0", 1200),
        ("of: stored, until: 2020-03, start: 2 * stored_before, came: flow_came, naive: 0", 3200),
        ("of: flow, until: 2020-06, less: baseline, came: flow_came, naive: 0", 2400),
        ("of: flow, in: {district: north}, until: 2020-12, came: flow_came, naive: 0", 2400),
    ],
)
def test_amounts_over_periods_follow_by_hand(root, quantity, by_hand):
    whole = "in:" in quantity
    found = forecast(root, "open", quantity, months="months: 2020-01..2020-12" if whole else "")
    # What came is stated in MWh, and so is the forecast.
    assert found.unit == "MWh"
    np.testing.assert_allclose(found.held[0].draws, by_hand / 1000, rtol=1e-5)
    assert found.held[0].outcome == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("quantity", "by_hand"),
    [
        ("of: share, until: 2020-03, came: share_came, naive: 1", 1.0),
        (
            "of: flow, from: 2020-02, until: 2020-04, over: {from: 2020-01, until: 2020-02}, came: ratio_a, naive: 1",
            1.5,
        ),
        ("of: stored, until: 2020-04, over: {of: flow, until: 2020-01}, came: ratio_a, naive: 1", 4.0),
        ("of: flow, until: 2020-01, per: stored_before / 2, came: ratio_a, naive: 1", 0.8),
        ("of: flow, until: 2020-02, over: {until: 2020-01}, per: 2 * 4, came: ratio_b / ratio_a, naive: 1", 0.25),
    ],
)
def test_ratios_follow_by_hand(root, quantity, by_hand):
    found = forecast(root, "open", quantity)
    np.testing.assert_allclose(found.held[0].draws, by_hand, rtol=1e-5)


def test_a_budget_of_the_rules_bounds_who_is_served(root):
    found = forecast(root, "places", "of: stored, until: 2020-02, came: flow_came, naive: 0")
    # 40 places, 2 kWh in each of two months.
    np.testing.assert_allclose(found.held[0].draws, 0.16, rtol=1e-5)
    share = forecast(root, "places", "of: share, until: 2020-02, came: share_came, naive: 1")
    assert share.unit == "share"
    np.testing.assert_allclose(share.held[0].draws, 0.2, rtol=1e-5)


def test_draws_follow_the_facts_with_a_range(root):
    found = forecast(root, "open", "of: flow, until: 2020-05, came: flow_came, naive: stored_before", draws=64)
    draws = found.held[0].draws
    # 200 taps, five months, a flow that is uniform from 1 to 3 kWh: uniform from 1 to 3 MWh.
    np.testing.assert_allclose(np.quantile(draws, [0.05, 0.5, 0.95]), [1.1, 2.0, 2.9], atol=0.05)
    assert found.scores["model"] == crps(draws, 2.5)
    assert found.scores["naive"] == pytest.approx(1.5)
    assert not found.worse_than_naive


def test_the_price_of_a_market_is_one_of_its_outcomes(root):
    # Bids of 10 less the price meet offers of 4 in the first year, of 13 in the second: 6 and 9 VND.
    found = forecast(root, "trade", "of: market.price, until: 2021, over: {until: 2020}, came: ratio_a, naive: 1",
                     months="years: 2020..2021")  # fmt: skip
    np.testing.assert_allclose(found.held[0].draws, 1.5)
    mean = forecast(root, "trade", "of: market.price, from: 2020, until: 2021, per: 1 VND/kWh, came: ratio_a, naive: 1",
                    months="years: 2020..2021")  # fmt: skip
    np.testing.assert_allclose(mean.held[0].draws, 7.5)
    traded = forecast(root, "trade", "of: market.traded, until: 2021, came: bought_came, naive: 0",
                      months="years: 2020..2021")  # fmt: skip
    np.testing.assert_allclose(traded.held[0].draws, 2 * 4 * 100)


def test_a_reference_class_is_scored_one_by_one_and_averaged(root):
    quantity = "of: market.price, until: 2021, over: {until: 2020}, came: [ratio_a, ratio_b, ratio_c], naive: 1"
    found = forecast(root, "trade", quantity, months="years: 2020..2021")
    # The forecast is 1.5 in every draw: its distances are 0.3, 0 and 0.5, those of "no change" 0.2, 0.5 and 1.
    assert found.kind == "class"
    assert [one.scores["model"] for one in found.held] == pytest.approx([0.3, 0.0, 0.5])
    assert found.scores == pytest.approx({"model": 0.8 / 3, "official": None, "naive": 1.7 / 3})
    assert found.coverage(0.9) == pytest.approx(1 / 3)
    told = found.as_json()
    assert told["outcome"] is None
    assert [one["outcome_source"]["id"] for one in told["cases"]] == ["late", "late", "other"]
    assert told["rank"] is None
    assert Backtest.model_validate(told).quantiles["50"] == pytest.approx(1.5)


CASES = """cases:
  small: {title: {vi: s, en: Small}, cutoff: 2011-12-31, set: {issue_flow: small_flow}, came: small_came}
  middle: {set: {issue_flow: middle_flow}, came: middle_came}
  large: {cutoff: 2013-12-31, set: {issue_flow: large_flow}, came: large_came, naive: 250 kWh}
  fitted: {set: {issue_flow: 2 * small_flow}, came: fitted_came, fitted: true}
"""


def cases(root, draws=1, more=CASES, quantity="of: flow, until: 2020-01, naive: 500 kWh"):
    return forecast(root, "issue", quantity, draws=draws, more=more, months="years: 2020")


def test_cases_are_forecast_by_their_own_facts_and_scored_apart_from_those_fitted(root):
    found = cases(root)
    # 200 taps with 1, 2 and 3 kWh: 200, 400, 600; what came is 250, 900, 500.
    assert found.kind == "cases"
    assert [float(one.median) for one in found.held] == pytest.approx([200, 400, 600, 400], rel=1e-5)
    assert found.scores["model"] == pytest.approx((50 + 500 + 100) / 3, rel=1e-4)
    assert found.scores["naive"] == pytest.approx((250 + 400 + 250) / 3)
    assert found.coverage(0.9) == 0.0
    assert [one.title["en"] for one in found.held] == ["Small", "middle came", "large came", "fitted came"]


def test_the_order_of_cases_is_held_against_chance(root):
    # Forecasts rise; what came goes 1, 3, 2: two pairs agree and one does not, tau is 1/3. Of the six orders three do
    # as well: 123 (three pairs), 132 and 213 (two each).
    rank = cases(root).rank
    assert rank.tau == pytest.approx(1 / 3)
    assert rank.p == pytest.approx(0.5)
    assert rank.cases == 3
    assert cases(root).rank_fitted is None


def test_a_case_brings_the_range_of_its_fact(root):
    found = cases(root, draws=32)
    small, _, large, _ = found.held
    assert np.ptp(small.draws) < 1e-3
    assert large.draws.min() > 400
    assert large.draws.max() < 800
    assert np.ptp(large.draws) > 200


def test_cases_can_be_divided_by_their_own_target(root):
    more = CASES.replace("came: small_came}", "came: small_came / flow_official, per: 4 * small_flow}").replace(
        "came: middle_came}", "came: ratio_a, per: middle_flow}"
    )
    more = more.replace("came: large_came, naive: 250 kWh}", "came: ratio_a, per: large_flow}")
    more = more.replace("came: fitted_came,", "came: ratio_a, per: small_flow,")
    found = cases(root, more=more, quantity="of: flow, until: 2020-01, naive: 1")
    assert [float(one.median) for one in found.held] == pytest.approx([50, 200, 200, 400], rel=1e-5)
    assert found.held[0].outcome == pytest.approx(250 / 3000)


def test_a_report_shows_the_backtests_of_its_programme(root):
    write_backtest(root, "open", f"q: {{{TITLE}, of: flow, until: 2020-05, came: flow_came, naive: 0}}", name="anyone")
    write_backtest(root, "open", f"q: {{{TITLE}, of: flow, until: 2020-05, came: flow_came, naive: 0}}", name="own",
                   more="programme: open-taps")  # fmt: skip
    pack = load_pack(str(root))
    assert backtests_of(pack, "open-taps") == ("anyone", "own")
    assert backtests_of(pack, "another") == ("anyone",)
    assert run_backtests(pack, ()) == []


def test_the_result_is_plain_json(root):
    told = json.loads(json.dumps(cases(root).as_json(), allow_nan=False))
    assert told["kind"] == "cases"
    assert told["quantiles"] == {}
    assert told["scored"] == 3
    assert [one["fitted"] for one in told["cases"]] == [False, False, False, True]
    assert told["read"].count("issue_flow") == 1
    assert told["worse_than_naive"] is False
    assert [one["cutoff"] for one in told["cases"]] == ["2011-12-31", "2019-12-31", "2013-12-31", "2019-12-31"]
