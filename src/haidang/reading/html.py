"""The article of a web page: its paragraphs without scripts, menus, captions, related links and tables of prices."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from haidang.reading.limits import LONGEST_TEXT, DocumentError

_DROPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "canvas",
    "form",
    "button",
    "select",
    "nav",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "caption",
    "video",
    "audio",
    "picture",
]
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "td",
        "tr",
        "table",
        "br",
        "main",
        "body",
        "dt",
        "dd",
        "pre",
    ]
)
_CLUTTER = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|breadcrumb\w*|social|share|"
    r"comment\w*|advert\w*|ads?|banner|menu|tags?|"
    r"caption|most-?read|tin-?lien-?quan|newsletter|popup|cookie|ticker|stock|widget)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE_NAMES = (
    "article:published_time",
    "datePublished",
    "pubdate",
    "publishdate",
    "date",
    "dc.date",
    "og:article:published_time",
)
FEWEST_CELLS, LONGEST_CELL = 2, 200
"""Cells of a row of data, and characters of a cell beyond which a row lays out a page and is no row of data."""
LONGEST_LABEL = 25
"""Words up to which a paragraph that is all links is a list of links."""


def extract(data: bytes) -> dict[str, Any]:
    """The text and what the page says of itself; entities and references to other files are never followed.

    Raises:
        DocumentError: there is no text.
    """
    # lxml has no types.
    etree: Any = import_module("lxml.etree")
    html: Any = import_module("lxml.html")
    # The caller has decoded the page already; what the page says of its encoding no longer holds.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise DocumentError("expected a page with text, found none") from None
    known = _known(root)
    for element in _all(root.iter(*_DROPPED)):
        _drop(element)
    for element in _all(root.iter()):
        if element.tag not in {"html", "body", "article", "main"} and _is_clutter(element):
            _drop(element)
    text = _text(_article(root))
    if not text.strip():
        raise DocumentError("expected a page with text, found none")
    if len(text) > LONGEST_TEXT:
        raise DocumentError(f"expected at most {LONGEST_TEXT:,} characters, found {len(text):,}")
    return {"text": text, **known}


def _known(root: Any) -> dict[str, str | None]:
    met = {
        (one.get("property") or one.get("name") or one.get("itemprop") or "").casefold(): one.get("content", "").strip()
        for one in root.iter("meta")
    }
    titles = [" ".join(one.text_content().split()) for one in [*root.iter("h1"), *root.iter("title")]]
    date = next((met[name.casefold()] for name in _DATE_NAMES if met.get(name.casefold())), None)
    if date is None:
        date = next((one.get("datetime") for one in root.iter("time") if one.get("datetime")), None)
    return {
        "title": met.get("og:title") or next((title for title in titles if title), None),
        "date": date,
        "publisher": met.get("og:site_name") or met.get("publisher") or None,
    }


def _all(elements: Any) -> list[Any]:
    return list(elements)


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_clutter(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    hidden = "hidden" in element.attrib or re.search(r"display\s*:\s*none", element.get("style", "")) is not None
    return hidden or _CLUTTER.search(names) is not None


def _article(root: Any) -> Any:
    """The element that holds the article: `article` or `main` where it has much of the text, else the page."""
    whole = len(root.text_content())
    held = [one for name in ("article", "main") for one in root.iter(name)]
    best = max(held, key=lambda one: len(one.text_content()), default=None)
    return best if best is not None and len(best.text_content()) > 0.3 * whole else root


def _text(root: Any) -> str:
    """The text with a line for each block; a block that is nothing but short links is left out."""
    pieces: list[str] = []
    linked: list[int] = [0]
    lines: list[str] = []

    def close() -> None:
        line = " ".join("".join(pieces).split())
        is_link = line and linked[0] >= 0.8 * len(line) and len(line.split()) <= LONGEST_LABEL
        if line and not is_link:
            lines.append(line)
        pieces.clear()
        linked[0] = 0

    # A stack of its own: a page nested a hundred thousand deep must not end the recursion.
    work: list[tuple[Any, bool, bool]] = [(root, False, False)]
    while work:
        element, in_link, left = work.pop()
        block = element.tag in _BLOCKS
        if left:
            if block:
                close()
            if element is not root and element.tail:
                pieces.append(element.tail)
            continue
        if block:
            close()
        row = _row(element) if element.tag == "tr" else None
        if row is not None:
            lines.append(row)
            work.append((element, in_link, True))
            continue
        inside = in_link or element.tag == "a"
        if isinstance(element.tag, str) and element.tag not in {"head", "title"}:
            if element.text:
                pieces.append(element.text)
                linked[0] += len(element.text.strip()) if inside else 0
            work.append((element, in_link, True))
            work.extend((child, inside, False) for child in reversed(list(element)))
        elif element.tail:
            pieces.append(element.tail)
    close()
    return "\n".join(lines)


def _row(element: Any) -> str | None:
    """The cells of a row of data in one line, as `Số dự án | 45 | 12`; none where a row lays out a page."""
    cells = [" ".join(cell.text_content().split()) for cell in element if cell.tag in {"td", "th"}]
    filled = [cell for cell in cells if cell]
    if len(filled) < FEWEST_CELLS or any(len(cell) > LONGEST_CELL for cell in cells):
        return None
    return " | ".join(cells).strip()
