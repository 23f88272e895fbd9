"""The usual pilot filled in on a form becomes the declaration that the command line reads, to the same hash."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.learn.pilot.declaration_file import load_declaration
from tests.web.site import Site
from tests.web.test_pilots import units

PAGE = "/en/pilots/new/form/"
GIVEN = {
    "name": "by-form", "title_vi": 'Tư vấn: "mới" # 1', "title_en": "Advice", "question_vi": "Có?",
    "question_en": "Yes?", "programme": "school-bus", "units_from": "number", "size": "200", "control_vi": "Đối chứng",
    "control_en": "Control", "control_share": "40", "first_vi": "Tư vấn", "first_en": "Advised", "first_share": "35",
    "second_vi": "Cả hai", "second_en": "Both", "second_share": "25", "rule": "stratified", "strata": "sector",
    "balance": "", "cluster": "", "column": "level", "unit": "level", "better": "more", "least": "0", "most": "10",
    "smallest_worthwhile": "0.5", "first_year": "2027", "last_year": "2028", "start": "2027-01-01",
    "end": "2028-12-31", "estimator": "adjusted", "covariates": "", "alpha": "5", "power": "80",
}  # fmt: skip


def test_what_is_filled_in_is_a_declaration_of_the_same_hash_on_the_command_line(site: Site, tmp_path: Path) -> None:
    analyst, file = site.visitor("analyst"), tmp_path / "pilot.yaml"
    offer = re.search(r'<option value="(school-bus\|[^"]+)"', analyst.get(PAGE).text)
    assert offer
    answer = analyst.post(PAGE, token_from=PAGE, **GIVEN, first_offers=offer.group(1))
    assert answer.status == 200, re.findall(r'class="errors".*', answer.text)
    box = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert box
    text = html.unescape(box.group(1)).lstrip("\n")
    file.write_text(text, encoding="utf-8")
    found = load_declaration(file)
    assert (found.title["vi"], [one.share for one in found.arms]) == ('Tư vấn: "mới" # 1', [0.4, 0.35, 0.25])
    assert found.arms[1].offers == (offer.group(1).partition("|")[2],)
    assert (found.units.strata, found.outcome.between, found.years) == (("sector",), (0.0, 10.0), (2027, 2028))
    told = json.loads(CliRunner().invoke(app, ["pilot", "design", str(file), "--json"]).output)
    kept = analyst.post("/en/pilots/new/", token_from="/en/pilots/new/", declaration=text)
    assert kept.status == 302, re.findall(r'class="errors".*', kept.text)
    assert told["hash"] in analyst.get(kept.headers["location"]).text


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"strata": ""}, "strata"),
        ({"control_share": "50"}, "control_share"),
        ({"end": "2026-01-01"}, "end"),
        ({"most": ""}, "most"),
        ({"smallest_worthwhile": "0"}, "smallest_worthwhile"),
        ({"last_year": "2020"}, "first_year"),
        ({"rule": "pairs", "balance": "sector"}, "control_share"),
        ({"units_from": "file"}, "units_file"),
        ({"second_en": ""}, "second_en"),
        ({"name": "../x"}, "name"),
    ],
)
def test_a_mistake_stands_beside_its_field(site: Site, wrong: dict[str, str], beside: str) -> None:
    answer = site.visitor("analyst").post(PAGE, token_from=PAGE, **{**GIVEN, **wrong})
    assert re.findall(r'id="id_(\w+)_error"', answer.text) == [beside]


def test_the_units_of_a_file_are_counted_and_tried(site: Site) -> None:
    analyst = site.visitor("analyst")
    given = {**GIVEN, "units_from": "file", "size": ""}
    good = analyst.upload(PAGE, PAGE, "units_file", "../u.csv", units(), **given)
    assert "{size: 200, strata: " in html.unescape(good.text)
    for content, beside in ((units().replace("sector", "branch"), "strata"), ("id,sector\n", "units_file")):
        answer = analyst.upload(PAGE, PAGE, "units_file", "u.csv", content, **given)
        assert re.findall(r'id="id_(\w+)_error"', answer.text) == [beside]
    alike = {**given, "rule": "pairs", "balance": "sector", "strata": "", "second_vi": "", "second_en": "",
             "second_share": "", "control_share": "50", "first_share": "50"}  # fmt: skip
    answer = analyst.upload(PAGE, PAGE, "units_file", "u.csv", units().replace("metal", "food"), **alike)
    assert "units that differ in sector, found all of them alike" in answer.text


def test_a_declaration_may_come_as_a_file_and_a_wrong_one_stands_in_the_box(site: Site) -> None:
    analyst, page = site.visitor("analyst"), "/en/pilots/new/"
    wrong = analyst.upload(page, page, "plan_file", "x.yaml", "id: from-a-file\nyaers: 2025\n", declaration="id: box")
    assert "yaers: 2025" in wrong.text
    assert "id: box" not in wrong.text
    assert 'id="id_declaration_error"' in wrong.text
    for content in (b"\xff\xfe\x00", b"", b"x" * 200_001):
        answer = analyst.upload(page, page, "plan_file", "x.yaml", content, declaration="")
        assert 'id="id_plan_file_error"' in answer.text
