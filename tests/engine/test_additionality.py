"""What users of an instrument would have done without it, unit by unit, against an independent count."""

import polars as pl
import pytest

from haidang.models import Option
from tests.engine.city import YEARS, city, instrument, programme, setting_of, tables_of, watch
from tests.engine.toy import COST, Toy

GRANT = programme(
    instrument(
        "grant",
        eligible="income < 80e6 VND/year",
        budget="resource: grant, per_year: 900e6 VND",
        ration="{by: income, order: lowest}",
    ),
    instrument("credit", levers="loan_share: 50 %", budget="resource: loan, amount: 1200e6 VND"),
)


@pytest.fixture(scope="module")
def table():
    """Whole weights of one, so that nobody is served in part."""
    return city(500, 21)


@pytest.fixture(scope="module")
def seen(table):
    """One draw, unit by unit."""
    return watch(setting_of(table, GRANT), 2)


@pytest.fixture(scope="module")
def users(table):
    """The engine's own table of the same draw."""
    found = tables_of(setting_of(table, GRANT), 3)["users"]
    return found.filter(pl.col("draw") == 2).with_columns(pl.col("scenario", "outcome", "by", "group").cast(pl.String))


def value(users, scenario, outcome, by="all", group="all"):
    """Scenario's own and baseline's value."""
    one = users.filter(scenario=scenario, outcome=outcome, by=by, group=group)
    return one["scenario_value"].item(), one["baseline_value"].item()


def helped(seen):
    """The units that got anything in any year."""
    return {unit for (one, unit, _), got in seen.received.items() if one == "p0" and any(got)}


def bought(seen, scenario, units):
    """How often these units bought, over all years."""
    return sum(name != "nothing" for (unit, _), name in seen.choices(scenario).items() if unit in units)


def test_users_are_the_units_that_got_anything(table, seen, users):
    assert 50 < len(helped(seen)) < 450
    assert value(users, "p0", "units") == (len(helped(seen)), len(helped(seen)))


def test_the_baseline_of_users_is_what_the_same_units_did_without(seen, users):
    who = helped(seen)
    with_it, without = bought(seen, "p0", who), bought(seen, "baseline", who)
    assert with_it > without > 0
    assert value(users, "p0", "bought") == (with_it, without)


@pytest.mark.parametrize(("by", "group"), [("place", "north"), ("place", "south"), ("member", "yes"), ("member", "no")])
def test_it_is_so_in_every_group(table, seen, users, by, group):
    inside = pl.col("place") == group if by == "place" else pl.col("member") == (group == "yes")
    who = helped(seen) & set(table.filter(inside)["id"].to_list())
    assert value(users, "p0", "bought", by, group) == (bought(seen, "p0", who), bought(seen, "baseline", who))


def test_the_baseline_has_no_users(users):
    mine = users.filter(pl.col("scenario") == "baseline")
    assert mine["scenario_value"].abs().sum() == mine["baseline_value"].abs().sum() == 0.0


def test_money_given_is_money_received(seen):
    for place in range(2):
        for year, records in zip(YEARS, seen.result.budgets[1], strict=True):
            got = [g[place] for (one, _, when), g in seen.received.items() if one == "p0" and when == year]
            assert sum(got) == records[place].spent


def test_what_was_spent_is_what_was_bought(seen):
    totals = dict(zip(("units", "bought", "spent", "granted"), seen.result.totals[1, :, :, 0].T, strict=True))
    for place, year in enumerate(YEARS):
        names = [name for (_, when), name in seen.choices("p0").items() if when == year]
        assert totals["units"][place] == 500
        assert totals["bought"][place] == sum(name != "nothing" for name in names)
        assert totals["spent"][place] == sum(COST.get(name, 0.0) for name in names)
        assert totals["granted"][place] == seen.result.budgets[1][place][0].spent


class Indifferent(Toy):
    """A grant that nobody's choice depends on."""

    def options(self, scene):
        """The toy's uses of a grant, with the utilities of one who gets none."""
        free = {name: 0.0 * value for name, value in scene.lever.items()} | {"grant_cap": scene.lever["grant_cap"]}
        bare = scene.__class__(scene.units, scene.state, free, scene.fact, scene.chance, scene.peers, scene.period)
        plain, offered = super().options(bare), super().options(scene)
        return {name: Option(plain[name].available, plain[name].utility, offered[name].uses) for name in plain}


def test_a_grant_that_changes_nothing_is_all_deadweight(table):
    text = programme(instrument("grant", budget="resource: grant, amount: 2e9 VND"))
    tables = tables_of(setting_of(table, text, model=Indifferent()), 2)
    found = tables["users"].filter(pl.col("scenario").cast(pl.String) == "p0")
    assert found["scenario_value"].sum() > 0
    assert found["scenario_value"].equals(found["baseline_value"].rename("scenario_value"))
    choices = tables["choices"].with_columns(pl.col("scenario").cast(pl.String))
    one, other = (choices.filter(scenario=name)["value"] for name in ("baseline", "p0"))
    assert one.equals(other)


def test_a_lever_at_its_default_has_no_users_and_changes_nothing(table):
    text = programme(instrument("grant", levers="grant_share: 0 %", budget="resource: grant, amount: 2e9 VND"))
    tables = tables_of(setting_of(table, text), 1)
    assert tables["users"]["scenario_value"].abs().sum() == 0
    totals = tables["totals"].with_columns(pl.col("scenario").cast(pl.String))
    assert totals.filter(scenario="p0")["value"].equals(totals.filter(scenario="baseline")["value"])
    assert tables["budgets"]["spent"].sum() == tables["budgets"]["requested"].sum() == 0
