"""The laboratory in a real browser: both languages, telephone and desk, by day and by night, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from haidang.web.words import LANGUAGES, Language
from tests.web.browsing import LOOKS, listened, looked_at, opened
from tests.web.copied import ALLOWED, wrong_tables
from tests.web.site import PASSWORD, Site
from tests.web.test_lab import asked_list, asked_run, changed_design, finished, listed_design

ANSWERED = re.compile(r"(4,000|4\.000)")


@pytest.fixture(scope="module")
def places(site: Site) -> tuple[str, ...]:
    """The pages of the laboratory, with a design, a comparison, a run and a list to show."""
    who, one, other = site.visitor("analyst"), changed_design(site), listed_design(site)
    run, made = asked_run(site), asked_list(site)
    for path in (run, made):
        finished(who, path)
    own = (run, made, f"/en/lab/designs/{one}/", f"/en/lab/compare/?design={one}&design={other}", "/en/lab/")
    return tuple(path.removeprefix("/en/") for path in own)


@pytest.fixture
def page(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The analyst's browser."""
    found = opened(browser, site, "analyst", *LOOKS[getattr(request, "param", "en")], permissions=ALLOWED)
    yield found
    found.context.close()


@pytest.mark.parametrize(("page", "language"), [(one, one) for one in LANGUAGES], indirect=["page"], ids=LANGUAGES)
def test_no_page_of_the_laboratory_has_a_serious_fault_or_runs_off_the_screen(
    site: Site, places: tuple[str, ...], page: Page, language: Language
) -> None:
    wrong = listened(page, site)
    for path in places:
        page.goto(f"{site.base}/{language}/{path}")
        if "designs" in path:
            expect(page.locator("#answer")).to_contain_text(ANSWERED, timeout=60_000)
        wrong += looked_at(page, language) + wrong_tables(page, language)
    assert wrong == []


@pytest.mark.parametrize(("language", "hidden"), [("vi", "70 %"), ("en", "70 %")])
def test_an_analyst_moves_a_lever_with_the_keyboard_and_sees_the_answer_change(
    site: Site, places: tuple[str, ...], page: Page, language: str, hidden: str
) -> None:
    page.goto(f"{site.base}/{language}/{places[2]}")
    answer = page.locator("#answer")
    expect(answer).to_contain_text(ANSWERED, timeout=60_000)
    before = page.locator("#answer .tiles").inner_text()
    slide = page.locator("input.slide[data-for='lever__fare__discount']")
    slide.focus()
    assert page.locator("#lever__fare__discount").input_value() == hidden
    with page.expect_response("**/try/") as found:
        for _ in range(10):
            page.keyboard.press("ArrowLeft")
    assert found.value.status == 200
    assert page.locator("#lever__fare__discount").input_value() == "60 %"
    expect(page.locator("#answer .tiles")).not_to_have_text(before, timeout=30_000)
    budget = "budget__fare__subsidy__amount"
    money, text = page.locator(f"input.slide[data-for='{budget}']"), page.locator(f"#{budget}")
    behind, plain = (" tỷ đồng", "90.000.000.000 đồng") if language == "vi" else (" billion VND", "90,000,000,000 VND")
    assert (money.input_value(), text.input_value()) == ("80", f"80{behind}")
    ways = ("100e9 VND", "100"), (f"95{behind}", "95"), ("85 tỷ", "85"), (plain, "90"), ("5e9 km", "90")
    for written, stands in ways:
        text.fill(written)
        assert money.input_value() == stands
    money.press("ArrowRight")
    assert text.input_value() == f"91{behind}"
    text.fill(f"80{behind}")
    page.locator("#eligible__fare").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("distanse > 1 km")
    page.keyboard.press("Tab")
    expect(answer).to_contain_text("distance", timeout=30_000)


def test_the_laboratory_works_without_scripts(site: Site, places: tuple[str, ...], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.base}/vi/account/login/?next=/vi/{places[2]}")
    page.fill("[name=login]", "analyst@example.vn")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#lever__fare__discount", "20 %")
    page.get_by_role("button", name="Thử trên mẫu").click()
    assert "4.000 dòng" in page.locator("#answer").inner_text()
    assert page.locator("#lever__fare__discount").input_value() == "20 %"
    context.close()


@pytest.mark.parametrize("page", ["vi"], indirect=True)
def test_who_types_what_is_beyond_its_range_is_warned_beside_the_field_and_above_the_answer(
    site: Site, places: tuple[str, ...], page: Page
) -> None:
    page.goto(f"{site.base}/vi/{places[2]}")
    field, beside = page.locator("#lever__fare__discount"), page.locator("#beyond-lever__fare__discount")
    expect(page.locator("#answer")).to_contain_text(ANSWERED, timeout=60_000)
    expect(beside).to_be_hidden()
    field.fill("150,5 %")
    field.press("Tab")
    expect(page.locator("#answer")).to_contain_text("cần một số từ 0 đến 100 %, nhưng gặp 150,5 %", timeout=60_000)
    expect(beside).to_be_visible()
    field.fill("70 %")
    field.press("Tab")
    expect(page.locator("#answer")).to_contain_text(ANSWERED, timeout=60_000)
    expect(beside).to_be_hidden()
    fact = page.locator("#fact__time_value")
    fact.fill("900.000 đồng/giờ")
    fact.press("Tab")
    expect(page.locator("#answer .caveat")).to_contain_text("900.000 đồng/giờ nằm ngoài", timeout=60_000)
    expect(page.locator("#beyond-fact__time_value")).to_contain_text("đã công bố")
