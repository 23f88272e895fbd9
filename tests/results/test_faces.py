"""The other faces of a run: JSON, workbook, terminal, and the chain from a result to its sources."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from haidang.results import (
    Run,
    UnknownNameError,
    explain,
    headline_json,
    render_chain,
    report_html,
    terminal_table,
    write_run,
    write_workbook,
)
from haidang.results.catalogue import catalogue
from haidang.results.cited import rivals
from haidang.results.manifest import LANGUAGES, FactText, Language
from tests.results.example import Case, fact_texts, manifest, write_example

CASES: tuple[Case, ...] = ("partial", "exhausted", "unused", "none_eligible", "negative")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return write_example(tmp_path_factory.mktemp("runs") / "run", draws=200)


def printed(renderable: object) -> str:
    stream = StringIO()
    Console(file=stream, width=160).print(renderable)
    return stream.getvalue()


def test_importing_results_imports_nothing_that_draws_or_compiles() -> None:
    heavy = ("altair", "jax", "scipy", "vl_convert", "jinja2", "xlsxwriter", "rich")
    code = f"import sys, haidang.results; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("case", CASES)
def test_json_holds_every_headline_with_its_points_or_the_reason(tmp_path: Path, case: Case) -> None:
    run = write_example(tmp_path / "run", case, draws=30)
    found = json.loads(json.dumps(headline_json(run), allow_nan=False))
    assert found["run"]["digest"] == run.manifest.digest
    assert list(found["scenarios"]) == [scenario.id for scenario in run.programmes]
    for scenario in found["scenarios"].values():
        for headline in scenario["headlines"].values():
            assert {"p5", "p50", "p95"} <= headline.keys() or headline["undefined"]
    assert found["scenarios"]["credit"]["against_programme"] is None
    assert 0 <= found["scenarios"]["grant"]["against_programme"]["better.level_gain"] <= 1


def test_json_names_the_facts_that_made_the_result(run: Run) -> None:
    variance = headline_json(run)["variance"]
    assert isinstance(variance, dict)
    facts = list(variance["money_used.loan"]["facts"])
    # The example multiplies these; the first varies most against its mean.
    assert facts[:2] == ["price_response", "awareness"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_holds_numbers_as_numbers(tmp_path: Path, run: Run, language: Language) -> None:
    book = openpyxl.load_workbook(write_workbook(run, tmp_path / "run.xlsx", language))
    assert len(book.sheetnames) == 8
    first = list(book[book.sheetnames[0]].iter_rows(values_only=True))
    money = next(row for row in first if row[1] == "money_used.loan")
    assert all(isinstance(value, int | float) for value in money[4:9])
    assert all(sheet.max_row > 1 for sheet in book)


def test_a_workbook_never_holds_a_formula(tmp_path: Path, run: Run) -> None:
    hostile = '=HYPERLINK("http://example.org","x")'
    facts = fact_texts() | {
        "awareness": {"title": hostile, "value": 1.0, "unit": "=1+1", "assumption": "@SUM(A1)", "source": []}
    }
    tables = {name: run.table(name) for name in ("totals", "users", "budgets", "funnel", "choices", "facts")}
    changed = write_run(tmp_path / "run", tables, manifest(200, 7), facts)
    book = openpyxl.load_workbook(write_workbook(changed, tmp_path / "run.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == hostile for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_the_same_run_gives_the_same_workbook(tmp_path: Path, run: Run) -> None:
    one, two = (write_workbook(run, tmp_path / name).read_bytes() for name in ("one.xlsx", "two.xlsx"))
    assert one == two


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_shows_the_answer_and_the_designs(tmp_path: Path, case: Case, language: Language) -> None:
    text = printed(terminal_table(write_example(tmp_path / "run", case, draws=25), language))
    assert ("Guarantee" if language == "en" else "Bảo lãnh") in text
    assert "nan" not in text


def test_square_brackets_in_a_title_are_not_markup(tmp_path: Path, run: Run) -> None:
    words = manifest(200, 7)
    words["scenarios"] = [{"id": each.id, "title": f"[red]{each.id}[/red]"} for each in run.manifest.scenarios]
    tables = {name: run.table(name) for name in ("totals", "users", "budgets", "funnel", "choices", "facts")}
    changed = write_run(tmp_path / "run", tables, words, fact_texts())
    assert "[red]credit[/red]" in printed(terminal_table(changed, "en"))


def test_a_chain_leads_from_a_result_to_its_facts_largest_share_first(run: Run) -> None:
    chain = explain(run, "level_gain")
    assert chain.headline.id == "effect.level_gain"
    shares = [link.share.share if link.share else 0.0 for link in chain.links]
    assert shares == sorted(shares, reverse=True)
    assert {link.fact for link in chain.links} == set(run.manifest.facts_read)
    text = printed(render_chain(chain, "en"))
    assert "https://example.org/survey" in text
    assert "Assumption: No survey asks for it" in text
    assert "Weighted sum of “Levels gained”" in text


def test_reasons_and_places_are_told_in_the_language_asked_for(tmp_path: Path, run: Run) -> None:
    words = {
        "assumption": {"vi": "Chưa ai hỏi", "en": "Nobody asked"}, "place": {"vi": "trang hai", "en": "page two"},
    }  # fmt: skip
    facts = fact_texts()
    fact = facts["awareness"]
    assert isinstance(fact, dict)
    tables = {name: run.table(name) for name in ("totals", "users", "budgets", "funnel", "choices", "facts")}
    changed = write_run(tmp_path / "run", tables, manifest(200, 7), facts | {"awareness": fact | words})
    for language, said, unsaid in (("vi", "vi", "en"), ("en", "en", "vi")):
        chain = printed(render_chain(explain(changed, "level_gain"), language))
        book = openpyxl.load_workbook(write_workbook(changed, tmp_path / "run.xlsx", language))
        cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        page = report_html(changed, (language,))
        for text in words.values():
            assert text[said] in chain
            assert text[unsaid] not in chain + page
        assert words["assumption"][said] in page
        assert words["assumption"][said] in cells
        assert words["assumption"][unsaid] not in cells


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("subsidy", "public_cost"),
        ("loan", "money_used.loan"),
        ("units", "users"),
        ("money_used", "money_used.loan"),
        ("deadweight_share", "deadweight_share.level_gain"),
        ("effect.level", "effect.level"),
        ("cost_per.level_gain", "cost_per.level_gain"),
        ("take_up", "take_up"),
    ],
)
def test_a_result_is_found_by_the_model_s_name_and_by_the_report_s(run: Run, asked: str, found: str) -> None:
    chain = explain(run, asked)
    assert chain.headline.id == found
    for language in LANGUAGES:
        assert chain.how[language]
        assert printed(render_chain(chain, language))


def test_every_headline_can_be_explained(run: Run) -> None:
    scenarios = headline_json(run)["scenarios"]
    assert isinstance(scenarios, dict)
    for name in scenarios["grant"]["headlines"]:
        assert explain(run, name, "grant").headline.id == name


def test_an_unknown_result_gets_the_nearest_spelling(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'level_gain'"):
        explain(run, "level_gian")
    with pytest.raises(UnknownNameError, match="did you mean 'grant'"):
        explain(run, "level_gain", "grnat")


def test_a_run_of_one_draw_is_explained_without_shares(tmp_path: Path) -> None:
    chain = explain(write_example(tmp_path / "run", draws=1), "level_gain")
    assert all(link.share is None and link.fixed for link in chain.links)


def test_too_few_simulations_are_said_to_be_too_few_in_the_report_s_words(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=8)
    text = printed(render_chain(explain(run, "level_gain"), "en"))
    assert "too few simulations to tell which facts carry the variance" in text
    assert "too few simulations to tell which facts carry the variance" in report_html(run, ("en",))
    assert "below noise" not in text
    assert "drawn  Share of factories aware" in text
    assert "quá ít lần mô phỏng" in printed(render_chain(explain(run, "level_gain"), "vi")).lower()


def test_a_value_without_a_source_is_said_to_be_assumed() -> None:
    source = {"id": "survey", "title": "A survey"}
    fact = FactText.model_validate(
        {"title": "x", "value": 2.0, "unit": "km", "chosen": "one", "rivals": [
            {"id": "one", "value": 2.0, "source": [source]}, {"id": "two", "value": 1.5, "source": []},
            {"id": "three", "value": 3.0, "source": [source]},
        ]}
    )  # fmt: skip
    assert rivals(fact, catalogue("en")) == ("Also assumed: 1.5 km", "Also published: 3 km: A survey")
