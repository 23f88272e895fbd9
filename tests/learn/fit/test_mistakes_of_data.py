"""What data cannot tell is named, and no row is dropped without being counted."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from haidang.errors import HaidangError
from haidang.learn.fit import FitError, Groups, fit_choices, load_declared, observe
from haidang.learn.fit.choices import Linear
from haidang.learn.fit.coefficients import Coefficient
from tests.learn.fit.made import logit

NAMES = [Coefficient("b"), Coefficient("c")]
WIDE = """
kind: multinomial
data: {chosen: mode, where: income > 0REST}
alternatives:
  bus: {code: bus, available: can_bus == 1, utility: asc_bus + b * fare_bus}
  car: {code: car, utility: b * fare_car}
coefficients: {asc_bus: , b: }
"""


def wide(tmp_path, text=WIDE, rest="", **columns):
    rng = np.random.default_rng(1)
    n = 60
    table = pl.DataFrame(
        {
            "mode": ["bus" if one else "car" for one in rng.random(n) < 0.5],
            "income": np.full(n, 2.0),
            "can_bus": np.ones(n, dtype=int),
            "fare_bus": rng.random(n),
            "fare_car": rng.random(n),
        }
    ).with_columns(**columns)
    table.write_csv(tmp_path / "choices.csv")
    (tmp_path / "fit.yaml").write_text(text.replace("REST", rest), encoding="utf-8")
    declared = load_declared(tmp_path / "fit.yaml")
    observed = observe(declared, tmp_path / "choices.csv")
    return fit_choices(observed.choices, declared.coefficients, place=observed.place), observed


def test_perfect_separation_is_named_with_its_coefficient():
    choices = logit(1, 80, [0.8, -0.5])
    slopes = choices.utilities.slopes.copy()
    slopes[:, :, 0] = 0.0
    slopes[np.arange(80), choices.chosen, 0] = 1.0
    with pytest.raises(FitError, match="perfect separation along 'b'"):
        fit_choices(replace(choices, utilities=Linear(slopes, np.zeros((80, 3)))), NAMES)


def test_separation_in_a_part_of_the_data_is_named_too():
    choices = logit(2, 200, [0.8, -0.5])
    slopes = choices.utilities.slopes.copy()
    slopes[:, :, 0] = 0.0
    slopes[:20, :, 0] = np.eye(3)[choices.chosen[:20]]
    with pytest.raises(FitError, match="perfect separation along 'b'"):
        fit_choices(replace(choices, utilities=Linear(slopes, np.zeros((200, 3)))), NAMES)


def test_separated_items_of_groups_are_named():
    rng = np.random.default_rng(3)
    slopes, group = rng.normal(size=(60, 1)), np.repeat(np.arange(20), 3)
    taken = np.zeros(60, dtype=bool)
    taken[np.arange(20) * 3 + slopes.reshape(20, 3).argmax(axis=1)] = True
    groups = Groups(Linear(slopes, np.zeros(60)), taken, group, np.ones(20), None)
    with pytest.raises(FitError, match="perfect separation along 'b'"):
        fit_choices(groups, [Coefficient("b")])


def test_an_attribute_that_does_not_vary_is_named():
    choices = logit(4, 80, [0.8, -0.5])
    slopes = choices.utilities.slopes.copy()
    slopes[:, :, 1] = np.arange(80)[:, None]
    with pytest.raises(FitError, match="no variation behind 'c'"):
        fit_choices(replace(choices, utilities=Linear(slopes, np.zeros((80, 3)))), NAMES)


def test_collinear_columns_are_named_and_others_are_not():
    choices = logit(5, 80, [0.8, -0.5, 0.2])
    slopes = choices.utilities.slopes.copy()
    slopes[:, :, 2] = 3.0 * slopes[:, :, 0] + np.arange(80)[:, None]
    three = [*NAMES, Coefficient("d")]
    with pytest.raises(FitError, match="found 'b', 'd' collinear"):
        fit_choices(replace(choices, utilities=Linear(slopes, np.zeros((80, 3)))), three)


def test_one_cluster_is_refused_and_few_are_warned_of():
    choices = logit(6, 80, [0.8, -0.5])
    with pytest.raises(FitError, match="at least two clusters, found one"):
        fit_choices(replace(choices, cluster=np.zeros(80, dtype=int)), NAMES)
    few = fit_choices(replace(choices, cluster=np.arange(80) % 5), NAMES)
    assert ("few_clusters", "5") in few.warnings


def test_one_group_is_refused():
    groups = Groups(Linear(np.arange(3.0)[:, None], np.zeros(3)), np.array([1, 0, 1]) > 0, np.zeros(3, int), np.ones(1),
                    None)  # fmt: skip
    with pytest.raises(FitError, match="at least two groups"):
        fit_choices(groups, [Coefficient("b")])


def test_what_was_chosen_and_not_available_is_named(tmp_path):
    with pytest.raises(FitError, match=r"found 'bus' chosen and not available in \d+ of 60 choices, first row \d+"):
        wide(tmp_path, can_bus=pl.Series(np.arange(60) % 2))


def test_a_choice_of_one_is_named(tmp_path):
    with pytest.raises(FitError, match="at least two available alternatives, found one in 30 of 60"):
        wide(tmp_path, can_bus=pl.Series(np.arange(60) % 2), mode=pl.Series(["bus", "car"][::-1] * 30))


def test_missing_values_are_named_and_dropped_only_where_asked_and_counted(tmp_path):
    holes = pl.Series([None, None, *np.linspace(0, 1, 58)])
    with pytest.raises(FitError, match="finite value of 'fare_bus' in every row where it is read, found 2 of 60"):
        wide(tmp_path, fare_bus=holes)
    found, observed = wide(tmp_path, rest=", complete: fare_bus", fare_bus=holes)
    assert observed.left_out == {"incomplete": 2}
    assert found.observations == 58
    assert observed.rows == 60


def test_a_missing_value_of_what_cannot_be_chosen_does_no_harm(tmp_path):
    mode = pl.Series(["car"] * 10 + ["bus", "car"] * 25)
    fare = pl.Series([None] * 10 + list(np.random.default_rng(2).random(50)))
    can = pl.Series([0] * 10 + [1] * 50)
    text = WIDE.replace("  car:", "  foot: {code: foot, utility: b * income / 4}\n  car:")
    found, observed = wide(tmp_path, text, mode=mode, fare_bus=fare, can_bus=can)
    assert found.observations == 60
    assert not observed.left_out


def test_rows_outside_the_sample_are_counted(tmp_path):
    _, observed = wide(tmp_path, income=pl.Series([0.0] * 7 + [1.0] * 53))
    assert observed.left_out == {"outside": 7}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chosen: mode", "chosen: mod", "expected a column 'mod', found none"),
        ("b * fare_car}", "b * fare_caar}", "did you mean 'fare_car'"),
        ("code: car", "code: cars", "found 'car' in"),
        ("{asc_bus: , b: }", "{asc_bus: , b: , d: }", "coefficients.d: expected a utility that reads"),
        ("kind: multinomial", "kind: multinomal", "did you mean 'multinomial'"),
        ("kind: multinomial", "kind: nested", "expected the key 'nests'"),
        ("coefficients:", "worth: {v: {of: b, in: bb}}\ncoefficients:", "did you mean 'b'"),
        ("coefficients:", "restrictions: b = 2\ncoefficients:", "such as 'a == 2"),
        ("coefficients:", "coeficients:", "did you mean 'coefficients'"),
        ("utility: b * fare_car", "utility: {block: logit.adoption_utilty, of: {}}", "did you mean 'adoption_utility'"),
    ],
)
def test_a_description_that_does_not_fit_is_named_with_file_key_and_spelling(tmp_path, old, new, said):
    with pytest.raises(HaidangError, match=said.replace("(", "\\(")) as mistake:
        wide(tmp_path, WIDE.replace(old, new, 1))
    assert "\n" not in str(mistake.value)


def test_a_long_table_with_two_chosen_or_none_is_named(tmp_path):
    text = """
kind: multinomial
data: {shape: long, situation: case, alternative: alt, chosen: y}
alternatives: {a: {utility: b * x}, c: {utility: b * x}}
coefficients: {b: }
"""
    (tmp_path / "fit.yaml").write_text(text, encoding="utf-8")
    declared = load_declared(tmp_path / "fit.yaml")
    table = pl.DataFrame({"case": [1, 1, 2, 2], "alt": ["a", "c"] * 2, "y": [1, 1, 0, 1], "x": [1.0, 2.0, 3.0, 4.0]})
    table.write_csv(tmp_path / "t.csv")
    with pytest.raises(FitError, match="one alternative chosen in each choice, found 2 in case 1"):
        observe(declared, tmp_path / "t.csv")
    table.with_columns(y=pl.Series([0, 1, 0, 1]), alt=pl.Series(["a", "a", "a", "c"])).write_csv(tmp_path / "t.csv")
    with pytest.raises(FitError, match="one row for each choice and alternative, found 2 of 'a' in case 1"):
        observe(declared, tmp_path / "t.csv")


def test_groups_that_took_all_or_none_are_counted(tmp_path):
    text = "kind: conditional\ndata: {chosen: y, group: g}\nutility: b * x\ncoefficients: {b: }\n"
    (tmp_path / "fit.yaml").write_text(text, encoding="utf-8")
    rng = np.random.default_rng(4)
    table = pl.DataFrame({"g": np.repeat(np.arange(40), 3), "y": [1, 1, 1, 0, 1, 0] * 20, "x": rng.normal(size=120)})
    table.write_parquet(tmp_path / "t.parquet")
    observed = observe(load_declared(tmp_path / "fit.yaml"), tmp_path / "t.parquet")
    assert observed.left_out == {"undivided": 60}
    assert len(observed.choices) == 60
    table.with_columns(y=pl.lit(1)).write_parquet(tmp_path / "t.parquet")
    with pytest.raises(FitError, match="took some items and refused others"):
        observe(load_declared(tmp_path / "fit.yaml"), tmp_path / "t.parquet")
