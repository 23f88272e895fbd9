"""Public bicycles through five years of months, and from 2022 on: what must hold of every run."""

import numpy as np
import polars as pl
import pytest

from haidang import load
from haidang.learn import run_backtests
from haidang.packs import load_pack
from haidang.packs.hcmc.models.ways import WAYS
from haidang.population import build_population, margins

PROGRAMME = "public-e-bikes"
VARIANTS = ("lower-price", "shared-charging")
DRAWS, YEARS = 2, 5


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
    names = ("system_cost", "capital", "life", "running", "cabinet_cost")
    today, capital, life, running, cabinet = (facts[f"bike_{name}"].to_numpy() for name in names)
    for scenario, cost in (
        ("baseline", today),
        (PROGRAMME, today + 500 * (capital / life + running) + 13 * cabinet),
    ):
        for year in range(YEARS):
            np.testing.assert_allclose(outcome(run, scenario, "cost")[:, year], cost, rtol=2e-3)
    spent = outcome(run, PROGRAMME, "cost") - outcome(run, PROGRAMME, "revenue")
    np.testing.assert_allclose(outcome(run, PROGRAMME, "public_cost"), spent, rtol=1e-4)


def test_no_place_and_hour_gives_more_than_it_has(run):
    budgets = run.table("budgets")
    assert set(budgets["resource"]) == {"ebike", "dock", "charge"}
    assert (budgets["spent"] <= budgets["available"]).all()
    shared = budgets.filter((pl.col("scenario") == "shared-charging") & (pl.col("resource") == "charge"))
    assert shared["refused"].sum() > 0


def test_what_was_known_in_2022_tells_of_a_decline_and_reads_nothing_later():
    found = [one.as_json() for one in run_backtests(load_pack("hcmc"), ["public-bikes-2022"], draws=2)]
    assert [one["id"].split("/")[1] for one in found] == ["trips-2023", "trips-2024", "trips-half-2025"]
    for one in found:
        assert one["quantiles"]["95"] < one["naive"]
        assert not {"bike_trips_2023", "bike_trips_2024", "bike_trips_half_2025"} & set(one["read"])
    medians = [one["quantiles"]["50"] for one in found]
    assert medians == sorted(medians, reverse=True)
