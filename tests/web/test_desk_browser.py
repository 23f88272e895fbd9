"""The tracking desk in a real browser: by keyboard alone, without scripts, on a telephone, by day and by night."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web.copied import ALLOWED, wrong_tables
from tests.web.desk import drafts, read_in
from tests.web.site import PASSWORD, Site
from tests.web.test_browser import SIZES, faults, press_until

TEXT = "Công ty E cam kết xây {count} trạm xe buýt trường học vào năm 2028."
PUBLIC = ("commitments/", "commitments/school-bus-stops/", "late/", "proposals/", "proposals/new/")
STAFF = ("desk/", "desk/check/", "desk/reminders/", "desk/proposals/", "commitments/school-bus-stops/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "needs Debian's chromium: make system"
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


def with_cookies(browser: Browser, site: Site, person: str | None, **more: object) -> BrowserContext:
    """A browser of somebody who is logged in already: logins are counted and limited."""
    context = browser.new_context(**more)  # type: ignore[arg-type]
    for cookie in site.visitor(person).jar if person else ():
        context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": site.base}])
    return context


@pytest.fixture(scope="module")
def paper(promised: Site) -> str:
    return read_in(promised, "Tin để nhìn", "\n".join(TEXT.format(count=count) for count in (31, 32, 33)), "2026-10-01")


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_no_page_of_the_desk_has_a_serious_fault_or_runs_off_the_screen(
    promised: Site, paper: str, browser: Browser, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    wrong: list[str] = []
    asked: list[str] = []
    draft = drafts(promised, paper)[0]
    letter = "desk/reminders/letter/?body=Department%20of%20Transport"
    pages = {None: PUBLIC, "analyst": (*STAFF, f"{paper[4:]}?draft={draft}"), "approver": ("desk/check/", letter)}
    for person, paths in pages.items():
        view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        context = with_cookies(browser, promised, person, **view)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for language in ("vi", "en"):
            for path in paths:
                answer = page.goto(f"{promised.base}/{language}/{path}")
                if answer is None or (answer.status != 200 and path != letter):
                    wrong.append(f"{language}/{path}: {answer}")
                wrong += [f"{person} {language}/{path}: {fault}" for fault in faults(page)]
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{language}/{path}: wider than the screen")
        context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((promised.base, "data:"))] == []


def log_in(page: Page, site: Site, path: str) -> None:
    """Log in by keyboard, on the way to a page."""
    page.goto(f"{site.base}/en/account/login/?next=/en/{path}")
    press_until(page, "login")
    page.keyboard.type("analyst@example.vn")
    press_until(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.base}/en/{path}", wait_until="load")


def test_an_analyst_goes_through_drafts_with_the_keyboard_alone(promised: Site, browser: Browser) -> None:
    text = "\n".join(TEXT.format(count=count) for count in (21, 22, 23))
    paper = read_in(promised, "Tin bàn phím", text, "2026-10-02")
    first, second, third = drafts(promised, paper)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    log_in(page, promised, paper[4:])
    page.keyboard.press("j")
    page.wait_for_url(f"**{paper}?draft={second}#now")
    page.keyboard.press("k")
    page.wait_for_url(f"**{paper}?draft={first}#now")
    page.keyboard.press("r")
    page.wait_for_url(f"**{paper}?draft={second}#now")
    press_until(page, "record")
    page.keyboard.press("Control+A")
    page.keyboard.type("commitment/school-bus-stops")
    page.keyboard.press("Escape")
    press_until(page, "unit")
    page.keyboard.press("Control+A")
    page.keyboard.type("stops")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{paper}?draft={third}#now")
    assert page.locator(".messages").inner_text().startswith("Written down in")
    states = [each.get_attribute("class") for each in page.locator(".drafts li").all()]
    assert states == ["rejected", "taken", "open"]
    context.close()
    assert "22 stops" in promised.visitor("analyst").get("/en/commitments/school-bus-stops/").text


def test_a_claim_is_confirmed_without_scripts_and_by_keyboard(promised: Site, browser: Browser) -> None:
    paper = read_in(promised, "Tin không kịch bản", TEXT.format(count=44), "2026-10-03")
    draft = drafts(promised, paper)[0]
    context = with_cookies(browser, promised, "analyst", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{promised.base}{paper}?draft={draft}")
    page.fill("[name=record]", "commitment/school-bus-stops")
    page.fill("[name=unit]", "stops")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Written down in" in page.content()
    context.close()
    context = with_cookies(browser, promised, "approver", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{promised.base}/vi/desk/check/")
    chosen = page.locator("form[action*=school-bus-stops]")
    assert "44" in chosen.inner_text()
    chosen.locator("button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Đã ghi là đã đối chiếu" in page.content()
    context.close()
    assert "44 stops" in promised.visitor().get("/en/commitments/school-bus-stops/").text


def test_somebody_proposes_something_on_a_telephone(promised: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{promised.base}/vi/proposals/new/")
    press_until(page, "title")
    page.keyboard.type("Thêm ghế ở trạm xe buýt")
    press_until(page, "text")
    page.keyboard.type("Xin đặt thêm ghế.")
    # The field that no person sees is not on the way.
    names: list[str] = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(str(page.evaluate("document.activeElement.name || document.activeElement.tagName")))
    assert "website" not in names
    page.locator("main button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/vi/proposals/")
    assert "Đã nhận kiến nghị" in page.content()
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tables_of_the_desk_can_be_pasted_into_a_spreadsheet(
    promised: Site, paper: str, browser: Browser, language: str
) -> None:
    context = with_cookies(browser, promised, "analyst", permissions=ALLOWED)
    page, wrong = context.new_page(), list[str]()
    for path in (*PUBLIC, *STAFF):
        page.goto(f"{promised.base}/{language}/{path}")
        wrong += wrong_tables(page, language)
    context.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))
