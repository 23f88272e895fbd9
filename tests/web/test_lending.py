"""What a lender sees of a factory, what it writes down, and what the pilot is evaluated on."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from haidang.learn.pilot.assign import assign
from haidang.learn.pilot.assignment_file import write_assignment
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.learn.pilot.tables import read_table
from tests.web.city import CREDIT, FACTORY, SHOWN, TAX_CODE, allocation, consent, done
from tests.web.site import Site, Visitor
from tests.web.test_pilots import PLAN, declared

DETAIL = "/en/lending/applications/1/"


def table(visitor: Visitor, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(visitor.get(path).text.lstrip("\ufeff"))))


def record(visitor: Visitor, **told: str) -> str:
    """Write a record down; what the page says where it is not taken."""
    reply = visitor.post(f"{DETAIL}record/", token_from=DETAIL, **({"day": "2026-02-01"} | told))
    return "" if reply.status == 302 else reply.text


def test_a_lender_sees_the_fields_that_a_factory_lets_it_see_and_no_others(city_site: Site) -> None:
    lender = city_site.visitor("lender_officer")
    page = lender.get(DETAIL).text
    assert "Food" in page
    assert "1,500,000,000 VND" in page
    for hidden in (TAX_CODE, "92 billion", "Phường", "Máy &lt;i&gt;mới"):
        assert hidden not in page, hidden
    (row,) = table(lender, "/en/lending/pipeline.csv")
    assert (row["name"], row["employees"], row["amount"]) == ("Nhà máy <b>Một</b>", "64", "1500000000")
    assert (row["tax_code"], row["purpose"], row["district"]) == ("", "", "")
    assert row["list"] == "listed"
    assert lender.get("/en/factories/files/1/").status == 200


def test_nothing_can_be_asked_about_what_is_not_shown(city_site: Site) -> None:
    lender, owner = city_site.visitor("lender_officer"), city_site.visitor("factory_owner")
    done(consent(owner, city_site, ["name", "amount"]))
    try:
        for hidden in ("sector=food", "size=medium", f"q={TAX_CODE}"):
            assert table(lender, f"/en/lending/pipeline.csv?{hidden}") == [], hidden
        assert len(table(lender, "/en/lending/pipeline.csv?sort=employees")) == 1
        assert "only what your organisation" not in lender.get(DETAIL).text
        assert "64 people" not in lender.get(DETAIL).text
        assert lender.get("/en/factories/files/1/").status == 404
    finally:
        done(consent(owner, city_site, SHOWN))
    assert len(table(lender, "/en/lending/pipeline.csv?sector=food")) == 1


def test_a_withdrawn_consent_holds_at_once_everywhere(city_site: Site) -> None:
    lender, other = city_site.visitor("lender_officer"), city_site.visitor("other_lender_officer")
    owner = city_site.visitor("factory_owner")
    assert other.get(DETAIL).status == 404
    done(consent(owner, city_site, SHOWN, lender="Ngân hàng Hai"))
    assert other.get(DETAIL).status == 200
    done(consent(owner, city_site, SHOWN, lender="Ngân hàng Hai", withdraw="1"))
    done(consent(owner, city_site, SHOWN, withdraw="1"))
    try:
        for visitor in (lender, other):
            assert "Nhà máy" not in visitor.get("/vi/lending/").text.partition("<main")[2]
            assert table(visitor, "/en/lending/pipeline.csv") == []
            assert visitor.get("/en/lending/pipeline.xlsx").status == 200
            assert visitor.get("/en/factories/files/1/").status == 404
        assert other.get(DETAIL).status == 404
        # What the lender wrote down itself is its own; nothing about the factory stands beside it.
        own = lender.get(DETAIL).text
        assert "only what your organisation" in own
        assert "1,200,000,000" in own
        shown = re.sub(r"_helptext[^<]*<", "", own)  # where such an amount is the example
        assert not any(word in shown for word in ("Nhà máy", "64 people", "1,500,000,000"))
        assert len(table(lender, "/en/lending/records.csv")) >= 1
    finally:
        done(consent(owner, city_site, SHOWN))
    history = owner.get(f"/en/factories/{FACTORY}/consents/").text
    assert "all withdrawn" in history


def test_a_refusal_needs_a_reason_and_money_an_amount(city_site: Site) -> None:
    lender = city_site.visitor("lender_officer")
    assert "give the reason" in record(lender, stage="refused")
    assert "needs an amount" in record(lender, stage="disbursed")
    assert "has no amount" in record(lender, stage="refused", amount="1 billion", reason="x")
    assert "has not come yet" in record(lender, stage="applied", day="2999-01-01")
    assert "choose the record" in record(lender, stage="void", reason="x")
    assert "not one of the available choices" in record(lender, stage="forgiven")


@pytest.mark.parametrize(
    ("amount", "question"),
    [("150", "less than a million"), ("1600 tỷ", "whole line"), ("1.3 billion", "the 1.2 billion VND approved")],
)
def test_an_unlikely_amount_is_asked_about(city_site: Site, amount: str, question: str) -> None:
    assert question in record(city_site.visitor("lender_officer"), stage="disbursed", amount=amount)


def test_a_mistake_is_corrected_by_a_new_record_and_the_old_one_stays(city_site: Site) -> None:
    lender = city_site.visitor("lender_officer")
    assert record(lender, stage="disbursed", amount="500 triệu", sure="on") == ""
    wrong = table(lender, "/en/lending/records.csv")[-1]["record"]
    assert "give the reason" in record(lender, stage="disbursed", amount="600 triệu", corrects=wrong)
    more = {"corrects": wrong, "reason": "Ghi nhầm", "sure": "on"}
    assert record(lender, stage="disbursed", amount="600 triệu", **more) == ""
    rows = {row["record"]: row for row in table(lender, "/en/lending/records.csv")}
    assert rows[wrong]["amount_vnd"] == "500000000"
    later = rows[rows[wrong]["corrected_by"]]
    assert (later["amount_vnd"], later["corrects"]) == ("600000000", wrong)
    assert "not one of the available choices" in record(lender, stage="void", reason="x", corrects=wrong)
    (row,) = table(lender, "/en/lending/pipeline.csv")
    assert (row["disbursed"], row["stage"]) == ("600000000", "disbursed")
    assert f"no. {later['record']}: paid out 600,000,000 VND, 1 February 2026" in lender.get(DETAIL).text
    # The factory sees which of them stands.
    owner = city_site.visitor("factory_owner")
    told = owner.get("/en/factories/applications/1/").text
    gone, stands = (re.search(rf'<tr( class="gone")?>(?:(?!</tr>).)*{amount}', told, re.DOTALL) for amount in
                    ("500,000,000", "600,000,000"))  # fmt: skip
    assert gone
    assert stands
    assert (bool(gone[1]), bool(stands[1])) == (True, False)
    home = re.sub(r"<[^>]+>", "", owner.get(f"/en/factories/{FACTORY}/").text)
    assert "Ngân hàng Một: paid out 600,000,000 VND" in home


def test_the_database_itself_refuses_to_change_or_delete_a_record(city_site: Site) -> None:
    with sqlite3.connect(city_site.data / "haidang.sqlite3") as database:
        for statement in ("UPDATE lending_stagerecord SET amount = 1", "DELETE FROM lending_stagerecord"):
            with pytest.raises(sqlite3.IntegrityError, match="records only grow"):
                database.execute(statement)


def test_the_table_for_the_pilot_has_a_row_for_each_factory(city_site: Site) -> None:
    path = f"/en/lending/outcomes/{CREDIT}.csv"
    rows = {row["id"]: row for row in table(city_site.visitor("analyst"), path)}
    own = rows[str(int(TAX_CODE))]
    assert (own["applied"], own["approved"], own["amount_approved"]) == ("1", "1", "1200000000")
    other = rows["314409058002"]
    assert (other["applied"], other["approved"], other["amount_approved"]) == ("0", "0", "0")
    assert city_site.visitor("lender_officer").get(path).status == 403


def test_lots_are_drawn_from_the_sites_factories_as_from_the_file_of_them(city_site: Site, tmp_path: Path) -> None:
    analyst, administrator = city_site.visitor("analyst"), city_site.visitor("administrator")
    file = tmp_path / "units.csv"
    file.write_bytes(analyst.fetch("/en/pilots/units.csv"))
    digest, units = hashlib.sha256(file.read_bytes()).hexdigest(), read_table(file)
    text = PLAN.format(id="here").replace("size: 200", f"size: {units.height}").replace("stratified", "complete")
    page = declared(analyst, "here", text.replace(", strata: [sector]", ""))
    analyst.post(f"{page}register/", token_from=page)
    told = analyst.get(page).text
    assert f"This site knows {units.height} factories; the plan names {units.height} units" in told
    assert told.count(digest) == 2  # to read, and to send back
    assert "lots/site/" not in administrator.get(page).text
    assert administrator.post(f"{page}lots/site/", token_from=page, salt="10 20 30", units=digest).status == 403
    analyst.post(f"{page}lots/site/", token_from=page, salt="10 20 30", units="0" * 64)
    assert "found them changed" in analyst.get(page).text
    analyst.post(f"{page}lots/site/", token_from=page, salt="10 20 30", units=digest)
    write_assignment(
        tmp_path / "assignment.csv", assign(load_declaration(_plan(analyst, page, tmp_path)), units, "10 20 30")
    )
    for name in ("assignment.csv", "assignment.recipe.json"):
        assert analyst.fetch(f"{page}files/{name}") == (tmp_path / name).read_bytes()
    drawn = analyst.get(page).text
    assert drawn.count(digest) == 1
    assert "Draw the lots" not in drawn
    assert digest not in city_site.visitor().get(page).text
    log = administrator.get("/en/office/log.csv?action=pilots.lots").text
    assert digest in log
    assert '""source"": ""site""' in log


def _plan(visitor: Visitor, page: str, folder: Path) -> Path:
    file = folder / "pilot.yaml"
    file.write_bytes(visitor.fetch(f"{page}files/pilot.yaml"))
    return file


def test_a_formula_in_a_reason_reaches_no_spreadsheet_as_one(city_site: Site) -> None:
    lender = city_site.visitor("lender_officer")
    assert record(lender, stage="refused", reason='=HYPERLINK("http://x")', sure="on") == ""
    made = table(lender, "/en/lending/records.csv")[-1]
    assert made["reason"] == '\'=HYPERLINK("http://x")'
    reply = lender.get("/en/lending/records.xlsx")
    assert reply.status == 200
    assert record(lender, stage="void", reason="Ghi nhầm", corrects=made["record"], sure="on") == ""


def test_the_workbook_holds_what_the_page_shows(city_site: Site) -> None:
    import urllib.request

    lender = city_site.visitor("lender_officer")
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(lender.jar))
    with opener.open(f"{city_site.base}/en/lending/pipeline.xlsx", timeout=60) as reply:
        sheet = openpyxl.load_workbook(io.BytesIO(reply.read())).active
    assert sheet is not None
    head, row = (list(one) for one in sheet.iter_rows(values_only=True))
    assert row[head.index("name")] == "Nhà máy <b>Một</b>"
    assert row[head.index("tax_code")] in {None, ""}


def test_the_lines_use_is_told_in_a_sentence_and_a_table(city_site: Site) -> None:
    text = city_site.visitor("lender_officer").get("/en/lending/use/").text
    assert "No run has been published to compare with" in text
    assert "approved" in text
    assert "<svg" in text
    assert '<svg class="use"' in text
    other = city_site.visitor("lender_officer").get("/en/lending/use/?programme=rooftop-solar").text
    assert '<svg class="use"' not in other, "nothing is recorded and nothing foretold"
    assert city_site.visitor("lender_officer").get("/en/lending/use/?programme=nothing").status == 404


@pytest.mark.parametrize("content", [b"", b"PAR1 no table", allocation()[:-20], b"<html>", b"id,standing\n1,listed\n"])
def test_what_is_no_list_is_not_taken_in(city_site: Site, content: bytes) -> None:
    page = "/en/lending/lists/"
    reply = city_site.visitor("analyst").send_file(page, page, "list.parquet", content, title="x", programme=CREDIT)
    assert reply.status == 200
    assert "is not the list.parquet" in reply.text or "file is empty" in reply.text


def test_a_list_shows_its_reasons_to_lenders_only_once_it_is_published(city_site: Site) -> None:
    analyst, lender = city_site.visitor("analyst"), city_site.visitor("lender_officer")
    assert "Offered: credit 2026." in lender.get(DETAIL).text
    done(analyst.post("/en/lending/lists/1/publish/", token_from="/en/lending/lists/1/"))
    try:
        assert "Offered: credit 2026." not in lender.get(DETAIL).text
        assert "Offered: credit 2026." in analyst.get("/en/lending/lists/1/").text
    finally:
        done(analyst.post("/en/lending/lists/1/publish/", token_from="/en/lending/lists/1/"))
    assert lender.post("/en/lending/lists/1/publish/", token_from=DETAIL).status == 403


def test_a_lender_sees_of_a_published_list_those_that_applied_and_let_it_and_nobody_else(city_site: Site) -> None:
    owner, lender, other = (
        city_site.visitor(one) for one in ("factory_owner", "lender_officer", "other_lender_officer")
    )
    page, file = "/en/lending/lists/1/", "/en/lending/lists/1/list.csv"
    assert "Danh sách thử" in lender.get("/en/lending/lists/").text
    assert "Take in a list" not in lender.get("/en/lending/lists/").text
    text = lender.get(page).text
    assert "Nhà máy &lt;b&gt;Một" in text
    assert "Offered: credit 2026." in text
    assert "Applicants on it who let you see their place: 1" in text
    assert "Được mời: credit 2026." in lender.get(page.replace("/en/", "/vi/")).text
    (row,) = table(lender, file)
    assert (row["application"], row["name"], row["standing"]) == ("1", "Nhà máy <b>Một</b>", "listed")
    assert row["reason"] == "Offered: credit 2026."
    assert TAX_CODE not in lender.get(file).text
    (seen,) = table(city_site.visitor("analyst"), file)
    assert seen["tax_code"] == TAX_CODE
    assert table(other, file) == []
    assert "No applicant who lets you see their place" in other.get(page).text
    try:
        done(consent(owner, city_site, [one for one in SHOWN if one != "name"]))
        assert "Application 1" in lender.get(page).text
        assert "Nhà máy" not in lender.get(file).text
        done(consent(owner, city_site, [one for one in SHOWN if one != "listed"]))
        assert table(lender, file) == []
    finally:
        done(consent(owner, city_site, SHOWN))
    analyst = city_site.visitor("analyst")
    done(analyst.post(f"{page}publish/", token_from=page))
    try:
        assert {lender.get(one).status for one in (page, file)} == {404}
    finally:
        done(analyst.post(f"{page}publish/", token_from=page))
    assert lender.post("/en/lending/lists/", token_from=page, title="x").status == 403
