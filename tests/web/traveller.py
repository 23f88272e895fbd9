"""Somebody who goes through the site with the keyboard alone and looks at every page on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import FileChooser, Page

from haidang.web.words import LANGUAGES, Language, words
from tests.web.browsing import laid_out, looked_at
from tests.web.site import Site

MOST = 300
"""So many steps of Tab at most to whatever is on a page."""
STEP = """([kind, wanted, value]) => {
  const it = document.activeElement, text = (it.textContent || "").replace(/\\s+/g, " ").trim();
  const style = getComputedStyle(it), plain = it === document.body || it.id === "content";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  window.stops = it === window.before ? window.stops + 1 : 0;  // a date has a stop for each of its parts
  window.before = it;
  const named = text === wanted || text.startsWith(wanted + ":") || it.getAttribute("aria-label") === wanted;
  return {
    stuck: !plain && window.stops > 4, what: it.outerHTML.slice(0, 160),
    seen: plain || ring || window.stops > 0 || style.boxShadow !== "none",
    found: kind === "named" ? ["A", "BUTTON", "SUMMARY"].includes(it.tagName) && named
      : kind === "form" ? it.tagName === "BUTTON" && it.form.action.endsWith(wanted) && text === value
      : kind === "address" ? it.tagName === "A" && it.href.endsWith(wanted)
      : it.name === wanted && (value === null || it.value === value),
  };
}"""
"""Whether what has the focus is what is looked for, whether one sees that it has it, and whether Tab leaves it."""


@dataclass
class Traveller:
    """Somebody at a keyboard.

    Args:
        page: of whoever travels.
        site: where.
        language: in which the site is read.
        wrong: what was found wrong on the way.
    """

    page: Page
    site: Site
    language: Language
    wrong: list[str] = field(default_factory=list[str])
    _asked: list[FileChooser] = field(default_factory=list[FileChooser])

    def __post_init__(self) -> None:
        """Be asked for files from the first page on: the browser gives up on who is not ready for it."""
        self.page.on("filechooser", lambda chooser: self._asked.append(chooser))

    def say(self, key: str, **values: object) -> str:
        """Words of the site in the traveller's language."""
        return words(self.language).text(key, **values)

    def go(self, path: str) -> None:
        """Open an address, as by a link that somebody sent."""
        answer = self.page.goto(f"{self.site.base}/{self.language}/{path}")
        assert answer, path
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def look(self) -> None:
        """Look at the page that is open; by ear in the first language alone, since `test_browser` hears both."""
        first = self.language == LANGUAGES[0]
        self.wrong += (looked_at if first else laid_out)(self.page, self.language)

    def press(self, label: str) -> None:
        """Press the link or button of these words, and look at what opens."""
        self._reach("named", label)
        self._enter()

    def press_in(self, form: str, label: str) -> None:
        """Press the button of these words in the form whose address ends so, and look at what opens."""
        self._reach("form", form, label)
        self._enter()

    def follow(self, end: str) -> None:
        """Follow the link whose address ends so, and look at what opens."""
        self._reach("address", end)
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.look()

    def unfold(self, label: str) -> None:
        """Open what a page folds away under these words."""
        self._reach("named", label)
        if not self.page.evaluate("document.activeElement.parentElement.open"):
            self.page.keyboard.press("Enter")

    def grow(self, label: str, more: str) -> None:
        """Press a button by which the page grows in place; the focus is then where it grew."""
        self._reach("named", label)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"{more}:focus")

    def write(self, name: str, text: str) -> None:
        """Write into the field of this name, in place of what was there."""
        self._reach("field", name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Choose a value in the list of this name."""
        self._reach("field", name)
        self.page.keyboard.press("Home")
        for _ in range(MOST):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} offers no {value}")

    def tick(self, name: str, value: str | None = None) -> None:
        """Tick the box, or take the choice, of this name."""
        self._reach("field", name, value)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), f"{name} is not ticked"

    def give(self, name: str, file: Path) -> None:
        """Choose a file in the field of this name."""
        self._reach("field", name)
        self.page.keyboard.press("Enter")
        for _ in range(MOST):
            if self._asked:
                break
            self.page.wait_for_timeout(20)
        self._asked.pop().set_files(file)

    def sees(self, *texts: str) -> None:
        """What the page must say."""
        shown = " ".join(self.page.inner_text("body").split())
        for text in texts:
            assert " ".join(text.split()) in shown, f"{self.page.url} does not say {text!r}: {shown[:3000]}"

    def _reach(self, kind: str, wanted: str, value: str | None = None) -> None:
        """Press Tab until the focus is there; each stop on the way must be seen and left."""
        if self.page.evaluate("document.activeElement === document.body && location.hash === ''"):
            self._skip()
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            now = self.page.evaluate(STEP, [kind, wanted, value])
            assert not now["stuck"], f"{self.page.url}: Tab does not leave {now['what']}"
            assert now["seen"], f"{self.page.url}: nobody sees that the focus is at {now['what']}"
            if now["found"]:
                return
        raise AssertionError(f"{self.page.url}: no way by keyboard to {wanted!r} {value or ''}")

    def _skip(self) -> None:
        """Past the menu, by the link that is there for it."""
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip", self.page.url
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "content", self.page.url
