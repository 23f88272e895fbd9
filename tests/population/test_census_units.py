"""A census: each unit once, what is published of one kept, and totals exact."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import HaidangError
from haidang.facts import FactBook
from haidang.population import PopulationSpec, build_population, check_spec, load_spec, margins, missed
from haidang.population.census import apportion
from haidang.population.draw import REFERENCE_ROWS, REFERENCE_SEED, draw, settle

MILLS = """\
id: mills
title: {vi: Nhà máy, en: Mills}
rows: 7
units: 7
columns:
  kind:
    kind: category
    title: {vi: Loại, en: Kind}
    categories: {steel: {vi: Thép, en: Steel}, paper: {vi: Giấy, en: Paper}}
    draw: {counts: {steel: steel_mills, paper: 4}}
    assumption: counted
  permit:
    kind: number
    unit: tonne
    least: 0
    title: {vi: Hạn mức, en: Permit}
    draw: {median: 10 tonne, spread: 0.7, times: {by: {kind: {steel: 8}}}}
    assumption: steel mills are larger
  next_permit:
    kind: number
    unit: tonne
    least: 0
    title: {vi: Hạn mức năm sau, en: Permit of the year after}
    draw: {median: 1.1, spread: 0, powers: {permit: 1}}
    assumption: one factor for all
  lit:
    kind: flag
    title: {vi: Có đèn, en: Lit}
    draw: {average: 40 %}
    assumption: none
given:
  known: {kind: steel, permit: known_permit, next_permit: 41 tonne, lit: "true"}
margins:
  mills: {fact: steel_mills, count: {kind: steel}}
  permits: {fact: permits, total: permit, scales: true, whole: true}
  next_steel: {fact: next_steel, total: next_permit, where: {kind: steel}, scales: true, whole: true}
"""
FACTS = """\
steel_mills: {value: 3, source: law}
known_permit: {value: 40 tonne, source: law}
permits: {value: 101 tonne, source: law}
next_steel: {value: 97 tonne, source: law}
"""
SHARES = "shares: {steel: 50 %, paper: 50 %}"
Replaced = Callable[[str, str], PopulationSpec]


@pytest.fixture
def book(tmp_path: Path) -> FactBook:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "mills.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text("law: {title: Law, publisher: State, date: 2026}\n", encoding="utf-8")
    return FactBook.load(tmp_path)


@pytest.fixture
def replaced(tmp_path: Path) -> Replaced:
    def found(old: str, new: str) -> PopulationSpec:
        assert old in MILLS
        path = tmp_path / "mills.yaml"
        path.write_text(MILLS.replace(old, new), encoding="utf-8")
        return load_spec(path)

    return found


@pytest.fixture
def spec(replaced: Replaced) -> PopulationSpec:
    return replaced("id: mills", "id: mills")


def test_each_unit_is_a_row_of_weight_one_whatever_number_is_asked_for(spec: PopulationSpec, book: FactBook):
    for rows in (None, 1, 500):
        table = build_population(spec, book, rows).table
        assert table["kind"].to_list() == ["steel"] * 3 + ["paper"] * 4
        assert table["weight"].to_list() == [1.0] * 7


def test_what_is_published_of_a_unit_is_kept(spec: PopulationSpec, book: FactBook):
    for seed in range(5):
        first = build_population(spec, book, seed=seed).table.row(0, named=True)
        assert (first["permit"], first["next_permit"], first["lit"]) == (40.0, 41.0, True)


def test_totals_are_exact_and_numbers_whole(spec: PopulationSpec, book: FactBook):
    for seed in range(20):
        population = build_population(spec, book, seed=seed)
        table = population.table
        assert table["permit"].sum() == 101.0
        assert table.filter(table["kind"] == "steel")["next_permit"].sum() == 97.0
        assert (table["permit"] == table["permit"].round()).all()
        assert missed(margins(population, spec, book)) == ()


def test_the_rest_keeps_its_proportions(spec: PopulationSpec, book: FactBook):
    # 101 less the 40 that are known, shared in the proportions in which the six others were drawn: within one each.
    table = build_population(spec, book, seed=3).table
    ids = np.arange(7)
    raw = draw(spec, book, ids, 3, settle(spec, book)).columns["permit"][1:]
    np.testing.assert_allclose(table["permit"].to_numpy()[1:], raw / raw.sum() * 61, atol=1)


def test_a_longer_table_has_the_counted_proportions(spec: PopulationSpec, book: FactBook):
    # What averages are settled on: 20,000 rows, in rounds of three steel mills and four paper mills.
    codes = draw(spec, book, np.arange(REFERENCE_ROWS), REFERENCE_SEED, settle(spec, book)).columns["kind"]
    assert codes[:8].tolist() == [0, 0, 0, 1, 1, 1, 1, 0]
    assert (codes == 0).mean() == pytest.approx(3 / 7, abs=1e-4)


def test_largest_remainders_by_hand():
    # 10 among 3 : 3 : 1 is 4.286, 4.286, 1.429: floors 4, 4, 1; the one left over goes to the largest remainder, 1.429.
    assert apportion(np.array([3.0, 3.0, 1.0]), 10).tolist() == [4.0, 4.0, 2.0]
    assert apportion(np.array([1.0, 1.0]), 3).tolist() == [2.0, 1.0]


@given(
    values=st.lists(st.floats(0, 1e7), min_size=1, max_size=120).filter(lambda one: sum(one) > 1e-3),
    total=st.integers(0, 300_000_000),
)
def test_shares_are_whole_add_up_and_miss_by_less_than_one(values: list[float], total: int):
    found = apportion(np.array(values), total)
    assert found.sum() == total
    assert (found == np.round(found)).all()
    assert np.abs(found - np.array(values) * (total / sum(values))).max() <= 1 + 1e-6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("paper: 4}", "paper: 3.5}", "expected a whole number of units, found 3.5", id="half-a-unit"),
        pytest.param("units: 7", "units: 8", "expected rows and units to be the 7 that are counted", id="units"),
        pytest.param("rows: 7", "rows: 9", "expected rows and units to be the 7 that are counted", id="rows"),
        pytest.param("known: {kind: steel, ", "known: {", "a unit that is given to say its kind", id="no-kind"),
        pytest.param("counts: {steel: steel_mills, paper: 4}", SHARES, "in a census", id="no-counts"),
        pytest.param("steel: steel_mills, paper: 4", "steel: 0, paper: 7", "no more units given than", id="too-many"),
    ],
)
def test_a_census_that_does_not_add_up_is_refused(replaced: Replaced, book: FactBook, old: str, new: str, said: str):
    with pytest.raises(HaidangError, match=said) as caught:
        check_spec(replaced(old, new), book)
    assert "mills.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("known: {kind: steel", "known: {kind: stel", "value of kind.*did you mean 'steel'", id="word"),
        pytest.param("permit: known_permit", "permt: known_permit", "did you mean 'permit'", id="column"),
        pytest.param("permit, scales: true, whole", "permit, whole", "only a column that is scaled", id="whole"),
        pytest.param("paper: 4}", "papr: 4}", "expected the key 'paper'|did you mean 'paper'", id="count"),
    ],
)
def test_a_mistake_in_a_census_is_named_when_it_is_read(replaced: Replaced, old: str, new: str, said: str):
    with pytest.raises(HaidangError, match=said):
        replaced(old, new)
