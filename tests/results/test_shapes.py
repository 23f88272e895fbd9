"""Runs of other shapes than a credit line: a monthly model without money, a market, a bond, money from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

from haidang.results import (
    Run,
    answer,
    explain,
    headline_json,
    headlines,
    open_run,
    report_html,
    run_figures,
    table_schema,
    write_run,
    write_workbook,
)
from haidang.results.catalogue import words_of
from haidang.results.groups import divided, shown_groupings
from haidang.results.headline import eligible
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.markets import market_path
from haidang.results.months import has_months, monthly_path
from haidang.results.parts import lead_outcome, shown_outcomes
from tests.results.example import write_example
from tests.results.shapes import (
    BIKE_MONTHS,
    CARBON_YEARS,
    write_bikes,
    write_bonds,
    write_carbon,
    write_fed,
)

MAKERS = {"bikes": write_bikes, "carbon": write_carbon, "bonds": write_bonds, "fed": write_fed}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("shapes")
    return {name: make(folder / name) for name, make in MAKERS.items()}


def said(run: Run, language: Language = "en") -> str:
    return " ".join(answer(run, run.programme.id, words_of(run.manifest, language)))


class Words(HTMLParser):
    """The sections of a page and what a reader reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.text = ""
        self.hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.hidden = tag == "style" or (self.hidden and tag != "body")
        name = dict(attributes).get("id")
        if tag == "section" and name:
            self.sections.append(name.partition("-")[2])

    def handle_endtag(self, tag: str) -> None:
        self.hidden = self.hidden and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += f" {data}"


@pytest.fixture(scope="module")
def pages(runs: dict[str, Run]) -> dict[tuple[str, Language], Words]:
    return {
        (name, language): Words(report_html(run, (language,))) for name, run in runs.items() for language in LANGUAGES
    }


ALWAYS = {"effects", "variants", "variance", "backtest", "assumptions", "sources", "limits", "reproduce"}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("bikes", {"capacity", "months", "where", "additional"}),
        ("carbon", {"market", "where", "price"}),
        ("bonds", {"where", "price"}),
        ("fed", {"money", "price"}),
    ],
)
def test_a_report_has_the_parts_of_its_model_and_no_others(
    pages: dict[tuple[str, Language], Words], name: str, own: set[str]
) -> None:
    for language in LANGUAGES:
        assert set(pages[name, language].sections) == ALWAYS | own


@pytest.mark.parametrize("name", MAKERS)
def test_no_page_holds_a_number_that_is_none(pages: dict[tuple[str, Language], Words], name: str) -> None:
    for language in LANGUAGES:
        assert not re.search(r"\b(nan|NaN|None|inf)\b|[{}]", pages[name, language].text)


def test_a_model_without_money_or_factories_says_nothing_of_them(pages: dict[tuple[str, Language], Words]) -> None:
    english = r"factor|\bfirms?\b|loan|VND|dong|\blevels?\b|budget|credit|money|public cost"
    vietnamese = r"nhà máy|doanh nghiệp|\bvay\b|\bđồng\b|\bbậc\b|ngân sách|tín dụng|tiền|chi phí công"
    assert re.findall(english, pages["bikes", "en"].text, re.IGNORECASE) == []
    assert re.findall(vietnamese, pages["bikes", "vi"].text, re.IGNORECASE) == []


def test_units_are_called_what_the_manifest_calls_them(pages: dict[tuple[str, Language], Words]) -> None:
    assert "stand for 3 million trips" in pages["bikes", "en"].text
    assert "110 facilities" in pages["carbon", "en"].text
    assert "110 cơ sở" in pages["carbon", "vi"].text
    assert "800,000 households" in pages["bonds", "en"].text
    assert "10.000 nhà máy" in pages["fed", "vi"].text


@pytest.mark.parametrize(("name", "main"), [("bikes", "bike_trips"), ("carbon", "abatement"), ("bonds", "raised")])
def test_the_main_outcome_comes_first(runs: dict[str, Run], name: str, main: str) -> None:
    run = runs[name]
    lead = lead_outcome(run, run.programme.id)
    assert lead is not None
    assert lead.id == main
    assert headlines(run, run.programme.id)[0].id == f"effect.{main}"
    assert shown_outcomes(run, run.programme.id)[0].id == main
    found = headline_json(run)["main"]
    assert isinstance(found, dict)
    assert found["id"] == main


def test_without_a_declared_main_outcome_the_levels_come_first(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=3)
    assert headlines(run, "credit")[0].id == "effect.level_gain"
    assert shown_groupings(run) == ("size", "sector", "area")


def test_take_up_is_the_users_among_the_eligible_and_a_model_without_a_funnel_counts_none(
    tmp_path: Path, runs: dict[str, Run]
) -> None:
    run = write_example(tmp_path / "run", draws=3)
    known, found = {each.id: each for each in headlines(run, "credit")}, eligible(run, "credit")
    assert found is not None
    assert found.unit == known["users"].unit
    assert np.allclose(known["take_up"].draws * found.draws, known["users"].draws)
    assert eligible(runs["carbon"], "carbon") is None


def test_less_of_what_is_bad_is_a_gain(tmp_path: Path, runs: dict[str, Run]) -> None:
    run = runs["bikes"]
    manifest = run.manifest.model_dump(mode="json") | {"roles": {"main": "vehicle_km"}}
    names = ("totals", "users", "budgets", "funnel", "choices", "facts", "periods")
    changed = write_run(tmp_path / "run", {name: run.table(name) for name in names}, manifest, {})
    assert "“Motorbike kilometres” is lower by 1.46 (1.13" in said(changed)
    assert "“Quãng đường xe máy” thấp hơn" in said(changed, "vi")
    found = divided(changed, "bikes")
    assert found is not None
    assert found.outcome.id == "vehicle_km"


def test_what_changes_is_divided_where_no_money_is_handed_out(runs: dict[str, Run]) -> None:
    for name, outcome in (("bikes", "bike_trips"), ("carbon", "abatement"), ("bonds", "raised")):
        found = divided(runs[name], runs[name].programme.id)
        assert found is not None
        assert (found.outcome.id, found.is_money) == (outcome, False)
    assert shown_groupings(runs["bonds"]) == ("rural",), "yes and no stand where there is nothing else"
    figure = next(each for each in run_figures(runs["bonds"], "en") if each.id == "who_rural")
    assert "“Rural: No” brings the largest part" in figure.sentence


def test_months_are_told_for_each_scenario_and_a_mean_is_divided_by_its_units(runs: dict[str, Run]) -> None:
    run = runs["bikes"]
    assert has_months(run)
    path = monthly_path(run, "bikes", run.outcome("share_of_bikes"))
    assert path is not None
    assert path.months == tuple(BIKE_MONTHS)
    # 2 % of the trips times (1 + 0.1) in the first month, whatever the draw.
    assert path.values[0].p50 == pytest.approx(0.022)
    flow = monthly_path(run, "bikes", run.outcome("bike_trips"))
    assert flow is not None
    raw = run.table("periods").filter(
        (pl.col("scenario") == "bikes") & (pl.col("outcome") == "bike_trips") & (pl.col("year") == 2022)
        & (pl.col("month") == 3)
    )  # fmt: skip
    assert flow.values[flow.months.index((2022, 3))].p50 == pytest.approx(np.median(raw["value"].to_numpy()))
    assert monthly_path(run, "bikes", runs["carbon"].outcome("abatement")) is None
    assert not has_months(runs["carbon"])


def test_a_monthly_figure_says_what_the_months_hold(runs: dict[str, Run]) -> None:
    figures = {each.id: each for each in run_figures(runs["bikes"], "en")}
    assert "the strongest month is 12/2021" in figures["months_bike_trips"].sentence
    assert "In a mean month: 8.96" in figures["months_vehicle_km"].sentence
    assert "9 million vehicle-km without it" in figures["months_vehicle_km"].sentence
    assert len(figures["months_bike_trips"].table.rows) == len(BIKE_MONTHS)


def test_a_market_has_a_figure_a_table_by_year_and_its_own_share_of_variance(
    runs: dict[str, Run], pages: dict[tuple[str, Language], Words]
) -> None:
    figures = {each.id: each for each in run_figures(runs["carbon"], "en")}
    assert {"market_price", "market_left", "variance_price", "variance_effect_abatement"} <= figures.keys()
    assert len(figures["market_price"].table.rows) == len(CARBON_YEARS)
    assert "The market by year" in pages["carbon", "en"].text
    assert "Apart from “Emission permits”" in pages["carbon", "en"].text
    assert {each.id for each in headlines(runs["carbon"], "carbon")} >= {"price", "price_mean", "traded", "surplus"}


def test_the_cost_of_those_who_take_part_is_told_where_the_public_pays_nothing(runs: dict[str, Run]) -> None:
    text = said(runs["carbon"])
    assert "Cost to the facilities: " in text
    assert "each tonne of CO₂e avoided costs" in text
    assert "costs the public" not in text
    known = {each.id: each for each in headlines(runs["carbon"], "carbon")}
    assert known["private_cost_per.abatement"].unit == "VND/tCO2e"
    assert "cost_per.abatement" not in known


def test_a_cost_of_raising_money_is_a_share_of_it(runs: dict[str, Run]) -> None:
    known = {each.id: each for each in headlines(runs["bonds"], "bond")}
    found = known["cost_per.raised"]
    assert found.unit == "share"
    assert found.value.points is not None
    assert found.value.points.p50 == pytest.approx(0.03)
    assert "that is 3.0% of what is added" in said(runs["bonds"])


RESULTS = [
    ("carbon", "price"), ("carbon", "traded"), ("bikes", "capacity_used_share"), ("bikes", "bike_trips"),
    ("fed", "loan"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "result"), RESULTS)
def test_why_explains_every_kind_of_result(runs: dict[str, Run], name: str, result: str) -> None:
    chain = explain(runs[name], result)
    assert chain.how.vi != chain.how.en
    assert chain.told.en
    assert {link.fact for link in chain.links} == set(runs[name].manifest.facts_read)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_has_the_sheets_of_its_model(
    tmp_path: Path, runs: dict[str, Run], name: str, language: Language
) -> None:
    book = openpyxl.load_workbook(write_workbook(runs[name], tmp_path / "run.xlsx", language))
    months, market = ("Theo tháng", "Thị trường") if language == "vi" else ("Per month", "Market")
    assert (months in book.sheetnames) == (name == "bikes")
    assert (market in book.sheetnames) == (name == "carbon")
    assert all(sheet.max_row > 1 for sheet in book)


@pytest.mark.parametrize("name", MAKERS)
def test_every_chart_of_every_shape_keeps_to_the_schema_of_its_grammar(runs: dict[str, Run], name: str) -> None:
    for figure in run_figures(runs[name], "vi"):
        figure.chart.to_dict(validate=True)


def test_an_older_run_without_months_and_markets_opens_and_has_none(tmp_path: Path) -> None:
    written = write_example(tmp_path / "run", draws=3)
    assert not (written.path / "tables" / "periods.parquet").exists()
    run = open_run(written.path)
    for name in ("periods", "markets"):
        assert run.table(name).is_empty()
        assert list(run.table(name).columns) == list(table_schema(name))
    assert market_path(run, "credit") is None


def test_months_and_markets_are_kept_with_their_digests(tmp_path: Path) -> None:
    for make, name in ((write_bikes, "periods"), (write_carbon, "markets")):
        run = open_run(make(tmp_path / name, draws=3).path)
        assert f"tables/{name}.parquet" in run.manifest.files
        assert not run.table(name).is_empty()


def test_outcomes_beyond_the_eighth_stand_in_a_table(tmp_path: Path) -> None:
    run = write_bonds(tmp_path / "bonds", draws=5)
    manifest = run.manifest.model_dump(mode="json")
    more = [
        {"id": f"more_{index}", "title": {"vi": f"Thêm {index}", "en": f"More {index}"}, "unit": "level",
         "kind": "flow", "good": "neutral" if index < 3 else "more"}
        for index in range(10)
    ]  # fmt: skip
    manifest["outcomes"] += more
    tables = {name: run.table(name) for name in ("totals", "users", "budgets", "funnel", "choices", "facts")}
    changed = write_run(tmp_path / "run", tables, manifest, {})
    names = [each.id for each in shown_outcomes(changed, "bond")]
    assert names == ["raised", *(f"more_{index}" for index in range(3, 10))]
    page = Words(report_html(changed, ("en",)))
    assert "Other outcomes" in page.text
    assert "More 0: difference from no programme" in page.text
