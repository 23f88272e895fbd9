"""A pilot filled in on a form becomes the declaration that the command line reads, to the same hash."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.learn.pilot.declaration import digest
from haidang.learn.pilot.declaration_file import load_declaration
from tests.web.site import Answer, Site, Visitor
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

TWO = {"second_vi": "", "second_en": "", "second_share": "", "control_share": "50", "first_share": "50"}
PLAN = """
id: by-form
title: {vi: 'Tư vấn: "mới" # 1', en: Advice}
question: {vi: "Có?", en: "Yes?"}
programme: my-city/school-bus
years: 2027..2028
units: {size: 200UNITS}
arms:
  control: {title: {vi: Đối chứng, en: Control}CONTROL}
  ARMS
assignment: {rule: RULE}
outcome: {column: level, unit: level, better: more, between: [0, 10]}
estimator: adjusted
smallest_worthwhile: 0.5
alpha: 0.05
power: 0.8
dates: {start: 2027-01-01, end: 2028-12-31}
"""
HALF = "treated: {title: {vi: Tư vấn, en: Advised}, share: 50 %}"
THREE = """treated: {title: {vi: Tư vấn, en: Advised}, share: 35 %}
  second: {title: {vi: Cả hai, en: Both}, share: 25 %}"""
FROM_2028 = """wave-1: {title: {vi: Đợt một, en: First}, share: 35 %, start: 2027}
  wave-2: {title: {vi: Đợt hai, en: Next}, share: 25 %, start: 2028}"""
WAVES = {
    "waves": "2",
    "waves-1-title_vi": "Đợt một", "waves-1-title_en": "First", "waves-1-share": "35", "waves-1-start": "2027",
    "waves-2-title_vi": "Đợt hai", "waves-2-title_en": "Next", "waves-2-share": "25", "waves-2-start": "2028",
}  # fmt: skip
GUARDED = {
    "guardrails": "3", "stops": "3",
    "guardrails-1-name": "harm", "guardrails-1-title_vi": "Ít đi", "guardrails-1-title_en": "Less",
    "guardrails-1-kind": "harm", "guardrails-1-column": "level", "guardrails-1-better": "more",
    "guardrails-1-bound": "0.2 level", "guardrails-1-least": "0", "guardrails-1-most": "10",
    "guardrails-1-arm": "second",
    "guardrails-2-name": "no", "guardrails-2-title_vi": "Vỡ nợ", "guardrails-2-title_en": "Default",
    "guardrails-2-kind": "rate", "guardrails-2-column": "bad", "guardrails-2-better": "less",
    "guardrails-2-bound": "10 %", "guardrails-2-least": "0", "guardrails-2-most": "1", "guardrails-2-alpha": "1",
    "guardrails-3-name": "budget", "guardrails-3-title_vi": "Ngân sách", "guardrails-3-title_en": "Budget",
    "guardrails-3-kind": "pace", "guardrails-3-column": "paid", "guardrails-3-better": "more",
    "guardrails-3-bound": "7 tỷ", "guardrails-3-least": "0", "guardrails-3-most": "1.5e9",
    "stops-1-on": "guardrail-2", "stops-1-reason_vi": "Nhiều", "stops-1-reason_en": "Too many",
    "stops-2-on": "ratio", "stops-2-reason_vi": "Lệch", "stops-2-reason_en": "Askew",
    "stops-3-on": "guardrail-3", "stops-3-reason_vi": "Hết tiền", "stops-3-reason_en": "No money",
}  # fmt: skip
GUARDS = """guardrails:
  harm: {title: {vi: Ít đi, en: Less}, kind: harm, column: level, tolerated: 0.2, between: [0, 10], arm: second}
  "no": {title: {vi: Vỡ nợ, en: Default}, kind: rate, column: bad, at_most: 0.1, between: [0, 1], alpha: 1 %}
  budget: {title: {vi: Ngân sách, en: Budget}, kind: pace, column: paid, budget: 7e9 VND, between: [0, 1.5e9]}
stop:
  - {on: "no", reason: {vi: Nhiều, en: Too many}}
  - {on: ratio, reason: {vi: Lệch, en: Askew}}
  - {on: budget, reason: {vi: Hết tiền, en: No money}}
"""


def sent(visitor: Visitor, page: str = PAGE, **given: str) -> Answer:
    """What is answered to a form that is filled in otherwise than usual."""
    return visitor.post(page, token_from=page, **{**GIVEN, **given})


def box(answer: Answer) -> str:
    """The declaration that a form became."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert found, wrong(answer)
    return html.unescape(found.group(1)).lstrip("\n")


def wrong(answer: Answer) -> dict[str, str]:
    """What an answer says is wrong, by field."""
    found = re.findall(r'id="id_([\w-]+)_error">(.*?)</ul>', answer.text, re.DOTALL)
    return {name: html.unescape(re.sub(r"<[^>]+>", "", told)) for name, told in found}


def frozen(folder: Path, text: str) -> str:
    """The hash that freezes a declaration, as the command line reads it."""
    file = folder / "pilot.yaml"
    file.write_text(text, encoding="utf-8")
    return digest(load_declaration(file))


@pytest.mark.parametrize(
    ("given", "rule", "units", "control", "arms"),
    [
        ({}, "complete", "", ", share: 40 %", THREE),
        ({}, "simple", "", ", share: 40 %", THREE),
        ({"balance": "employees, revenue"}, "rerandomised, balance: [employees, revenue], acceptance: 5 %",
         ", strata: [sector]", ", share: 40 %", THREE),
        ({"acceptance": "20", "balance": "x", "strata": ""}, "rerandomised, balance: [x], acceptance: 0.2", "",
         ", share: 40 %", THREE),
        (TWO | {"balance": "x"}, "pairs, balance: [x]", ", strata: [sector]", ", share: 50 %", HALF),
        ({"cluster": "ward", "strata": ""}, "cluster", ", cluster: ward", ", share: 40 %", THREE),
        (WAVES, "phased", ", strata: [sector]", ", share: 40 %", FROM_2028),
        (WAVES | {"control_start": "2029", "last_year": "2029", "cluster": "ward", "strata": ""}, "phased",
         ", cluster: ward", ", share: 40 %, start: 2029", FROM_2028),
        (TWO | {"takeup": "took", "cluster": "ward", "strata": ""}, "encouragement, takeup: took", ", cluster: ward",
         ", share: 50 %", HALF),
        ({"score": "points", "cutoff": "60"}, "cutoff, score: points, cutoff: 60", "", "",
         "treated: {title: {vi: Tư vấn, en: Advised}}"),
        ({"score": "points", "cutoff": "0.5", "above": "below"}, "cutoff, score: points, cutoff: 0.5, above: false", "",
         "", "treated: {title: {vi: Tư vấn, en: Advised}}"),
    ],
)  # fmt: skip
def test_every_kind_of_design_is_filled_in_to_the_hash_of_the_same_plan_by_hand(
    site: Site, tmp_path: Path, given: dict[str, str], rule: str, units: str, control: str, arms: str
) -> None:
    kind = rule.partition(",")[0]
    by_hand = PLAN.replace("UNITS", units).replace("CONTROL", control).replace("ARMS", arms).replace("RULE", rule)
    by_hand = by_hand.replace("..2028", f"..{given.get('last_year', '2028')}")
    text = box(sent(site.visitor("analyst"), rule=kind, **{"above": "above", **given}))
    assert frozen(tmp_path, text) == frozen(tmp_path, by_hand)


def test_guardrails_and_stop_rules_are_rows_and_come_to_the_hash_of_the_same_plan_by_hand(
    site: Site, tmp_path: Path
) -> None:
    by_hand = PLAN.replace("UNITS", ", strata: [sector]").replace("CONTROL", ", share: 40 %").replace("ARMS", THREE)
    by_hand = by_hand.replace("RULE", "stratified") + GUARDS
    by_hand = by_hand.replace("size: 200", "size: 200, where: level < 4") + "measuring_cost: 2e6 VND\n"
    written = {"guardrails-1-bound": "0,2 level", "measuring_cost": "2 triệu"}  # as Vietnamese writes it
    given = {**GUARDED, **written, "where": "level < 4"}
    text = box(sent(site.visitor("analyst"), "/vi/pilots/new/form/", **given))
    assert frozen(tmp_path, text) == frozen(tmp_path, by_hand)


def test_what_is_filled_in_is_a_declaration_of_the_same_hash_on_the_command_line(site: Site, tmp_path: Path) -> None:
    analyst, file = site.visitor("analyst"), tmp_path / "pilot.yaml"
    offer = re.search(r'<option value="(school-bus\|[^"]+)"', analyst.get(PAGE).text)
    assert offer
    answer = analyst.post(PAGE, token_from=PAGE, **GIVEN, first_offers=offer.group(1))
    assert answer.status == 200, re.findall(r'class="errors".*', answer.text)
    text = box(answer)
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


def test_the_form_asks_what_a_kind_needs_and_keeps_what_another_was_told(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = sent(analyst, rule="cutoff", step="kind", size="none", **WAVES, **GUARDED).text
    names = set(re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]* name="([\w-]+)"', page))
    assert {"score", "cutoff", "above", "first_vi", "guardrails-3-bound", "stops-3-on"} <= names
    assert not {"strata", "balance", "cluster", "takeup", "control_share", "second_vi", "waves-1-start"} & names
    assert "error" not in page
    for kept in ('name="strata" value="sector"', 'name="waves-2-start" value="2028"', 'name="waves" value="2"'):
        assert f'<input type="hidden" {kept}>' in page
    assert 'name="size" value="none"' in page
    assert "nothing on this site warns by them" in page
    waits = sent(analyst, rule="phased", step="add-waves", **WAVES).text
    assert re.search(r'name="waves-3-title_vi"[^>]*autofocus', waits)
    assert 'name="waves" value="3"' in waits
    assert '<option value="wave-2">' not in waits  # no guardrail asks for an arm yet
    vi = sent(analyst, "/vi/pilots/new/form/", rule="encouragement", step="add-guardrails", **GUARDED).text
    assert "Nhóm được khuyến khích" in vi
    assert '<option value="guardrail-2" selected>Chốt an toàn 2: Vỡ nợ</option>' in vi
    assert 'name="guardrails-4-name"' in vi
    for odd in ("drop-guardrails-9", "add-nothing", "'\"><b>", "add-stops-1"):
        assert sent(analyst, step=odd, guardrails="999999", stops="-1", rule="nothing").status == 200


def test_a_row_that_is_taken_away_takes_nothing_else_with_it(site: Site, tmp_path: Path) -> None:
    analyst = site.visitor("analyst")
    page = sent(analyst, step="drop-guardrails-2", **GUARDED).text
    assert re.findall(r'name="guardrails-\d-name" value="(\w+)"', page) == ["harm", "budget"]
    on = [
        re.findall(r'value="([\w-]*)" selected', one)
        for one in re.findall(r'name="stops-\d-on".*?</select>', page, re.S)
    ]
    assert on == [[""], ["ratio"], ["guardrail-2"]]


ROWS_WRONG = {
    "guardrails-1-bound": "12 level", "guardrails-2-bound": "10", "guardrails-2-name": "harm",
    "guardrails-3-bound": "soon", "stops-1-on": "guardrail-9", "stops-2-reason_en": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "beside"),
    [
        (GUARDED | ROWS_WRONG, {
            "guardrails-1-bound": "from 0 to less than 10", "guardrails-2-bound": "from 0 to less than 1",
            "guardrails-2-name": "called harm already", "guardrails-3-bound": "expected a number and a unit",
            "stops-1-on": "guardrail-9", "stops-2-reason_en": "required",
        }),
        (GUARDED | {"guardrails-1-bound": "2 VND", "guardrails-2-most": "0", "most": "0.4",
                    "guardrails-3-bound": "0", "guardrails-3-most": ""}, {
            "guardrails-3-bound": "more than 0", "guardrails-3-most": "required",
            "guardrails-1-bound": "counted in level", "guardrails-2-most": "more than 0",
            "smallest_worthwhile": "less than 0.4",
        }),
        (GUARDED | {"guardrails-3-bound": "260 tỷ"}, {"guardrails-3-bound": "this is 3,714,285,714 for one"}),
        (GUARDED | {"guardrails-3-name": "ratio"}, {"guardrails-3-name": "which stop rules use"}),
        (GUARDED | TWO, {"guardrails-1-arm": "second"}),
        (WAVES | {"rule": "phased", "waves-2-start": "2027"}, {"waves-2-start": "begin in 2027 already"}),
        (WAVES | {"rule": "phased", "waves-2-start": "2031"}, {"waves-2-start": "a year of the pilot, found 2031"}),
        (WAVES | {"rule": "phased", "control_start": "2026"}, {"control_start": "later than the year of every wave"}),
        ({"where": "level = 4"}, {"where": "did you mean '=='?"}),
        ({"measuring_cost": "5 kWh"}, {"measuring_cost": "an amount in VND, found '5 kWh'"}),
        ({"rule": "encouragement"}, {"takeup": "required"}),
        ({"rule": "cutoff", "above": "above", "cutoff": "x"}, {"score": "required", "cutoff": "number"}),
        (TWO | {"rule": "pairs", "balance": "x", "control_share": "60", "first_share": "40"},
         {"control_share": "half of the units"}),
    ],
)  # fmt: skip
def test_a_mistake_in_a_row_or_of_a_kind_stands_beside_its_field_with_what_was_expected(
    site: Site, given: dict[str, str], beside: dict[str, str]
) -> None:
    told = wrong(sent(site.visitor("analyst"), **given))
    assert told.keys() == beside.keys()
    for name, words in beside.items():
        assert words in told[name]


def test_what_is_wrong_is_said_in_vietnamese_too(site: Site) -> None:
    mistakes = {**GUARDED, **ROWS_WRONG, "strata": "", "guardrails-1-bound": "10,5"}
    told = wrong(sent(site.visitor("analyst"), "/vi/pilots/new/form/", **mistakes))
    assert "từ 0 đến dưới 10, là toàn bộ" in told["guardrails-1-bound"]
    assert told["guardrails-1-bound"].endswith("đang là 10,5.")
    assert told["guardrails-2-bound"].startswith("Trung bình cao nhất phải từ 0 đến dưới 1")
    assert told["guardrails-3-bound"].startswith("cần ")
    assert told["strata"] == "Trường này là bắt buộc."


def test_the_units_of_a_file_are_counted_and_tried(site: Site) -> None:
    analyst = site.visitor("analyst")
    given = {**GIVEN, "units_from": "file", "size": ""}
    good = analyst.upload(PAGE, PAGE, "units_file", "../u.csv", units(), **given)
    assert "{size: 200, strata: " in html.unescape(good.text)
    for content, beside in ((units().replace("sector", "branch"), "strata"), ("id,sector\n", "units_file")):
        answer = analyst.upload(PAGE, PAGE, "units_file", "u.csv", content, **given)
        assert re.findall(r'id="id_(\w+)_error"', answer.text) == [beside]
    scored = {**given, **TWO, "rule": "cutoff", "score": "points", "cutoff": "60", "above": "above"}
    points = "".join(f"{line},{'points' if at == 0 else at % 50}\n" for at, line in enumerate(units().splitlines()))
    answer = analyst.upload(PAGE, PAGE, "units_file", "u.csv", points, **scored)
    assert "units on both sides of the cut-off, found none treated" in wrong(answer)["cutoff"]
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
