"""The report: both languages, no script, nothing from elsewhere, each number with its source, and pages where many."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from haidang.facts import Source, wordbook
from haidang.packs import load_pack
from haidang.track import as_of, gather, load_tracked
from haidang.track.overview import Overview, overview, paragraphs, programme_cell, unsimulated
from haidang.track.plain import as_plain
from haidang.track.records import Claim, Commitment, Milestone, Quantity, SourcePlace, Stage, Target, claims_of
from haidang.track.report import page as report_page
from haidang.track.report import page_body, write_pages
from haidang.track.say import Say

Make = Callable[..., Commitment]
DAY = date(2026, 11, 28)
CITY = ("city", {"vi": "Thành phố <b>", "en": "City <b>"})


class Page(HTMLParser):
    """Tags, links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            if name in ("src", "srcset", "data", "action") or (name == "href" and tag != "a"):
                self.loads.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            assert not name.startswith("on"), f"a script in {tag}"


@pytest.fixture(scope="module")
def city() -> Overview:
    pack = load_pack("hcmc")
    return overview((pack.id, pack.title), load_tracked(pack), DAY)


@pytest.fixture(scope="module")
def page(city: Overview, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_pages(city, tmp_path_factory.mktemp("report"), "vi").read_text(encoding="utf-8")


def test_the_page_runs_no_script_and_loads_nothing(page: str):
    found = Page(page)
    assert not {"script", "iframe", "object", "embed", "link", "img", "form"} & set(found.tags)
    assert found.loads == []
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_every_claim_stands_in_both_languages_one_click_from_its_document(city: Overview, page: str):
    links, ids = Page(page).links, set(Page(page).ids)
    for record in city.tracked.records():
        for claim in claims_of(record):
            address = city.tracked.sources[claim.place.source].address
            if address is not None:
                assert links.count(address) >= 2
            else:
                assert {f"vi-source-{claim.place.source}", f"en-source-{claim.place.source}"} <= ids
    within = [link[1:] for link in links if link.startswith("#")]
    assert set(within) <= ids
    assert len(Page(page).ids) == len(ids), "an id stands twice"


def test_targets_without_enough_data_say_so_in_words(city: Overview, page: str):
    unsure = [one for one in city.outlooks if one.odds.evidence == "not_enough"]
    assert unsure
    assert page.count("Not enough data") >= len(unsure)
    assert page.count("Chưa đủ dữ liệu") >= len(unsure)


def test_a_band_tells_the_odds_of_its_lower_end_too(city: Overview):
    (band,) = [one for one in as_plain(city)["targets"] if one["id"] == "digital-economy-2030"]
    assert band["probability"] < band["probability_of_lower_end"]


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_hostile_texts_and_addresses_do_nothing(tmp_path: Path, commitment: Make):
    sources = {"paper": Source("paper", HOSTILE, HOSTILE, "2025", "javascript:alert(1)", HOSTILE)}
    both = {"vi": HOSTILE, "en": HOSTILE}
    place, quantity = SourcePlace("paper", HOSTILE), Quantity(1, 1, HOSTILE)
    claim = Claim("first", place, date(2025, 1, 1), quantity=quantity, note=both)
    one = commitment(title=both, parties=(HOSTILE,), responsible=HOSTILE, claims=(claim,))
    text = write_pages(overview(CITY, gather([one], sources), DAY), tmp_path, "en").read_text(encoding="utf-8")
    found = Page(text)
    assert not {"script", "img", "b"} & set(found.tags)
    assert not any(link.startswith("javascript") for link in found.links)


def test_stages_and_milestones_stand_with_the_document_that_shows_them(tmp_path: Path, commitment: Make):
    place = SourcePlace("paper", "page 2")
    parts = (
        Milestone(
            "half", {"vi": "Một nửa <i>", "en": "Half <i>"}, 2.0, 0.5, date(2026, 6, 30), place, date(2026, 1, 31)
        ),
        Milestone("rest", {"vi": "Phần còn lại", "en": "The rest"}),
    )
    stages = (Stage("announced", date(2025, 11, 26), place), Stage("signed", date(2026, 1, 5), None, "ab" * 32))
    source = Source("paper", "A paper", "A publisher", "2025-11-26", "https://example.org/paper")
    one = commitment(milestones=parts, stages=stages)
    found = overview(CITY, gather([one], {"paper": source}), DAY)
    text = write_pages(found, tmp_path, "en").read_text(encoding="utf-8")
    rows = re.findall(r'<li><span class="told">(Milestone|Stage)(: .*?)</span> (.*?)</li>', text)
    assert [kind + told for kind, told, _ in rows] == [
        "Stage: announced, 26 November 2025",
        "Stage: signed, 5 January 2026",
        "Milestone: Half &lt;i&gt;, due 30 June 2026: 50% done (31 January 2026)",
        "Milestone: The rest: nobody has reported any",
    ]
    assert ["https://example.org/paper" in shown for _, _, shown in rows] == [True, False, True, False]
    assert "SHA-256 " + "ab" * 32 in rows[1][2]
    assert "no document shown" in rows[3][2]


def test_many_promises_go_to_pages_that_hold_each_once(tmp_path: Path, commitment: Make):
    made = [commitment(f"promise-{number}") for number in range(601)]
    sources = {"paper": Source("paper", "A paper", "A publisher", "2025", "https://example.org")}
    first = write_pages(overview(CITY, gather(made, sources), DAY), tmp_path, "vi")
    names = [link for link in Page(first.read_text(encoding="utf-8")).links if link.startswith("commitments-")]
    assert names == [f"commitments-{number}.html" for number in (1, 2, 3)] * 2
    ids = [name for link in names[:3] for name in Page((tmp_path / link).read_text(encoding="utf-8")).ids]
    assert sum(name.startswith("vi-commitment-") for name in ids) == 601
    assert sum(name.startswith("en-commitment-") for name in ids) == 601
    for link in names[:3]:
        within = Page((tmp_path / link).read_text(encoding="utf-8"))
        assert all((tmp_path / one).is_file() for one in within.links if one.endswith(".html"))


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_records_give_the_same_page(city: Overview, page: str, tmp_path: Path):
    assert write_pages(city, tmp_path, "vi").read_text(encoding="utf-8") == page


def test_every_word_is_there_in_both_languages_with_the_same_blanks():
    for name in ("words.yaml", "units.yaml"):
        for key, words in wordbook("haidang.track", name).items():
            blanks = {language: set(re.findall(r"\{(\w+)\}", text)) for language, text in words.items()}
            assert blanks["vi"] == blanks["en"], key


@pytest.mark.parametrize(
    ("quantity", "vi", "en"),
    [
        (Quantity(1500e9, 1500e9, "VND", "about"), "khoảng 1.500 tỷ đồng", "about 1,500 billion VND"),
        (Quantity(10.34e9, 10.34e9, "USD", "more_than"), "hơn 10,34 tỷ USD", "more than 10.34 billion USD"),
        (Quantity(30.0, 40.0, "%"), "30–40%", "30–40%"),
        (Quantity(None, 100.0, "rank", "at_most"), "nhiều nhất hạng 100", "at most rank 100"),
        (Quantity(5.0, None, "centres", "at_least"), "ít nhất 5 trung tâm", "at least 5 centres"),
        (Quantity(257700.0, 257700.0, "workers"), "257.700 lao động", "257,700 workers"),
        (Quantity(-4.25, -4.25, "%/year"), "−4,25%/năm", "−4.25%/year"),
    ],
)  # fmt: skip
def test_quantities_are_told_as_people_write_them_and_never_rounded(quantity: Quantity, vi: str, en: str):
    assert Say("vi").quantity(quantity) == vi
    assert Say("en").quantity(quantity) == en


def test_a_programme_that_moves_an_indicator_changes_the_odds():
    pack = load_pack("hcmc")
    draws = {date(year, 12, 31): [3e11 * (year - 2025), 2e11 * (year - 2025)] for year in range(2026, 2031)}
    found = overview(("hcmc", pack.title), load_tracked(pack), DAY, {"smart-manufacturing-loans": draws})
    (told,) = [one for one in as_plain(found)["targets"] if one["id"] == "smart-manufacturing-credit-2030"]
    assert told["probability"] == 0.0
    assert told["probability_with_programme"] == 0.5
    assert told["fan"][-1]["p95"] == 0.0
    assert told["fan_with_programme"][-1]["p50"] == pytest.approx(1.25e12)
    assert told["evidence"] == "not_enough"
    assert "no document's figure" in told["told"]["en"][0]


def test_what_a_programme_would_do_and_was_not_run_is_no_number(city: Overview, page: str):
    (one,) = [one for one in city.outlooks if one.target.id == "smart-manufacturing-credit-2030"]
    assert not one.known
    assert programme_cell(one, "en") == "not simulated"
    assert unsimulated(city) == ("smart-manufacturing-credit",)
    assert 'chance unknown">chưa mô phỏng' in page


def test_a_target_whose_day_has_passed_says_so_and_asks_for_no_growth(city: Overview) -> None:
    (past,) = [one for one in city.outlooks if one.target.id == "digital-economy-2025"]
    (ahead,) = [one for one in city.outlooks if one.target.id == "digital-economy-2030"]
    assert past.required is None
    assert ahead.required is not None
    assert "has passed" in " ".join(paragraphs(past, "en"))
    assert "has passed" not in " ".join(paragraphs(ahead, "en"))
    assert "đã qua" in " ".join(paragraphs(past, "vi"))


def test_the_page_without_its_frame_holds_what_the_page_holds(city: Overview, page: str) -> None:
    body = page_body(city, "vi")
    assert "<html" not in body
    assert "<main" not in body
    assert re.sub(r"\s+", " ", body.strip()) in re.sub(r"\s+", " ", page)


def test_every_target_with_a_number_is_drawn(city: Overview, page: str) -> None:
    told = sum(one.odds.without is not None for one in city.outlooks)
    assert told > 0
    assert page.count('class="target drawn"') == 2 * told


def test_of_very_many_targets_the_first_are_drawn_and_the_others_hold_their_numbers(
    city: Overview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_page, "DRAWN", 3)
    monkeypatch.setattr(report_page, "FIGURES", 2)
    whole, told = page_body(city, "en"), sum(one.odds.without is not None for one in city.outlooks)
    assert whole.count('class="target drawn"') == 2
    assert "only the first 2 are drawn" in whole
    assert whole.count("<caption>") == told + 1, "a table of each target, and the promises by stage"


def test_a_count_with_a_pipeline_is_drawn(tmp_path: Path, commitment: Make) -> None:
    asked = Target(
        "two", {"vi": "Hai", "en": "Two"}, "count", date(2030, 12, 31), commitment().claims, lower=2.0, unit="centres",
        commitments=("first", "second"),
    )  # fmt: skip
    found = overview(CITY, gather([commitment("first"), commitment("second"), asked], {}), DAY)
    text = write_pages(found, tmp_path, "en").read_text(encoding="utf-8")
    assert text.count('class="target drawn"') == 2


def test_of_a_count_with_fewer_under_way_than_are_asked_no_number_is_told(city: Overview) -> None:
    (one,) = [one for one in city.outlooks if one.target.id == "research-centres-2030"]
    assert (one.odds.probability, one.odds.reason) == (None, "few_under_way")
    assert "nobody knows what may still be announced" in " ".join(paragraphs(one, "en"))


def test_a_body_that_answers_for_a_promise_stands_with_the_document_that_names_it(city: Overview, page: str) -> None:
    for one in city.tracked.commitments.values():
        named = {claim.says for claim in one.claims if claim.about == "responsible"}
        assert named <= {one.responsible}
        assert (one.responsible is None) == (not named)
    assert "responsible body: Hanoi Stock Exchange (HNX)" in page
    assert "cơ quan chịu trách nhiệm: Sở Giao dịch Chứng khoán Hà Nội (HNX)" in page


def test_a_body_is_named_as_the_reader_knows_it(city: Overview) -> None:
    assert "<dt>Các bên</dt><dd>UBND TP.HCM, Diễn đàn Kinh tế Thế giới (WEF)</dd>" in page_body(city, "vi")
    assert "<dt>Parties</dt><dd>HCMC People&#39;s Committee, World Economic Forum (WEF)</dd>" in page_body(city, "en")
    later = as_of(city.tracked, date(2026, 1, 31))
    assert later.names == city.tracked.names != {}


def test_what_needs_attention_leads_to_its_record(page: str) -> None:
    assert '<a href="#en-commitment-public-e-bikes-500">' in page
    assert page.count("not stated by the publisher") > 0
