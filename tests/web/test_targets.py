"""Targets and promises of the city's own pack on screen."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping
from typing import Any

import lxml.html
import openpyxl
import pytest

from tests.web.site import Site

GUESS = {
    "vi": r"Chưa đủ dữ liệu: .+\. Con số chỉ là ước đoán ban đầu\.",
    "en": r"Not enough data: .+\. Take the number as a first guess\.",
}
NUMBER = r"-?\d+(\.\d+)?([eE]-?\d+)?"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_target_stands_with_its_odds_or_the_reason_why_it_has_none(city_site: Site, language: str) -> None:
    text = city_site.visitor().get(f"/{language}/targets/").text
    words = {"vi": ("chưa đủ dữ liệu", "chưa nói được"), "en": ("not enough data", "cannot be told")}[language]
    assert text.count('class="chance') == 15
    assert text.count(words[1]) >= 4
    assert text.count(words[0]) >= 8
    assert len(re.findall("<main", text)) == 1
    assert "<script" not in text
    assert " style=" not in text


def test_the_first_page_says_where_promises_and_targets_stand(city_site: Site) -> None:
    page = lxml.html.fromstring(city_site.visitor().get("/en/").text)
    assert "18 promises are tracked" in page.text_content()
    assert page.xpath("//a[@href='/en/targets/']")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_number_that_is_a_first_guess_is_called_one_on_the_first_page(city_site: Site, language: str) -> None:
    visitor = city_site.visitor()
    told = {one["id"]: one for one in json.loads(visitor.get("/api/v1/standing").text)["targets"]}
    page = lxml.html.fromstring(visitor.get(f"/{language}/").text)
    figures = page.xpath("//div[contains(@class, 'fans')]/figure")
    guesses = 0
    for figure in figures:
        one = told[figure.xpath(".//h3/a/@href")[0].partition("-target-")[2]]
        says = figure.find_class("says")[0].text_content()
        assert says.startswith(f"{one['chance'][language]} · {one['state'][language]} · ")
        doubt = re.search(GUESS[language], says)
        assert (doubt is not None) == (one["evidence"] == "not_enough")
        assert doubt is None or doubt.group() in one["told"][language][0]
        guesses += doubt is not None
    assert len(figures) == 2
    assert guesses


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_numbers_of_the_first_page_lead_to_the_lists_that_they_count(city_site: Site, language: str) -> None:
    visitor = city_site.visitor()
    page = lxml.html.fromstring(visitor.get(f"/{language}/").text)
    links = page.xpath("//section[@aria-labelledby='standing']/p/a[number(.) = number(.)]")
    assert len(links) >= 4
    for link in links:
        address, _, place = link.get("href").partition("#")
        whole = lxml.html.fromstring(visitor.get(address).text)
        if not place:
            counted = [int(whole.find_class("note")[0].text_content().split()[0])]
        elif place.endswith("-attention"):  # the first three lists are of what is late in one way or another
            lists = [int(each.rpartition(": ")[2]) for each in whole.xpath(f"//*[@id='{place}']//summary/text()")]
            counted = [*lists, *(sum(lists[:count]) for count in (2, 3))]
        else:
            counted = [len(whole.get_element_by_id(place).find_class("target"))]
        assert int(link.text_content()) in counted, link.get("href")


def test_every_file_of_targets_tells_the_odds_that_the_page_and_the_api_tell(city_site: Site) -> None:
    visitor = city_site.visitor()
    told = {one["id"]: one for one in json.loads(visitor.get("/api/v1/standing").text)["targets"]}
    files = _odds_in_files({form: visitor.fetch(f"/en/records/{form}/") for form in ("csv", "xlsx", "json")})
    pages = {language: _on_page(visitor.get(f"/{language}/targets/").text) for language in ("vi", "en")}
    assert {one["evidence"] for one in told.values()} >= {"not_enough", "none"}
    rows = {name: _row(one) for name, one in told.items()}
    columns = {column for row in rows.values() for column in row}
    for form in ("csv", "xlsx"):
        in_file = {name: _read(row, columns) for name, row in files[form].items()}
        assert in_file == {name: _read(row, columns) for name, row in rows.items()}, form
    as_of = {one.pop("as_of") for one in files["json"].values()}
    assert files["json"] == told
    assert as_of == {row["as_of"] for row in files["csv"].values()}
    for language, page in pages.items():
        assert page == {
            name: [one["title"][language], one["chance"][language], one["state"][language], *one["told"][language]]
            for name, one in told.items()
        }


def _odds_in_files(files: Mapping[str, bytes]) -> dict[str, dict[str, dict[str, Any]]]:
    """By form and target what the file says of its odds."""
    with zipfile.ZipFile(io.BytesIO(files["csv"])) as archive:
        table = list(csv.DictReader(io.StringIO(archive.read("odds.csv").decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True)
    head, *lines = book["odds"].iter_rows(values_only=True)
    return {
        "csv": {row["target"]: row for row in table},
        "xlsx": {str(line[0]): dict(zip(map(str, head), line, strict=True)) for line in lines},
        "json": {one["id"]: one for one in json.loads(files["json"])["odds"]},
    }


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    """A target's odds in the API by the columns of a table."""
    own = ("probability", "probability_of_lower_end", "probability_with_programme", "evidence", "reason", "by")
    words = ("title", "chance", "chance_beside", "state")
    fans = {"": one["fan"], "with_programme.": one["fan_with_programme"]}
    return {
        **{name: one[name] for name in own},
        **{f"{name}.{language}": one[name][language] for name in words for language in ("vi", "en")},
        **{f"told.{language}": " ".join(one["told"][language]) for language in ("vi", "en")},
        **{f"{way}{point}": fan[-1][point] for way, fan in fans.items() if fan for point in ("p5", "p50", "p95")},
        "stated_in": " | ".join(dict.fromkeys(claim["source"] for claim in one["claims"])),
    }


def _read(row: Mapping[str, Any], names: Collection[str]) -> dict[str, str | float]:
    """Cells as they are meant: numbers from their digits; nothing where there is no number.

    A workbook keeps a digit less than a table.
    """
    told = {name: "" if row.get(name) is None else str(row.get(name)).removeprefix("'") for name in names}
    return {name: float(f"{float(text):.12g}") if re.fullmatch(NUMBER, text) else text for name, text in told.items()}


def _on_page(text: str) -> dict[str, list[str]]:
    """By target what the page says of it: its title, the number, whether the data are enough, the sentences."""
    found: dict[str, list[str]] = {}
    page = lxml.html.fromstring(text)
    for one in page.find_class("target"):
        chance, state = (one.find_class(name)[0].text_content() for name in ("chance", "state"))
        title, sentences = one.xpath(".//h3")[0].text_content(), one.xpath("./div/p[not(@class)]")
        name = one.get("id").partition("-target-")[2]
        found[name] = [title, chance, state, *(each.text_content() for each in sentences)]
    return found
