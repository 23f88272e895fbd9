"""What the public sees: both languages, every number with its source, downloads that are the run's own numbers."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from haidang.results import headline_json, open_run
from tests.web.conftest import PROGRAMME
from tests.web.site import Site

WORTH = "the likeliest of a range"
PAGES = (
    "",
    f"programmes/{PROGRAMME}/",
    "facts/",
    "facts/time_value/",
    "sources/tutorial/",
    "method/",
    "account/login/",
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_is_in_its_language_and_links_to_the_other(
    site: Site, runs: tuple[int, int], page: str, language: str
) -> None:
    text = site.visitor().get(f"/{language}/{page}").text
    other = {"vi": "en", "en": "vi"}[language]
    assert f'<html lang="{language}">' in text
    assert f'href="/{other}/{page}"' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert "<script" not in text
    assert " style=" not in text


def test_the_front_door_speaks_vietnamese(site: Site) -> None:
    assert site.visitor().get("/").headers["location"] == "/vi/"


def test_nothing_on_a_page_comes_from_elsewhere(site: Site, runs: tuple[int, int]) -> None:
    for page in PAGES:
        text = site.visitor().get(f"/vi/{page}").text
        assert re.findall(r'(?:src|<link[^>]*href)="(?!/|data:)[^"]*"', text) == []


def test_every_link_of_the_first_page_and_of_a_report_leads_somewhere(site: Site, runs: tuple[int, int]) -> None:
    reader, seen = site.visitor(), dict[str, str]()

    def text_of(address: str) -> str:
        if address not in seen:
            answer = reader.get(address)
            assert answer.status == 200, address
            seen[address] = answer.text
        return seen[address]

    for language in ("vi", "en"):
        for page in (f"/{language}/", f"/{language}/programmes/{PROGRAMME}/"):
            main = text_of(page).partition("<main")[2].partition("</main>")[0]
            links = {href for href in re.findall(r'<a [^>]*?href="([^"]*)"', main) if not href.startswith("http")}
            assert links
            for href in links:
                address, _, place = href.partition("#")
                assert address == "" or address.startswith(f"/{language}/"), href
                assert not place or f' id="{place}"' in text_of(address or page), href
                text_of(address or page)
        assert f'href="/{language}/facts/time_value/"' in text_of(f"/{language}/programmes/{PROGRAMME}/")
        assert f'href="/{language}/sources/tutorial/"' in text_of(f"/{language}/programmes/{PROGRAMME}/")


def test_facts_come_as_json_as_the_interface_tells_them(site: Site) -> None:
    told = json.loads(site.visitor().get("/vi/facts.json").text)["facts"]
    (fact,) = [one for one in told if one["id"] == "time_value"]
    assert fact == json.loads(site.visitor().get("/api/v1/facts/time_value").text)
    assert len(told) == json.loads(site.visitor().get("/api/v1/facts").text)["count"]


def test_a_programmes_page_shows_the_runs_numbers(site: Site, runs: tuple[int, int]) -> None:
    text = site.visitor().get(f"/en/programmes/{PROGRAMME}/").text
    assert "2 draws" in text
    assert "<svg" in text
    assert f"/en/runs/{runs[0]}/headlines.csv" in text


def test_downloads_hold_the_numbers_of_the_run(site: Site, runs: tuple[int, int], tmp_path: Path) -> None:
    visitor = site.visitor()
    (folder,) = [one for one in (site.data / "runs").iterdir() if one.name.endswith(f"-{runs[0]}")]
    own = headline_json(open_run(folder))
    assert json.loads(visitor.get(f"/en/runs/{runs[0]}/headlines.json").text) == json.loads(json.dumps(own))
    table = visitor.get(f"/en/runs/{runs[0]}/headlines.csv").text
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    stated = own["scenarios"]["school-bus"]["headlines"]  # type: ignore[index]
    told = {row["number"]: row for row in rows if row["scenario"] == "school-bus"}
    assert set(told) == set(stated)
    for name, row in told.items():
        if "p50" in stated[name]:
            assert float(row["p50"]) == stated[name]["p50"]


def test_the_workbook_opens(site: Site, runs: tuple[int, int], tmp_path: Path) -> None:
    import urllib.request

    with urllib.request.urlopen(f"{site.base}/en/runs/{runs[0]}/workbook.xlsx", timeout=60) as reply:
        file = tmp_path / "run.xlsx"
        file.write_bytes(reply.read())
    assert openpyxl.load_workbook(file, read_only=True).sheetnames


def test_a_fact_says_what_it_rests_on(site: Site) -> None:
    visitor = site.visitor()
    assert "Invented for the tutorial." in visitor.get("/en/facts/time_value/").text
    assert "/en/sources/tutorial/" in visitor.get("/en/facts/bus_fare/").text
    assert "Fare of a year" in visitor.get("/en/sources/tutorial/").text


def test_every_fact_is_a_number_with_its_unit_and_qualifier_in_cells_of_their_own(site: Site) -> None:
    """The same in the workbook, where it is a number to the spreadsheet, as in the table and for programs."""
    head, *rows = csv.reader(io.StringIO(site.visitor().get("/en/facts.csv").text.removeprefix("\ufeff")))
    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    fare, worth = by_name["bus_fare"], by_name["time_value"]
    assert (fare["value"], fare["low"], fare["unit"], fare["qualifier"]) == ("6000000", "", "VND/year", "certain")
    assert (worth["value"], worth["low"], worth["high"], worth["qualifier"]) == ("20000", "10000", "30000", WORTH)
    sheet = openpyxl.load_workbook(io.BytesIO(site.visitor().fetch("/vi/facts.xlsx"))).active
    assert sheet is not None
    cells = {row[0].value: dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2)}
    assert cells.keys() == by_name.keys()
    assert {cells[name]["value"].data_type for name in cells} == {"n"}
    assert cells["time_value"]["value"].value == float(worth["value"])
    assert cells["bus_fare"]["qualifier"].value == "chắc chắn"
    told = json.loads(site.visitor().get("/api/v1/facts/time_value").text)["numbers"]
    assert [str(one["value"]).removesuffix(".0") for one in told] == [worth["value"]]


def test_looking_for_words_finds_facts_that_hold_them(site: Site) -> None:
    text = site.visitor().get("/en/facts/?q=parent+hour").text
    assert "An hour of a parent" in text
    assert "Fare of a year" not in text
    assert "No fact contains these words" in site.visitor().get("/en/facts/?q=zzz").text


@pytest.mark.parametrize(
    "path", ["/en/programmes/none/", "/en/facts/none/", "/en/sources/none/", "/en/runs/999/headlines.json"]
)
def test_what_is_not_there_says_so(site: Site, path: str) -> None:
    answer = site.visitor().get(path)
    assert answer.status == 404
    assert "There is no such page" in answer.text


def test_a_pack_that_tracks_nothing_has_no_page_of_targets(site: Site) -> None:
    assert site.visitor().get("/en/targets/").status == 404
    assert "/en/targets/" not in site.visitor().get("/en/").text


def test_no_class_means_one_thing_on_the_site_and_another_in_a_report_that_it_shows(root: Path) -> None:
    """The site's style sheet comes after those of the reports, on one page with them: what it names anew, it breaks."""
    meant_alike = {
        "beside",
        "line",
        "text",
        "hidden",
        "kicker",
        "note",
        "page",
        "plain",
        "state",
        "subtitle",
        "tiles",
        "value",
        "words",
    }
    own = root / "src" / "haidang" / "web" / "static" / "haidang" / "haidang.css"
    reports = ("results/templates/report.css", "track/report/templates/track.css")
    named = set[str]().union(*(_classes(root / "src" / "haidang" / each) for each in reports))
    assert _classes(own) & named <= meant_alike


def _classes(sheet: Path) -> set[str]:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)", text))
