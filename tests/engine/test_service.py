"""Budgets served in order, one pass: against plain Python, and hand-made cases of who loses what."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.plain_service import Town, serve_by_engine, serve_plainly

utilities = st.integers(-8, 8).map(lambda k: k / 4)


one_each, never = st.just(1.0), st.just(False)


@st.composite
def towns(draw, weights=one_each, waitlist=never):
    """Up to ten units, four alternatives, three instruments, four budgets."""
    units = draw(st.integers(1, 10))
    instruments = draw(st.integers(1, 3))
    owners = tuple(sorted(draw(st.lists(st.integers(0, instruments - 1), min_size=1, max_size=4))))
    slots = len(owners)
    row = lambda size, values: st.tuples(*[values] * size)  # noqa: E731
    return Town(
        ids=tuple(draw(st.lists(st.integers(0, 10**12), min_size=units, max_size=units, unique=True))),
        weight=draw(row(units, weights)),
        utility=draw(row(units, row(4, utilities))),
        bonus=draw(row(instruments, row(4, st.integers(0, 8).map(lambda k: k / 4)))),
        money=tuple((0, *draw(row(3, st.integers(0, 9)))) for _ in range(slots)),
        priority=draw(row(slots, row(units, st.sampled_from([0.0, 1.0, 2.0])))),
        rules=draw(row(instruments, st.sampled_from(["lottery", "priority"]))),
        owners=owners,
        waitlist=draw(row(slots, waitlist)),
    )


budgets = st.lists(st.integers(0, 40) | st.none(), min_size=4, max_size=4)
uneven = st.sampled_from([1.0, 0.5, 2.0, 2.75, 7.3])


@given(town=towns(), available=budgets)
def test_the_pass_is_that_of_plain_python(town, available):
    found, plain = serve_by_engine(town, available[: len(town.owners)]), serve_plainly(town, available)
    assert {name: found[name] for name in plain} == plain


@given(town=towns(weights=uneven), available=budgets)
def test_the_pass_over_rows_of_many_units_is_that_of_plain_python(town, available):
    found, plain = serve_by_engine(town, available[: len(town.owners)]), serve_plainly(town, available)
    assert {name: found[name] for name in plain} == plain


@given(
    town=towns(weights=uneven, waitlist=st.booleans()), available=budgets, cuts=st.sets(st.integers(1, 9), max_size=3)
)
def test_the_pass_over_many_blocks_is_that_over_one(town, available, cuts):
    inside = sorted(cut for cut in cuts if cut < len(town.ids))
    money = available[: len(town.owners)]
    assert serve_by_engine(town, money, inside) == serve_by_engine(town, money)


@given(town=towns(weights=uneven), available=budgets, cuts=st.sets(st.integers(1, 9), max_size=4))
def test_the_pass_over_parts_that_know_only_sums_and_cuts_is_that_over_one(town, available, cuts):
    inside = sorted(cut for cut in cuts if cut < len(town.ids))
    money = available[: len(town.owners)]
    assert serve_by_engine(town, money, inside, apart=True) == serve_by_engine(town, money)


@given(town=towns(weights=uneven, waitlist=st.booleans()), available=budgets)
def test_no_budget_is_exceeded_and_nobody_holds_what_was_refused(town, available):
    money = available[: len(town.owners)]
    found = serve_by_engine(town, money)
    for p, bound in enumerate(money):
        assert bound is None or 0 <= found["spent"][p] <= bound
        for unit, denied in enumerate(found["denied"]):
            if denied >> town.owners[p] & 1:
                assert found["received"][p][unit] == 0.0
    for unit, denied in enumerate(found["denied"]):
        assert found["choice"][unit] == town.choose(unit, denied), "the choice is the best of what is left"


@given(town=towns(weights=uneven), available=budgets)
def test_who_is_served_whole_gets_all_it_asks_for(town, available):
    found = serve_by_engine(town, available[: len(town.owners)])
    for unit, (choice, denied) in enumerate(zip(found["choice"], found["denied"], strict=True)):
        asked = [town.asks(p, choice, denied) for p in range(len(town.owners))]
        if found["share"][unit] == 1.0:
            assert [one[unit] for one in found["received"]] == asked


@given(town=towns(), available=budgets)
def test_without_bounds_everybody_has_the_first_wish(town, available):
    found = serve_by_engine(town, [None] * len(town.owners))
    assert found["choice"] == [town.choose(unit, 0) for unit in range(len(town.ids))]
    assert not any(found["denied"])
    assert found["spent"] == found["requested"]


@given(town=towns(), available=budgets)
def test_with_nothing_to_give_everybody_chooses_as_if_there_were_no_instrument_that_costs(town, available):
    found = serve_by_engine(town, [0] * len(town.owners))
    assert found["spent"] == [0] * len(town.owners)
    assert not any(any(one) for one in found["received"])


def line(choices, **given):
    """A town from what each unit would do: rows of utilities."""
    units = len(choices)
    slots = len(given["money"])
    plain = {
        "ids": tuple(range(units)),
        "weight": (1.0,) * units,
        "utility": tuple(map(tuple, choices)),
        "priority": tuple(tuple(float(-u) for u in range(units)) for _ in range(slots)),
        "rules": ("priority",) * len(given["bonus"]),
        "owners": tuple(range(slots)),
        "waitlist": (False,) * slots,
    }
    return Town(**plain | given)


def test_a_refused_unit_loses_that_instrument_only():
    # Both want alternative 1 with both instruments; the first budget serves one, the second serves both.
    town = line([[0, 1], [0, 1]], bonus=((0, 1), (0, 1)), money=((0, 5), (0, 3)))
    found = serve_by_engine(town, [5, 100])
    assert found["denied"] == [0, 0b01]
    assert found["received"] == [[5, 0], [3, 3]]


def test_a_refused_unit_takes_its_second_choice_with_the_same_utilities():
    town = line([[0, -1, -2], [0, -1, -2]], bonus=((0, 3, 0), (0, 0, 2.5)), money=((0, 5, 0), (0, 0, 2)))
    found = serve_by_engine(town, [5, 100])
    assert found["choice"] == [1, 2]
    assert found["spent"] == [5, 2]


def test_a_unit_that_would_adopt_anyway_does_so_when_refused():
    town = line([[0, 1], [0, 1]], bonus=((0, 1),), money=((0, 5),))
    found = serve_by_engine(town, [5])
    assert found["choice"] == [1, 1]
    assert found["received"] == [[5, 0]]


def test_a_second_choice_that_would_ask_an_earlier_budget_for_more_loses_it_too():
    # Unit 0 takes 1 (5 of the first budget, 4 of the second). Refused by the second it would take 2, which asks 9 of
    # the first: more than it was given, so it loses that as well and does nothing.
    town = line([[0, -1.5, -1]], bonus=((0, 2, 2), (0, 1, 0)), money=((0, 5, 9), (0, 4, 0)))
    found = serve_by_engine(town, [100, 3])
    assert found["denied"] == [0b11]
    assert found["choice"] == [0]
    assert found["spent"] == [0, 0]


@pytest.fixture
def given_back():
    """Unit 0 is served 6 of the first budget, is refused by the second, and then wants nothing of the first."""
    return {
        "choices": [[0, -3, -9], [0, -9, -1], [0, -9, -1]],
        "bonus": ((0, 2, 2), (0, 2, 0)),
        "money": ((0, 6, 6), (0, 8, 0)),
    }


def test_what_comes_back_stays_without_a_waiting_list(given_back):
    found = serve_by_engine(line(**given_back), [6, 5])
    assert found["choice"] == [0, 0, 0]
    assert found["spent"] == [0, 0]


def test_what_comes_back_goes_to_the_next_in_the_waiting_list(given_back):
    found = serve_by_engine(line(**given_back, waitlist=(True, False)), [6, 5])
    assert found["choice"] == [0, 2, 0]
    assert found["denied"] == [0b10, 0, 0b01]
    assert found["spent"] == [6, 0]


def test_the_waiting_list_keeps_the_order_of_the_queue(given_back):
    for best in (1, 2):
        rank = tuple(3.0 if unit == 0 else 2.0 if unit == best else 1.0 for unit in range(3))
        found = serve_by_engine(line(**given_back, waitlist=(True, False), priority=(rank, rank)), [6, 5])
        assert [unit for unit, choice in enumerate(found["choice"]) if choice == 2] == [best]


def test_a_waiting_unit_is_not_admitted_beyond_a_budget_served_since():
    # Unit 1 waits for the first budget but its wish also asks 4 of the second, of which only 3 are left.
    town = line(
        [[0, -3], [0, -3], [0, -9]],
        bonus=((0, 2), (0, 2)),
        money=((0, 6), (0, 4)),
        waitlist=(True, False),
        priority=((2.0, 1.0, 0.0), (1.0, 2.0, 0.0)),
    )
    found = serve_by_engine(town, [6, 3])
    assert found["spent"] == [0, 0]
    assert found["choice"] == [0, 0, 0]


@pytest.mark.parametrize("rule", ["lottery", "priority"])
def test_one_unit_alone_is_served_or_refused_by_one_dong(rule):
    town = line([[0, -1]], bonus=((0, 2),), money=((0, 9),), rules=(rule,))
    assert serve_by_engine(town, [9])["choice"] == [1]
    assert serve_by_engine(town, [8])["choice"] == [0]
    assert serve_by_engine(town, [8])["requested"] == [9]


def test_priority_decides_who_is_served():
    for order in itertools.permutations(range(4)):
        town = line([[0, -1]] * 4, bonus=((0, 2),), money=((0, 5),), priority=(tuple(map(float, order)),))
        served = [unit for unit, choice in enumerate(serve_by_engine(town, [10])["choice"]) if choice]
        assert {order[unit] for unit in served} == {2, 3}


def many(weight, units=200):
    """Rows of many units, one dong each unit, all alike."""
    return line([[0, -1]] * units, bonus=((0, 2),), money=((0, 1),), weight=(weight,) * units)


def test_only_the_last_row_served_is_served_in_part():
    for budget in range(1, 40):
        found = serve_by_engine(many(10.0, 8), [budget])
        parts = [share for share, choice in zip(found["share"], found["choice"], strict=True) if choice and share < 1]
        assert len(parts) <= 1
        assert found["spent"][0] <= budget
        assert parts == [] or parts[0] == pytest.approx(budget % 10 / 10)


def test_a_row_served_in_part_leaves_less_than_it_asked_for():
    for budget in range(1, 40):
        spent = serve_by_engine(many(10.0, 8), [budget])["spent"][0]
        assert budget - 10 < spent <= budget


def test_a_row_acts_as_served_with_the_probability_of_its_part():
    acts = 0
    for run in range(600):
        town = replace(many(10.0, 2), ids=(2 * run, 2 * run + 1))
        acts += sum(serve_by_engine(town, [13])["choice"]) - 1
    assert abs(acts - 0.3 * 600) < 4 * math.sqrt(0.3 * 0.7 * 600)


def test_a_row_that_one_budget_serves_in_part_takes_that_part_of_the_others_too():
    both = line([[0, -1]], bonus=((0, 2),), owners=(0, 0), money=((0, 8), (0, 4)), weight=(10.0,))
    for unit in range(40):
        found = serve_by_engine(replace(both, ids=(unit,)), [100, 20])
        assert found["spent"] in ([40, 20], [0, 0])
        assert found["received"] in ([[4.0], [2.0]], [[0.0], [0.0]])


def test_records_count_real_units_and_whole_money():
    found = serve_by_engine(many(2.5, 4), [5])
    assert found["requested"] == [12]
    assert found["applicants"] == [10.0]
    assert found["spent"] == [3]
    assert found["served"] == [2.5]
