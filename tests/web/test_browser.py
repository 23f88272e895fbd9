"""The pages in a real browser: read by ear, by keyboard alone, on a telephone and on a desk, by day and by night."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import PROGRAMME
from tests.web.copied import ALLOWED, wrong_tables
from tests.web.site import PASSWORD, Site

A4 = 680
"""Points between the margins of 15 mm of a printed page."""
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
PAGES = (
    "",
    f"programmes/{PROGRAMME}/",
    "facts/",
    "facts/time_value/",
    "sources/tutorial/",
    "method/",
    "pilots/",
    "programs/",
    "account/login/",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "needs Debian's chromium: make system"
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


def faults(page: Page) -> list[str]:
    """What axe calls serious or worse."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_serious_fault_or_runs_off_the_screen(
    site: Site, runs: tuple[int, int], browser: Browser, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    wrong: list[str] = []
    for language in ("vi", "en"):
        for path in PAGES:
            page.goto(f"{site.base}/{language}/{path}")
            wrong += [f"{language}/{path}: {fault}" for fault in faults(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{language}/{path}: wider than the screen")
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((site.base, "data:"))] == []


def test_an_analyst_asks_for_a_run_with_the_keyboard_alone(site: Site, runs: tuple[int, int], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site.base}/en/account/login/?next=/en/programmes/{PROGRAMME}/")
    press_until(page, "login")
    page.keyboard.type("analyst@example.vn")
    press_until(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.base}/en/programmes/{PROGRAMME}/", wait_until="load")
    press_until(page, "draws")
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    # The browser itself holds the form back: the least is two.
    assert page.evaluate("document.activeElement.validity.rangeUnderflow")
    context.close()


def press_until(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_nothing_is_cut_on_a_printed_page(site: Site, runs: tuple[int, int], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": A4, "height": 1000}, color_scheme="dark")
    page, wrong = context.new_page(), list[str]()
    page.emulate_media(media="print")
    for path in PAGES:
        page.goto(f"{site.base}/vi/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > A4:
            wrong.append(f"{path}: {wide} points wide")
        if page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
            wrong.append(f"{path}: a dark page")
        if page.locator("button:visible, nav:visible, input[type=search]:visible").count():
            wrong.append(f"{path}: something to press")
    context.close()
    assert wrong == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tables_of_public_pages_can_be_pasted_into_a_spreadsheet(
    site: Site, runs: tuple[int, int], browser: Browser, language: str
) -> None:
    context = browser.new_context(permissions=ALLOWED)
    page, wrong = context.new_page(), list[str]()
    for path in ("", f"programmes/{PROGRAMME}/", "facts/", "facts/time_value/", "pilots/", "programs/"):
        page.goto(f"{site.base}/{language}/{path}")
        wrong += wrong_tables(page, language)
    context.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))
