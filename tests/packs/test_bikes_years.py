"""Public bicycles through five years of months, and from 2022 on: what must hold of every run."""

from dataclasses import replace

import jax
import numpy as np
import polars as pl
import pytest

from haidang import load
from haidang.engine import MemorySource, simulate_draw
from haidang.engine.draw import LocalCrew
from haidang.learn import run_backtests
from haidang.packs import load_pack
from haidang.packs.hcmc.models.ways import WAYS
from haidang.population import build_population, margins
from haidang.study import Question, scenarios_of, setting_of
from haidang.study.draws import FactDraws, facts_read

PROGRAMME = "public-e-bikes"
VARIANTS = ("lower-price", "shared-charging")
DRAWS, YEARS = 2, 5
ROWS, MONTHS = 1200, 6


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two draws of twelve hundred rows."""
    study = load("hcmc").programme(PROGRAMME)
    assert {*VARIANTS, "more-stations", "lanes", "depot-charging"} == set(study.variants)
    folder = tmp_path_factory.mktemp("bikes") / "run"
    return study.run(draws=DRAWS, rows=1200, workers=1, variants=VARIANTS, out=folder)


def outcome(run, scenario, name):
    """An outcome of all trips: draws by years."""
    table = run.table("totals").filter(
        (pl.col("scenario") == scenario) & (pl.col("outcome") == name) & (pl.col("by") == "all")
    )
    return table.sort("draw", "year")["value"].to_numpy().reshape(DRAWS, YEARS)


def test_the_trips_are_as_many_and_go_as_the_survey_says():
    pack = load_pack("hcmc")
    spec = pack.population("trips")
    population = build_population(spec, pack.book, 3000)
    assert population.units == pytest.approx(19_240 + 30_000 + 6_000)
    assert all(one.held for one in margins(population, spec, pack.book))


def test_without_the_programme_nobody_rides_an_electric_bicycle_and_each_trip_replaces_one_way(run):
    assert np.all(outcome(run, "baseline", "electric_trips") == 0)
    for scenario in ("baseline", PROGRAMME, *VARIANTS):
        replaced = sum(outcome(run, scenario, f"from_{way}") for way in WAYS)
        np.testing.assert_allclose(replaced, outcome(run, scenario, "trips"), rtol=1e-4)


def test_trips_without_the_programme_are_what_the_latest_count_and_its_loss_leave(run):
    facts = run.table("facts").pivot(on="fact", index="draw", values="value").sort("draw")
    fade = -np.log(1 - facts["bike_fade"].to_numpy())
    since, length, start = 3.0416667, 0.5, 4.0416667
    core = 37_000 * fade / (np.exp(-fade * since) * (1 - np.exp(-fade * length)))
    expected = core * (np.exp(-fade * start) - np.exp(-fade * (start + YEARS))) / fade
    # A row stands for 36 trips a day, and few rows ride: five years of chance leave about a tenth.
    np.testing.assert_allclose(outcome(run, "baseline", "trips").sum(axis=1), expected, rtol=0.35)


def test_half_the_price_brings_more_rides_and_shared_cabinets_bring_money_but_no_rides(run):
    electric = outcome(run, PROGRAMME, "electric_trips").sum(axis=1)
    assert np.all(outcome(run, "lower-price", "electric_trips").sum(axis=1) > electric)
    np.testing.assert_allclose(outcome(run, "shared-charging", "electric_trips").sum(axis=1), electric, rtol=0.02)
    assert np.all(outcome(run, "shared-charging", "revenue") > outcome(run, PROGRAMME, "revenue"))
    assert np.all(outcome(run, "shared-charging", "swaps") > 0)
    assert np.all(outcome(run, PROGRAMME, "swaps") == 0)


def test_the_system_costs_what_its_parts_cost_however_few_ride(run):
    facts = run.table("facts").pivot(on="fact", index="draw", values="value").sort("draw")
    names = ("system_cost", "capital", "life", "running", "cabinet_cost", "cabinets")
    today, capital, life, running, cabinet, many = (facts[f"bike_{name}"].to_numpy() for name in names)
    for scenario, cost in (
        ("baseline", today),
        (PROGRAMME, today + 500 * (capital / life + running) + many * cabinet),
    ):
        for year in range(YEARS):
            np.testing.assert_allclose(outcome(run, scenario, "cost")[:, year], cost, rtol=2e-3)
    spent = outcome(run, PROGRAMME, "cost") - outcome(run, PROGRAMME, "revenue")
    np.testing.assert_allclose(outcome(run, PROGRAMME, "public_cost"), spent, rtol=1e-4)


def table_of(run, scenario, resource, column):
    """A column of the capacities' table: draws by years."""
    rows = run.table("budgets").filter((pl.col("scenario") == scenario) & (pl.col("resource") == resource))
    return rows.sort("draw", "year")[column].to_numpy().reshape(DRAWS, YEARS)


def test_the_charge_taken_on_typical_days_is_the_electricity_of_all_days(run):
    # A typical day of each month stands for 30.4375 days; whole watt-hours are rounded up by row. A row that is served
    # in part takes its part of the charge while it rides as a whole or not at all: years with refusals are left out.
    seen = 0
    for scenario in (PROGRAMME, "lower-price"):
        whole = table_of(run, scenario, "charge", "refused") == 0
        by_days = table_of(run, scenario, "charge", "spent") * 365.25 / 12 / 1000
        np.testing.assert_allclose(by_days[whole], outcome(run, scenario, "charged")[whole], rtol=0.02)
        seen += np.count_nonzero(whole & (by_days > 0))
    assert seen >= 6


def test_only_places_and_hours_that_are_reached_have_a_capacity(run):
    assert set(run.table("budgets")["resource"]) == {"ebike", "dock", "charge"}
    pack = load_pack("hcmc")
    table = build_population(pack.population("trips"), pack.book, ROWS, 1).table
    centre = table.filter(pl.col("kind") == "centre")
    # 52 stations in 6 places at 15 returns an hour are 130; 500 bicycles at 1.5 trips an hour 125; twelve days a year.
    for resource, place, each in (("dock", "destination", 130), ("ebike", "origin", 125)):
        reached = centre.select(place, "hour").n_unique()
        assert 95 < reached <= 6 * 17
        assert np.all(table_of(run, PROGRAMME, resource, "available") == each * reached * 12)


def test_the_whole_table_has_every_place_and_hour_of_the_centre():
    pack = load_pack("hcmc")
    centre = build_population(pack.population("trips"), pack.book, 4096, 1).table.filter(pl.col("kind") == "centre")
    # So the docks of 52 stations are 130 x 6 x 17 x 12 = 159,120 returns on the typical days of a year.
    assert centre.select("destination", "hour").n_unique() == centre.select("origin", "hour").n_unique() == 6 * 17


def crowded(programme):
    """The programme with a tenth of the bicycles, places and charge at each place and hour."""
    return replace(
        programme,
        instruments=tuple(
            replace(one, capacities=tuple(replace(each, amount=each.amount // 10) for each in one.capacities))
            for one in programme.instruments
        ),
    )


@pytest.fixture(scope="module")
def pools():
    """What units of each pool got of each capacity in a crowded half-year, month by month: (name, got, there)."""
    pack = load_pack("hcmc")
    question = Question(PROGRAMME, draws=1, rows=ROWS, workers=1, variants=("shared-charging",))
    programmes = [(name, crowded(one)) for name, one in scenarios_of(pack, question)]
    card = pack.model("trips").card
    table = build_population(pack.population("trips"), pack.book, ROWS, 1).table
    facts = FactDraws(pack.book, facts_read(pack.book, card, [one for _, one in programmes]), 1, 1)
    whole = setting_of(pack, programmes, MemorySource(table, card), facts.names, 1)
    setting = replace(whole, years=whole.years[:MONTHS], months=whole.months[:MONTHS])
    block = setting.source.block(0)
    columns = {name: np.asarray(one)[: block.rows] for name, one in block.units.items()}
    weight, found = np.asarray(block.weight)[: block.rows], []

    class Watched(LocalCrew):
        def __call__(self, method, *given):
            if method == "move":
                for scenario, side in zip(setting.scenarios[1:], self._part.sides[1:], strict=True):
                    for place, slot in enumerate(scenario.slots):
                        got = np.asarray(side.teller.received(place)[0])[: block.rows] * weight
                        code = columns[slot.by[0]].astype(int) * 100 + columns[slot.by[1]]
                        sums = {int(one): float(got[code == one].sum()) for one in np.unique(code)}
                        found.append((f"{scenario.id}/{slot.budget.resource}", sums, slot.budget.amount))
            return super().__call__(method, *given)

    with jax.enable_x64(True):
        known = facts.of(0, setting.years)
        simulate_draw(setting, 0, known, Watched(setting, [0], [known]))
    return found


def test_no_place_and_hour_gives_more_than_it_has(pools):
    assert {name.split("/")[1] for name, _, _ in pools} == {"ebike", "dock", "charge"}
    for name, sums, there in pools:
        assert max(sums.values()) <= there * (1 + 1e-9), name


@pytest.mark.parametrize("resource", ["ebike", "dock", "charge"])
def test_of_each_capacity_some_place_and_hour_is_emptied_while_another_is_not(pools, resource):
    # Together the pools never give all they have: a bound on their sum alone would not be felt.
    found = [(sums, there) for name, sums, there in pools if name == f"shared-charging/{resource}"]
    assert any(max(sums.values()) > 0.99 * there for sums, there in found)
    assert all(sum(sums.values()) < 0.99 * there * len(sums) for sums, there in found)


def test_what_was_known_in_2022_tells_of_a_decline_and_reads_nothing_later():
    found = [one.as_json() for one in run_backtests(load_pack("hcmc"), ["public-bikes-2022"], draws=2)]
    assert [one["id"].split("/")[1] for one in found] == ["trips-2023", "trips-2024", "trips-half-2025"]
    for one in found:
        assert one["quantiles"]["95"] < one["naive"]
        assert not {"bike_trips_2023", "bike_trips_2024", "bike_trips_half_2025"} & set(one["read"])
    medians = [one["quantiles"]["50"] for one in found]
    assert medians == sorted(medians, reverse=True)
