"""A population reaches its margins, or says which one it cannot."""

import numpy as np
import pytest

from haidang.errors import HaidangError
from haidang.facts import FactBook
from haidang.population import Population, PopulationSpec, build_population, check_spec, margins, missed


@pytest.fixture
def shops(shop_spec: PopulationSpec, shop_book: FactBook) -> Population:
    return build_population(shop_spec, shop_book, seed=4)


def test_every_margin_is_held(shops: Population, shop_spec: PopulationSpec, shop_book: FactBook):
    found = margins(shops, shop_spec, shop_book)
    assert [one.name for one in found] == [one.name for one in shop_spec.margins]
    assert missed(found) == ()
    by_name = {one.name: one for one in found}
    assert by_name["open_large"].published == 0.60
    assert by_name["open_large"].se == pytest.approx(0.03)
    assert by_name["open_large"].source == ("survey",)
    assert by_name["sales"].source == ("assumption",)
    assert by_name["open_large"].title == {"vi": "open share · Lớn", "en": "open share · Large"}


def test_a_margin_is_what_its_words_say(shops: Population, shop_spec: PopulationSpec, shop_book: FactBook):
    table = shops.table
    weight, staff = table["weight"].to_numpy(), table["staff"].to_numpy()
    small, level = (table["size"] == "small").to_numpy(), table["level_shop"].to_numpy()
    by_name = {one.name: one.reached for one in margins(shops, shop_spec, shop_book)}
    assert by_name["staff_small"] == pytest.approx((weight * staff)[small].sum() / weight[small].sum())
    assert by_name["second"] == pytest.approx(weight[level >= 2].sum() / weight.sum())
    assert by_name["shops"] == pytest.approx(weight.sum())


def test_a_shown_margin_is_printed_and_not_asked_for(shops: Population, shop_spec: PopulationSpec, shop_book: FactBook):
    shown = next(one for one in margins(shops, shop_spec, shop_book) if one.name == "open_elsewhere")
    assert shown.shown == "another town"
    assert not shown.held
    assert shown.reached == pytest.approx(0.4, abs=0.02)


def test_a_total_scales_its_column_and_what_follows_from_it(shops: Population):
    table = shops.table
    assert (table["weight"] * table["sales"]).sum() == pytest.approx(5e9, rel=1e-6)
    np.testing.assert_allclose(table["costs"], table["sales"] / 2)


def test_margins_that_contradict_each_other_are_named(shop_spec_with, shop_book: FactBook, shop_files):
    facts = shop_files / "facts" / "shops.yaml"
    facts.write_text(facts.read_text().replace("large: {value: 60 %", "large: {value: 5 %"))
    facts.write_text(facts.read_text().replace("all: {value: 40 %, se: 2 %", "all: {value: 96 %, se: 1 %"))
    spec = shop_spec_with("average: open_share", "average: 50 %")
    book = FactBook.load(shop_files)
    names = {one.name for one in missed(margins(build_population(spec, book), spec, book))}
    assert {"open", "open_large"} & names


def test_weights_stay_in_their_bounds(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("{least: 0.05, most: 20}", "{least: 0.8, most: 1.2}")
    weight = build_population(spec, shop_book).table["weight"].to_numpy()
    assert weight.max() / weight.min() <= 1.2 / 0.8 + 1e-6


def test_the_same_seed_gives_the_same_table_and_another_seed_another(shop_spec: PopulationSpec, shop_book: FactBook):
    one = build_population(shop_spec, shop_book, 500, seed=9).table
    assert build_population(shop_spec, shop_book, 500, seed=9).table.equals(one)
    assert not build_population(shop_spec, shop_book, 500, seed=10).table.equals(one)


@pytest.mark.parametrize("rows", [1, 2, 40])
def test_a_few_rows_give_a_table_whose_check_tells_what_they_cannot_reach(
    shop_spec: PopulationSpec, shop_book: FactBook, rows: int
):
    population = build_population(shop_spec, shop_book, rows)
    assert population.table.height == rows
    assert population.units == pytest.approx(1000)
    assert len(margins(population, shop_spec, shop_book)) == len(shop_spec.margins)


def test_no_rows_are_refused(shop_spec: PopulationSpec, shop_book: FactBook):
    with pytest.raises(HaidangError, match="at least one row"):
        build_population(shop_spec, shop_book, 0)


def test_a_fact_that_the_pack_lacks_is_named_with_its_place(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("fact: staff_small", "fact: staf_small")
    with pytest.raises(HaidangError, match=r"shops\.yaml:\d+: margins\.staff_small: .*did you mean 'staff_small'"):
        build_population(spec, shop_book, 100)


def test_a_value_that_the_fact_lacks_is_named(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("value: large,", "value: larg,")
    with pytest.raises(HaidangError, match="did you mean 'large'"):
        build_population(spec, shop_book, 100)


def test_a_tolerance_beside_a_standard_error_is_refused(shop_spec_with, shop_book: FactBook):
    spec = shop_spec_with("share: {size: large}}", "share: {size: large}, tolerance: 5 %}")
    with pytest.raises(HaidangError, match="no tolerance beside a published standard error"):
        build_population(spec, shop_book, 100)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("fact: staff_small, mean: staff", "fact: sales_total, mean: staff", "expected person", id="mean"),
        pytest.param("fact: large_share", "fact: shops", "expected 1 for a share, found shops in firm", id="share"),
        pytest.param("fact: shops, count", "fact: large_share, count", "expected firm for a count", id="count"),
        pytest.param("average: open_share", "average: shops", "expected a share, found shops in firm", id="average"),
        pytest.param("average: 20 %", "average: 120 %", "expected a share between 0 and 1, found 1.2", id="too-much"),
        pytest.param("units: shops", "units: shopz", "did you mean 'shops'", id="no-fact"),
    ],
)
def test_facts_that_do_not_fit_are_refused_before_anything_is_drawn(
    shop_spec_with, shop_book: FactBook, old: str, new: str, said: str
):
    spec = shop_spec_with(old, new)
    with pytest.raises(HaidangError, match=said) as caught:
        check_spec(spec, shop_book)
    assert "shops.yaml:" in str(caught.value)
