"""What a spreadsheet gets when somebody marks a table in Chromium and copies it."""

from __future__ import annotations

import re

from lxml.html import document_fromstring
from playwright.sync_api import Page

COPY = """async (table) => {
  const marked = getSelection(), range = document.createRange();
  range.selectNode(table); marked.removeAllRanges(); marked.addRange(range);
  document.execCommand('copy');
  const [item] = await navigator.clipboard.read();
  const text = await (await item.getType('text/plain')).text();
  const html = await (await item.getType('text/html')).text();
  return {text, html};
}"""
ALLOWED = ["clipboard-read", "clipboard-write"]
NUMBER = {
    "vi": re.compile(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?%?|\d{4}|0\d+"),
    "en": re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?%?|\d{4}|0\d+"),
}
"""A number as a spreadsheet in the language reads it; a year has no mark of thousands, and a code begins with 0."""
DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}.*|\d{1,2} [A-Z][a-z]+ \d{4}.*|\d{4}-\d{2}(?:-\d{2})?")
BEGINS = re.compile(r"[<±−–-]?\s?\d")
SENTENCE = 30
"""From so many letters on a cell is words that happen to begin with a number; a hash that is cut short is none."""


def wrong_tables(page: Page, language: str) -> list[str]:
    """What of the page's tables a spreadsheet would not take: rows of unequal length, numbers that are none.

    The page's context must allow `ALLOWED`. It is copied from a desk: on a telephone rows are told as cards.
    """
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found: list[str] = []
    for table in page.locator("table:visible").all():
        got = table.evaluate(COPY)
        found += [f"{page.url}: {fault}" for fault in _faults(got, language)]
    return found


def _faults(got: dict[str, str], language: str) -> list[str]:
    """Faults of both flavours of the clipboard: the text, and the HTML that Excel prefers.

    The HTML is read here: the page's own policy would note each style that the browser wrote into the copy.
    """
    (pasted,) = document_fromstring(got["html"]).iter("table")
    html_rows = [row.xpath("./td | ./th") for row in pasted.iter("tr")]
    lines = got["text"].rstrip("\n").split("\n")
    rows = [line.split("\t") for line in (lines if pasted.find("caption") is None else lines[1:])]
    wide = len(rows[0])
    faults = [f"a row of {len(row)} cells under {wide} heads: {row}" for row in rows if len(row) != wide]
    if any(cell.get(span, "1") != "1" for row in html_rows for cell in row for span in ("colspan", "rowspan")):
        faults.append(f"a cell that takes the room of several under {rows[0]}")
    if [len(row) for row in html_rows] != [len(row) for row in rows]:
        faults.append(f"the HTML and the text have other rows under {rows[0]}")
    cells = [cell.strip() for row in rows[1:] for cell in row[1:]]
    return faults + [f"{cell!r} under {rows[0]}" for cell in cells if not _read(cell, language)]


def _read(cell: str, language: str) -> bool:
    if not BEGINS.match(cell) or len(cell) > SENTENCE or cell.endswith("…"):
        return True
    return bool(NUMBER[language].fullmatch(cell) or DAY.fullmatch(cell))
