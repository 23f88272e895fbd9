"""Paragraphs and sentences of a document, without those that are captions, links, labels or prices of markets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from haidang.reading.draft import Span
from haidang.reading.rules import Rules, alternatives, words_pattern

__all__ = ["sentences"]

LONGEST_CAPTION = 400
LONG_PARAGRAPH = 40
"""Words of a paragraph that is no link and no teaser."""
LONGEST_SENTENCE = 2_000
LONGEST_WORD = 20
_END = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s+[\"“‘(\[]?[^\W\d_]|\s+[\"“‘(]?\d|[\"“‘]?[^\W\d_]|\s*$)")
_HEAD = re.compile(r"\s*date\s*[:=]?\s*\d{4}-\d{2}-\d{2}(?!\d)", re.IGNORECASE)
"""The day by which an archive heads a text, which is no part of its first sentence."""
_ROW = re.compile(r"\|[^|\n]*[^\W\d_][^|\n]*\|[^\n]*\d")
"""A row of a table, in which a text of its first cells is told by a number behind."""
_GLUED = re.compile(r"(?<!\w)(?:[^\W\d_]{3,}|\d{3,})[\"”’)]*[.!?]+[\"”’)]*$")
_BEGUN = re.compile(r"[\"“‘]?[^\W\d_]{1,20}[,\s]")
"""A whole word or number with its point, and the word with a capital that a page has put right behind it."""
_ABBREVIATED = re.compile(
    r"(?:(?<!\w)(?:TP|Tp|Tr|Q|P|ThS|TS|GS|PGS|BS|KS|Mr|Mrs|Ms|Dr|Prof|St|No|Inc|Ltd|Co|Corp|vs|approx|[A-ZĐ]|Pte|"
    r"U\.S|v\.v))\.$"
)


def sentences(text: str, rules: Rules) -> Iterator[Span]:
    """The sentences that may hold claims, with their characters."""
    for paragraph in _paragraphs(text, rules):
        for sentence in _split(paragraph):
            priced = words_pattern(rules.market).search(sentence.text) is not None
            if not priced or words_pattern(rules.no_market).search(sentence.text) is not None:
                yield sentence


def _paragraphs(text: str, rules: Rules) -> Iterator[Span]:
    begins = re.compile(rf"(?:{alternatives(rules.paragraphs)})", re.IGNORECASE)
    ends = re.compile(rf"(?:{alternatives(rules.end)})\s*:?\s*", re.IGNORECASE)
    holds = re.compile(rf"(?:{alternatives(rules.captions)})", re.IGNORECASE)
    linked = False
    for match in re.finditer(r"[^\n]+", text):
        head = _HEAD.match(match[0])
        line = match[0][0 if head is None else head.end() :].strip()
        if ends.fullmatch(line) is not None:
            linked = True
            continue
        # Links and teasers are short; where a site puts them into the middle of an article, it goes on behind them.
        linked = linked and (len(line.split()) < LONG_PARAGRAPH or _END.search(line) is None)
        if (
            linked
            or not line
            or (begins.match(line) and _ROW.match(line) is None)
            or (len(line) < LONGEST_CAPTION and holds.search(line))
        ):
            continue
        start = match.start() + match[0].index(line)
        yield Span(start, start + len(line), line)


def _split(paragraph: Span) -> Iterator[Span]:
    text, begun = paragraph.text, 0
    for match in _END.finditer(text):
        end = match.end()
        following = text[end : end + 4].lstrip(' "“‘([')
        if _ABBREVIATED.search(text, max(begun, end - LONGEST_WORD), end) or following[:1].islower():
            continue
        if (
            text[end - 1] == '"'
            and not text[end : end + 1].isspace()
            and _is_open(text[max(begun, end - LONGEST_SENTENCE) : end])
        ):
            # `ở cảng."Chúng tôi chờ"`: what opens a quotation belongs to what stands behind it.
            end -= 1
        if not _is_parted(text, begun, end):
            continue
        yield from _kept(paragraph, begun, end)
        begun = end
    yield from _kept(paragraph, begun, len(text))


def _is_open(piece: str) -> bool:
    """Whether the last quotation mark of a piece opens a quotation."""
    return piece.count('"') % 2 == 1


def _is_parted(text: str, begun: int, end: int) -> bool:
    """Whether what stands behind a point is another sentence: behind a space, or right behind a whole word."""
    if text[end : end + 1].isspace() or end == len(text):
        return True
    word = _BEGUN.match(text, end)
    if word is None or _GLUED.search(text, max(begun, end - LONGEST_WORD), end) is None:
        return False
    plain = word[0].lstrip('"“‘')
    return plain[:1].isupper() and not plain[1:2].isupper()


def _kept(paragraph: Span, begun: int, end: int) -> Iterator[Span]:
    piece = paragraph.text[begun:end]
    bare = piece.strip()
    if not bare:
        return
    start = paragraph.start + begun + len(piece) - len(piece.lstrip())
    for at in range(0, len(bare), LONGEST_SENTENCE):
        part = bare[at : at + LONGEST_SENTENCE]
        yield Span(start + at, start + at + len(part), part)
