"""What an attacker tries first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web.conftest import PROGRAMME
from tests.web.site import PASSWORD, Site, command, inside

SCRIPT = "<script>alert(1)</script>"


def test_every_page_carries_the_headers_that_browsers_obey(site: Site) -> None:
    headers = site.visitor().get("/vi/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_words_to_look_for_are_never_run(site: Site) -> None:
    text = site.visitor().get("/en/facts/?q=%3Cscript%3Ealert(1)%3C/script%3E%22onfocus=%22").text
    assert SCRIPT not in text
    assert "&lt;script&gt;" in text


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    analyst = site.visitor("analyst")
    assert analyst.post(f"/en/jobs/simulate/{PROGRAMME}/", draws="2").status == 403


@pytest.mark.parametrize("draws", ["0", "1", "100000", "many", ""])
def test_a_number_of_draws_that_cannot_be_is_not_put_in_the_queue(site: Site, draws: str) -> None:
    analyst = site.visitor("analyst")
    before = analyst.get("/en/jobs/").text.count('<th scope="row">')
    page = f"/en/programmes/{PROGRAMME}/"
    analyst.post(f"/en/jobs/simulate/{PROGRAMME}/", token_from=page, draws=draws)
    text = analyst.get("/en/jobs/").text
    assert text.count('<th scope="row">') == before
    assert "must be from 2 to 1,000" in text


def test_login_does_not_send_elsewhere(site: Site) -> None:
    visitor, page = site.visitor(), "/en/account/login/?next=https://elsewhere.example/"
    answer = visitor.post(page, token_from=page, login="analyst@example.vn", password=PASSWORD)
    assert answer.status == 302
    assert "elsewhere" not in answer.headers["location"]


def test_a_session_gets_a_new_name_at_login(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/en/account/login/")
    before = {cookie.value for cookie in visitor.jar if cookie.name == "sessionid"}
    visitor.log_in("assessor")
    after = {cookie.value for cookie in visitor.jar if cookie.name == "sessionid"}
    assert after
    assert not after & before


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(site: Site) -> None:
    unknown, wrong = (
        site.visitor().log_in(role, "sai mat khau roi ban oi") for role in ("nobody-here", "factory_editor")
    )
    assert unknown.status == wrong.status == 200
    for answer in (unknown, wrong):
        assert "The address or the password is not right." in answer.text


def test_nobody_signs_up_alone(site: Site) -> None:
    visitor, page = site.visitor(), "/en/account/signup/"
    assert "Accounts are given by" in visitor.get(page).text
    visitor.post(page, token_from="/en/account/login/", email="new@example.vn", password1=PASSWORD, password2=PASSWORD)
    assert visitor.log_in("new", PASSWORD).status == 200


def test_a_new_password_ends_every_other_session(site: Site, pack: str) -> None:
    email = "leaver@example.vn"
    words = ("web", "user", email, "--role", "assessor", "--organisation", "Sở thử nghiệm")
    assert command(site.data, pack, *words, given=PASSWORD + "\n").returncode == 0
    here, there = site.visitor(), site.visitor()
    assert here.log_in("leaver").status == there.log_in("leaver").status == 302
    page, new = "/en/account/password/change/", "mat khau moi hoan toan 2031"
    here.post(page, token_from=page, oldpassword=PASSWORD, password1=new, password2=new)
    assert there.get("/en/people/me/").status == 302
    assert site.visitor().log_in("leaver", PASSWORD).status == 200


GUESSES = """
from tests.web.within import Within
visitor = Within()
print(json.dumps([visitor.log_in("guessed", f"doan mo lan thu {turn}").text for turn in range(7)]))
"""


def test_who_guesses_passwords_is_stopped(tmp_path: Path, pack: str) -> None:
    # On a site of its own: failed logins from an address hold back every later one from there for a minute.
    first, *_, last = json.loads(inside(tmp_path / "data", pack, GUESSES))
    assert "Too many failed attempts" not in first
    assert "Too many failed attempts" in last
