"""Proposals: from anybody, shown only once they were read, answered, linked to what became of them."""

from __future__ import annotations

import json
import re

import pytest

from tests.web.desk import propose
from tests.web.site import Site

SCRIPT = "<script>alert(1)</script>"
CONTACT = "09-so-dien-thoai"


@pytest.fixture(scope="module")
def made(site: Site) -> str:
    """The page where the staff deals with a proposal that somebody made."""
    visitor, page = site.visitor(), "/en/proposals/new/"
    given = {"title": f"Thêm cây xanh {SCRIPT}", "text": f"Xin trồng cây. {SCRIPT}", "body": f"Sở thử nghiệm {SCRIPT}"}
    answer = visitor.post(page, token_from=page, contact=CONTACT, **given)
    assert answer.status == 302, answer.text
    receipt = re.search(r"Receipt number: ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", visitor.get("/en/proposals/").text)
    assert receipt
    site.objects["receipt"] = receipt.group(1)
    found = re.search(
        r'href="(/en/desk/proposals/\d+/)">Thêm cây xanh', site.visitor("analyst").get("/en/desk/proposals/").text
    )
    assert found
    return found.group(1)


def test_a_proposal_is_nobodys_to_read_until_the_staff_shows_it(site: Site, made: str) -> None:
    public = made.replace("/desk", "")
    assert site.visitor().get(public).status == 404
    assert "Thêm cây xanh" not in site.visitor().get("/en/proposals/").text
    staff = site.visitor("analyst").get(made).text
    assert CONTACT in staff
    assert SCRIPT not in staff
    shown = site.visitor("analyst").post(made, token_from=made, state="shown")
    assert shown.status == 302
    for page in (public, "/en/proposals/"):
        text = site.visitor().get(page).text
        assert "Thêm cây xanh" in text
        assert "(name as given, not confirmed)" in text
        assert CONTACT not in text
        assert SCRIPT not in text
    told = json.loads(site.visitor().get("/api/v1/proposals").text)["items"]
    assert [one["title"] for one in told] == [f"Thêm cây xanh {SCRIPT}"]
    assert CONTACT not in json.dumps(told)
    assert told[0]["body_confirmed"] is False


def test_an_answer_has_words_and_says_what_the_proposal_became(site: Site, made: str) -> None:
    analyst = site.visitor("analyst")
    bare = analyst.post(made, token_from=made, state="answered")
    assert 'id="id_answer_error"' in bare.text
    unknown = analyst.post(made, token_from=made, state="answered", answer="Có", became_commitment="nobody-knows")
    assert 'id="id_became_commitment_error"' in unknown.text
    done = analyst.post(
        made, token_from=made, state="answered", answer=f"Sẽ làm {SCRIPT}", became_programme="school-bus"
    )
    assert done.status == 302
    text = site.visitor().get(made.replace("/desk", "")).text
    assert "Sẽ làm" in text
    assert SCRIPT not in text
    assert 'href="/en/programmes/school-bus/"' in text


def test_of_two_answers_at_once_the_second_is_asked_and_both_stay(site: Site, made: str) -> None:
    analyst, admin = site.visitor("analyst"), site.visitor("administrator")
    (seen,) = re.findall(r'name="version" value="(\d+)"', analyst.get(made).text)
    first, second = f"Trả lời thứ nhất {SCRIPT}", "Trả lời thứ hai"
    assert analyst.post(made, token_from=made, state="answered", answer=first, version=seen).status == 302
    late = admin.post(made, token_from=made, state="answered", answer=second, version=seen)
    assert late.status == 200
    assert "Somebody has just answered this proposal" in late.text
    assert "Trả lời thứ nhất" in late.text
    assert second in late.text
    assert second not in site.visitor().get(made.replace("/desk", "")).text
    (now,) = re.findall(r'name="version" value="(\d+)"', late.text)
    assert admin.post(made, token_from=made, state="answered", answer=second, version=now).status == 302
    kept = analyst.get(made).text
    assert kept.index(second) < kept.index("Trả lời thứ nhất")
    assert SCRIPT not in kept
    key, number = site.key("analyst"), made.split("/")[-2]
    old = analyst.send(
        f"/api/v1/consultation/{number}", {"state": "answered", "answer": "Ba", "version": int(seen)}, token=key
    )
    assert old.status == 400, old.text
    assert "it is another now" in old.text
    seen_by_approver = site.visitor("approver").get(made).text
    assert second in seen_by_approver
    assert "answered" in seen_by_approver
    assert "Write down" not in seen_by_approver


def test_a_receipt_finds_its_proposal_and_no_other_number_does(site: Site, made: str) -> None:
    visitor, page, number = site.visitor(), "/en/proposals/receipt/", site.objects["receipt"]
    told = visitor.post(page, token_from=page, receipt=number.replace("-", " ").lower())
    assert "Thêm cây xanh" in told.text
    assert "Answered." in told.text
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "-", SCRIPT):
        answer = visitor.post(page, token_from=page, receipt=wrong)
        assert 'id="id_receipt_error"' in answer.text, wrong
        assert SCRIPT not in answer.text
    assert number not in site.visitor("administrator").get("/en/office/log.csv?action=desk").text


def test_only_who_writes_things_down_answers(site: Site, made: str) -> None:
    before = site.visitor().get(made.replace("/desk", "")).status
    assert site.visitor("approver").post(made, token_from=made, state="hidden").status == 403
    assert site.visitor("assessor").post(made, token_from="/en/account/login/", state="hidden").status == 403
    assert site.visitor().get(made.replace("/desk", "")).status == before


def test_a_program_that_fills_in_what_nobody_sees_is_not_heard(site: Site) -> None:
    assert propose(site, "Mua hàng giảm giá", website="https://spam.example").status == 302
    assert "Mua hàng giảm giá" not in site.visitor("analyst").get("/en/desk/proposals/").text


def test_nothing_more_than_the_form_asks_for_is_taken_and_a_members_own_name_is_confirmed(site: Site) -> None:
    analyst, page = site.visitor("analyst"), "/en/proposals/new/"
    more = {"state": "shown", "answer": "Đồng ý", "origin": "x", "confirmed": "", "version": "7"}
    assert analyst.post(page, token_from=page, title="Tự đăng", text="x", body=" sở thử  nghiệm", **more).status == 302
    assert "Tự đăng" not in site.visitor().get("/en/proposals/").text
    waiting = analyst.get("/en/desk/proposals/").text
    assert "Sở thử nghiệm <span" in waiting
    assert "confirmed; sent by a member who had logged in" in waiting
