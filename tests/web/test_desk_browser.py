"""The tracking desk in a real browser: what is late and what was promised, and a claim without scripts."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Browser

from haidang.web.words import LANGUAGES, Language
from tests.web.browsing import LOOKS, faults, listened, looked_at, opened
from tests.web.copied import ALLOWED, wrong_tables
from tests.web.desk import drafts, read_in
from tests.web.site import Site

TEXT = "Công ty E cam kết xây {count} trạm xe buýt trường học vào năm 2028."
PUBLIC = ("targets/", "commitments/", "commitments/school-bus-stops/", "late/")
STAFF = ("desk/check/", "desk/reminders/", "commitments/school-bus-stops/")
LETTER = re.compile(r'href="/en/(desk/reminders/letter/\?[^"]+)"')

CONFIGURED = """() => {
    const told = {name: "htmx-config", content: '{"includeIndicatorStyles":false}'};
    document.head.append(Object.assign(document.createElement("meta"), told));
}"""
POLLED = """where => {
    const told = {get: where, trigger: "every 200ms", select: "#documents", target: "#documents", swap: "outerHTML"};
    const section = document.querySelector("#documents");
    for (const name in told) section.setAttribute(`hx-${name}`, told[name]);
    htmx.process(section);
}"""
"""What the section has while a document waits to be read, and more often."""


@pytest.fixture(scope="module")
def paper(promised: Site) -> str:
    return read_in(promised, "Tin để nhìn", "\n".join(TEXT.format(count=count) for count in (31, 32, 33)), "2026-10-01")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_what_was_promised_has_a_serious_fault_or_runs_off_the_screen(
    promised: Site, paper: str, browser: Browser, language: Language
) -> None:
    """The pages that are empty on the site of `test_browser`, whose city has promised nothing."""
    draft = f"{paper[4:]}?draft={drafts(promised, paper)[0]}"
    # Whom a letter is due depends on what others have done here before.
    letter = LETTER.search(promised.visitor("analyst").get("/en/desk/reminders/").text)
    assert letter, "nobody is reminded"
    wrong: list[str] = []
    for person, paths in ((None, PUBLIC), ("analyst", (*STAFF, unescape(letter[1]), draft))):
        page = opened(browser, promised, person, *LOOKS[language], permissions=ALLOWED)
        unheard = listened(page, promised)
        for path in paths:
            answer = page.goto(f"{promised.base}/{language}/{path}")
            assert answer, path
            assert answer.status == 200, path
            wrong += looked_at(page, language) + wrong_tables(page, language)
        page.context.close()
        wrong += unheard
    assert wrong == []


def test_a_claim_is_confirmed_without_scripts_and_by_keyboard(promised: Site, browser: Browser) -> None:
    paper = read_in(promised, "Tin không kịch bản", TEXT.format(count=44), "2026-10-03")
    draft = drafts(promised, paper)[0]
    page = opened(browser, promised, "analyst", java_script_enabled=False)
    page.goto(f"{promised.base}{paper}?draft={draft}")
    page.fill("[name=record]", "commitment/school-bus-stops")
    page.fill("[name=unit]", "stops")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Written down in" in page.content()
    page.context.close()
    page = opened(browser, promised, "approver", java_script_enabled=False)
    page.goto(f"{promised.base}/vi/desk/check/")
    chosen = page.locator("form[action*=school-bus-stops]")
    assert "44" in chosen.inner_text()
    chosen.locator("button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Đã ghi là đã đối chiếu" in page.content()
    page.context.close()
    assert "44 stops" in promised.visitor().get("/en/commitments/school-bus-stops/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_stays_up_to_date_says_when_the_login_ended_and_keeps_what_it_holds(
    promised: Site, browser: Browser, language: Language
) -> None:
    page = opened(browser, promised, "analyst", *LOOKS[language])
    page.goto(f"{promised.base}/{language}/desk/?page=1")
    page.fill("[name=title]", "Đang viết")
    page.context.clear_cookies()
    page.evaluate(CONFIGURED)
    page.add_script_tag(url=f"{promised.base}/static/django_htmx/htmx-2.min.js")
    page.evaluate(POLLED, f"/{language}/desk/?page=1")
    page.locator("#ended a").wait_for()
    assert faults(page) == []
    said = "login has ended" if language == "en" else "Phiên đăng nhập đã hết"
    assert said in page.locator("#ended").inner_text()
    assert page.locator("#documents").count() == 1
    assert page.input_value("[name=title]") == "Đang viết"
    page.click("#ended a")
    assert page.url == f"{promised.base}/{language}/account/login/?next=%2F{language}%2Fdesk%2F%3Fpage%3D1"
    page.context.close()
