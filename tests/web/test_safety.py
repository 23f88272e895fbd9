"""What an attacker tries first."""

from __future__ import annotations

import re
from copy import copy
from http.cookiejar import Cookie

import pytest

from tests.web.conftest import PROGRAMME
from tests.web.site import PASSWORD, Site, Visitor
from tests.web.test_office import invitation, opened

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
    planted = session_of(site.visitor("factory_editor"))  # a name that somebody else knows, as a cookie is planted
    planted.value = "knownbeforehand" + "0" * 17
    visitor.jar.set_cookie(planted)
    assert visitor.log_in("assessor").status == 302
    assert session_of(visitor).value not in {planted.value, None}
    thief = site.visitor()
    thief.jar.set_cookie(planted)
    assert thief.get("/en/people/me/").status == 302
    assert visitor.get("/en/people/me/").status == 200


def session_of(visitor: Visitor) -> Cookie:
    """A copy of the cookie that holds the name of a session."""
    (found,) = [copy(one) for one in visitor.jar if one.name == "sessionid"]
    return found


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


def test_a_new_password_ends_every_session_and_every_token(site: Site) -> None:
    admin, here, there = site.visitor("administrator"), site.visitor(), site.visitor()
    account = opened(admin, "leaver@example.vn")
    chosen(site, invitation(admin, account), PASSWORD)
    assert here.log_in("leaver").status == there.log_in("leaver").status == 302
    token, page, new = made_token(here), "/en/account/password/change/", "mat khau moi hoan toan 2031"
    assert there.get("/api/v1/facts", token).status == 200
    text = here.get(page).text
    assert "logged out everywhere, here too" in text
    assert "Your tokens for programs end with the old password:" in text
    assert "a machine" in text
    assert here.post(page, token_from=page, oldpassword=PASSWORD, password1=new, password2=new).status == 302
    assert [one.get("/en/people/me/").status for one in (here, there)] == [302, 302]
    assert there.get("/api/v1/facts", token).status == 401
    assert site.visitor().log_in("leaver", PASSWORD).status == 200
    # Who forgot it chooses another by a new link: that one ends all of it as well.
    assert here.log_in("leaver", new).status == 302
    token = made_token(here)
    chosen(site, invitation(admin, account), PASSWORD)
    assert here.get("/en/people/me/").status == 302
    assert there.get("/api/v1/facts", token).status == 401
    log = admin.get("/en/office/log.csv?action=api.token&who=leaver").text
    assert log.count("api.token.ended") == log.count("api.token.made") == 2


def test_a_locked_account_that_is_opened_again_lets_in_nobody_by_what_was_opened_before(site: Site) -> None:
    admin, intruder = site.visitor("administrator"), site.visitor()
    account = opened(admin, "broken-into@example.vn")
    chosen(site, invitation(admin, account), PASSWORD)
    assert intruder.log_in("broken-into").status == 302
    token, link = made_token(intruder), invitation(admin, account)
    assert [intruder.get("/en/people/me/").status, there(site, token), site.visitor().get(link).status] == [200] * 3
    kept = session_of(intruder)
    for unlocked in (False, True):
        admin.post(f"{account}lock/", token_from=account)
        intruder.jar.set_cookie(copy(kept))
        found = intruder.get("/en/people/me/").status, there(site, token), site.visitor().get(link).status
        assert found == (302, 401, 404), unlocked
    # The password stays, and what is opened with it from now on is open.
    assert intruder.log_in("broken-into").status == 302
    assert intruder.get("/en/people/me/").status == 200
    assert there(site, made_token(intruder)) == 200
    assert site.visitor().get(invitation(admin, account)).status == 200
    ended = admin.get("/en/office/log.csv?action=api.token.ended&who=administrator").text.splitlines()[1:]
    locked = admin.get("/en/office/log.csv?action=people.account.locked&who=administrator").text.splitlines()[1:]
    assert int(ended[0].partition(",")[0]) == int(locked[0].partition(",")[0]) + 1  # one thing, written together


def there(site: Site, token: str) -> int:
    """What a program is answered that has a token."""
    return site.visitor().get("/api/v1/facts", token).status


def chosen(site: Site, link: str, password: str) -> None:
    """Have somebody choose a password by a link."""
    assert site.visitor().post(link, token_from=link, password1=password, password2=password).status == 302


def made_token(visitor: Visitor) -> str:
    """A new token of somebody's."""
    page = "/en/people/tokens/"
    text = visitor.post(page, token_from=page, token_name="a machine", scopes=["read"], days="1").text
    (found,) = re.findall(r'value="(hd_[^"]+)"', text)
    return found
