"""The rooms of the site for programs: the same objects, the same rules, the same numbers as on the pages."""

from __future__ import annotations

import hashlib
import json
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from haidang.learn.pilot.assign import assign
from haidang.learn.pilot.assignment_file import write_assignment
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.learn.pilot.tables import read_table
from tests.web.city import CREDIT, FACTORY, SHOWN, TAX_CODE, consent, done
from tests.web.site import Site
from tests.web.test_pilots import PLAN, declared, table, units

API = "/api/v1"


def read(site: Site, person: str, path: str) -> Any:
    answer = site.visitor().get(f"{API}{path}", token=site.key(person))
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def write(site: Site, person: str, path: str, body: object) -> tuple[int, Any]:
    answer = site.visitor().send(f"{API}{path}", body, token=site.key(person))
    return answer.status, json.loads(answer.text)


def test_a_factory_reads_its_own_papers(city_site: Site) -> None:
    (one,) = read(city_site, "factory_owner", "/factories")["items"]
    assert (one["number"], one["tax_code"], one["employees"], one["size"]) == (FACTORY, TAX_CODE, 64, "medium")
    heads = read(city_site, "factory_owner", f"/factories/{FACTORY}/assessments")["items"]
    assert [head["submitted"] is None for head in heads] == [True, False]
    whole = read(city_site, "factory_owner", "/assessments/1")
    assert {each["value"] for each in whole["answers"]} == {1}
    assert [each["name"] for each in whole["evidence"]] == ["ảnh.png"]
    content = city_site.visitor().get(f"{API}/evidence/1", token=city_site.key("factory_owner"))
    assert content.headers["content-disposition"].startswith("attachment")
    found = read(city_site, "factory_owner", "/assessments/1/result")
    assert found["whole"]["peers"] == {"shown": "none", "factories": 0, "quantiles": []}
    assert any(area["claimed"] is not None for area in found["areas"])
    (programme,) = [
        each for each in read(city_site, "factory_owner", f"/factories/{FACTORY}/programmes")["items"]
        if each["programme"] == CREDIT
    ]  # fmt: skip
    assert programme["title"].keys() == {"vi", "en"}
    assert all(each["conditions"] for each in programme["offers"])
    (asked,) = read(city_site, "factory_owner", f"/factories/{FACTORY}/applications")["items"]
    assert (asked["amount"], asked["state"]) == (1_500_000_000, "sent")
    assert asked["stages"][0]["amount"] == 1_200_000_000
    current = [each for each in read(city_site, "factory_owner", f"/factories/{FACTORY}/consents")["items"]]
    assert sorted(SHOWN) in [sorted(each["fields"]) for each in current if each["current"]]
    assert read(city_site, "factory_owner", f"/factories/{FACTORY}/history")["count"] >= 5


def test_a_program_reads_what_is_asked_takes_the_report_away_and_sees_what_waits_to_be_read(city_site: Site) -> None:
    whole = read(city_site, "assessor", "/framework")
    criteria = [each for area in whole["areas"] for one in area["capabilities"] for each in one["criteria"]]
    given = {each["criterion"] for each in read(city_site, "factory_owner", "/assessments/1")["answers"]}
    assert given <= {each["id"] for each in criteria}
    assert all(each["text"]["vi"] and each["text"]["en"] for each in criteria)
    page = city_site.visitor("factory_owner").get("/en/factories/assessments/2/parts/standard-work/").text
    asked = next(one for one in whole["areas"] for one in one["capabilities"] if one["id"] == "standard-work")
    assert all(unescape(each["question"]["en"]) in unescape(page) for each in asked["criteria"])
    for kind in ("html", "xlsx"):
        report = city_site.visitor().get(f"{API}/assessments/1/report/{kind}", token=city_site.key("factory_owner"))
        assert report.headers["content-disposition"] == f'attachment; filename="assessment-1.{kind}"'
    assert city_site.visitor().get(f"{API}/assessments/1/report/pdf", token=city_site.key("analyst")).status == 404
    (waits,) = read(city_site, "assessor", f"/factories?q={TAX_CODE[:6]}&state=waits")["items"]
    assert (waits["number"], waits["reading"]) == (FACTORY, "waits")
    assert read(city_site, "assessor", "/factories?state=read")["items"] == []
    assert read(city_site, "factory_owner", f"/factories/{FACTORY}")["reading"] is None
    cells = json.loads(city_site.visitor().get(f"{API}/map").text)["cells"]
    shown = unescape(city_site.visitor().get("/vi/").text)
    assert cells
    assert all(cell["part"]["vi"] in shown and cell["value"]["vi"] in shown for cell in cells)


def test_a_roadmap_is_that_of_the_page(city_site: Site) -> None:
    query = "budget=2000000000&goal=npv&years=5"
    found = read(city_site, "factory_owner", f"/factories/{FACTORY}/roadmap?{query}")
    page = city_site.visitor("factory_owner").get(f"/en/factories/{FACTORY}/roadmap/").text
    assert found["reached"]
    assert found["steps"]
    for step in found["steps"]:
        assert step["title"]["en"] in page
        assert str(step["year"]) in page
    path = f"{API}/factories/2/roadmap"
    other = json.loads(city_site.visitor().get(path, token=city_site.key("other_factory_owner")).text)
    assert (other["missing"], other["steps"]) == (["assessment"], [])


def test_a_lender_reads_what_a_consent_opens_and_nothing_else(city_site: Site) -> None:
    (row,) = read(city_site, "lender_officer", "/lending/applications")["items"]
    assert row["known"]["employees"] == 64
    assert sorted(row["seen"]) == sorted(SHOWN)
    assert not row["known"].keys() & {"tax_code", "revenue", "district", "purpose"}
    assert row["place"]["standing"] == "listed"
    text = json.dumps(read(city_site, "lender_officer", "/lending/applications/1"), ensure_ascii=False)
    assert not any(hidden in text for hidden in (TAX_CODE, "92000000000", "Phường Một", "Máy <i>mới</i>"))
    assert read(city_site, "lender_officer", f"/lending/applications?q={TAX_CODE}")["items"] == []
    assert read(city_site, "other_lender_officer", "/lending/applications")["items"] == []
    done(consent(city_site.visitor("factory_owner"), city_site, SHOWN, withdraw="1"))
    try:
        assert read(city_site, "lender_officer", "/lending/applications")["items"] == []
        left = read(city_site, "lender_officer", "/lending/applications/1")
        assert (left["application"], left["areas"], left["evidence"]) == (None, [], [])
        assert left["records"]
        gone = city_site.visitor().get(f"{API}/evidence/1", token=city_site.key("lender_officer"))
        never = city_site.visitor().get(f"{API}/evidence/999", token=city_site.key("lender_officer"))
        assert (gone.status, gone.text) == (never.status, never.text) == (404, never.text)
    finally:
        done(consent(city_site.visitor("factory_owner"), city_site, SHOWN))


def test_a_lender_records_by_the_rules_of_the_page_and_the_log_holds_it(city_site: Site) -> None:
    path = "/lending/applications/1/records"
    for body, field in (
        ({"stage": "refused", "day": "2026-02-01"}, "reason"),
        ({"stage": "disbursed", "day": "2026-02-01"}, "amount"),
        ({"stage": "disbursed", "day": "2026-02-01", "amount": 150}, "amount day"),
        ({"stage": "applied", "day": "2999-01-01"}, "day"),
        ({"stage": "void", "day": "2026-02-01", "reason": "x", "corrects": 999_999}, "corrects"),
        ({"stage": "refused", "day": "2026-02-01", "reason": "x", "lender": "Ngân hàng Hai"}, "lender"),
    ):
        status, told = write(city_site, "lender_officer", path, body)
        assert (status, list(told["fields"])) == (400, field.split()), body
    assert write(city_site, "lender_officer", path, {"stage": "forgiven", "day": "2026-02-01"})[0] == 422
    before = read(city_site, "lender_officer", "/lending/records")["count"]
    more = {"sure": True, "made": "2020-01-01", "application": 2, "number": 1, "made_by": 1}
    status, made = write(
        city_site, "lender_officer", path, {"stage": "refused", "day": "2026-02-01", "reason": "Ghi thử", **more}
    )
    assert (status, made["lender"], made["application"]) == (201, "Ngân hàng Một", 1)
    assert not made["made"].startswith("2020")
    assert "Ghi thử" in city_site.visitor("lender_officer").get("/en/lending/records/").text
    taken = {"stage": "void", "day": "2026-02-01", "reason": "Ghi nhầm", "corrects": made["number"], "sure": True}
    assert write(city_site, "lender_officer", path, taken)[0] == 201
    newest, old, *_ = read(city_site, "lender_officer", "/lending/records")["items"]
    assert (newest["corrects"], old["corrected_by"]) == (made["number"], newest["number"])
    assert read(city_site, "lender_officer", "/lending/records")["count"] == before + 2
    log = city_site.visitor("administrator").get("/en/office/log.csv?action=lending").text
    assert "lending.stage.corrected" in log


def test_the_lines_use_and_the_outcomes_are_those_of_the_pages(city_site: Site) -> None:
    use = read(city_site, "lender_officer", f"/lending/use/{CREDIT}")
    assert use["recorded"][-1]["approved"] == 1_200_000_000
    rows = {row["id"]: row for row in read(city_site, "analyst", f"/lending/outcomes/{CREDIT}")["items"]}
    assert rows[int(TAX_CODE)]["amount_approved"] == 1_200_000_000
    assert read(city_site, "analyst", "/lending/lists/1")["items"][0]["standing"] == "listed"


def test_a_program_draws_the_lots_of_the_sites_factories_as_the_button_does(city_site: Site, tmp_path: Path) -> None:
    analyst, key, salt = city_site.visitor("analyst"), city_site.key("analyst"), "10 20 30"
    units = city_site.visitor().get(f"{API}/pilots/units", token=key).text
    assert units == analyst.get("/en/pilots/units.csv").text
    digest, many = hashlib.sha256(units.encode()).hexdigest(), len(units.splitlines()) - 1
    for name in ("by-button", "by-call"):
        text = PLAN.format(id="site-lots").replace("size: 200", f"size: {many}").replace("stratified", "complete")
        page = declared(analyst, name, text.replace(", strata: [sector]", "").replace("id: site-lots", f"id: {name}"))
        there = f"/pilots/{page.split('/')[-2]}/lots/site"
        analyst.post(f"{page}register/", token_from=page)
        if name == "by-button":
            analyst.post(f"{page}lots/site/", token_from=page, salt=salt, units=digest)
        else:
            sent = {"units": digest, "salt": salt}
            assert write(city_site, "administrator", there, sent)[0] == 403
            told = city_site.visitor().send(f"{API}{there}", sent, token=city_site.key("analyst", "pilots:read"))
            assert told.status == 403
            status, refused = write(city_site, "analyst", there, {**sent, "units": "0" * 64})
            assert (status, "found them changed" in refused["detail"]) == (400, True)
            status, refused = write(city_site, "analyst", there, {"units": digest})
            assert (status, "expected a public salt" in refused["detail"]) == (400, True)
            assert write(city_site, "analyst", there, sent)[0] == 200
            status, refused = write(city_site, "analyst", there, sent)
            assert (status, "found them drawn already" in refused["detail"]) == (400, True)
        assert digest in analyst.get(page).text
        for file in ("units.csv", "pilot.yaml"):
            path = "/en/pilots/units.csv" if file == "units.csv" else f"{page}files/{file}"
            (tmp_path / file).write_bytes(analyst.fetch(path))
        by_hand = assign(load_declaration(tmp_path / "pilot.yaml"), read_table(tmp_path / "units.csv"), salt)
        write_assignment(tmp_path / "assignment.csv", by_hand)
        for file in ("assignment.csv", "assignment.recipe.json"):
            assert analyst.fetch(f"{page}files/{file}") == (tmp_path / file).read_bytes()
    log = city_site.visitor("administrator").get("/en/office/log.csv?action=pilots.lots").text
    assert log.count(digest) >= 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("size: {id}", "size: 199"), "the plan's 199 units among this site's factories, found {many} factories"),
        (("strata: [sector]", "strata: [mood]"), "the column 'mood' known of all factories of this site, found none"),
    ],
)
def test_a_program_hears_why_the_plans_units_are_not_the_sites(
    city_site: Site, change: tuple[str, str], why: str
) -> None:
    analyst, name = city_site.visitor("analyst"), f"others-{len(why)}"
    units = analyst.get("/en/pilots/units.csv").text
    many = len(units.splitlines()) - 1
    text = PLAN.format(id=name).replace("size: 200", "size: 199" if "199" in change[1] else f"size: {many}")
    page = declared(analyst, name, text.replace(*change))
    analyst.post(f"{page}register/", token_from=page)
    sent = {"units": hashlib.sha256(units.encode()).hexdigest(), "salt": "10 20 30"}
    status, refused = write(city_site, "analyst", f"/pilots/{page.split('/')[-2]}/lots/site", sent)
    assert (status, why.format(many=many) in refused["detail"]) == (400, True), refused


def test_a_program_reports_a_pilot_and_reads_what_was_seen(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "by-program")
    number = page.rstrip("/").rsplit("/", 1)[1]
    hidden, absent = (
        site.visitor().get(f"{API}/pilots/{one}", token=site.key("factory_owner")) for one in (number, 99_999)
    )
    assert (hidden.status, hidden.text) == (absent.status, absent.text) == (404, absent.text)
    analyst.post(f"{page}register/", token_from=page)
    told = json.loads(site.visitor().get(f"{API}/pilots/{number}").text)
    assert (told["in_force"], told["registrations"][0]["hash"]) == (True, told["hash"])
    assert "id: by-program" in told["declaration"]
    analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), salt="10 20 30")
    rows = [[f"f{one:03d}", f"2025-01-{1 + one // 2:02d}", 4 + one % 3, 0] for one in range(40)]
    first, head = table(["id", "date", "level", "bad"], rows[:20]), ["id", "date", "level", "bad"]
    assert write(site, "analyst", f"/pilots/{number}/reports", {"table": first}) == (201, {"days": 10})
    status, _ = write(site, "administrator", f"/pilots/{number}/reports", {"table": table(head, rows)})
    assert status == 201
    changed = [[*rows[0][:2], 9, 0], *rows[1:]]
    status, refused = write(site, "analyst", f"/pilots/{number}/reports", {"table": table(head, changed)})
    assert (status, "changed" in refused["detail"], str(site.data) in refused["detail"]) == (400, True, False)
    seen = read(site, "assessor", f"/pilots/{number}/monitoring")
    assert (seen["drawn"], len(seen["looks"])) == (True, 20)
    assert sum(seen["looks"][-1]["arrivals"].values()) == 40
    log = site.visitor("administrator").get("/en/office/log.csv?action=pilots").text
    assert log.count("pilots.reports.seen") >= 2
    assert site.visitor().get(f"{API}/pilots/{number}/monitoring").status == 401


def test_a_run_tells_its_years_and_groups_and_the_city_its_documents(site: Site, runs: tuple[int, int]) -> None:
    whole = json.loads(site.visitor().get(f"{API}/runs/{runs[0]}").text)["headlines"]
    told = json.loads(site.visitor().get(f"{API}/runs/{runs[0]}/tables").text)
    main = whole["main"]["id"]
    by_year = {(each["scenario"], each["outcome"]): each["years"] for each in told["years"]}
    years = by_year["school-bus", main]
    assert [one["year"] for one in years] == list(range(whole["run"]["years"][0], whole["run"]["years"][-1] + 1))
    head = whole["scenarios"]["school-bus"]["headlines"][f"effect.{main}"]
    (unit,) = {each["unit"] for each in told["years"] if each["outcome"] == main}
    assert unit.removesuffix("/year") == head["unit"]
    for one in told["groups"]:
        shown = [each for each in one["groups"] if each["effect"]]
        assert shown
        # What the groups gain together is what the whole gains, in each draw, so of medians within the intervals.
        assert sum(each["effect"]["p5"] for each in shown) <= head["p95"]
        assert all(each["units"] >= 5 for each in shown)
    for one in told["budgets"]:
        used = whole["scenarios"][one["scenario"]]["headlines"][f"money_used.{one['resource']}"]
        assert one["used"] == {name: used[name] for name in ("p5", "p50", "p95")}
    for part in ("tables", "report"):
        assert site.visitor().get(f"{API}/runs/{runs[1]}/{part}").status == 404


def test_a_run_tells_a_program_its_report_as_the_page_shows_it(site: Site, runs: tuple[int, int]) -> None:
    told = json.loads(site.visitor().get(f"{API}/runs/{runs[0]}/report").text)
    assert [one["id"] for one in told["vi"]["parts"]] == [one["id"] for one in told["en"]["parts"]]
    assert {"variance", "backtest", "assumptions", "sources"} <= {one["id"] for one in told["en"]["parts"]}
    for language in ("vi", "en"):
        page = unescape(site.visitor().get(f"/{language}/programmes/school-bus/runs/{runs[0]}/").text)
        assert all(sentence in page for sentence in told[language]["sentences"])
        for part in told[language]["parts"]:
            assert part["heading"] in page
            for told_table in (*part["tables"], *(figure["table"] for figure in part["figures"])):
                assert all(cell in page for row in told_table["rows"] for cell in row)
                assert not told_table["facts"] or len(told_table["facts"]) == len(told_table["rows"])
    listed = json.loads(site.visitor().get(f"{API}/sources").text)["items"]
    (source,) = [one for one in listed if one["id"] == "tutorial"]
    assert source == json.loads(site.visitor().get(f"{API}/sources/tutorial").text)
    assert "bus_fare" in source["facts"]


def test_an_administrators_program_reads_organisations_and_has_a_backup_made(site: Site) -> None:
    rows = read(site, "administrator", "/organisations")["items"]
    assert {(one["name"], one["kind"], one["people"]) for one in rows} >= {
        ("Nhà máy Một", "factory", 2), ("Ngân hàng Một", "lender", 1),
    }  # fmt: skip
    status, made = write(site, "administrator", "/backups", {})
    assert status == 201
    for _ in range(300):
        one = next(
            each for each in read(site, "administrator", "/backups")["items"] if each["number"] == made["number"]
        )
        if one["state"] == "done":
            break
        time.sleep(0.1)
    assert (one["there"], one["made"], one["read"] == one["made"], len(one["sha256"])) == (True, one["made"], True, 64)


def test_an_administrators_program_reads_an_account_and_has_both_logs_walked(site: Site) -> None:
    listed = read(site, "administrator", "/people")["items"]
    number = next(one["number"] for one in listed if one["email"] == "factory_editor@example.vn")
    one = read(site, "administrator", f"/people/{number}")
    assert [(each["role"], each["organisation"], each["fits"]) for each in one["held"]] == [
        ("factory_editor", "Nhà máy Một", True)
    ]
    assert one["second_factor"] is False
    assert "people.role.given" in {each["action"] for each in one["entries"]}
    assert "password" not in json.dumps(one)
    assert one["chosen"] is True
    given = read(site, "administrator", "/log?action=role&who=trang")["items"]  # by words of either language
    assert {each["action"] for each in given} == {"people.role.given"}
    body = next(one for one in read(site, "administrator", "/organisations")["items"] if one["kind"] == "lender")
    assert read(site, "administrator", f"/organisations/{body['number']}")["entries"] == []
    walked = read(site, "administrator", "/log/verify")
    assert (walked["log"]["whole"], walked["records"]["whole"], walked["log"]["mistake"]) == (True, True, "")
    assert walked["log"]["entries"] == read(site, "administrator", "/health")["entries"]


def test_a_design_has_the_file_of_its_page(site: Site) -> None:
    analyst = site.visitor("analyst")
    made = analyst.post("/en/lab/new/", token_from="/en/lab/", begin="school-bus", name="Cho chương trình")
    number = made.headers["location"].rstrip("/").rsplit("/", 1)[1]
    found = read(site, "analyst", f"/lab/designs/{number}")
    assert found["file"] == analyst.get(f"/en/lab/designs/{number}/design.yaml").text
    (fare,) = [one for one in found["places"] if one["name"] == "lever__fare__discount"]
    assert (fare["usual"], fare["flag"], fare["low"], fare["high"]) == ("0 %", None, 0.0, 100.0)
    for who in ("approver", "administrator"):
        hidden = site.visitor().get(f"{API}/lab/designs/{number}", token=site.key(who))
        absent = site.visitor().get(f"{API}/lab/designs/99999", token=site.key(who))
        assert (hidden.status, hidden.text) == (absent.status, absent.text) == (404, absent.text)
    others = {"draws": 2, "beside": [int(number)]}
    status, told = write(site, "analyst", f"/lab/designs/{number}/runs", others)
    assert (status, list(told["fields"])) == (400, ["beside"])  # a design is not beside itself


def test_a_program_brings_a_document_once(site: Site) -> None:
    sent = {"title": "Tin của chương trình", "publisher": "Báo", "day": "2026-01-02", "text": "Năm 2025 có 3 trạm."}
    status, made = write(site, "analyst", "/documents", sent)
    assert (status, made["title"]) == (201, sent["title"])
    status, again = write(site, "analyst", "/documents", sent)
    assert (status, again["number"]) == (200, made["number"])
    status, told = write(site, "analyst", "/documents", {**sent, "text": "Khác.", "day": "2999-01-01"})
    assert (status, list(told["fields"])) == (400, ["day"])
    whole = read(site, "approver", f"/documents/{made['number']}")
    assert whole["sha256"] == made["sha256"]
    assert whole["added_by"] == "analyst@example.vn"
    assert whole["reading"] is None or whole["reading"]["state"] in {"waiting", "running"}
    assert "desk.document.added" in site.visitor("administrator").get("/en/office/log.csv?action=desk").text


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1.0", "x", "%00"])
def test_a_number_that_cannot_be_is_no_servers_mistake(city_site: Site, number: str) -> None:
    for path in ("factories", "assessments", "evidence", "lending/applications", "lending/lists", "lab/trials"):
        status = city_site.visitor().get(f"{API}/{path}/{number}", token=city_site.key("analyst")).status
        assert status in ({400} if number == "%00" else {403, 404}), f"{path}/{number}: {status}"
