"""Candidates: averages come out, what is ruled out stays out, and a unit is the same in any company."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.facts import FactBook
from haidang.population import PopulationError, PopulationSpec
from haidang.population.draw import REFERENCE_ROWS, REFERENCE_SEED, Known, draw, settle

SAME_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)


def test_averages_come_out_on_the_reference_rows(shop_spec: PopulationSpec, shop_book: FactBook):
    ids = np.arange(REFERENCE_ROWS)
    found = draw(shop_spec, shop_book, ids, REFERENCE_SEED, settle(shop_spec, shop_book)).columns
    # Four standard errors of a share of 20,000 rows.
    assert found["open"].mean() == pytest.approx(0.40, abs=0.014)
    assert found["lit"].mean() == pytest.approx(0.20, abs=0.012)
    assert (found["level_shop"] >= 2).sum() / found["open"].sum() == pytest.approx(0.50, abs=0.023)


def test_the_odds_ratio_is_the_one_that_is_stated(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("{by: {size: {large: 3}}, per: {drive: 2}}", "{by: {size: {large: 3}}}")
    ids = np.arange(200_000)
    found = draw(spec, shop_book, ids, 1, settle(spec, shop_book)).columns
    large = found["size"] == 1
    share, other = found["open"][large].mean(), found["open"][~large].mean()
    assert share / (1 - share) / (other / (1 - other)) == pytest.approx(3, rel=0.04)


def test_odds_of_zero_rule_a_unit_out(shop_spec: PopulationSpec, shop_book: FactBook):
    found = draw(shop_spec, shop_book, np.arange(5000), 1, settle(shop_spec, shop_book)).columns
    assert not (found["lit"] & ~found["open"]).any()


def test_a_step_that_names_a_flag_is_that_flag(shop_spec: PopulationSpec, shop_book: FactBook):
    found = draw(shop_spec, shop_book, np.arange(5000), 1, settle(shop_spec, shop_book)).columns
    np.testing.assert_array_equal(found["level_shop"] >= 1, found["open"])
    assert set(np.unique(found["level_shop"])) == {0, 1, 2, 3}


def test_numbers_stay_in_their_class(shop_spec: PopulationSpec, shop_book: FactBook):
    found = draw(shop_spec, shop_book, np.arange(20_000), 1, settle(shop_spec, shop_book)).columns
    small = found["staff"][found["size"] == 0]
    large = found["staff"][found["size"] == 1]
    assert (small.min(), small.max()) == (1, 9)
    assert large.min() == 10
    assert large.max() <= 199
    # Half of a Pareto distribution with exponent one between 10 and 200 lies below 10 / (1 - 0.95 / 2).
    assert np.median(large) == pytest.approx(10 / (1 - 0.475), abs=1)


def test_rows_of_their_own_are_undone_by_the_weight(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("large: 30 %}}", "large: 30 %}, rows: {small: 20 %, large: 80 %}}")
    found = draw(spec, shop_book, np.arange(40_000), 1, settle(spec, shop_book))
    large = found.columns["size"] == 1
    assert large.mean() == pytest.approx(0.8, abs=0.01)
    assert found.weight[large].sum() / found.weight.sum() == pytest.approx(0.3, abs=0.01)


@SAME_FILES
@given(count=st.integers(1, 60), more=st.integers(0, 60), seed=st.integers(0, 1000))
def test_a_longer_table_begins_with_the_shorter_one(
    shop_spec: PopulationSpec, shop_book: FactBook, count: int, more: int, seed: int
):
    constants = dict.fromkeys([("open", 0), ("lit", 0), ("level_shop", 2), ("level_shop", 3)], 0.3)
    short = draw(shop_spec, shop_book, np.arange(count), seed, constants)
    long = draw(shop_spec, shop_book, np.arange(count + more), seed, constants)
    for name, values in short.columns.items():
        np.testing.assert_array_equal(long.columns[name][:count], values)


def test_what_is_known_is_kept_and_the_rest_follows_from_it(shop_spec: PopulationSpec, shop_book: FactBook):
    ids = np.arange(1000)
    everybody = np.ones(1000, dtype=bool)
    known = {"size": Known(np.ones(1000, dtype=np.int64), everybody), "staff": Known(np.full(1000, 50.0), ids < 500)}
    found = draw(shop_spec, shop_book, ids, 1, settle(shop_spec, shop_book), known).columns
    assert (found["size"] == 1).all()
    assert (found["staff"][:500] == 50).all()
    assert (found["staff"][500:] >= 10).all()
    assert np.median(found["sales"][:500]) == pytest.approx(50e6, rel=0.1)


def test_an_average_that_cannot_be_had_is_refused(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("average: 20 %", "average: 60 %")
    with pytest.raises(PopulationError, match="cannot be had"):
        settle(spec, shop_book)
