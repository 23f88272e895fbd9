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
    answer = propose(site, f"Thêm cây xanh {SCRIPT}", f"Xin trồng cây. {SCRIPT}", body=f"Hội {SCRIPT}", contact=CONTACT)
    assert answer.status == 302, answer.text
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
        assert CONTACT not in text
        assert SCRIPT not in text
    told = json.loads(site.visitor().get("/api/v1/proposals").text)["items"]
    assert [one["title"] for one in told] == [f"Thêm cây xanh {SCRIPT}"]
    assert CONTACT not in json.dumps(told)


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


def test_only_who_writes_things_down_answers(site: Site, made: str) -> None:
    before = site.visitor().get(made.replace("/desk", "")).status
    assert site.visitor("approver").post(made, token_from=made, state="hidden").status == 403
    assert site.visitor("assessor").post(made, token_from="/en/account/login/", state="hidden").status == 403
    assert site.visitor().get(made.replace("/desk", "")).status == before


def test_a_program_that_fills_in_what_nobody_sees_is_not_heard(site: Site) -> None:
    assert propose(site, "Mua hàng giảm giá", website="https://spam.example").status == 302
    assert "Mua hàng giảm giá" not in site.visitor("analyst").get("/en/desk/proposals/").text


def test_nothing_more_than_the_form_asks_for_is_taken(site: Site) -> None:
    propose(site, "Tự đăng", state="shown", answer="Đồng ý", origin="x")
    assert "Tự đăng" not in site.visitor().get("/en/proposals/").text


def test_more_than_a_few_an_hour_are_not_taken_from_one_address(site: Site, made: str) -> None:
    said = [propose(site, f"Lần {turn}").status for turn in range(6)]
    assert said[-1] == 429
    assert said.count(429) < 6
