"""What a programme's file says of itself stands in the report, and what is only supposed is told apart."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from haidang.results import Run, headline_json, open_run, report_html, terminal_table
from haidang.results.catalogue import catalogue
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.variants import variants_tables
from haidang.results.wording import answer, best_variant, shortened
from haidang.results.workbook import sheets
from tests.results.example import text, write_example

NOTE = text(
    "Hạn mức đã công bố. Lãi suất là giả định. " + "Câu này rất dài và không cần cho người đọc vội. " * 8,
    "The line is published. Its rate is an assumption. " + "This sentence is long and of little use in haste. " * 8,
)
CAVEAT = text("Phí bảo lãnh là giả định.", "The fee of the guarantee is an assumption.")
SUPPOSED = text("Giả sử ai cũng biết", "Supposing that everybody knew")


def retold(path: Path, **changes: dict[str, Any]) -> Run:
    """The example, with other words in its manifest: for each scenario what is changed."""
    write_example(path, draws=40)
    file = path / "manifest.json"
    told = json.loads(file.read_text())
    for scenario in told["scenarios"]:
        scenario |= changes.get(scenario["id"], {})
    file.write_text(json.dumps(told))
    return open_run(path)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return retold(
        tmp_path_factory.mktemp("notes") / "run", credit={"note": NOTE}, guarantee={"note": CAVEAT},
        zones={"title": SUPPOSED, "supposition": True},
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_stands_whole_at_the_top_of_the_report(run: Run, language: Language) -> None:
    page = report_html(run, (language,))
    told = " ".join(NOTE[language].split())
    assert told in page
    assert page.index("lead") < page.index(told) < page.index("<nav")
    assert CAVEAT[language] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_shows_the_first_sentences_of_the_note(run: Run, language: Language) -> None:
    stream = StringIO()
    Console(file=stream, width=2000).print(terminal_table(run, language))
    assert ". ".join(NOTE[language].split(". ")[:2]) in stream.getvalue()
    assert " ".join(NOTE[language].split()) not in stream.getvalue()


def test_a_note_is_shortened_between_sentences() -> None:
    assert shortened("One. Two. Three.", 9) == "One. Two. …"
    assert shortened("Whole.", 3) == "Whole."
    assert shortened("About 2.5 km. Then more.", 14) == "About 2.5 km. …"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_design_has_its_note_beside_its_row(run: Run, language: Language) -> None:
    designs = variants_tables(run, "credit", catalogue(language))[0]
    row = next(place for place, cells in enumerate(designs.rows) if cells[0].startswith(("Bảo lãnh", "Guarantee")))
    assert designs.notes[row] == CAVEAT[language]
    book = next(sheet for sheet in sheets(run, language) if CAVEAT[language] in {row[-1] for row in sheet.rows})
    assert [row[0] for row in book.rows if row[1] in {"supposition", "giả thiết"}] == [SUPPOSED[language]]


def test_a_run_without_notes_shows_none(tmp_path: Path) -> None:
    plain = write_example(tmp_path / "run", draws=30)
    assert 'caveat"' not in report_html(plain, ("en",))
    assert all(not table.notes for table in variants_tables(plain, "credit", catalogue("en")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supposition_is_told_apart_and_never_recommended(run: Run, language: Language, tmp_path: Path) -> None:
    words = catalogue(language)
    lead = run.outcome("level_gain")
    plain = write_example(tmp_path / "run", draws=40)
    asked = best_variant(plain, "credit", plain.outcome("level_gain"))
    assert asked is not None
    assert asked.scenario.id == "zones", "without the mark it would be the best design"
    best = best_variant(run, "credit", lead)
    assert best is not None
    assert best.scenario.id != "zones"
    assert SUPPOSED[language] not in " ".join(answer(run, "credit", words))
    designs, suppositions = variants_tables(run, "credit", words)
    assert SUPPOSED[language] not in {row[0] for row in designs.rows}
    assert SUPPOSED[language] in {row[0] for row in suppositions.rows}
    found = headline_json(run)["scenarios"]
    assert isinstance(found, dict)
    assert found["zones"]["supposition"] is True
    assert found["guarantee"]["note"]["en"] == CAVEAT["en"]


def test_the_headline_recommends_what_the_table_says(run: Run) -> None:
    words = catalogue("en")
    best = best_variant(run, "credit", run.outcome("level_gain"))
    assert best is not None
    table = variants_tables(run, "credit", words)[0]
    row = next(cells for cells in table.rows if cells[0] == best.scenario.title.en)
    told = " ".join(answer(run, "credit", words))
    assert (f"gains more in {row[-1].split(' ')[0]} of the simulations" in told) == (best.chance > 0.5)
