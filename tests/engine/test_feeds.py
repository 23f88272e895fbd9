"""Budgets that another programme feeds: its outcome of the same draw comes in, in its year or later."""

from dataclasses import replace

import jax
import numpy as np

from haidang.engine import Feeder, simulate_draw
from haidang.programmes import Budget, Feed
from tests.engine.city import city, draw_of, facts, instrument, programme, setting_of

FEED = "fed_by: {programme: other, outcome: spent, share: 50 %, lag: 1}"


def pair(lag: int = 1, share: float = 0.5, amount: str = ""):
    """A programme whose grants are half of what households elsewhere spend in the year before."""
    other = setting_of(city(60, 2), programme(instrument("grant", budget="")))
    feed = f"fed_by: {{programme: other, outcome: spent, share: {share:.0%}, lag: {lag}}}".replace("%", " %")
    mine = setting_of(city(300, 3), programme(instrument("grant", budget=f"resource: grant, {amount}{feed}")))
    feeder = Feeder(other, lambda _: facts(), "spent", share, lag)
    from dataclasses import replace

    return other, replace(mine, feeders=(((1, 0), feeder),))


def raised(other):
    """What households of the other programme spend by year."""
    return draw_of(other).totals[1, :, 2, 0]


def test_nothing_is_there_before_it_is_raised():
    other, mine = pair()
    records = [rows[0] for rows in draw_of(mine).budgets[1]]
    income = np.floor(raised(other) * 0.5)
    assert records[0].available == records[0].spent == 0
    assert records[1].available == income[0]
    assert records[2].available == income[0] + income[1] - records[1].spent


def test_without_a_lag_it_is_there_in_its_year_beside_what_was_there_from_the_start():
    other, mine = pair(lag=0, share=1.0, amount="amount: 7e6 VND, ")
    first = draw_of(mine).budgets[1][0][0]
    assert first.available == 7_000_000 + raised(other)[0]


def test_money_that_came_in_a_year_between_the_periods_is_there_at_the_next():
    other, mine = pair(lag=0, share=1.0)
    mine = replace(mine, years=(2026, 2028))
    with jax.enable_x64(True):
        first, second = (one[0] for one in simulate_draw(mine, 0, facts(years=2)).budgets[1])
    income = raised(other)
    assert first.available == income[0]
    assert second.available == income.sum() - first.spent


def test_the_file_says_where_money_comes_from():
    from haidang.programmes import parse_programme, to_yaml

    found = parse_programme(programme(instrument("grant", budget=f"resource: grant, {FEED}")), "m.yaml").base
    budget = found.instruments[0].budgets[0]
    assert budget == Budget("grant", fed_by=Feed("other", None, "spent", 0.5, 1))
    assert found.feeds == (Feed("other", None, "spent", 0.5, 1),)
    assert parse_programme(to_yaml(found), "m.yaml").base == found
