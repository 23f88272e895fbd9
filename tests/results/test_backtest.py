"""Backtests as a reader meets them: one outcome, a reference class, a list of cases; and the truth about the naive."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.results import Run, run_figures, write_backtests
from haidang.results.backtest import covered, forecast, inside, worse_than_naive
from haidang.results.catalogue import catalogue
from haidang.results.figure import Figure
from haidang.results.manifest import LANGUAGES, Backtest, Language
from haidang.results.sections import sections
from tests.results.example import BACKTESTS, write_example
from tests.results.shapes import CASES, CLASS, write_carbon


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return write_carbon(tmp_path_factory.mktemp("runs") / "run", draws=25)


def figures(run: Run, language: Language) -> list[Figure]:
    return [each for each in run_figures(run, language) if each.section == "backtest"]


def test_a_report_shows_the_backtests_of_its_programme_and_no_others(run: Run) -> None:
    assert [each.id for each in run.backtests] == ["carbon/price-change", "bonds/raised"]


def test_backtests_that_name_no_programme_are_shown_by_all(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=3)
    assert len(run.backtests) == len(BACKTESTS)
    write_backtests(run.path, [{**CLASS, "programmes": []}])
    assert len(write_example(tmp_path / "other", draws=3).backtests) == len(BACKTESTS)


def test_every_analogue_of_a_class_is_shown_with_what_came_and_whether_it_lies_inside(run: Run) -> None:
    figure = figures(run, "en")[0]
    assert [row[0] for row in figure.table.rows] == ["Case c", "Case b", "Case e", "Case d", "Case a"]
    assert [row[4] for row in figure.table.rows] == ["1", "0.76", "0.62", "0.6", "0.47"]
    assert [row[5] for row in figure.table.rows] == ["yes", "yes", "no", "no", "no"]
    assert all("Test Bureau" in row[7] for row in figure.table.rows)
    shown = str(figure.chart.to_dict())
    for value in (1.0, 0.76, 0.62, 0.6, 0.47):
        assert f"'value': {value}" in shown


def test_a_class_that_misses_too_often_says_so_and_that_the_naive_forecast_does_better(run: Run) -> None:
    figure = figures(run, "en")[0]
    assert "held against 5 cases of the same kind" in figure.sentence
    assert "Only 2 of 5 lie inside the 90% interval" in figure.sentence
    assert "It does worse than the naive forecast: mean error score (CRPS) 0.25 against 0.2." in figure.sentence
    assert figure.note == "The authors knew what came."
    assert "Mô hình kém hơn dự báo đơn giản (naive)" in figures(run, "vi")[0].sentence


def test_cases_stand_in_the_order_of_what_came_and_fitted_ones_are_marked(run: Run) -> None:
    figure = figures(run, "en")[1]
    assert [row[0] for row in figure.table.rows] == [
        "Case high", "Case old (used to fit)", "Case full", "Case mid", "Case low",
    ]  # fmt: skip
    assert "3 of 4 lie inside the 90% interval" in figure.sentence
    assert "Kendall’s tau is 0.67" in figure.sentence
    assert "It puts them in the right order" in figure.sentence


def test_an_order_that_chance_would_give_as_well_is_not_called_right(tmp_path: Path) -> None:
    run = write_carbon(tmp_path / "run", draws=3)
    write_backtests(run.path, [{**CASES, "rank": {"tau": 0.2, "p": 0.4, "cases": 4}}])
    reopened = Run(run.path, run.manifest)
    assert "It does not put them in the right order" in figures(reopened, "en")[0].sentence
    assert "không xếp đúng thứ tự" in figures(reopened, "vi")[0].sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_of_cases_keep_to_the_schema_even_where_an_interval_begins_at_zero(run: Run, language: Language) -> None:
    for figure in figures(run, language):
        figure.chart.to_dict(validate=True)
        assert "nan" not in figure.sentence
        for row in figure.table.rows:
            assert len(row) == len(figure.table.columns)


def test_a_note_and_the_source_of_what_came_stand_under_a_forecast(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=3)
    write_backtests(run.path, [{**BACKTESTS[0], "note": {"vi": "Đã biết trước.", "en": "It was known."}}])
    figure = figures(Run(run.path, run.manifest), "en")[0]
    assert figure.note.startswith("It was known. What came: Enterprise Survey (invented here), Test Bureau")


def test_coverage_counts_the_scored_cases_alone() -> None:
    cases = Backtest.model_validate(CASES)
    assert covered(cases) == (0.75, 4)
    assert covered(Backtest.model_validate({**CASES, "coverage90": None, "scored": None})) == (0.75, 4)
    assert covered(Backtest.model_validate(BACKTESTS[0])) == (1.0, 1)
    assert covered(Backtest.model_validate({**CASES, "cases": []})) is None


def test_the_verdict_on_the_naive_forecast_follows_the_scores_where_it_is_not_told() -> None:
    told = Backtest.model_validate(BACKTESTS[0])
    assert worse_than_naive(told) is False
    assert worse_than_naive(told.model_copy(update={"crps": told.crps.model_copy(update={"naive": 1.0})})) is True
    assert worse_than_naive(told.model_copy(update={"crps": told.crps.model_copy(update={"naive": None})})) is None


def test_a_forecast_is_read_from_its_quantiles_or_its_draws() -> None:
    one, other = (Backtest.model_validate(each) for each in BACKTESTS)
    first, second = forecast(one), forecast(other)
    assert first is not None
    assert first.p50 == 9.5e11
    assert second is not None
    assert second.p5 < second.p50 < second.p95
    assert inside(one, first) is True
    assert forecast(Backtest.model_validate(CASES)) is None


def test_a_list_of_one_case_is_told_as_one_forecast(tmp_path: Path) -> None:
    run = write_carbon(tmp_path / "run", draws=3)
    cases = CASES["cases"]
    assert isinstance(cases, list)
    write_backtests(run.path, [{**CASES, "cases": cases[3:4], "scored": 1, "coverage90": 0.0, "rank": None}])
    figure = figures(Run(run.path, run.manifest), "en")[0]
    assert "From the terms of this past case" in figure.sentence
    assert "the model gives 1.3 (0.5" in figure.sentence
    assert "What came, 3, lies outside the 90% interval" in figure.sentence
    assert "cases" not in figure.sentence


def test_past_cases_without_dates_of_their_own_are_no_foresight(tmp_path: Path) -> None:
    cases = CASES["cases"]
    assert isinstance(cases, list)
    dated = {**CASES, "cases": [{**each, "cutoff": "2010-01-31"} for each in cases]}
    run = write_carbon(tmp_path / "run", draws=3)
    for told, intro, says in (
        (CASES, "not of its foresight", "this tests the form of the model, not its foresight"),
        (dated, "with only what was known before", "The model forecasts 5 cases"),
    ):
        write_backtests(run.path, [told])
        found = Run(run.path, run.manifest)
        (figure,) = drawn = figures(found, "en")
        assert says in figure.sentence
        section = next(each for each in sections(found, "carbon", drawn, catalogue("en")) if each.id == "backtest")
        assert intro in section.intro
    write_backtests(run.path, [CASES, CLASS])
    found = Run(run.path, run.manifest)
    section = next(each for each in sections(found, "carbon", (), catalogue("en")) if each.id == "backtest")
    assert "Each figure says which it is" in section.intro
