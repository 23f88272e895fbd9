"""A pilot on screen: declared, registered, drawn, watched, evaluated, decided, by whom it is for and nobody else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
import time
from contextlib import closing

import numpy as np
import pytest

from tests.web.begun import begun_again
from tests.web.site import Site, Visitor

PLAN = """id: {id}
title: {{vi: Thí điểm tư vấn, en: Advice pilot}}
question: {{vi: Có tác dụng không?, en: Does it work?}}
years: 2025..2026
units: {{size: 200, strata: [sector]}}
arms:
  control: {{title: {{vi: Đối chứng, en: Control}}, share: 50 %}}
  advised: {{title: {{vi: Tư vấn, en: Advised}}, share: 50 %}}
assignment: {{rule: stratified}}
outcome: {{column: level, unit: level, better: more, between: [0, 10]}}
smallest_worthwhile: 0.5
dates: {{start: 2025-01-01, end: 2026-12-31}}
guardrails:
  default: {{title: {{vi: Vỡ nợ, en: Default}}, kind: rate, column: bad, at_most: 10 %, between: [0, 1]}}
stop:
  - {{on: default, reason: {{vi: Vỡ nợ nhiều, en: Too many default}}}}
"""
EFFECT = 2.0


def declared(visitor: Visitor, name: str, text: str = PLAN) -> str:
    answer = visitor.post(
        "/en/pilots/new/", token_from="/en/pilots/new/", declaration=text.format(id=name) if "{id}" in text else text
    )
    assert answer.status == 302, re.findall(r'class="errors".*', answer.text)
    return answer.headers["location"]


def table(head: list[str], rows: list[list[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([head, *rows])
    return stream.getvalue()


def units() -> str:
    return table(["id", "sector"], [[f"f{one:03d}", "food" if one % 2 else "metal"] for one in range(200)])


def test_a_pilot_goes_from_its_plan_to_a_decision(site: Site) -> None:
    analyst, approver, public = site.visitor("analyst"), site.visitor("approver"), site.visitor()
    page = declared(analyst, "whole-road")
    assert public.get(page).status == 404
    early = analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), salt="10 20 30")
    assert early.status == 302
    assert "found no register" in analyst.get(page).text
    analyst.post(f"{page}register/", token_from=page)
    told = public.get(page).text
    frozen = re.search(r'<dd class="hash">([0-9a-f]{64})</dd>', told)
    assert frozen
    assert told.count(frozen.group(1)) == 2  # of the plan, and in the register
    assert "While it runs" not in told

    analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), salt="10 20 30")
    lots = analyst.get(f"{page}files/assignment.csv").text
    arms = {row["id"]: row["arm"] for row in csv.DictReader(io.StringIO(lots))}
    assert sorted(arms.values()).count("advised") == 100
    drawn_from = hashlib.sha256(units().encode()).hexdigest()
    assert drawn_from in analyst.get(page).text
    assert drawn_from not in public.get(page).text
    again = analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), salt="another")
    assert again.status == 302
    assert "found them drawn already" in analyst.get(page).text
    assert analyst.get(f"{page}files/assignment.csv").text == lots

    chance = np.random.default_rng(1)
    level = {name: 4 + EFFECT * (arm == "advised") + chance.normal(0, 1) for name, arm in arms.items()}
    days = [[name, f"2025-{1 + place // 20:02d}-01", round(level[name], 3), 0] for place, name in enumerate(arms)]
    analyst.upload(f"{page}reports/", page, "table", "reports.csv", table(["id", "date", "level", "bad"], days))
    text = analyst.get(page).text
    assert "<svg" in text
    assert "<td>100</td><td>100</td>" in text
    changed = [[*row[:2], row[2] + 1, row[3]] for row in days]
    analyst.upload(f"{page}reports/", page, "table", "reports.csv", table(["id", "date", "level", "bad"], changed))
    assert "found them changed" in analyst.get(page).text

    outcomes = [[name, "food" if int(name[1:]) % 2 else "metal", round(level[name], 3), 0] for name in arms]
    sent = table(["id", "sector", "level", "bad"], outcomes)
    analyst.upload(f"{page}outcomes/", page, "table", "o.csv", sent)
    for _ in range(300):
        if "evaluation.json" in analyst.get(page).text:
            break
        time.sleep(0.2)
    found = json.loads(analyst.get(f"{page}files/evaluation.json").text)
    place = site.data / "pilots" / page.split("/")[-2] / "evaluation"
    kept = {file.name: file.read_bytes() for file in place.iterdir()}
    assert kept.keys() == {"evaluation.json", "en.html", "vi.html"}
    assert len(set(begun_again(site, "pilot-evaluation"))) == 1
    assert {file.name: file.read_bytes() for file in place.iterdir()} == kept
    _may_be_cancelled_where_it_runs(site, page)
    # The evaluation is kept by the digests of its data and of what it found, once, whoever began it again.
    page_now = analyst.get(page).text
    (first,) = re.findall(r'files/evaluation-([0-9a-f]{64})\.json"', page_now)
    assert first == hashlib.sha256(kept["evaluation.json"]).hexdigest()
    assert page_now.count(hashlib.sha256(sent.encode()).hexdigest()) == 1
    assert analyst.get(f"{page}files/evaluation-{first}.json").text.encode() == kept["evaluation.json"]
    assert analyst.get(f"{page}files/evaluation-{'0' * 64}.json").status == 404
    assert public.get(f"{page}files/evaluation-{first}.json").status == 403
    effect = found["effect"]
    assert effect["low"] < EFFECT < effect["high"]
    assert analyst.post(f"{page}decide/", token_from=page, what="scale", reason="x").status == 403
    approver.post(f"{page}decide/", token_from=page, what="scale", reason="It <b>worked</b>.")
    seen = public.get(page).text
    assert "extend the programme" in seen
    assert "It &lt;b&gt;worked&lt;/b&gt;." in seen
    assert "approver@example.vn" not in seen
    for rests_on in (frozen.group(1), hashlib.sha256(sent.encode()).hexdigest(), first):
        assert rests_on in seen
    assert "before any evaluation" not in seen
    log = site.visitor("administrator").get("/en/office/log.csv?action=pilots").text
    assert log.count("pilots.pilot.registered") >= 1
    assert "pilots.decision.made" in log
    assert first in log
    _amended_after_its_lots(site, page, lots)


def _may_be_cancelled_where_it_runs(site: Site, page: str) -> None:
    """Whoever asked for the evaluation sees a button on the pilot's page; other readers see that it runs."""
    with closing(sqlite3.connect(site.data / "haidang.sqlite3", timeout=20, isolation_level=None)) as own:
        (number,) = own.execute("SELECT max(id) FROM jobs_job WHERE kind = 'pilot-evaluation'").fetchone()
        own.execute("UPDATE jobs_job SET state = 'running' WHERE id = ?", (number,))
        seen = {role: site.visitor(role).get(page).text for role in ("analyst", "assessor")}
        own.execute("UPDATE jobs_job SET state = 'done' WHERE id = ?", (number,))
    assert all("Evaluation of a pilot: running" in text for text in seen.values())
    assert [f"jobs/{number}/cancel/" in text for text in seen.values()] == [True, False]


def _amended_after_its_lots(site: Site, page: str, lots: str) -> None:
    """What was drawn and seen stays on the page, and the amendment is named as late."""
    analyst, other = site.visitor("analyst"), PLAN.format(id="whole-road").replace("Advice pilot", "A better name")
    analyst.post(f"{page}plan/", token_from=f"{page}plan/", declaration=other)
    waiting = analyst.get(page).text
    assert "The lots are drawn. They stand as they are" in waiting
    analyst.post(f"{page}register/", token_from=page, amendment="A name")
    assert "the amendment comes after the lots, found none" in analyst.get(page).text
    analyst.post(f"{page}register/", token_from=page, amendment="A name", after_lots="on")
    for text in (waiting, analyst.get(page).text):
        assert "<td>100</td><td>100</td>" in text
        assert "Standardised difference" in text
        assert "Draw the lots" not in text
        assert "evaluation.json" in text
    assert "<strong>after the lots were drawn</strong>: A name" in analyst.get(page).text
    drawn_otherwise = other.replace("strata: [sector]", "strata: [size]")
    refused = analyst.post(f"{page}plan/", token_from=f"{page}plan/", declaration=drawn_otherwise)
    assert "found changes of: units.strata" in refused.text
    # A part that cannot be shown hides no other.
    file = site.data / "pilots" / page.split("/")[-2] / "assignment.csv"
    file.write_text(lots.replace(",advised,", ",control,", 1), encoding="utf-8")
    broken = analyst.get(page).text
    assert "expected arm" in broken
    assert "evaluation.json" in broken
    assert "A better name" in broken
    file.write_text(lots, encoding="utf-8")


def test_a_decision_before_any_evaluation_says_so(site: Site) -> None:
    analyst, approver, page = (
        site.visitor("analyst"),
        site.visitor("approver"),
        declared(site.visitor("analyst"), "early"),
    )
    unregistered = approver.post(f"{page}decide/", token_from=page, what="stop", reason="x", before_evaluation="on")
    assert unregistered.status == 302
    assert "found no register" in approver.get(page).text
    analyst.post(f"{page}register/", token_from=page)
    bare = approver.post(f"{page}decide/", token_from=page, what="stop", reason="Money is gone")
    assert bare.status == 200
    assert 'id="id_before_evaluation_error"' in bare.text
    approver.post(f"{page}decide/", token_from=page, what="stop", reason="Money is gone", before_evaluation="on")
    assert "Decided before any evaluation of the pilot." in site.visitor().get(page).text


def test_a_change_after_the_registration_needs_a_reason_and_shows_until_it_is_registered(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "amended")
    analyst.post(f"{page}register/", token_from=page)
    other = PLAN.format(id="amended").replace("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.4")
    analyst.post(f"{page}plan/", token_from=f"{page}plan/", declaration=other)
    assert "changed since it was registered" in site.visitor().get(page).text
    analyst.post(f"{page}register/", token_from=page, amendment="")
    assert "expected a reason for the amendment of: smallest_worthwhile" in analyst.get(page).text
    analyst.post(f"{page}register/", token_from=page, amendment="Costs fell.")
    text = site.visitor().get(page).text
    assert "changed since it was registered" not in text
    assert "Costs fell." in text
    # By its own plan it began in January 2025, so of neither version can anybody see that it was there before the data.
    assert text.count("after the pilot had begun, so data may have been there before this plan") == 2
    ahead = PLAN.format(id="amended").replace(
        "start: 2025-01-01, end: 2026-12-31", "start: 2999-01-01, end: 2999-12-31"
    )
    analyst.post(f"{page}plan/", token_from=f"{page}plan/", declaration=ahead)
    analyst.post(f"{page}register/", token_from=page, amendment="It begins later.")
    text = site.visitor().get(page).text
    assert "It begins later." in text
    assert text.count("after the pilot had begun") == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("years: 2025..2026", "yaers: 2025..2026"), "yaers"),
        (("rule: stratified", "rule: stratifed"), "stratified"),
        (("id: wrong", "id: [1, 2"), "pilot.yaml:2"),
        (("years:", "programme: other-city/x\nyears:"), "other-city"),
    ],
)
def test_a_mistake_in_a_plan_is_named_at_its_line_with_no_folder_of_the_machine(
    site: Site, change: tuple[str, str], said: str
) -> None:
    analyst = site.visitor("analyst")
    text = PLAN.format(id="wrong").replace(*change)
    answer = analyst.post("/en/pilots/new/", token_from="/en/pilots/new/", declaration=text)
    assert answer.status == 200
    (mistake,) = re.findall(r'<ul class="errors" id="id_declaration_error"[^>]*>(.*?)</ul>', answer.text, re.S)
    assert said in mistake
    assert str(site.data) not in answer.text


def test_a_number_of_units_is_written_as_the_pages_language_writes_it(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "many-units", PLAN.replace("size: 200", "size: 4800"))
    assert "<dd>4,800</dd>" in analyst.get(page).text
    assert "<dd>4.800</dd>" in analyst.get(page.replace("/en/", "/vi/")).text


def test_a_table_that_is_none_changes_nothing(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "bad-tables")
    analyst.post(f"{page}register/", token_from=page)
    for content in ("", "id\n1\n", "\x00\x01\x02", "sector\nfood\n", "id,sector\na,food\na,food\n"):
        analyst.upload(f"{page}lots/", page, "table", "../../units.csv", content, salt="10 20 30")
        assert analyst.get(f"{page}files/assignment.csv").status == 404
    text = analyst.get(page).text
    assert str(site.data) not in text


def test_a_name_that_is_no_file_of_a_pilot_opens_nothing(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "no-files")
    for name in (".lock", "..%2F..%2Fhaidang.sqlite3", "reports.csv", "%2Fetc%2Fpasswd"):
        assert analyst.get(f"{page}files/{name}").status == 404
    assert site.visitor("assessor").get(page).status == 200
    assert site.visitor("factory_owner").get(page).status == 404
    analyst.post(f"{page}register/", token_from=page)
    assert site.visitor("factory_owner").get(f"{page}files/pilot.yaml").status == 200
    assert site.visitor("factory_owner").get(f"{page}files/assignment.csv").status == 403
