"""The city's roofs through five years of months, small: what must hold of every run."""

import numpy as np
import polars as pl
import pytest

from haidang import load
from haidang.packs import load_pack
from haidang.population import build_population, margins

PROGRAMME = "rooftop-solar"
VARIANTS = ("tariff-again",)
EXISTING = 358_300 + 900_000
"""What stands at the start, kW."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two draws of a thousand roofs."""
    study = load("hcmc").programme(PROGRAMME)
    assert set(VARIANTS) < set(study.variants)
    folder = tmp_path_factory.mktemp("solar") / "run"
    return study.run(draws=2, rows=1000, workers=1, variants=VARIANTS, out=folder)


def outcome(run, scenario, name):
    """An outcome of all roofs: draws by years."""
    table = run.table("totals").filter(
        (pl.col("scenario") == scenario) & (pl.col("outcome") == name) & (pl.col("by") == "all")
    )
    return table.sort("draw", "year")["value"].to_numpy().reshape(2, 5)


def by_month(run, scenario, name):
    """The same: draws by months."""
    table = run.table("periods").filter((pl.col("scenario") == scenario) & (pl.col("outcome") == name))
    return table.sort("draw", "year", "month")["value"].to_numpy().reshape(2, 60)


@pytest.mark.parametrize("name", ["solar-roofs", "solar-roofs-vn"])
def test_roofs_electricity_and_what_stands_already_are_as_published(name):
    pack = load_pack("hcmc")
    spec = pack.population(name)
    population = build_population(spec, pack.book, 4000)
    assert all(one.held for one in margins(population, spec, pack.book) if one.shown is None)
    without = population.table.filter(pl.col("solar") == "no")
    assert without["existing"].max() == 0.0


def test_the_stock_is_what_stood_and_what_was_commissioned_since(run):
    for scenario in ("baseline", PROGRAMME, *VARIANTS):
        stock, added = outcome(run, scenario, "cumulative"), outcome(run, scenario, "capacity")
        np.testing.assert_allclose(stock, EXISTING + np.cumsum(added, axis=1), rtol=1e-4)
        assert np.all(added > 0)


def test_nothing_runs_in_the_month_in_which_the_first_is_ordered(run):
    assert np.all(by_month(run, "baseline", "capacity")[:, 0] == 0)
    assert np.all(by_month(run, "baseline", "energy")[:, 0] == 0)


def test_the_baseline_sells_nothing_and_costs_the_public_nothing(run):
    for name in ("surplus", "subsidy"):
        assert np.all(outcome(run, "baseline", name) == 0)
    assert np.all(outcome(run, PROGRAMME, "subsidy") == 0)
    assert np.all(outcome(run, PROGRAMME, "surplus") <= 0.2 * outcome(run, PROGRAMME, "energy") * (1 + 1e-5))


def test_emissions_avoided_are_those_of_the_grid(run):
    energy, avoided = outcome(run, "baseline", "energy"), outcome(run, "baseline", "emissions_avoided")
    np.testing.assert_allclose(avoided, energy * 0.6235e-3, rtol=1e-4)


def test_a_tariff_that_ends_gathers_installations_in_its_last_months(run):
    again, plain = by_month(run, "tariff-again", "capacity"), by_month(run, "baseline", "capacity")
    last, before, behind = slice(21, 24), slice(18, 21), slice(24, 27)
    assert again[:, last].sum() > again[:, before].sum()
    assert np.all(again[:, last].sum(axis=1) > 3.0 * again[:, behind].sum(axis=1))
    # The baseline has no such month.
    assert plain[:, last].sum() < 2.0 * plain[:, behind].sum()


def test_late_in_the_last_month_nothing_can_be_had_any_more(run):
    # All that the tariff of two years pays for was commissioned by the end of 2027: what is sold does not grow after.
    sold = by_month(run, "tariff-again", "surplus")
    np.testing.assert_allclose(sold[:, -1], sold[:, 24], rtol=1e-4)


def test_after_the_last_day_nothing_more_may_sell_and_the_stop_is_the_rules_alone(run):
    # The tariff of two years ends with 2027; what runs for its own use goes on, a small part of the last quarter's.
    stock, added = outcome(run, "tariff-again", "selling"), by_month(run, "tariff-again", "capacity")
    assert np.all(stock[:, 1] > stock[:, 0])
    np.testing.assert_allclose(stock[:, 2:], np.repeat(stock[:, 1:2], 3, axis=1), rtol=1e-6)
    assert np.all(added[:, 24:].sum(axis=1) > 0)
    # Without a last day, as under the programme itself, it does not stop.
    assert np.all(np.diff(outcome(run, PROGRAMME, "selling"), axis=1) > 0)
