"""The report: one file that loads nothing, in two languages, whole in every case, and safe whatever a pack says."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from haidang.results import (
    Addresses,
    Run,
    RunWriteError,
    report_body,
    report_html,
    run_figures,
    write_figures,
    write_report,
    write_run,
)
from haidang.results.cited import facts_read
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.theme import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PAPER, PINK
from tests.results.example import Case, fact_texts, manifest, write_example

VOID = {"meta", "input", "br", "img", "link"}
TABLES = ("totals", "users", "budgets", "funnel", "choices", "facts")


class Page(HTMLParser):
    """What a test wants to know of a page: its elements with their attributes, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return write_example(tmp_path_factory.mktemp("runs") / "run", draws=60)


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return report_html(run)


def test_the_page_is_whole_and_loads_nothing(text: str) -> None:
    page = Page(text)
    assert page.open == []
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    loading = {"src", "srcset", "xlink:href", "data", "action", "background"}
    for tag, attributes in page.elements:
        assert not loading & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes), tag
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


def test_every_language_has_its_own_part_and_a_switch_without_scripts(text: str) -> None:
    page = Page(text)
    assert page.all("html")[0]["lang"] == "vi"
    assert [part["lang"] for part in page.all("div") if "page" in (part.get("class") or "").split()] == ["vi", "en"]
    radios = page.all("input")
    assert [radio["id"] for radio in radios] == ["choose-vi", "choose-en"]
    assert ["checked" in radio for radio in radios] == [True, False]
    assert all(radio["aria-label"] for radio in radios)
    assert {label["for"] for label in page.all("label")} == {"choose-vi", "choose-en"}


def test_the_language_asked_for_is_shown_first(run: Run) -> None:
    page = Page(report_html(run, ("en", "vi")))
    assert page.all("html")[0]["lang"] == "en"
    assert next(("checked" in radio, radio["id"]) for radio in page.all("input")) == (True, "choose-en")


def test_one_language_alone_has_no_switch(run: Run) -> None:
    text = report_html(run, ("en",))
    page = Page(text)
    assert page.all("html")[0]["lang"] == "en"
    assert not page.all("input")
    assert "Câu trả lời" not in text


def test_no_identifier_stands_twice_and_every_link_inside_finds_its_place(text: str) -> None:
    page = Page(text)
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    inside = [link["href"] for link in page.all("a") if (link.get("href") or "").startswith("#")]
    assert inside
    assert {str(link)[1:] for link in inside} <= set(names)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(names)


def test_every_figure_has_a_name_a_sentence_and_a_table(text: str) -> None:
    page = Page(text)
    drawings = page.all("svg")
    assert len(drawings) == len(page.all("figure")) > 20
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert len(str(drawing["aria-label"])) > 20
        assert "viewbox" in drawing or "viewBox" in drawing
    assert text.count('<p class="says">') == len(drawings)
    assert len(page.all("details")) >= len(drawings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_keeps_to_the_schema_of_its_grammar(run: Run, language: str) -> None:
    for figure in run_figures(run, language):
        figure.chart.to_dict(validate=True)


def test_headings_never_skip_a_level(text: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(text).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


def test_every_part_that_a_director_asks_for_is_there(text: str) -> None:
    for name in (
        "money", "funnel", "who", "additional", "effects", "price", "variants", "variance", "backtest",
        "assumptions", "sources", "limits", "reproduce",
    ):  # fmt: skip
        for language in LANGUAGES:
            assert f'<section id="{language}-{name}"' in text
    assert "haidang run hcmc/smart-manufacturing-credit" in text
    assert "https://example.org/survey?a=1&amp;b=2" in text


@pytest.mark.parametrize("case", ["exhausted", "unused", "none_eligible", "negative"])
def test_every_case_makes_a_whole_page(tmp_path: Path, case: Case) -> None:
    text = report_html(write_example(tmp_path / "run", case, draws=25), ("en",))
    assert Page(text).open == []
    assert not re.search(r"\b(nan|NaN|None|inf)\b", re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL))


def test_one_draw_makes_a_page_that_says_it_has_no_intervals(tmp_path: Path) -> None:
    text = report_html(write_example(tmp_path / "run", draws=1), ("en",))
    assert Page(text).open == []
    assert "no intervals can be told" in text


def test_what_a_pack_says_is_shown_and_never_run(tmp_path: Path, run: Run) -> None:
    hostile = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"
    words = manifest(60, 7)
    words["scenarios"] = [
        {"id": scenario.id, "title": {"vi": hostile, "en": hostile}} for scenario in run.manifest.scenarios
    ]
    words["stages"] = [{"id": stage.id, "title": hostile + stage.id} for stage in run.manifest.stages]
    facts = fact_texts()
    facts["awareness"] = {
        "title": hostile, "value": 1.0, "unit": hostile, "assumption": hostile,
        "source": [{"id": "bad", "title": hostile, "address": "javascript:alert(1)"}],
    }  # fmt: skip
    changed = write_run(tmp_path / "run", {name: run.table(name) for name in TABLES}, words, facts)
    text = report_html(changed)
    page = Page(text)
    assert page.open == []
    assert not page.all("script")
    assert not [link for link in page.all("a") if "javascript" in (link.get("href") or "")]
    assert "{{ 7 * 7 }}" in text
    assert "&lt;script&gt;" in text


def test_evaluations_of_the_pack_stand_in_for_those_of_the_catalogue(tmp_path: Path, run: Run) -> None:
    own = {
        "title": {"vi": "Chương trình thử", "en": "A tried programme"}, "value": 55.0, "unit": "%",
        "note": "Half would have come anyway", "source": [{"id": "s", "title": "Study", "address": "https://example.org"}],
    }  # fmt: skip
    facts = fact_texts() | {"evaluation_one": own}
    tables = {name: run.table(name) for name in TABLES}
    text = report_html(write_run(tmp_path / "run", tables, manifest(60, 7), facts), ("en",))
    assert "A tried programme" in text
    assert "Half would have come anyway" in text
    assert "Netherlands" not in text


def test_writing_the_report_leaves_an_earlier_one_where_the_disk_is_full(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, first = tmp_path / "report.html", b"an earlier report"
    file.write_bytes(first)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunWriteError, match="No space left"):
        write_report(run, file, "vi")
    assert file.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_run_gives_the_same_page(run: Run, text: str) -> None:
    assert report_html(run) == text


def test_figures_are_written_as_svg_and_png(tmp_path: Path, run: Run) -> None:
    written = write_figures(run, tmp_path / "figures", "vi")
    assert {path.suffix for path in written} == {".svg", ".png"}
    assert len(written) == 2 * len(run_figures(run, "vi"))
    for path in written:
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG" if path.suffix == ".png" else b"<svg")


def test_figures_say_the_same_numbers_in_both_languages(run: Run) -> None:
    vi, en = run_figures(run, "vi"), run_figures(run, "en")
    assert [figure.id for figure in vi] == [figure.id for figure in en]
    for one, other in zip(vi, en, strict=True):
        assert len(one.table.rows) == len(other.table.rows)
        assert one.sentence != other.sentence
        for row in (*one.table.rows, *other.table.rows):
            assert len(row) == len(one.table.columns)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("colour", "least"), [(INK, 7), (MUTED, 4.5), (BLUE, 4.5), (PINK, 4.5), (GREEN, 4.5)])
def test_colours_of_words_and_marks_stand_out_from_the_page(colour: str, least: float) -> None:
    assert contrast(colour, PAPER) >= least


@pytest.mark.parametrize("colour", [ORANGE, GREY])
def test_colours_of_areas_stand_out_as_graphics_must(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3


def links(text: str) -> list[tuple[str, str]]:
    """Each link of a page: where it leads, and its words."""
    return [
        (href, re.sub(r"<[^>]+>", "", told))
        for href, told in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_and_document_leads_to_its_page_where_there_are_pages(run: Run, language: Language) -> None:
    documents = {source.id for fact in facts_read(run).values() for source in fact.source}
    known = Addresses(
        {name: f"/facts/{name}/" for name in run.facts}, {name: f"/sources/{name}/" for name in documents}
    )
    page, body = report_body(run, language, addresses=known)
    found = set(links(body))
    for name, fact in facts_read(run).items():
        assert (f"/facts/{name}/", fact.title[language]) in found
        assert f'id="{language}-fact-{name}"' in body
    assert {href for href, _ in found if href.startswith("/sources/")} == {f"/sources/{name}/" for name in documents}
    (sources,) = [part for part in page.sections if part.id == "sources"]
    for item in sources.items:
        assert {one.id for one in item.facts} == {
            name for name, fact in facts_read(run).items() if item.document in {each.id for each in fact.source}
        }
    for lead in page.leads:
        assert (f"#{language}-{lead.section}", page.headings[lead.section]) in found
    for figure in run_figures(run, language):
        for name, row in zip(figure.table.facts, figure.table.rows, strict=False):
            assert (f"/facts/{name}/", row[0]) in found or not name


def test_alone_the_report_leads_from_each_fact_to_its_place_on_the_page(run: Run, text: str) -> None:
    carried = {name for figure in run_figures(run, "en") for name in figure.table.facts if name}
    assert carried, "the example has facts that carry its variance"
    for name in carried:
        assert f'href="#en-fact-{name}"' in text
