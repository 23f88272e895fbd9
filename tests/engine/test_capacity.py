"""Capacities by place: each combination of their columns has its own queue, against plain Python."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine import ParquetSource, simulate_draw
from haidang.engine.rationing import Queue, cut_queue, queue_key, serve
from haidang.facts import FactBook
from haidang.programmes import parse_programme, programme_mistakes
from tests.engine.city import TOY, PartsCrew, city, draw_of, facts, instrument, programme, setting_of, watch


def by_place(amount: str = "20e6 VND", by: str = "[place, member]", ration: str = "lottery", budget: str = "") -> str:
    text = instrument("grant", budget=budget, ration=ration)
    return programme(f"{text}\n    capacity: {{resource: grant, by: {by}, amount: {amount}}}")


def spent_by_place(setting, seen, year):
    """What households of each place and membership were granted."""
    table = {int(row["id"]): (row["place"], row["member"]) for row in TABLE.iter_rows(named=True)}
    found = dict.fromkeys(set(table.values()), 0.0)
    for (scenario, unit, when), got in seen.received.items():
        if scenario == "p0" and when == year:
            found[table[unit]] += got[-1]
    return found


TABLE = city(400, 11)


def test_each_place_has_the_same_and_no_place_gets_more():
    setting = setting_of(TABLE, by_place())
    seen = watch(setting)
    for year in setting.years:
        found = spent_by_place(setting, seen, year)
        assert len(found) == 4
        assert all(0 < money <= 20e6 for money in found.values())
        # Rows of one household are never served in part: at most one small or one large machine's half is left over.
        assert all(money > 0 for money in found.values())


def test_a_capacity_is_there_anew_in_every_period():
    first, second, third = (rows[0] for rows in draw_of(setting_of(TABLE, by_place())).budgets[1])
    assert first.available == second.available == third.available == 80_000_000
    assert second.spent > 0


def test_a_place_that_is_large_enough_for_all_refuses_nobody():
    free = draw_of(setting_of(TABLE, programme(instrument("grant", budget=""))))
    wide = draw_of(setting_of(TABLE, by_place("900e9 VND")))
    np.testing.assert_array_equal(free.totals[1], wide.totals[1])
    assert all(rows[0].applicants == rows[0].served for rows in wide.budgets[1])


def test_only_places_that_an_instrument_reaches_have_its_capacity():
    text = by_place().replace("eligible: income > 0 VND/year", 'eligible: place == "north"')
    first = draw_of(setting_of(TABLE, text)).budgets[1][0][0]
    assert first.available == 40_000_000, "two of four combinations"


def test_a_budget_and_a_capacity_of_one_resource_both_hold():
    text = by_place("20e6 VND", budget="resource: grant, per_year: 30e6 VND")
    for budget, capacity in draw_of(setting_of(TABLE, text)).budgets[1]:
        assert 0 < budget.spent <= 30_000_000
        assert 0 < capacity.requested <= 60_000_000, "what the budget served is asked of the places too"
        assert capacity.spent == budget.spent


def test_two_capacities_of_one_resource_both_hold():
    text = instrument("grant", budget="")
    both = "[{resource: grant, by: [place], amount: 25e6 VND}, {resource: grant, by: [member], amount: 15e6 VND}]"
    seen = watch(setting_of(TABLE, programme(f"{text}\n    capacity: {both}")))
    table = {int(row["id"]): row for row in TABLE.iter_rows(named=True)}
    for column, most in (("place", 25e6), ("member", 15e6)):
        found: dict = {}
        for (scenario, unit, year), got in seen.received.items():
            if scenario == "p0":
                key = (table[unit][column], year)
                found[key] = found.get(key, 0.0) + min(got)
        assert len(found) == 6
        assert all(money <= most for money in found.values())
        assert sum(found.values()) > most


def test_a_waiting_list_beside_a_capacity_is_refused():
    text = by_place(budget="resource: loan, amount: 5e6 VND, waitlist: true")
    found = programme_mistakes(parse_programme(text, "m.yaml").base, TOY.card, FactBook({}, {}, {}))
    assert "no waiting list beside a capacity" in str(found[0])


def test_the_budget_is_served_before_the_capacity():
    text = by_place("40e6 VND", budget="resource: loan, amount: 0 VND").replace("grant_share: 50 %", "loan_share: 50 %")
    result = draw_of(setting_of(TABLE, text))
    assert result.budgets[1][0][0].spent == 0


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([0.0, 1.0, -2.5, float("nan"), float("inf")]),
            st.integers(0, 2),
            st.integers(1, 40),
            st.booleans(),
            st.integers(0, 3),
        ),
        max_size=25,
    ),
    available=st.lists(st.integers(-3, 90), min_size=4, max_size=4),
)
def test_the_cut_of_each_pool_is_that_of_a_queue_of_its_own(rows, available):
    ids = np.arange(len(rows), dtype=np.int64) * 7 + 3
    priority = np.array([row[0] for row in rows], np.float32)
    tie, amount = (np.array([row[k] for row in rows], kind) for k, kind in ((1, np.uint32), (2, np.int64)))
    divisible, pool = (np.array([row[k] for row in rows], kind) for k, kind in ((3, np.bool_), (4, np.int64)))
    key = queue_key(priority, tie)
    shares = cut_queue(key, ids, amount, divisible, pool, np.array(available)).shares(key, ids, pool)
    for one in range(4):
        mine = pool == one
        alone = Queue(ids[mine], priority[mine].astype(np.float64), tie[mine], amount[mine], divisible[mine])
        np.testing.assert_array_equal(shares[mine], serve(alone, available[one]).share)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), amount=st.sampled_from(["5e6 VND", "90e6 VND", "4e9 VND"]))
def test_blocks_and_parts_change_nothing(seed, amount):
    table = city(700, seed, weight=None)
    text = by_place(amount, ration="{by: income, order: lowest}")
    whole = setting_of(table, text)
    blocks = setting_of(table, text, block_rows=256)
    one = draw_of(whole)
    with jax.enable_x64(True):
        apart = simulate_draw(blocks, 0, facts(), PartsCrew(blocks, 0, facts()))
    for other in (draw_of(blocks), apart):
        np.testing.assert_array_equal(one.totals, other.totals)
        np.testing.assert_array_equal(one.users, other.users)
        assert one.budgets == other.budgets


def test_a_parts_crew_with_budgets_peers_and_bounds_per_unit_gives_the_same():
    table = city(900, 5, weight=None)
    text = programme(
        instrument("grant", budget="resource: grant, amount: 400e6 VND, per_unit: 15e6 VND"),
        instrument("loan", levers="loan_share: 40 %", budget="resource: loan, per_year: 90e6 VND", ration="first_come"),
    )
    blocks = setting_of(table, text, block_rows=256)
    with jax.enable_x64(True):
        apart = simulate_draw(blocks, 0, facts(), PartsCrew(blocks, 0, facts()))
    one = draw_of(setting_of(table, text))
    np.testing.assert_array_equal(one.totals, apart.totals)
    np.testing.assert_array_equal(one.users, apart.users)
    assert one.budgets == apart.budgets


@pytest.mark.parametrize(
    ("given_", "problem"),
    [
        ("{resource: grant, by: [place, place], amount: 1 VND}", "each once"),
        ("{resource: grant, by: [], amount: 1 VND}", "one to 3 columns"),
        ("{resource: grant, by: [place]}", "amount"),
        ("{resource: grant, by: [place], amount: -1 VND}", "zero or more"),
    ],
)
def test_a_capacity_that_means_nothing_is_refused(given_, problem):
    text = programme(f"{instrument('grant', budget='')}\n    capacity: {given_}")
    with pytest.raises(Exception, match=problem):
        parse_programme(text, "m.yaml")


def test_a_population_that_is_streamed_is_served_alike(tmp_path):
    table = city(900, 8, weight=None).sort("id")
    path = tmp_path / "city.parquet"
    table.write_parquet(path)
    text = by_place("40e6 VND", ration="{by: income, order: lowest}")
    streamed = setting_of(ParquetSource(path, TOY.card, 256), text)
    one, other = draw_of(setting_of(table, text)), draw_of(streamed)
    np.testing.assert_array_equal(one.totals, other.totals)
    np.testing.assert_array_equal(one.users, other.users)
    assert one.budgets == other.budgets
