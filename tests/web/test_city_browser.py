"""The journeys of a factory and of a lender in a real browser: by keyboard, on a telephone, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.city import CREDIT, DRAFT, FACTORY, HANDED_IN
from tests.web.copied import ALLOWED, wrong_tables
from tests.web.site import Site
from tests.web.test_browser import faults

PAGES = {
    "factory_owner": (
        "factories/", "factories/new/", f"factories/{FACTORY}/", f"factories/{FACTORY}/profile/",
        f"factories/{FACTORY}/assessments/", f"factories/assessments/{DRAFT}/",
        f"factories/assessments/{DRAFT}/parts/standard-work/", f"factories/assessments/{HANDED_IN}/result/",
        f"factories/{FACTORY}/roadmap/", f"factories/{FACTORY}/programmes/", "factories/applications/1/",
        f"factories/{FACTORY}/consents/", f"factories/{FACTORY}/files/", f"factories/{FACTORY}/history/",
    ),
    "lender_officer": ("lending/", "lending/applications/1/", "lending/records/", "lending/use/"),
    "analyst": ("lending/lists/", "lending/lists/1/"),
}  # fmt: skip
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "needs Debian's chromium: make system"
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


def opened(browser: Browser, site: Site, person: str, size: str, scheme: str = "light") -> Page:
    """A page of somebody who is logged in."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    cookies = [{"name": one.name, "value": one.value or "", "url": site.base} for one in site.visitor(person).jar]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context.new_page()


@pytest.mark.parametrize(("size", "scheme", "language"), [("phone", "dark", "vi"), ("desk", "light", "en")])
@pytest.mark.parametrize("person", PAGES)
def test_no_page_has_a_serious_fault_or_runs_off_the_screen(
    city_site: Site, browser: Browser, person: str, size: str, scheme: str, language: str
) -> None:
    page = opened(browser, city_site, person, size, scheme)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    wrong: list[str] = []
    for path in PAGES[person]:
        page.goto(f"{city_site.base}/{language}/{path}")
        wrong += [f"{path}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[size][0]:
            wrong.append(f"{path}: wider than the screen")
    page.context.close()
    assert wrong == []
    assert told == []


def press_until(page: Page, test: str) -> None:
    """Press Tab until what has the focus meets a condition on `it`."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(f"(it => Boolean({test}))(document.activeElement)"):
            return
    raise AssertionError(f"no way by keyboard to {test}")


def test_a_factory_answers_on_a_telephone_with_the_keyboard_alone(city_site: Site, browser: Browser) -> None:
    page = opened(browser, city_site, "factory_editor", "phone")
    page.goto(f"{city_site.base}/vi/factories/assessments/{DRAFT}/parts/scheduling/")
    press_until(page, "it.name.startsWith('answer-')")
    page.keyboard.press("Space")
    press_until(page, "it.name == 'go_on'")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/parts/inventory/"))
    assert "Đã lưu." in page.inner_text(".messages")
    page.context.close()


def test_an_owner_changes_what_a_lender_sees_with_the_keyboard_alone(city_site: Site, browser: Browser) -> None:
    owner = opened(browser, city_site, "factory_owner", "phone")
    lender = opened(browser, city_site, "other_lender_officer", "desk")
    for value, shown in ((True, 200), (False, 404)):
        owner.goto(f"{city_site.base}/vi/factories/{FACTORY}/consents/")
        section = owner.locator("section", has=owner.locator("h2", has_text="Ngân hàng Hai"))
        box = section.locator("input[value=name]")
        if value:
            box.focus()
            owner.keyboard.press("Space")
            press_until(owner, "it.tagName == 'BUTTON'")
            owner.keyboard.press("Enter")
        else:
            section.locator("button[name=withdraw]").focus()
            owner.keyboard.press("Enter")
        owner.wait_for_load_state()
        owner.wait_for_selector(".messages")
        reply = lender.goto(f"{city_site.base}/en/lending/applications/1/")
        assert reply is not None
        assert reply.status == shown
    owner.context.close()
    lender.context.close()


def test_a_lender_records_what_happened_with_the_keyboard_alone(city_site: Site, browser: Browser) -> None:
    page = opened(browser, city_site, "lender_officer", "desk")
    page.goto(f"{city_site.base}/en/lending/applications/1/")
    press_until(page, "it.name == 'stage'")
    page.keyboard.type("approved")
    press_until(page, "it.name == 'amount'")
    page.keyboard.type("150")
    press_until(page, "it.tagName == 'BUTTON' && it.form.action.includes('record')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    assert "less than a million" in page.inner_text(".errors")
    press_until(page, "it.name == 'sure'")
    page.keyboard.press("Space")
    press_until(page, "it.tagName == 'BUTTON' && it.form.action.includes('record')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messages")
    assert "150 VND" in page.inner_text("main")
    page.context.close()
    # Taken back, so that other tests find the records as they were.
    lender, detail = city_site.visitor("lender_officer"), "/en/lending/applications/1/"
    last = lender.get("/en/lending/records.csv").text.strip().splitlines()[-1].partition(",")[0]
    told = {"stage": "void", "reason": "a trial", "corrects": last, "day": "2026-02-01"}
    assert lender.post(f"{detail}record/", token_from=detail, **told).status == 302


def test_a_factory_reads_its_conditions_in_both_languages(city_site: Site, browser: Browser) -> None:
    page = opened(browser, city_site, "factory_owner", "phone")
    for language, said in (("vi", "Bậc trưởng thành bình quân dưới 4"), ("en", "Mean maturity level below 4")):
        page.goto(f"{city_site.base}/{language}/factories/{FACTORY}/programmes/")
        assert said in page.inner_text("main")
        page.goto(f"{city_site.base}/{language}/factories/{FACTORY}/programmes/{CREDIT}/")
        assert "/applications/1/" in page.url
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tables_of_lenders_and_the_city_can_be_pasted_into_a_spreadsheet(
    city_site: Site, browser: Browser, language: str
) -> None:
    wrong: list[str] = []
    for person in ("lender_officer", "analyst"):
        page = opened(browser, city_site, person, "desk")
        page.context.grant_permissions(ALLOWED)
        for path in PAGES[person]:
            page.goto(f"{city_site.base}/{language}/{path}")
            wrong += wrong_tables(page, language)
        page.context.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))
