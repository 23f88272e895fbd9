"""The mistakes that other rooms raise, which speak English, in the reader's language.

The sentences that a user of the site can come to see stand in `mistakes.vi.yaml`, with a name in braces where the
program fills something in. That may be words again, which the book has too; a name or a number stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import cast

from haidang.errors import HaidangError
from haidang.facts import read_words
from haidang.web.words import Language

HOLE = re.compile(r"\{(\w+)\}")
QUOTED = re.compile(r"'\{(\w+)\}'")
SPLIT = re.compile(r"expected (?P<wanted>.*?), found (?P<found>.*)", re.DOTALL)
LINE = re.compile(r"(?:(?P<where>.*?): )??(?P<problem>expected .*?)(?:; (?P<hint>.*))?", re.DOTALL)
PLAIN = re.compile(r"[^\s']*|[\d.,:+–−-]+ \S+|\[.*\]|\S+, .*", re.DOTALL)
"""What is filled in and is no words, but for quotations: a name, a number with its unit, a list of names."""

OPENS = " ([,=<>"
"""Behind one of these, or another that opens, a quotation mark opens; between two letters it is an apostrophe."""
LONGEST = 400
"""Characters of a sentence that is looked up: a longer one holds what somebody sent, and is told as it is."""


@dataclass(frozen=True, slots=True)
class Said:
    """A mistake as a page shows it.

    Args:
        text: what is wrong.
        hint: the nearest right spelling or the next step; empty for none.
        english: whether some of it is in English on whatever page.
    """

    text: str
    hint: str = ""
    english: bool = False

    @property
    def whole(self) -> str:
        """All on one line."""
        return f"{self.text}; {self.hint}" if self.hint else self.text


@dataclass(frozen=True, slots=True)
class _Sentence:
    """An English sentence or phrase with holes, and how it reads in Vietnamese.

    Args:
        pieces: of the English text, between its holes.
        holes: their names.
        told: the Vietnamese text.
        words: the holes of it that may hold words; what is quoted holds what somebody wrote.
    """

    pieces: tuple[str, ...]
    holes: tuple[str, ...]
    told: str
    words: frozenset[str]

    def filled_in(self, english: str) -> dict[str, str] | None:
        """What stands in the holes of a text; none where it is another sentence.

        Each hole ends where the piece behind it first stands, so that no text takes long, whoever wrote it.
        """
        first, *others = self.pieces
        if not others:
            return {} if english == first else None
        *between, last = others
        if not english.startswith(first) or not english.endswith(last):
            return None
        at, end, found = len(first), len(english) - len(last), list[str]()
        for piece in between:
            until = english.find(piece, at, end)
            if until < 0:
                return None
            found.append(english[at:until])
            at = until + len(piece)
        if at > end:
            return None
        filled = list(zip(self.holes, [*found, english[at:end]], strict=True))
        told = dict(filled)
        return told if all(told[name] == text for name, text in filled) else None


def said(mistake: HaidangError, language: Language) -> Said:
    """A mistake in a language, without the file in which nobody wrote."""
    return _said(" ".join(mistake.problem.split()), mistake.hint or "", language)


def said_line(line: str, language: Language) -> Said:
    """The same of a mistake that was kept as one line: where it stands, what is wrong, a hint."""
    if language == "en" or len(line) > 2 * LONGEST:
        return Said(line, "", language != "en")
    found = LINE.fullmatch(line)
    if found is None:
        return _said(line, "", language)
    told = _said(found["problem"], found["hint"] or "", language)
    return Said(f"{found['where']}: {told.text}" if found["where"] else told.text, told.hint, told.english)


def _said(problem: str, hint: str, language: Language) -> Said:
    if language == "en" or len(problem) + len(hint) > LONGEST:
        return Said(problem, hint, language != "en")
    text = _problem(problem)
    told = _from("hints", hint) if hint else ""
    return Said(problem if text is None else text, hint if told is None else told, text is None or told is None)


def _problem(problem: str) -> str | None:
    """A whole sentence; none where the book does not have it."""
    return _around(problem) or _from("problems", problem) or _wanted_and_found(problem)


def _around(problem: str) -> str | None:
    """A sentence that says where another one holds: looked for first, lest its end is taken for what somebody wrote."""
    for sentence in _book()["around"]:
        holes = sentence.filled_in(problem)
        inner = None if holes is None else _problem(holes["a"])
        if holes is not None and inner is not None and _plain(holes["b"]) is not None:
            return sentence.told.format(a=inner, b=holes["b"])
    return None


def _wanted_and_found(problem: str) -> str | None:
    """`expected a list, found nothing`, each part from its own list; none where either is not in the book."""
    parts = SPLIT.fullmatch(problem)
    if parts is None:
        return None
    wanted, found = (_from(name, parts[name]) or _plain(parts[name]) for name in ("wanted", "found"))
    return None if wanted is None or found is None else f"cần {wanted}, nhưng gặp {found}"


def _plain(text: str) -> str | None:
    return text if PLAIN.fullmatch(text) or _quotation(text) else None


def _quotation(text: str) -> bool:
    """Whether a text is one quotation, which may hold others; two with words between them are none."""
    if len(text) < 2 or text[0] != "'" or text[-1] != "'":
        return False
    open_, begins = 0, True
    for sign, following in pairwise(text):
        if sign != "'":
            begins = sign in OPENS
        elif begins:
            open_ += 1
        elif not following.isalnum():
            open_ -= 1
        if open_ == 0:
            return False
    return True


def _from(part: str, english: str, deep: int = 2) -> str | None:
    """What the book says for a text; none where it does not have it, or what is filled in is words that it lacks.

    Args:
        part: of the book.
        english: the text.
        deep: so many times what is filled in may be words with something filled in.
    """
    for sentence in _book()[part]:
        holes = sentence.filled_in(english)
        if holes is not None:
            told = {name: _filled(holes[name], deep) for name in sentence.words}
            if None not in told.values():
                return sentence.told.format(**(holes | told))
    return None


def _filled(value: str, deep: int) -> str | None:
    return (_from("found", value, deep - 1) if deep else None) or _plain(value)


@cache
def _book() -> Mapping[str, tuple[_Sentence, ...]]:
    """The book by part, the most telling sentence first."""
    return {name: _sentences(part) for name, part in read_book().items()}


def read_book() -> Mapping[str, Mapping[str, str]]:
    """The book as it is written: Vietnamese by English, in its parts."""
    return cast("Mapping[str, dict[str, str]]", read_words(files("haidang.web").joinpath("mistakes.vi.yaml")))


def _sentences(part: Mapping[str, str]) -> tuple[_Sentence, ...]:
    order = sorted(part, key=lambda english: -len(HOLE.sub("", english)))
    return tuple(_sentence(english, part[english]) for english in order)


def _sentence(english: str, told: str) -> _Sentence:
    words = frozenset(HOLE.findall(told)) - frozenset(QUOTED.findall(english))
    return _Sentence(tuple(HOLE.split(english)[::2]), tuple(HOLE.findall(english)), told, words)
