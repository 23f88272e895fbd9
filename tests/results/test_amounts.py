"""Budgets, capacities and markets of other shapes: arithmetic by hand, and the sentences that follow from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.results import (
    Run,
    answer,
    capacity_used,
    headlines,
    money_used,
    report_html,
    run_figures,
    table_schema,
    write_run,
)
from haidang.results.catalogue import words_of
from haidang.results.manifest import Language
from haidang.results.markets import market_path
from haidang.results.workbook import sheets
from tests.results.shapes import write_bikes, write_bonds, write_fed, yearly

EVERY = ("totals", "users", "budgets", "funnel", "choices", "facts")


def said(run: Run, language: Language = "en") -> str:
    return " ".join(answer(run, run.programme.id, words_of(run.manifest, language)))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("amounts")
    return {"bikes": write_bikes(folder / "bikes"), "fed": write_fed(folder / "fed")}


def test_a_capacity_is_told_as_use_and_refusals_and_not_as_money(runs: dict[str, Run]) -> None:
    run = runs["bikes"]
    found = capacity_used(run, "bikes", "bike")
    assert found.by == ("origin", "hour")
    assert found.available[0].p50 == 1e6
    # Of 1.3 asked for, 0.3 are refused.
    assert found.refused_share.points is not None
    assert found.refused_share.points.p50 == pytest.approx(0.3 / 1.3)
    used = run.table("budgets").filter(pl.col("scenario") == "bikes").group_by("draw").agg(pl.col("spent").sum())
    assert found.share.points is not None
    assert found.share.points.p50 == pytest.approx(float(np.median(used["spent"].to_numpy())) / 4e6)
    assert "of all requests find no room" in said(run)
    assert not [each for each in headlines(run, "bikes") if each.id.startswith("money_used")]
    assert "Origin × Hour" in next(each for each in run_figures(run, "en") if each.id == "capacity_bike").sentence


def test_where_a_capacity_is_mostly_idle_the_report_leads_with_that(tmp_path: Path) -> None:
    run = write_bikes(tmp_path / "run", 20)
    rows = run.table("budgets")
    wide = rows.with_columns(available=pl.when(pl.col("resource") == "bike").then(10**9).otherwise(pl.col("available")))
    tables = {name: run.table(name) for name in table_names(run)} | {"budgets": wide}
    changed = write_run(tmp_path / "wide", tables, run.manifest.model_dump(mode="json"), {})
    assert "there is plenty on the whole" in said(changed)
    assert "in some combinations of Origin × Hour, where 23%" in said(changed)
    assert "nhìn chung còn nhiều chỗ" in said(changed, "vi")


def table_names(run: Run) -> list[str]:
    """The tables of a run that have rows."""
    names = (*EVERY, "periods", "markets")
    return [name for name in names if name in EVERY or not run.table(name).is_empty()]


def test_money_from_another_programme_says_where_it_comes_from(runs: dict[str, Run]) -> None:
    used = money_used(runs["fed"], "credit", "loan")
    assert used.line is None
    assert used.fed is not None
    # 100 billion came in the first year and 300 in the second, whatever was spent in between.
    assert used.fed.tolist() == [4e11] * 30
    text = said(runs["fed"])
    assert "of 400 billion VND that comes in" in text
    assert "from “Remittances for science”: 50% of “Money raised”, one year later" in text
    assert "một năm sau" in said(runs["fed"], "vi")


def market_run(path: Path, rows: list[tuple[str, int, int, int, float, float, float, float]], draws: int) -> Run:
    """A market of two years with the rows given; floor 10, no ceiling told."""
    names = EVERY
    tables = {name: pl.DataFrame(schema=table_schema(name)) for name in names}
    grids = {
        name: {"units": np.ones((draws, 2)), "cut": np.full((draws, 2), amount)}
        for name, amount in (("baseline", 0.0), ("market", 1.0))
    }
    columns = ("scenario", "draw", "year", "month", "price", "bid", "offered", "traded")
    markets = pl.DataFrame(rows, schema=columns, orient="row").with_columns(floor=pl.lit(10.0))
    named = {"vi": "x", "en": "x"}
    manifest = {
        "haidang": "0", "pack": "p", "programme": "g", "model": "m", "seed": 1, "draws": draws, "rows": 1,
        "years": [2025, 2026], "scenarios": [{"id": name, "title": named} for name in ("baseline", "market")],
        "outcomes": [{"id": "units", "title": named, "unit": "unit", "kind": "stock"},
                     {"id": "cut", "title": named, "unit": "tCO2e", "kind": "flow", "good": "more"}],
        "market": {"title": named, "unit": "tCO2e", "price_unit": "VND/tCO2e"},
    }  # fmt: skip
    tables |= {"totals": yearly(grids, (2025, 2026), {}), "markets": markets}
    return write_run(path, tables, manifest, {})


def test_a_market_is_told_by_year_as_mean_price_sum_traded_and_what_is_left_at_the_end(tmp_path: Path) -> None:
    run = market_run(
        tmp_path / "run",
        [
            ("market", 0, 2025, 6, 10.0, 5.0, 9.0, 5.0),  # at the floor, 4 unsold
            ("market", 0, 2025, 12, 20.0, 8.0, 8.0, 8.0),  # cleared
            ("market", 0, 2026, 6, 30.0, 4.0, 4.0, 4.0),
            ("market", 0, 2026, 12, 40.0, 7.0, 4.0, 4.0),  # 3 bid for and not met
            ("baseline", 0, 2025, 6, 10.0, 0.0, 0.0, 0.0),
        ],
        1,
    )
    path = market_path(run, "market")
    assert path is not None
    assert path.periods == ((2025, 6), (2025, 12), (2026, 6), (2026, 12))
    assert [each.p50 for each in path.price] == [15.0, 35.0]
    assert [each.p50 for each in path.traded] == [13.0, 8.0]
    assert [each.p50 for each in path.surplus] == [0.0, -3.0]
    assert path.at_floor == 0.25
    assert path.at_ceiling is None
    assert path.floor == (10.0,) * 4
    assert path.ceiling == (None,) * 4
    assert market_path(run, "baseline") is None, "nobody bids or offers"
    assert "there is a shortage: 3 tCO₂e bid for find no seller" in said(run)


def test_a_market_in_which_nobody_trades_is_said_to_have_no_price(tmp_path: Path) -> None:
    run = market_run(tmp_path / "run", [("market", 0, 2025, 12, 10.0, 0.0, 0.0, 0.0)], 1)
    assert "nobody bids or offers" in said(run)
    page = report_html(run, ("en",))
    assert 'id="en-market"' in page
    assert "so there is no price" in page


def test_a_budget_of_something_else_than_money_is_used_and_not_paid_out(tmp_path: Path) -> None:
    run = write_fed(tmp_path / "fed")
    manifest = run.manifest.model_dump(mode="json")
    manifest["roles"] = {"money": ""}
    manifest["resources"] = [{"id": "loan", "title": {"vi": "Tín chỉ", "en": "Credits"}, "unit": "tCO2e"}]
    manifest["budgets"] = [
        manifest["budgets"][0] | {"fed_by": None, "line": 4e11, "title": {"vi": "Bán", "en": "Sale"}}
    ]
    tables = {name: run.table(name) for name in EVERY}
    users = {"scenario": "credit", "draw": 0, "outcome": "units", "by": "all", "group": "all"}
    tables["users"] = pl.DataFrame([users | {"scenario_value": 5.0, "baseline_value": 5.0}])
    changed = write_run(tmp_path / "run", tables, manifest, {})
    known = {each.id: each for each in headlines(changed, "credit")}
    assert known["amount_used.loan"].title.en == "Credits: used"
    assert known["users"].title.en == "Users of “Sale”"
    page = report_html(changed, ("en",))
    assert 'id="en-amount"' in page
    assert "money used" not in page.lower()


def test_money_that_a_programme_raises_is_not_handed_out(tmp_path: Path) -> None:
    run = write_fed(tmp_path / "fed")
    manifest = run.manifest.model_dump(mode="json") | {"roles": {"main": "loan", "cost": "subsidy", "money": "loan"}}
    tables = {name: run.table(name) for name in EVERY}
    page = report_html(write_run(tmp_path / "run", tables, manifest, {}), ("en",))
    assert 'id="en-amount"' in page
    assert 'id="en-money"' not in page
    assert 'id="en-who"' not in page


def test_several_capacities_are_told_by_the_one_that_turns_most_away(tmp_path: Path) -> None:
    run = write_bikes(tmp_path / "bikes", draws=5)
    manifest = run.manifest.model_dump(mode="json")
    manifest["resources"].append({"id": "dock", "title": {"vi": "Chỗ trả", "en": "Docks"}, "unit": "trip"})
    manifest["budgets"] += [line | {"resource": "dock"} for line in manifest["budgets"]]
    names = (*EVERY, "periods")
    tables = {name: run.table(name) for name in names}
    quiet = tables["budgets"].with_columns(resource=pl.lit("dock"), refused=pl.lit(0.0))
    full = tables["budgets"].with_columns(available=pl.col("spent"))
    tables["budgets"] = pl.concat([full, quiet])
    text = said(write_run(tmp_path / "run", tables, manifest, {}))
    assert "Of 2 capacities most are turned away at “Bikes at stations”: 23% of the requests" in text


def test_an_effect_that_is_mostly_nothing_is_told_by_how_much_it_could_be(tmp_path: Path) -> None:
    run = write_bonds(tmp_path / "bonds", draws=40)
    seldom = (pl.col("outcome") == "raised") & (pl.col("draw") > 4)
    tables = {name: run.table(name) for name in EVERY}
    tables["totals"] = tables["totals"].with_columns(value=pl.when(seldom).then(0.0).otherwise(pl.col("value")))
    changed = write_run(tmp_path / "run", tables, run.manifest.model_dump(mode="json"), {})
    assert "it most likely adds nothing; nine simulations in ten lie between nothing and" in said(changed)
    assert "nhiều khả năng chương trình không tạo thêm gì" in said(changed, "vi")
    assert "cannot be told, because the addition may be zero" in said(changed)


def test_a_budget_of_each_year_bounds_the_whole_as_well(tmp_path: Path) -> None:
    run = write_fed(tmp_path / "fed")
    manifest = run.manifest.model_dump(mode="json")
    manifest["budgets"] = [manifest["budgets"][0] | {"fed_by": None, "per_year": 2.5e11}]
    tables = {name: run.table(name) for name in EVERY}
    assert money_used(write_run(tmp_path / "run", tables, manifest, {}), "credit", "loan").line == 5e11


def test_room_for_everybody_is_said_in_so_many_words(tmp_path: Path) -> None:
    run = write_bikes(tmp_path / "bikes", draws=5)
    tables = {name: run.table(name) for name in (*EVERY, "periods")}
    tables["budgets"] = tables["budgets"].with_columns(refused=pl.lit(0.0))
    changed = write_run(tmp_path / "run", tables, run.manifest.model_dump(mode="json"), {})
    assert "There is room for nearly everybody" in said(changed)
    assert "Gần như ai cũng có chỗ" in said(changed, "vi")


def test_money_that_comes_in_some_draws_only_is_told_by_those(tmp_path: Path) -> None:
    run = write_fed(tmp_path / "fed", draws=30)
    tables = {name: run.table(name) for name in EVERY}
    none = pl.col("draw") < 10
    tables["budgets"] = tables["budgets"].with_columns(
        **{name: pl.when(none).then(0).otherwise(pl.col(name)) for name in ("available", "spent", "requested")}
    )
    changed = write_run(tmp_path / "run", tables, run.manifest.model_dump(mode="json"), {})
    used = money_used(changed, "credit", "loan")
    assert used.share.points is not None
    assert 0.3 < used.share.points.p5 <= used.share.points.p95 <= 1
    assert "that comes in" in said(changed)
    assert "no line bounds it" not in said(changed)


def test_a_scenario_without_orders_has_no_price_anywhere(tmp_path: Path) -> None:
    run = market_run(
        tmp_path / "run",
        [
            ("market", 0, 2025, 12, 20.0, 8.0, 8.0, 8.0), ("market", 0, 2026, 12, 40.0, 7.0, 4.0, 4.0),
            ("baseline", 0, 2025, 12, 77.0, 0.0, 0.0, 0.0), ("baseline", 0, 2026, 12, 77.0, 0.0, 0.0, 0.0),
        ],
        1,
    )  # fmt: skip
    assert market_path(run, "baseline") is None
    assert [each.id for each in headlines(run, "baseline") if each.id.startswith(("price", "traded"))] == []
    page = report_html(run, ("en",))
    assert ">77" not in page
    assert "40 VND" in page
    book = next(sheet for sheet in sheets(run, "en") if sheet.name == "Market")
    assert 77.0 not in {cell for row in book.rows for cell in row}
