"""The estimates of how factories decide: closed forms, recovery, and the published figures."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xlsxwriter

from haidang.packs.hcmc.fits.decisions import (
    PUBLISHED,
    area_under_curve,
    cost_elasticity,
    design,
    fit_two_steps,
    log_score,
    main,
    time_split,
)
from haidang.packs.hcmc.fits.facts import COUNTERPARTS, technology_map
from haidang.packs.hcmc.fits.logit import (
    FitError,
    conditional_likelihood,
    fit_conditional,
    fit_pooled,
    fit_random,
    marginal_share,
    random_likelihood,
)
from haidang.packs.hcmc.fits.records import GROUPS, RecordsError, payback_bin, read_parquet, read_workbook, select

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "iac_recommendations.parquet"
PACK = ROOT / "src" / "haidang" / "packs" / "hcmc"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the audits' recommendations are not in ../shared/data")


def simulated(seed, plants, items, beta, intercept=0.3, deviation=0.9, first_year=2001, last_year=2023):
    """Recommendations in the columns of the joined file, decided by a known logit."""
    rng = np.random.default_rng(seed)
    plant = np.repeat(np.arange(plants), items)
    cost = np.exp(rng.normal(8.0, 1.0, plants * items))
    saving = cost / np.exp(rng.uniform(np.log(0.05), np.log(8.0), plants * items))
    effect = np.repeat(rng.normal(0.0, deviation, plants), items)
    utility = intercept + beta[0] * np.log(cost) + beta[1] * np.log(saving) + effect
    chapter = rng.integers(2, 6, plants * items)
    code = rng.choice(np.array(["EC", "E2", "ED", "R1", "R2", "P1", "W2", "W1"]), plants * items)
    return pl.DataFrame(
        {
            "assessment_id": [f"A{number:06d}" for number in plant],
            "fiscal_year": np.repeat(rng.integers(first_year, last_year + 1, plants), items),
            "arc_digit_rounded": chapter,
            "resource_code": code,
            "implemented": (rng.logistic(size=plants * items) < utility).astype(np.int64),
            "cost_usd": cost,
            "saving_usd_per_year": saving,
            "employees": np.repeat(rng.integers(5, 900, plants), items),
            "sales_usd": np.repeat(np.exp(rng.normal(16.0, 1.0, plants)), items),
        }
    )


def by_enumeration(beta, x, adopted):
    """The conditional likelihood of one plant, every subset written out."""
    taken = int(adopted.sum())
    total = sum(np.exp(x[list(subset)].sum(axis=0) @ beta) for subset in itertools.combinations(range(len(x)), taken))
    return x[adopted].sum(axis=0) @ beta - np.log(total)


def test_two_items_with_one_adopted_are_a_plain_logit_of_their_difference():
    x, beta = np.array([[1.0, 3.0], [0.5, -2.0]]), np.array([0.7, -0.2])
    value, _, _ = conditional_likelihood(beta, x, np.array([True, False]), np.array([0, 0]))
    assert value[0] == pytest.approx(-np.log1p(np.exp(-(x[0] - x[1]) @ beta)), abs=1e-12)


def test_plants_that_adopt_all_or_nothing_say_nothing():
    x = np.array([[1.0], [2.0], [4.0], [3.0]])
    value, gradient, second = conditional_likelihood(
        np.array([0.4]), x, np.array([True, True, False, False]), np.array([0, 0, 1, 1])
    )
    assert value == pytest.approx([0.0, 0.0], abs=1e-12)
    assert gradient == pytest.approx(np.zeros((2, 1)), abs=1e-12)
    assert second == pytest.approx(np.zeros((2, 1, 1)), abs=1e-12)


def test_the_recursion_equals_the_sum_over_all_subsets():
    rng = np.random.default_rng(3)
    sizes = [2, 5, 7, 3]
    plant = np.repeat(np.arange(4), sizes)
    x, beta = rng.normal(size=(len(plant), 2)), np.array([0.8, -0.5])
    adopted = np.concatenate([np.arange(n) < taken for n, taken in zip(sizes, [1, 3, 2, 2], strict=True)])
    value, _, _ = conditional_likelihood(beta, x, adopted, plant)
    expected = [by_enumeration(beta, x[plant == p], adopted[plant == p]) for p in range(4)]
    assert value == pytest.approx(expected, abs=1e-12)


def test_gradient_and_second_derivative_are_those_of_the_likelihood():
    rng = np.random.default_rng(4)
    plant = np.repeat(np.arange(6), 5)
    x, beta, adopted = rng.normal(size=(30, 2)), np.array([0.3, 0.6]), rng.random(30) < 0.5
    _, gradient, second = conditional_likelihood(beta, x, adopted, plant)
    for column, shift in enumerate(1e-5 * np.eye(2)):
        after, before = (conditional_likelihood(beta + sign * shift, x, adopted, plant) for sign in (1, -1))
        assert (after[0] - before[0]) / 2e-5 == pytest.approx(gradient[:, column], abs=1e-8)
        assert (after[1] - before[1]) / 2e-5 == pytest.approx(second[:, :, column], abs=1e-8)


def test_what_all_items_of_a_plant_share_does_not_matter():
    rng = np.random.default_rng(5)
    plant = np.repeat(np.arange(40), 4)
    x, adopted = rng.normal(size=(160, 2)), rng.random(160) < 0.5
    moved = x + rng.normal(size=(40, 2))[plant] * 50.0
    one, other = fit_conditional(x, adopted, plant), fit_conditional(moved, adopted, plant)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-8)


def test_no_divided_plant_is_an_error_of_the_user():
    with pytest.raises(FitError, match="adopted some"):
        fit_conditional(np.empty((0, 2)), np.empty(0, dtype=bool), np.empty(0, dtype=np.int64))


def test_an_intercept_alone_is_the_logit_of_the_share():
    adopted = np.arange(200) < 60
    fitted = fit_pooled(np.ones((200, 1)), adopted, np.arange(200), np.zeros(200))
    assert fitted.coefficients[0] == pytest.approx(np.log(60 / 140), abs=1e-10)
    assert fitted.standard_errors[0] == pytest.approx(np.sqrt(1 / 60 + 1 / 140) * np.sqrt(200 / 199), rel=1e-9)


def test_a_plant_effect_without_spread_is_the_pooled_logit():
    rng = np.random.default_rng(6)
    plant, x = np.repeat(np.arange(50), 4), np.column_stack([np.ones(200), rng.normal(size=200)])
    adopted, beta = rng.random(200) < 0.4, np.array([-0.4, 0.2, -30.0])
    value, gradient = random_likelihood(beta, x, adopted, plant, np.zeros(200))
    utility = x @ beta[:2]
    assert value == pytest.approx(float(np.sum(adopted * utility - np.logaddexp(0, utility))), abs=1e-9)
    expected = (x * (adopted - 1 / (1 + np.exp(-utility)))[:, None]).sum(axis=0)
    assert gradient.sum(axis=0)[:2] == pytest.approx(expected, abs=1e-9)


def test_the_gradient_with_plant_effects_is_that_of_the_likelihood():
    rng = np.random.default_rng(7)
    plant, x = np.repeat(np.arange(30), 5), np.column_stack([np.ones(150), rng.normal(size=150)])
    adopted, beta, offset = rng.random(150) < 0.5, np.array([0.1, -0.3, -0.2]), rng.normal(size=150)
    gradient = random_likelihood(beta, x, adopted, plant, offset)[1].sum(axis=0)
    for column, shift in enumerate(1e-5 * np.eye(3)):
        after, before = (random_likelihood(beta + sign * shift, x, adopted, plant, offset)[0] for sign in (1, -1))
        assert (after - before) / 2e-5 == pytest.approx(gradient[column], abs=1e-5)


def test_known_coefficients_come_back_from_simulated_decisions():
    decisions = select(simulated(1, plants=3000, items=7, beta=(-0.4, 0.25)))
    divided = decisions.divided()
    money = fit_conditional(divided.money, divided.adopted, divided.plant)
    assert np.abs(money.coefficients - [-0.4, 0.25]) == pytest.approx([0, 0], abs=4 * money.standard_errors.max())
    one = np.ones((len(decisions), 1))
    offset = decisions.money @ np.array([-0.4, 0.25])
    rest = fit_random(one, decisions.adopted, decisions.plant, offset)
    assert rest.coefficients[0] == pytest.approx(0.3, abs=4 * rest.standard_errors[0])
    assert np.exp(rest.coefficients[1]) == pytest.approx(0.9, abs=0.1)


def test_the_second_step_carries_the_error_of_the_first():
    decisions = select(simulated(2, plants=800, items=6, beta=(-0.3, 0.2)))
    fitted = fit_two_steps(decisions)
    assert fitted.covariance == pytest.approx(fitted.covariance.T)
    assert np.linalg.eigvalsh(fitted.covariance).min() > 0
    first = fitted.covariance[:2, :2]
    assert first == pytest.approx(fitted.money.covariance, rel=2e-2)
    alone, together = np.diag(fitted.rest.covariance)[:5], np.diag(fitted.covariance)[2:7]
    assert (together > alone * 0.99).all()
    assert fitted.shares(decisions).mean() == pytest.approx(decisions.adopted.mean(), abs=0.02)


def test_a_time_split_on_a_stable_world_predicts_its_shares():
    told = time_split(select(simulated(8, plants=1500, items=6, beta=(-0.3, 0.2))))
    assert told["share_predicted"] == pytest.approx(told["share_realised"], abs=0.04)
    assert sum(row["n"] for row in told["by_payback"]) == told["decisions"]
    assert sum(row["n"] for row in told["by_size"]) == told["decisions"]
    assert told["single_plants"]["area_under_curve"] > 0.5


def test_scores_of_single_plants_are_those_of_small_examples():
    adopted = np.array([True, False, True, False])
    assert area_under_curve(np.array([0.9, 0.1, 0.4, 0.6]), adopted) == pytest.approx(0.75)
    assert area_under_curve(np.full(4, 0.5), adopted) == pytest.approx(0.5)
    assert log_score(np.array([0.5, 0.5, 0.25, 0.75]), adopted) == pytest.approx(
        (2 * np.log(0.5) + 2 * np.log(0.25)) / 4
    )


def test_averaging_over_plants_keeps_one_half_and_draws_others_towards_it():
    shares = marginal_share(np.array([0.0, 2.0, -2.0]), 1.2)
    assert shares[0] == pytest.approx(0.5)
    assert 0.5 < shares[1] < 1 / (1 + np.exp(-2.0))
    assert shares[1] + shares[2] == pytest.approx(1.0)


def test_the_sample_is_trimmed_as_stated():
    table = (
        simulated(9, plants=6, items=4, beta=(-0.3, 0.2))
        .head(6)
        .with_columns(
            cost_usd=pl.Series([100.0, 2.0, 900.0, 0.0, 100.0, 100.0]),
            saving_usd_per_year=pl.Series([100.0, 100.0, 100.0, 100.0, -5.0, 100.0]),
            implemented=pl.Series([1, 1, 0, 0, 1, None]),
        )
    )
    kept = select(table)
    assert np.exp(kept.money[:, 0]) == pytest.approx([100.0, 900.0])
    assert payback_bin(kept.money).tolist() == [4, 10]


def test_each_technology_takes_a_weighted_mean_of_intercepts():
    rows = technology_map(np.arange(1.0, len(GROUPS) + 1))
    assert rows.shape == (3 + len(COUNTERPARTS), len(GROUPS) + 4)
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(rows)))


def test_a_workbook_gives_the_same_table_as_the_joined_file(tmp_path):
    pytest.importorskip("openpyxl", reason="reading workbooks needs the extra haidang[db]")
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    items = [["ID", "FY", "ARC2", "IMPSTATUS", "IMPCOST", "PSOURCCODE", "PSAVED"]]
    items += [["A1", 2010, "2.4146", "I", 500, "EC", 250], ["A1", 2010, "4.6110", "N", 900, "P1", 300]]
    for name, rows in (("ASSESS", [["ID", "EMPLOYEES", "SALES"], ["A1", 40, 1e6]]), ("RECC1", items)):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    decisions = select(read_workbook(tmp_path / "book.xlsx"))
    assert decisions.adopted.tolist() == [True, False]
    assert [list(GROUPS)[group] for group in decisions.group] == ["motors", "practice"]
    assert np.exp(decisions.size) == pytest.approx([40.0, 40.0])


def test_a_missing_column_is_named_and_nothing_is_written(tmp_path, capsys):
    simulated(10, plants=5, items=4, beta=(-0.3, 0.2)).rename({"cost_usd": "costs_usd"}).write_parquet(
        tmp_path / "x.parquet"
    )
    with pytest.raises(RecordsError, match="cost_usd"):
        read_parquet(tmp_path / "x.parquet")
    out, told = tmp_path / "decision.yaml", tmp_path / "decisions.json"
    assert main(["--data", str(tmp_path / "x.parquet"), "--out", str(out), "--report", str(told)]) == 1
    assert main(["--data", str(tmp_path / "none.parquet"), "--out", str(out), "--report", str(told)]) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 2
    assert "did you mean 'costs_usd'?" in errors[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.parquet"]


def test_the_script_writes_facts_that_load(tmp_path):
    from haidang.facts import FactBook

    simulated(11, plants=700, items=6, beta=(-0.3, 0.2)).write_parquet(tmp_path / "x.parquet")
    (tmp_path / "facts").mkdir()
    out, told = tmp_path / "facts" / "decision.yaml", tmp_path / "decisions.json"
    assert main(["--data", str(tmp_path / "x.parquet"), "--out", str(out), "--report", str(told)]) == 0
    (tmp_path / "sources.yaml").write_text(
        "iac-2025: {title: t, publisher: p, date: 2025, address: https://itac.university}\n"
        "eia-pbl-2020: {title: t, publisher: p, date: 2020, address: https://www.pbl.nl}\n",
        encoding="utf-8",
    )
    book = FactBook.load(tmp_path)
    fitted = json.loads(told.read_text(encoding="utf-8"))
    assert book.value("decision_log_cost") == pytest.approx(fitted["conditional"]["log_cost"]["value"], rel=1e-5)
    assert len(book.joints["adoption-decision"].facts) == 3 + len(COUNTERPARTS)


@needs_data
def test_groups_are_those_of_the_joined_file():
    table = pl.read_parquet(DATA, columns=["technology_group"])
    everything = read_parquet(DATA)
    from haidang.packs.hcmc.fits import records

    group = everything.select(records._group().alias("group"))["group"].to_list()
    assert [list(GROUPS.values())[position] for position in group] == table["technology_group"].to_list()


@needs_data
def test_the_published_conditional_logit_is_reproduced():
    decisions = select(read_parquet(DATA))
    energy = decisions.where(decisions.energy).divided()
    assert (len(energy), int(energy.plant.max()) + 1) == (PUBLISHED["decisions"], PUBLISHED["plants"])
    fitted = fit_conditional(energy.money, energy.adopted, energy.plant)
    for position, name in enumerate(("log_cost", "log_saving")):
        value, error = PUBLISHED[name]
        assert fitted.coefficients[position] == pytest.approx(value, abs=0.0006)
        assert fitted.standard_errors[position] == pytest.approx(error, abs=0.0006)
    slope, _ = cost_elasticity(decisions)
    assert 0.05 < slope < 0.2


@needs_data
def test_the_pack_holds_what_the_data_say():
    told = json.loads((PACK / "fits" / "decisions.json").read_text(encoding="utf-8"))
    decisions = select(read_parquet(DATA))
    sized = decisions.sized()
    money = np.array([told["conditional"][name]["value"] for name in ("log_cost", "log_saving")])
    effect = told["plant_effect"]
    beta = np.array([*(effect[name]["value"] for name in [*GROUPS, "log_size"]), np.log(effect["deviation"])])
    value, gradient = random_likelihood(beta, design(sized), sized.adopted, sized.plant, sized.money @ money)
    assert value == pytest.approx(effect["log_likelihood"], abs=0.01)
    assert np.abs(gradient.sum(axis=0)).max() < 0.1
