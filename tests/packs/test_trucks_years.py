"""The ports' trucks through five years of the programme and its variants, small: what must hold of every run."""

import numpy as np
import polars as pl
import pytest

from haidang import load
from haidang.packs import load_pack
from haidang.population import build_population, margins

PROGRAMME = "green-trucks"
VARIANTS = ("port-charging", "purchase-grant")
TRUCKS = 17_300


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two draws of a thousand rows."""
    study = load("hcmc").programme(PROGRAMME)
    assert set(VARIANTS) < set(study.variants)
    folder = tmp_path_factory.mktemp("trucks") / "run"
    return study.run(draws=2, rows=1000, workers=1, variants=VARIANTS, out=folder)


def outcome(run, scenario, name):
    """An outcome of all trucks: draws by years."""
    table = run.table("totals").filter(
        (pl.col("scenario") == scenario) & (pl.col("outcome") == name) & (pl.col("by") == "all")
    )
    return table.sort("draw", "year")["value"].to_numpy().reshape(2, 5)


def test_the_trucks_turn_as_often_and_bear_as_much_of_the_charge_as_is_published():
    pack = load_pack("hcmc")
    spec = pack.population("truck-fleets")
    population = build_population(spec, pack.book, 2000)
    assert population.units == pytest.approx(TRUCKS)
    found = {one.name: one for one in margins(population, spec, pack.book)}
    assert all(one.held for one in found.values() if one.shown is None)
    assert found["trips"].reached == pytest.approx(1.5, rel=0.02)
    assert found["charge_road"].reached == pytest.approx(1912e9, rel=0.01)
    assert found["charge_transit"].reached == pytest.approx(4.4e6, rel=0.01)


def test_the_same_trucks_are_replaced_in_every_scenario_and_one_in_seven_to_fifteen_a_year(run):
    baseline = outcome(run, "baseline", "renewals")
    for scenario in (PROGRAMME, *VARIANTS):
        same = outcome(run, scenario, "renewals")
        # An electric truck is kept for other years than a diesel one; few are electric.
        np.testing.assert_allclose(same, baseline, rtol=0.02)
    assert np.all(baseline.mean(axis=1) > TRUCKS / 15)
    assert np.all(baseline.mean(axis=1) < TRUCKS / 7)


def test_the_baseline_costs_the_public_nothing(run):
    for name in ("forgone", "subsidy"):
        assert np.all(outcome(run, "baseline", name) == 0)


def test_every_variant_has_at_least_the_electric_trucks_of_the_baseline(run):
    baseline = outcome(run, "baseline", "electric_trucks")
    for scenario in (PROGRAMME, *VARIANTS):
        assert np.all(outcome(run, scenario, "electric_trucks") >= baseline - 1e-6)
    assert outcome(run, "port-charging", "electric_trucks")[:, -1].sum() > baseline[:, -1].sum()


def test_the_charge_forgone_is_what_the_discount_s_budget_spent(run):
    half = outcome(run, PROGRAMME, "forgone")
    assert np.all(half > 0)
    table = run.table("budgets").filter((pl.col("scenario") == PROGRAMME) & (pl.col("resource") == "forgone"))
    spent = table.sort("draw", "year")["spent"].to_numpy().reshape(2, 5)
    np.testing.assert_allclose(half, spent, rtol=1e-5)


def test_the_programme_s_public_cost_is_what_it_forgoes_and_the_grant_s_what_it_pays(run):
    np.testing.assert_allclose(outcome(run, PROGRAMME, "subsidy"), outcome(run, PROGRAMME, "forgone"), rtol=1e-6)
    assert np.all(outcome(run, "purchase-grant", "forgone") == 0)
    bought = outcome(run, "purchase-grant", "electric_bought")
    np.testing.assert_allclose(outcome(run, "purchase-grant", "subsidy"), bought * 400e6, rtol=1e-4)


def test_emissions_are_those_of_the_diesel_less_those_of_the_electricity(run):
    facts = run.table("facts")

    def fact(name):
        return facts.filter(pl.col("fact") == name).sort("draw")["value"].to_numpy()

    diesel, charged = outcome(run, PROGRAMME, "diesel_saved"), outcome(run, PROGRAMME, "charged")
    distance = outcome(run, PROGRAMME, "electric_distance")
    np.testing.assert_allclose(charged, distance * fact("truck_electric_use")[:, None] * 1e3, rtol=1e-3)
    np.testing.assert_allclose(diesel, distance * fact("truck_diesel_use")[:, None] * 1e6, rtol=1e-3)
    # 2.68 kg a litre and 0.6235 t a MWh, the last year that is known.
    expected = diesel * 2.68e-3 - charged * 0.6235e-3
    np.testing.assert_allclose(outcome(run, PROGRAMME, "emissions_avoided"), expected, rtol=1e-3, atol=1e-3)


def test_few_pass_all_stages_and_many_are_not_due(run):
    table = run.table("funnel").filter(pl.col("scenario") == PROGRAMME)
    by_stage = {name: rows["value"].sum() for (name,), rows in table.group_by("stage")}
    assert by_stage["offered"] > 5 * by_stage["due"] > by_stage["considers"] > by_stage["charging"] > 0
    assert by_stage["charging"] >= by_stage["range"]


def test_users_who_would_have_bought_one_anyway_are_counted_as_such(run):
    # The discount refuses nobody, every truck hauls cargo that pays the charge, and it only makes an electric truck
    # cheaper: whoever buys one without the programme is a user with it.
    budgets = run.table("budgets").filter(pl.col("scenario") == PROGRAMME)
    assert budgets["refused"].sum() == 0
    table = run.table("users").filter(
        (pl.col("scenario") == PROGRAMME) & (pl.col("by") == "all") & (pl.col("outcome") == "electric_bought")
    )
    anyway = table.sort("draw")["baseline_value"].to_numpy()
    assert np.all(anyway > 0)
    np.testing.assert_allclose(anyway, outcome(run, "baseline", "electric_bought").sum(axis=1), rtol=1e-6)
    assert np.all(table.sort("draw")["scenario_value"].to_numpy() >= anyway)
