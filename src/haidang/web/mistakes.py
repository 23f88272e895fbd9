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
from typing import cast

from haidang.errors import HaidangError
from haidang.web.words import Language

HOLE = re.compile(r"\{(\w+)\}")
QUOTED = re.compile(r"'\{(\w+)\}'")
SPLIT = re.compile(r"expected (?P<wanted>.*?), found (?P<found>.*)", re.DOTALL)
LINE = re.compile(r"(?:(?P<where>.*?): )??(?P<problem>expected .*?)(?:; (?P<hint>.*))?", re.DOTALL)
PLAIN = re.compile(r"'.*'|[^\s']*|[\d.,:+–−-]+ \S+|\[.*\]|\S+, .*", re.DOTALL)
"""What is filled in and is no words: something quoted, a name, a number with its unit, a list of names."""


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
        pattern: the English text; what stands in its holes by name.
        told: the Vietnamese one.
        words: the holes of it that may hold words; what is quoted holds what somebody wrote.
    """

    pattern: re.Pattern[str]
    told: str
    words: frozenset[str]


def said(mistake: HaidangError, language: Language) -> Said:
    """A mistake in a language, without the file in which nobody wrote."""
    return _said(" ".join(mistake.problem.split()), mistake.hint or "", language)


def said_line(line: str, language: Language) -> Said:
    """The same of a mistake that was kept as one line: where it stands, what is wrong, a hint."""
    if language == "en":
        return Said(line)
    found = LINE.fullmatch(line)
    if found is None:
        return _said(line, "", language)
    told = _said(found["problem"], found["hint"] or "", language)
    return Said(f"{found['where']}: {told.text}" if found["where"] else told.text, told.hint, told.english)


def _said(problem: str, hint: str, language: Language) -> Said:
    if language == "en":
        return Said(problem, hint)
    text = _whole(problem) or _wanted_and_found(problem)
    told = _from("hints", hint) if hint else ""
    return Said(problem if text is None else text, hint if told is None else told, text is None or told is None)


def _whole(problem: str) -> str | None:
    return _from("problems", problem)


def _wanted_and_found(problem: str) -> str | None:
    """`expected a list, found nothing`, each part from its own list; none where either is not in the book."""
    parts = SPLIT.fullmatch(problem)
    if parts is None:
        return None
    wanted, found = (_from(name, parts[name]) or _plain(parts[name]) for name in ("wanted", "found"))
    return None if wanted is None or found is None else f"cần {wanted}, nhưng gặp {found}"


def _plain(text: str) -> str | None:
    return text if PLAIN.fullmatch(text) else None


def _from(part: str, english: str) -> str | None:
    """What the book says for a text; none where it does not have it, or what is filled in is words that it lacks."""
    for sentence in _book()[part]:
        holes = sentence.pattern.fullmatch(english)
        if holes is not None:
            told = {name: _filled(holes[name]) for name in sentence.words}
            if None not in told.values():
                return sentence.told.format(**(holes.groupdict() | told))
    return None


def _filled(value: str) -> str | None:
    return _from("found", value) or _plain(value)


@cache
def _book() -> Mapping[str, tuple[_Sentence, ...]]:
    """The book by part, the most telling sentence first."""
    return {name: _sentences(part) for name, part in read_book().items()}


def read_book() -> Mapping[str, Mapping[str, str]]:
    """The book as it is written: Vietnamese by English, in its parts."""
    from ruamel.yaml import YAML

    text = files("haidang.web").joinpath("mistakes.vi.yaml").read_text(encoding="utf-8")
    raw: object = YAML(typ="safe", pure=True).load(text)  # pyright: ignore[reportUnknownMemberType]
    return cast("dict[str, dict[str, str]]", raw)


def _sentences(part: Mapping[str, str]) -> tuple[_Sentence, ...]:
    order = sorted(part, key=lambda english: -len(HOLE.sub("", english)))
    return tuple(_Sentence(re.compile(_pattern(one), re.DOTALL), part[one], _words(one, part[one])) for one in order)


def _words(english: str, told: str) -> frozenset[str]:
    return frozenset(HOLE.findall(told)) - frozenset(QUOTED.findall(english))


def _pattern(english: str) -> str:
    pieces, end, seen = list[str](), 0, set[str]()
    for hole in HOLE.finditer(english):
        name = hole.group(1)
        pieces += [re.escape(english[end : hole.start()]), f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"]
        seen.add(name)
        end = hole.end()
    return "".join([*pieces, re.escape(english[end:])])
