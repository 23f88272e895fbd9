"""Pages in a real browser: who opens them, on what screen, and what is wrong with what is shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from haidang.web.words import LANGUAGES, Language, words
from tests.web.site import Site

SIZES = {"phone": (390, 844), "desk": (1280, 900)}
LOOKS: dict[Language, tuple[str, str]] = {"vi": ("phone", "dark"), "en": ("desk", "light")}
"""By language the screen and the light in which a page is looked at; it is held to the telephone's width in both."""

TEXTS = """() => [...document.querySelectorAll("body *:not([translate=no])")].flatMap(it => [
  ...[...it.childNodes].filter(one => one.nodeType === 3).map(one => one.textContent),
  ...["aria-label", "placeholder", "title", "alt"].map(name => it.getAttribute(name)),
]).filter(text => text && /\\p{L}/u.test(text)).map(text => text.replace(/\\s+/g, " ").trim())"""
"""Every text that a page shows or has read out, piece by piece, but for names that are the same in each language."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    place = shutil.which("chromium")
    assert place, "needs Debian's chromium: make system"
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield found
        found.close()


def opened(
    browser: Browser, site: Site, person: str | None, size: str = "desk", scheme: str = "light", **more: Any
) -> Page:
    """A page of somebody who is logged in already, since logins are counted; of anybody where none is named."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type]
    if person:
        site.visitor(person).get("/en/people/me/")  # which tells what was left to be told, in whatever language
    for one in site.visitor(person).jar if person else ():
        context.add_cookies([{"name": one.name, "value": one.value or "", "url": site.base}])
    return context.new_page()


def listened(page: Page, site: Site) -> list[str]:
    """What goes wrong from now on without being seen: errors in the console, requests that leave the machine."""
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(f"console: {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((site.base, "data:")) else wrong.append(f"asked for {asked.url}"),
    )
    return wrong


def faults(page: Page) -> list[str]:
    """What axe calls serious or worse."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def looked_at(page: Page, language: Language) -> list[str]:
    """What is wrong with a page, each with its address: a serious fault for whoever reads by ear, or as laid out."""
    return [*(f"{page.url}: {one}" for one in faults(page)), *laid_out(page, language)]


def laid_out(page: Page, language: Language) -> list[str]:
    """What is wrong with how a page is laid out: more than a telephone's width, words of the other language."""
    wrong: list[str] = []
    own = page.viewport_size
    phone, height = SIZES["phone"]
    page.set_viewport_size({"width": phone, "height": height})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append("wider than a telephone")
    if own is not None and own["width"] != phone:
        page.set_viewport_size(own)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append("wider than the screen")
    if page.evaluate("document.documentElement.lang") != language:
        wrong.append("says that it is in another language")
    wrong += [f"in the other language: {text}" for text in {*page.evaluate(TEXTS)} & foreign(language)]
    return [f"{page.url}: {one}" for one in wrong]


@cache
def foreign(language: Language) -> frozenset[str]:
    """Whatever the catalogue says in the other language alone: none of it stands on a page of this one."""
    own, other = (words(each) for each in (language, *(one for one in LANGUAGES if one != language)))
    whole = frozenset(text for text in other.texts.values() if not re.search(r"\{\w+\}", text))
    return whole - frozenset(own.texts.values()) - {words(each).text("language") for each in LANGUAGES}
