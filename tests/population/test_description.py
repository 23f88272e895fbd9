"""A population's description: what is wrong in it is said with file, line and key."""

import re
from collections.abc import Callable

import pytest

from haidang.errors import HaidangError
from haidang.population import PopulationSpec, load_spec
from haidang.population.spec import Chance, Condition, Steps

Replaced = Callable[[str, str], PopulationSpec]


def test_the_description_is_read_in_the_order_of_the_file(shop_spec: PopulationSpec):
    assert list(shop_spec.columns) == ["size", "staff", "open", "lit", "level_shop", "sales", "costs", "score"]
    assert shop_spec.rows == 4000
    assert set(shop_spec.assumptions) == {*shop_spec.columns, "drive"}


def test_a_step_may_name_a_flag_and_an_average_a_fact(shop_spec: PopulationSpec):
    draws = {one.column.name: one.draw for one in shop_spec.drawn}
    assert isinstance(draws["level_shop"], Steps)
    assert draws["level_shop"].steps[0] == "open"
    assert isinstance(draws["open"], Chance)
    assert draws["open"].average.fact == "open_share"


def test_a_margin_may_ask_for_a_least_level(shop_spec: PopulationSpec):
    second = next(one for one in shop_spec.margins if one.name == "second")
    assert second.what == (Condition("level_shop", (), 2.0),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("rows: 4000", "row: 4000", "row: expected a known key.*did you mean 'rows'", id="unknown-key"),
        pytest.param("kind: level", "kind: levl", "expected one of category.*did you mean 'level'", id="kind"),
        pytest.param("{size: {large: 3}}", "{size: {lage: 3}}", "value of size.*did you mean 'large'", id="value"),
        pytest.param("by: {size: {large: 3}}", "by: {siz: {large: 3}}", "did you mean 'size'", id="column"),
        pytest.param("{staff: 1}", "{score: 1}", "found 'score', which is below it", id="order"),
        pytest.param("    assumption: power law\n", "", "expected the key 'assumption'", id="no-assumption"),
        pytest.param("unit: person", "unit: persn", "did you mean", id="unit"),
        pytest.param("steps: [open", "average: 5 %, steps: [open", "'average' draws a flag", id="wrong-way"),
        pytest.param(
            "{mean: 50, spread: 10,", "{spread: 10,", "expected the key classes or median or mean", id="no-way"
        ),
        pytest.param("median: 1e6, ", "median: 1e6, mode: 3, ", "mode: expected a known key", id="unknown-in-draw"),
        pytest.param("least: 0.05", "least: 1.5", "expected 0 <= least < 1 < most", id="bounds"),
        pytest.param(
            "count: {}", "count: {}, mean: staff", "expected one of share, count, mean, total, found 2", id="two"
        ),
        pytest.param("mean: staff,", "mean: stuff,", "did you mean 'staff'", id="margin-column"),
        pytest.param("mean: staff,", "mean: size,", "expected a number to take the mean of", id="margin-category"),
        pytest.param("share: {size: large}", "share: {size: huge}", "found 'huge'", id="margin-value"),
        pytest.param("total: sales, scales", "mean: sales, scales", "only a total can scale", id="scaling-a-mean"),
        pytest.param("least: 10, below: 200", "least: 10, below: 2", "0 < least < below", id="span"),
        pytest.param("        large: {least: 10, below: 200, exponent: 1}\n", "", "none for large", id="no-span"),
        pytest.param("median: 1e6", "median: 1e6 parsec", "expected a unit of measure", id="amount"),
        pytest.param("weights: {", "\tweights: {", "tab", id="tab"),
    ],
)
def test_a_mistake_is_named_in_one_line_with_its_place(shop_spec_with: Replaced, old: str, new: str, said: str):
    with pytest.raises(HaidangError) as caught:
        shop_spec_with(old, new)
    text = str(caught.value)
    assert re.search(said, text), text
    assert re.search(r"shops\.yaml:\d+: ", text), text
    assert "\n" not in text


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(HaidangError, match=r"none\.yaml"):
        load_spec(tmp_path / "none.yaml")
