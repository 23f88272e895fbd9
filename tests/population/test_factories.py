"""The city's factories: every margin held, the columns that models bind to, and what the survey's words imply."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from haidang.facts import FactBook
from haidang.population import Population, PopulationSpec, build_population, margins, missed

BOUND = {
    "sector": ("food", "garments", "metal", "other"),
    "size": ("small", "medium", "large"),
    "area": ("hcmc", "binh_duong", "vung_tau"),
    "constrained": ("none", "partial", "full"),
}
FLAGS = (
    "zone",
    "exporter",
    "foreign",
    "bank_loan",
    "no_need",
    "collateral",
    "quality_certificate",
    "energy_management",
)
NUMBERS = {
    "employees": "person",
    "revenue": "VND/year",
    "value_added": "VND/year",
    "electricity": "kWh/year",
    "management": "1",
}
LEVELS = ("process", "flow", "sync", "sustain", "learning", "digital", "responsible")
CUTS = {
    "food": ("Sector", "Food"),
    "garments": ("Sector", "Garments"),
    "metal": ("Sector", "Fabricated Metal Products"),
    "other": ("Sector", "Other Manufacturing"),
    "small": ("Size", "Small (5-19)"),
    "medium": ("Size", "Medium (20-99)"),
    "large": ("Size", "Large (100+)"),
    "domestic": ("Ownership Type", "Domestic"),
    "foreign": ("Ownership Type", "10% or more foreign ownership"),
    "exporters": ("Exporter Type", "Direct exports are 10% or more of sales"),
    "southeast": ("Location", "Southeast"),
    "all": ("All", "All"),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_published_margin_is_held(city_spec: PopulationSpec, city_book: FactBook, seed: int):
    population = build_population(city_spec, city_book, rows=20_000, seed=seed)
    assert [one.name for one in missed(margins(population, city_spec, city_book))] == []


def test_the_columns_are_the_ones_that_models_bind_to(factories: Population):
    columns = factories.columns
    for name, categories in BOUND.items():
        assert columns[name].categories == categories
    assert all(columns[name].kind == "flag" for name in FLAGS)
    assert {name: columns[name].unit for name in NUMBERS} == NUMBERS
    assert all(columns[f"level_{area}"].kind == "level" for area in LEVELS)
    assert len(columns) == len(BOUND) + len(FLAGS) + len(NUMBERS) + len(LEVELS)


def test_everything_on_screen_has_both_languages(city_spec: PopulationSpec, factories, city_book: FactBook):
    for column in city_spec.columns.values():
        assert set(column.title) == {"vi", "en"}
        assert all(set(column.titles[value]) == {"vi", "en"} for value in column.categories)
    assert all(set(one.title) == {"vi", "en"} for one in margins(factories, city_spec, city_book))


def test_every_way_of_drawing_states_its_assumption(city_spec: PopulationSpec):
    assert all(len(text) > 30 for text in city_spec.assumptions.values())


def test_size_is_what_the_number_of_employees_says(factories: Population):
    employees = factories.table["employees"].to_numpy()
    size = np.digitize(employees, [20, 100])
    np.testing.assert_array_equal(size, factories.table["size"].to_physical().to_numpy())
    assert employees.min() >= 5


def test_the_categories_of_credit_exclude_each_other(factories: Population):
    table = factories.table
    assert not (table["bank_loan"] & (table["constrained"] == "full")).any()
    assert not (table["no_need"] & (table["constrained"] != "none")).any()


def test_the_first_level_of_sustainability_is_energy_management(factories: Population):
    table = factories.table
    np.testing.assert_array_equal(table["level_sustain"].to_numpy() >= 1, table["energy_management"].to_numpy())


def test_the_hidden_maturity_moves_levels_and_management_together(factories: Population):
    table = factories.table
    weight = table["weight"].to_numpy()
    mean_level = np.mean([table[f"level_{area}"].to_numpy() for area in LEVELS], axis=0)
    management = table["management"].to_numpy()
    for size in ("small", "medium", "large"):
        inside = (table["size"] == size).to_numpy()
        covariance = np.cov(np.stack([mean_level[inside], management[inside]]), aweights=weight[inside])
        assert covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1]) > 0.15


def test_totals_are_plausible_beside_each_other(factories: Population):
    table = factories.table
    total = {name: float((table["weight"] * table[name]).sum()) for name in ("employees", "value_added", "revenue")}
    # Above the mean wage of 118 million VND a year (2017), below three times the country's mean of industry.
    assert 118e6 < total["value_added"] / total["employees"] < 600e6
    assert 0.15 < total["value_added"] / total["revenue"] < 0.30
    assert (table["value_added"] > 0).all()


def test_shown_figures_have_a_reason_and_the_others_a_source(factories, city_spec: PopulationSpec, city_book: FactBook):
    found = margins(factories, city_spec, city_book)
    assert all(one.source for one in found)
    assert all(len(one.shown) > 20 for one in found if one.shown is not None)
    assert sum(one.shown is None for one in found) > 80


def test_the_weights_keep_most_of_the_rows_worth(factories: Population):
    assert factories.effective_rows > 0.5 * factories.table.height


def test_the_survey_figures_are_the_published_ones(city_book: FactBook, shared: Path):
    published: dict[tuple[str, str, str], tuple[float, float, float]] = {}
    with (shared / "data" / "wbes_vietnam_2023_indicators.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["value"] != ".":
                # Of the two rows named Sector / All the first is manufacturing.
                key = (row["cut"], row["subcut"], row["indicator"])
                published.setdefault(key, (float(row["value"]), float(row["se"] or "nan"), float(row["n"])))
    checked = 0
    for name, fact in city_book.facts.items():
        for rival in fact.rivals if name.startswith("firms_") else ():
            indicator = (rival.claim.passage or "").split(",")[0]
            cut = ("Sector", "All") if rival.id == "manufacturing" else CUTS[rival.id]
            value, se, n = published[(*cut, indicator)]
            assert (rival.value, rival.se) == (pytest.approx(value, abs=0.006), pytest.approx(se, abs=0.006)), rival
            assert rival.claim.passage == f"{indicator}, n = {n:.0f}"
            checked += 1
    assert checked > 100
