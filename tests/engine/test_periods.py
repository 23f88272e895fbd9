"""Budgets over the years of a run: tranches, own years, caps per unit, returns, and the small and empty cases."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from haidang.engine.tally import LARGEST_SUM, OverflowingSumError
from haidang.programmes import ProgrammeError
from tests.engine.city import YEARS, city, draw_of, instrument, programme, setting_of, tables_of, watch


def records(setting, slot=0, draw=0, **given):
    """What happened to one budget, year by year."""
    return [by_year[slot] for by_year in draw_of(setting, draw, **given).budgets[1]]


@pytest.fixture(scope="module")
def table():
    """Enough households to want more than any budget here."""
    return city(500, 31)


def grant(budget, **given):
    """One instrument with this budget."""
    return programme(instrument("grant", budget=f"resource: grant, {budget}", **given))


def test_unused_money_of_a_year_is_there_the_next(table):
    found = records(setting_of(table, grant("per_year: 200e6 VND")))
    for before, after in pairwise(found):
        assert after.available == 200_000_000 + before.available - before.spent


def test_unused_money_lapses_where_it_is_not_carried_over(table):
    found = records(setting_of(table, grant("per_year: 200e6 VND, carry_over: false")))
    assert [one.available for one in found] == [200_000_000] * 3


def test_a_total_is_never_exceeded_over_the_years(table):
    found = records(setting_of(table, grant("amount: 500e6 VND, per_year: 300e6 VND")))
    assert sum(one.spent for one in found) <= 500_000_000
    assert all(one.spent <= one.available for one in found)
    assert found[0].available == 300_000_000


def test_revolving_money_comes_back_and_is_lent_again(table):
    text = programme(
        instrument("c", levers="loan_share: 50 %", budget="resource: loan, amount: 800e6 VND, revolving: true")
    )
    found = records(setting_of(table, text, returns=1))
    assert [one.available for one in found] == [800_000_000] * 3
    found = records(setting_of(table, text, returns=2))
    odd = -(-found[0].spent // 2)
    assert found[1].available == 800_000_000 - found[0].spent + odd
    assert found[2].available == found[1].available - found[1].spent + found[0].spent - odd + -(-found[1].spent // 2)


def test_an_instrument_serves_in_its_own_years_only(table):
    found = records(setting_of(table, grant("per_year: 100e6 VND", years="2027..2028")))
    assert (found[0].requested, found[0].spent, found[0].available) == (0, 0, 0)
    assert found[1].spent > 0


def test_no_tranche_is_opened_before_an_instrument_runs(table):
    found = records(setting_of(table, grant("per_year: 100e6 VND", years="2028..2028")))
    assert [one.available for one in found] == [0, 0, 100_000_000]


def test_before_an_instrument_runs_everybody_does_as_in_the_baseline(table):
    seen = watch(setting_of(table, grant("per_year: 100e6 VND", years="2028..2028")))
    baseline, helped = seen.choices("baseline"), seen.choices("p0")
    assert all(baseline[key] == helped[key] for key in baseline if key[1] < 2028)
    assert any(baseline[key] != helped[key] for key in baseline)


@pytest.mark.parametrize("cap", [1_000_000, 1_500_001, 16_777_217, 20_000_000])
def test_no_unit_gets_more_than_its_cap_over_all_years(table, cap):
    seen = watch(setting_of(table, grant(f"amount: 90e9 VND, per_unit: {cap} VND")))
    got = {}
    for (one, unit, _), received in seen.received.items():
        if one == "p0":
            got[unit] = got.get(unit, 0.0) + received[0]
    assert max(got.values()) <= cap
    assert max(got.values()) > 0.9 * min(cap, 20_000_000)


def test_a_cap_that_single_precision_cannot_hold_is_not_passed_by_rounding(table):
    rich = table.with_columns(income=pl.lit(5e8, pl.Float32))
    seen = watch(setting_of(rich, grant("amount: 90e9 VND, per_unit: 16777219 VND")), liking=3.0)
    most = max(received[0] for received in seen.received.values() if received)
    assert 16_777_216 <= most <= 16_777_219


@pytest.mark.parametrize("ration", ["lottery", "first_come", "{by: income, order: highest}"])
def test_every_rule_spends_to_within_the_next_request_and_no_further(table, ration):
    for one in records(setting_of(table, grant("per_year: 150e6 VND, carry_over: false", ration=ration))):
        assert one.requested > one.available
        assert one.available - 20_000_000 < one.spent <= one.available


def test_a_priority_serves_the_best_and_a_lottery_does_not(table):
    means = {}
    income = dict(zip(table["id"], table["income"], strict=True))
    for name, ration in (("best", "{by: income, order: highest}"), ("draw", "lottery")):
        seen = watch(setting_of(table, grant("per_year: 150e6 VND", ration=ration)))
        got = [income[u] for (one, u, y), r in seen.received.items() if one == "p0" and y == 2026 and any(r)]
        refused = [income[u] for (one, u, y), d in seen.denied.items() if one == "p0" and y == 2026 and d]
        means[name] = min(got) >= max(refused)
    assert means == {"best": True, "draw": False}


def test_a_budget_of_nothing_leaves_the_baseline(table):
    seen = watch(setting_of(table, grant("amount: 0 VND")))
    assert seen.choices("baseline") == seen.choices("p0")
    assert [one[0].spent for one in seen.result.budgets[1]] == [0, 0, 0]
    assert all(one[0].requested > 0 for one in seen.result.budgets[1])


def test_where_nobody_is_eligible_nothing_is_asked_and_the_baseline_stays(table):
    seen = watch(setting_of(table, grant("amount: 500e6 VND", eligible="income < 0 VND/year")))
    assert seen.choices("baseline") == seen.choices("p0")
    assert all(one[0].requested == one[0].spent == 0 for one in seen.result.budgets[1])
    assert all(one[0].applicants == one[0].served == 0.0 for one in seen.result.budgets[1])


def test_one_unit_and_one_draw_are_a_run():
    tables = tables_of(setting_of(city(1, 2), grant("amount: 500e6 VND")), 1)
    units = tables["totals"].filter(pl.col("outcome") == "units", pl.col("by") == "all")
    assert units["value"].to_list() == [1.0] * 2 * len(YEARS)
    assert tables["choices"]["value"].sum() == 2 * len(YEARS)
    assert tables["funnel"].height == 0


def test_a_run_without_programmes_is_the_baseline_alone(table):
    tables = tables_of(setting_of(table), 2)
    assert tables["budgets"].height == 0
    assert tables["totals"]["scenario"].unique().to_list() == ["baseline"]


def test_choices_add_up_to_the_units_in_every_year_and_scenario():
    uneven = city(300, 5, weight=None)
    tables = tables_of(setting_of(uneven, grant("amount: 500e6 VND")), 2)
    by_year = tables["choices"].group_by("scenario", "draw", "year").agg(pl.col("value").sum())
    np.testing.assert_allclose(by_year["value"].to_numpy(), uneven["weight"].sum(), rtol=1e-6)


def test_groups_add_up_to_the_whole_exactly_where_weights_are_whole(table):
    totals = tables_of(setting_of(table, grant("amount: 500e6 VND")), 2)["totals"].with_columns(
        pl.col("by").cast(pl.String)
    )
    whole = totals.filter(by="all").drop("by", "group")
    for by in ("place", "member"):
        keys = ["draw", "scenario", "year", "outcome"]
        parts = totals.filter(by=by).group_by(keys, maintain_order=True).agg(pl.col("value").sum())
        assert parts.equals(whole)


def test_rows_that_stand_for_many_units_never_exceed_the_budget():
    uneven = city(300, 6, weight=None)
    for one in records(setting_of(uneven, grant("per_year: 333333333 VND, carry_over: false"))):
        assert one.requested > one.available
        assert one.available - 9 * 20_000_000 < one.spent <= one.available == 333_333_333


def test_what_rows_served_in_part_are_given_is_what_the_budget_spent():
    uneven = city(300, 6, weight=None)
    for draw in range(4):
        result = draw_of(setting_of(uneven, grant("per_year: 333333333 VND, carry_over: false")), draw)
        granted = result.totals[1, :, 3, 0]
        spent = [by_year[0].spent for by_year in result.budgets[1]]
        np.testing.assert_allclose(granted, spent, rtol=1e-6)  # one dong a row is rounded up


def test_a_sum_too_large_to_be_exact_is_refused_by_the_outcomes_name(table):
    with pytest.raises(OverflowingSumError, match="outcome 'units': the sum passes 2\\^53 quanta"):
        draw_of(setting_of(table.with_columns(weight=pl.lit(1e9))))


def test_requests_too_large_to_add_up_are_refused(table):
    heavy = table.with_columns(weight=pl.lit(1e6), income=pl.lit(5e9, pl.Float32))
    assert LARGEST_SUM == 2.0**53
    with pytest.raises(OverflowingSumError):
        draw_of(setting_of(heavy.with_columns(weight=pl.lit(1e13)), grant("amount: 1e9 VND")), liking=5.0)


def test_a_ninth_instrument_is_refused_and_eight_are_served(table):
    eight = [instrument(f"i{k}", budget="resource: grant, amount: 40e6 VND") for k in range(8)]
    setting = setting_of(table.head(200), programme(*eight))
    assert all(one.spent > 0 for one in draw_of(setting).budgets[1][0])
    with pytest.raises(ProgrammeError, match="expected at most 8 instruments in a programme, found 9"):
        setting_of(table, programme(*eight, instrument("i8")))


def test_a_cap_per_unit_that_the_model_cannot_be_told_of_is_refused(table):
    with pytest.raises(ProgrammeError, match="bound per unit on a resource that the model can cap, found 'loan'"):
        setting_of(
            table, programme(instrument("c", levers="loan_share: 50 %", budget="resource: loan, per_unit: 1 VND"))
        )
