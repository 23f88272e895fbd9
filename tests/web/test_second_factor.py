"""Logging in with a code: turned on with the secret that the page shows, asked for at each login, turned off again."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import re
import time

import pytest
from playwright.sync_api import Browser

from haidang.web.words import Language
from tests.web.browsing import LOOKS, listened, opened
from tests.web.site import PASSWORD, Answer, Site, Visitor
from tests.web.test_safety import session_of
from tests.web.traveller import Traveller

SECOND = "/en/account/2fa/"
OWN = "/en/people/me/"
WRONG = "The code is not right."


def totp(secret: str, at: float, digits: int = 6) -> str:
    """The code of a moment: the count of half minutes, signed with the secret and cut short (RFC 6238, RFC 4226)."""
    seal = hmac.digest(base64.b32decode(secret), (int(at) // 30).to_bytes(8, "big"), hashlib.sha1)
    start = seal[-1] & 15
    number = int.from_bytes(seal[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


@pytest.mark.parametrize(
    ("at", "code"), [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")]
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    """The table in appendix B of RFC 6238."""
    assert totp(base64.b32encode(b"12345678901234567890").decode(), at, digits=8) == code


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found, page
    return found.group(1)


def with_code(visitor: Visitor, code: str) -> Answer:
    place = f"{SECOND}authenticate/"
    return visitor.post(place, token_from=place, code=code)


def at_the_code(site: Site, person: str) -> Visitor:
    """Somebody whose password was right, and who is asked for a code now."""
    visitor = site.visitor()
    answer = visitor.log_in(person)
    assert (answer.status, answer.headers["location"]) == (302, f"{SECOND}authenticate/")
    assert visitor.get(OWN).status == 302  # not in yet
    return visitor


def vouch(visitor: Visitor) -> None:
    """Give the password again, as is asked before anything of the second factor is changed."""
    place = "/en/account/reauthenticate/"
    assert visitor.post(place, token_from=place, password=PASSWORD).status == 302


def is_in(visitor: Visitor) -> bool:
    return visitor.get(OWN).status == 200


def test_a_code_is_asked_for_once_the_second_factor_is_on_and_no_longer_once_it_is_off(site: Site) -> None:
    person, own = "with_a_code_1", site.visitor()
    assert own.log_in(person).status == 302
    place = f"{SECOND}totp/activate/"
    assert "/reauthenticate/" in own.get(place).headers["location"]
    vouch(own)
    secret = secret_on(own.get(place).text)
    refused = own.post(place, token_from=OWN, code="000000x")
    assert WRONG in refused.text
    assert secret_on(refused.text) == secret  # a mistake does not ask one to scan again
    assert "<script>alert" not in own.post(place, token_from=OWN, code='"><script>alert(1)</script>').text
    assert "It is off." in own.get(SECOND).text

    secret, now = secret_on(own.get(place).text), time.time()
    turned_on = own.post(place, token_from=OWN, code=totp(secret, now))
    assert (turned_on.status, turned_on.headers["location"]) == (302, f"{SECOND}recovery-codes/")
    spare = re.findall(r"^\s*(?:<pre>)?(\d{8})$", own.get(f"{SECOND}recovery-codes/").text, re.M)
    assert len(spare) == 10
    assert own.get(f"{SECOND}recovery-codes/download/").text.split() == spare
    assert "It is on." in own.get(SECOND).text

    again = at_the_code(site, person)
    known = session_of(again).value  # a session that is there already: who knew its name is not let in by the code
    assert WRONG in with_code(again, "12345").text
    assert not is_in(again)
    assert WRONG in with_code(again, totp(secret, now)).text  # it turned the second factor on
    vouching = f"{SECOND}reauthenticate/"
    assert WRONG in own.post(vouching, token_from=vouching, code=totp(secret, now)).text
    assert with_code(again, totp(secret, now + 30)).status == 302
    assert is_in(again)
    assert session_of(again).value not in {known, None}

    # Neither a code of the app nor a spare one opens twice, nor does one confirm what another login used.
    third = at_the_code(site, person)
    assert WRONG in with_code(third, totp(secret, now + 30)).text
    assert WRONG in own.post(vouching, token_from=vouching, code=totp(secret, now + 30)).text
    assert with_code(third, spare[3]).status == 302
    assert is_in(third)
    fourth = at_the_code(site, person)
    assert WRONG in with_code(fourth, spare[3]).text
    assert not is_in(fourth)
    assert with_code(fourth, spare[4]).status == 302
    assert is_in(fourth)

    # New spare codes end the old ones.
    vouch(fourth)
    renew = f"{SECOND}recovery-codes/generate/"
    assert spare[3] not in fourth.get(f"{SECOND}recovery-codes/").text
    assert fourth.post(renew, token_from=renew).status == 302
    assert not set(spare) & set(re.findall(r"\d{8}", fourth.get(f"{SECOND}recovery-codes/").text))

    off = f"{SECOND}totp/deactivate/"
    assert fourth.post(off, token_from=off).status == 302
    assert "It is off." in fourth.get(SECOND).text
    last = site.visitor()
    assert last.log_in(person).headers["location"] == "/en/"
    assert is_in(last)
    log = site.visitor("administrator").get("/en/office/log.csv?action=second_factor").text
    assert ["added" in log, "removed" in log] == [True, True]
    rows = list(csv.DictReader(io.StringIO(log.removeprefix("\ufeff"))))
    own = next(
        row["subject"] for row in rows if row["who"] == f"{person}@example.vn" and row["action"].endswith("added")
    )
    failed = [row for row in rows if (row["subject"], row["action"]) == (own, "people.second_factor.failed")]
    assert [row["who"] for row in failed] == ["site"] * 6
    assert all("12345" not in row["details"] for row in failed)


@pytest.mark.parametrize(("language", "person"), [("vi", "with_a_code_2"), ("en", "with_a_code_3")])
def test_the_second_factor_is_turned_on_used_and_turned_off_with_the_keyboard_alone(
    site: Site, browser: Browser, language: Language, person: str
) -> None:
    page = opened(browser, site, None, *LOOKS[language])
    wrong = listened(page, site)
    t = Traveller(page, site, language, wrong)

    def log_in() -> None:
        t.go(f"account/login/?next=/{language}/people/me/")
        t.write("login", f"{person}@example.vn")
        t.write("password", PASSWORD)
        t.press(t.say("log_in"))

    log_in()
    t.press(t.say("account.second"))
    t.press(t.say("account.second_do"))
    t.sees(t.say("account.again_intro"))
    t.write("password", PASSWORD)
    t.press(t.say("account.go_on"))
    assert page.locator("img.qr").evaluate("it => it.complete && it.naturalWidth > 0")
    secret = page.locator("code").inner_text().replace(" ", "")
    t.write("code", totp(secret, time.time()))
    t.press(t.say("account.second_do"))
    t.sees(t.say("account.message.totp_activated"), t.say("account.recovery_intro"))
    spare = page.locator("pre").inner_text().split()[0]
    t.press(t.say("account.recovery_new"))
    page.context.clear_cookies()
    log_in()
    t.sees(t.say("account.code_intro"))
    t.write("code", "123")
    t.press(t.say("log_in"))
    t.sees(t.say("account.mistake.incorrect_code"))
    t.write("code", spare)
    t.press(t.say("log_in"))
    t.press(t.say("account.second"))
    t.press(t.say("account.second_off_do"))
    t.write("password", PASSWORD)
    t.press(t.say("account.go_on"))
    t.press(t.say("account.second_off_do"))
    t.sees(t.say("account.second_none"))
    page.context.close()
    assert wrong == []
