"""Paired comparison: answers known by hand, then what must hold for any numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.results import Run, budgets, compare, points, table_schema, write_run
from haidang.results.compare import chance_greater, ratio
from haidang.results.manifest import BudgetLine

YEARS = (2026, 2027)
NAMES = {"vi": "x", "en": "x"}
OUTCOMES = [
    {"id": "units", "title": NAMES, "unit": "firm", "kind": "stock"},
    {"id": "level", "title": NAMES, "unit": "level", "kind": "mean", "good": "more"},
    {"id": "level_gain", "title": NAMES, "unit": "level", "kind": "flow", "good": "more"},
    {"id": "waste", "title": NAMES, "unit": "t", "kind": "stock", "good": "less"},
    {"id": "subsidy", "title": NAMES, "unit": "VND", "kind": "flow", "good": "less"},
]


def grid(scenario: str, outcome: str, rows: list[list[float]], by: str = "all", group: str = "all") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"scenario": scenario, "draw": draw, "year": year, "outcome": outcome, "by": by, "group": group, "value": v}
            for draw, values in enumerate(rows)
            for year, v in zip(YEARS, values, strict=True)
        ]
    )


def run_of(path: Path, totals: list[pl.DataFrame], draws: int, **more: pl.DataFrame) -> Run:
    tables = {
        name: pl.DataFrame(schema=table_schema(name))
        for name in ("totals", "users", "budgets", "funnel", "choices", "facts")
    }
    tables["totals"] = pl.concat(totals)
    return write_run(
        path,
        tables | more,
        {
            "haidang": "0.1.0", "pack": "p", "programme": "g", "model": "m", "seed": 1, "draws": draws, "rows": 1,
            "years": list(YEARS), "outcomes": OUTCOMES,
            "scenarios": [{"id": name, "title": NAMES} for name in ("baseline", "g", "h")],
            "budgets": [{"scenario": "g", "instrument": "i", "resource": "loan", "line": 100}],
        },
        {},
    )  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    totals = [
        grid("baseline", "level_gain", [[10, 10], [20, 20]]),
        grid("g", "level_gain", [[11, 13], [22, 26]]),
        grid("h", "level_gain", [[10, 10], [30, 30]]),
        grid("baseline", "waste", [[5, 6], [5, 6]]),
        grid("g", "waste", [[5, 4], [5, 5]]),
        grid("g", "subsidy", [[2, 2], [4, 4]]),
        grid("h", "subsidy", [[1, 1], [1, 1]]),
        *(grid(name, "units", [[4, 4], [4, 5]]) for name in ("baseline", "g", "h")),
        grid("baseline", "level", [[8, 8], [8, 10]]),
        grid("g", "level", [[8, 12], [8, 15]]),
        grid("g", "level", [[1, 1], [1, 1]], "size", "small"),
    ]
    users = pl.DataFrame(
        [
            ("g", 0, "level_gain", "all", "all", 10.0, 6.0),
            ("g", 1, "level_gain", "all", "all", 20.0, 10.0),
        ],
        schema=["scenario", "draw", "outcome", "by", "group", "scenario_value", "baseline_value"],
        orient="row",
    )
    budgets = pl.DataFrame(
        [
            {"scenario": "g", "draw": draw, "year": year, "instrument": "i", "resource": "loan", "available": 100,
             "requested": 60, "spent": spent, "applicants": 3.0, "served": 2.0, "refused": 1.0}
            for draw, row in enumerate(([30, 40], [50, 50]))
            for year, spent in zip(YEARS, row, strict=True)
        ]
    )  # fmt: skip
    return run_of(tmp_path / "run", totals, 2, users=users, budgets=budgets)


def test_an_effect_is_the_difference_within_each_draw(run: Run) -> None:
    assert compare.effect(run, "g", "level_gain").tolist() == [[1, 3], [2, 6]]
    assert compare.horizon_effect(run, "g", "level_gain").tolist() == [4, 8]


def test_a_stock_is_told_at_the_end_and_not_summed(run: Run) -> None:
    assert compare.horizon_effect(run, "g", "waste").tolist() == [-2, -1]


def test_a_mean_is_divided_by_its_own_weight_in_each_year(run: Run) -> None:
    assert compare.yearly(run, "g", "level").tolist() == [[2, 3], [2, 3]]
    assert compare.horizon_effect(run, "g", "level").tolist() == [1, 1]


def test_a_mean_over_nobody_has_no_value_and_leaves_the_table(run: Run) -> None:
    assert np.isnan(compare.yearly(run, "g", "level", "size", "small")).all()
    table = compare.effects(run).filter((pl.col("outcome") == "level") & (pl.col("by") == "size"))
    assert table.is_empty()


def test_an_outcome_without_rows_is_zero(run: Run) -> None:
    assert compare.totals(run, "baseline", "subsidy").tolist() == [[0, 0], [0, 0]]


def test_the_table_of_effects_holds_years_and_horizon(run: Run) -> None:
    rows = compare.effects(run).filter(
        (pl.col("scenario") == "g") & (pl.col("outcome") == "level_gain") & (pl.col("by") == "all")
    )
    assert rows.filter(pl.col("year").is_null())["p50"].item() == 6
    assert rows.filter(pl.col("year") == 2027)["p50"].item() == 4.5


def test_additional_and_deadweight_are_shares_of_what_users_have(run: Run) -> None:
    found = compare.additionality(run, "g", "level_gain")
    assert found.deadweight_share.points is not None
    assert found.additional_share.points is not None
    assert found.deadweight_share.points.p50 == pytest.approx(0.55)
    assert found.additional_share.points.p50 == pytest.approx(0.45)
    assert found.additional.p50 == 7
    assert found.with_users == 1


def test_without_users_there_is_no_share(run: Run) -> None:
    found = compare.additionality(run, "h", "level_gain")
    assert found.deadweight_share == compare.Ratio(None, "no_users")
    assert found.with_users == 0


def test_money_used_stands_against_its_line(run: Run) -> None:
    used = budgets.money_used(run, "g", "loan")
    assert used.line == 100
    assert used.total.tolist() == [70, 100]
    assert used.cumulative[0].p50 == 40
    assert used.exhausted == 0.5
    assert used.share.points is not None
    assert used.share.points.p50 == pytest.approx(0.85)


def test_a_resource_that_nobody_spends_has_no_line(run: Run) -> None:
    used = budgets.money_used(run, "h", "grant")
    assert used.line is None
    assert used.share == compare.Ratio(None, "no_line")
    assert budgets.resources(run, "h") == ()


def test_a_yearly_tranche_bounds_the_years_in_which_the_instrument_runs(run: Run) -> None:
    def line(**told: object) -> float | None:
        stated = BudgetLine.model_validate({"scenario": "g", "instrument": "i", "resource": "loan", **told})
        manifest = run.manifest.model_copy(update={"budgets": (stated,)})
        return budgets.money_used(Run(run.path, manifest), "g", "loan").line

    # The run has two years.
    assert line(per_year=60) == 120
    assert line(per_year=60, years=[2027]) == 60
    assert line(per_year=60, line=100) == 100
    assert line(per_year=40, line=100) == 80
    assert line() is None


def test_the_price_of_a_level_is_a_ratio_per_draw(run: Run) -> None:
    price = compare.cost_per(run, "g", "level_gain").points
    assert price is not None
    assert price.p50 == 1.0


def test_a_price_with_zero_in_the_interval_is_no_number(run: Run) -> None:
    assert compare.cost_per(run, "h", "level_gain") == compare.Ratio(None, "zero")


def test_variants_are_compared_draw_by_draw(run: Run) -> None:
    assert compare.chance_better(run, "h", "g", "level_gain") == compare.Chance(0.5, 0.0)
    assert compare.chance_better(run, "g", "baseline", "waste") == compare.Chance(1.0, 0.0), "less waste is better"
    # h gains 0 and 20 for 2 each; g gains 4 and 8 for 4 and 8.
    assert compare.chance_better_per_cost(run, "h", "g", "level_gain") == compare.Chance(0.5, 0.0)


def test_a_design_is_not_better_than_one_that_does_the_same(run: Run) -> None:
    assert compare.chance_better(run, "g", "g", "level_gain") == compare.Chance(0.0, 1.0)
    assert compare.chance_better_per_cost(run, "g", "g", "level_gain") == compare.Chance(0.0, 1.0)


def test_a_hair_of_difference_is_none() -> None:
    # Half a percent of the larger is 1.005 of 201 and 1.0 of 200: the first pair differs by more, the second does not.
    assert chance_greater(np.array([202.0, 200.0]), np.array([200.0, 199.0])) == compare.Chance(0.5, 0.5)
    assert chance_greater(np.array([3.0]), np.array([2.0])) == compare.Chance(1.0, 0.0)


def test_designs_that_cost_nothing_are_not_compared_by_their_cost(run: Run) -> None:
    assert compare.chance_better_per_cost(run, "g", "baseline", "level_gain") is None
    assert compare.chance_better_per_cost(run, "g", "h", "nothing of the kind") is None


def test_a_ratio_is_not_told_where_the_denominator_may_be_zero_or_is_negative() -> None:
    many = np.linspace(-1, 9, 101)
    assert ratio(np.ones(101), many) == compare.Ratio(None, "zero")
    assert ratio(np.ones(101), -np.ones(101)) == compare.Ratio(None, "negative")
    assert ratio(np.ones(101), np.zeros(101)) == compare.Ratio(None, "zero")


def test_a_draw_that_pays_and_gains_nothing_counts_as_dear_and_is_not_dropped() -> None:
    gain = np.ones(100)
    gain[:3] = 0.0
    found = ratio(np.arange(100.0) + 1, gain).points
    assert found is not None
    # The three draws without gain stand above all others: the median moves up, and stays a number.
    assert found.p50 == 53
    assert np.isfinite(found.p95)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_points_are_in_order_and_within_the_draws(values: list[float]) -> None:
    found = points(np.array(values))
    ordered = [found.p5, found.p25, found.p50, found.p75, found.p95]
    assert ordered == sorted(ordered)
    assert min(values) <= found.p5
    assert found.p95 <= max(values)


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(
            st.lists(st.floats(0.01, 1e6), min_size=n, max_size=n),
            st.lists(st.floats(0.01, 1e6), min_size=n, max_size=n),
        )
    )
)
def test_a_ratio_of_positive_numbers_lies_between_its_extremes(pair: tuple[list[float], list[float]]) -> None:
    up, down = np.array(pair[0]), np.array(pair[1])
    found = ratio(up, down).points
    assert found is not None
    assert (up / down).min() <= found.p5 <= found.p95 <= (up / down).max()


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=50))
def test_chances_of_better_and_worse_and_the_same_sum_to_one(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs, np.float64).T
    ahead, behind = chance_greater(one, other), chance_greater(other, one)
    assert ahead.same == behind.same
    assert ahead.better + behind.better + ahead.same == pytest.approx(1)
