"""Pages on paper: nothing is cut, nothing is dark, nothing is left to press."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.web import test_pages
from tests.web.browsing import opened
from tests.web.site import Site

A4 = 680
"""Points between the margins of 15 mm of a printed page."""
PAGES = (*test_pages.PAGES, "pilots/", "programs/")


def test_nothing_is_cut_on_a_printed_page(site: Site, runs: tuple[int, int], browser: Browser) -> None:
    page, wrong = opened(browser, site, None, scheme="dark"), list[str]()
    page.set_viewport_size({"width": A4, "height": 1000})
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
    page.context.close()
    assert wrong == []
