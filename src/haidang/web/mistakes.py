"""The mistakes that other rooms raise, which speak English, in the reader's language.

Each sentence that a user of the site can come to see stands in `mistakes.vi.yaml`, with a name in braces where the
program fills something in. That may be words again, which have a list of their own; a name or a number stays as it is.
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


@dataclass(frozen=True, slots=True)
class Said:
    """A mistake as a page shows it.

    Args:
        text: what is wrong.
        hint: the nearest right spelling or the next step; empty for none.
        english: whether some of it is in English on whatever page.
    """

    text: str
    hint: str
    english: bool

    @property
    def whole(self) -> str:
        """All on one line."""
        return f"{self.text}; {self.hint}" if self.hint else self.text


@dataclass(frozen=True, slots=True)
class _Sentence:
    """An English sentence with holes, and how it reads in Vietnamese."""

    pattern: re.Pattern[str]
    told: str


def said(mistake: HaidangError, language: Language) -> Said:
    """A mistake in a language, without the file in which nobody wrote."""
    return _told(mistake.problem, mistake.hint or "", language)


def said_line(line: str, language: Language) -> Said:
    """The same of a mistake that was kept as one line: where it stands, what is wrong, a hint."""
    if language == "en":
        return Said(line, "", False)
    for sentence in _book().problems:
        found = re.fullmatch(rf"(?:(?P<_where>.*?): )??{sentence.pattern.pattern}(?:; (?P<_hint>.*))?", line)
        if found is not None:
            values = found.groupdict()
            where, hint = values.pop("_where"), values.pop("_hint")
            told = _told(_unfilled(line, where, hint), hint or "", language)
            return Said(f"{where}: {told.text}" if where else told.text, told.hint, told.english)
    return Said(line, "", True)


def _unfilled(line: str, where: str | None, hint: str | None) -> str:
    """A line without what stands before and after the sentence."""
    return line.removeprefix(f"{where}: " if where else "").removesuffix(f"; {hint}" if hint else "")


def _told(problem: str, hint: str, language: Language) -> Said:
    if language == "en":
        return Said(problem, hint, False)
    text, own_hint = _in_vietnamese(problem, _book().problems), _in_vietnamese(hint, _book().hints) if hint else ""
    return Said(text or problem, own_hint if own_hint is not None else hint, text is None or own_hint is None)


def _in_vietnamese(english: str, sentences: tuple[_Sentence, ...]) -> str | None:
    """A sentence in Vietnamese; none where the book does not have it."""
    for sentence in sentences:
        found = sentence.pattern.fullmatch(english)
        if found is not None:
            filled = {name: _filled(value) for name, value in found.groupdict().items()}
            return sentence.told.format(**filled)
    return None


def _filled(value: str) -> str:
    """What is filled in: words of the book in Vietnamese, anything else as it is."""
    return _in_vietnamese(value, _book().phrases) or value


@dataclass(frozen=True, slots=True)
class _Book:
    """What is known in Vietnamese, the most telling sentence first."""

    problems: tuple[_Sentence, ...]
    hints: tuple[_Sentence, ...]
    phrases: tuple[_Sentence, ...]


@cache
def _book() -> _Book:
    raw = read_book()
    return _Book(*(_sentences(raw[part]) for part in ("problems", "hints", "phrases")))


def read_book() -> Mapping[str, Mapping[str, str]]:
    """The book as it is written: English sentence by part, with the Vietnamese one."""
    from ruamel.yaml import YAML

    text = files("haidang.web").joinpath("mistakes.vi.yaml").read_text(encoding="utf-8")
    raw: object = YAML(typ="safe", pure=True).load(text)  # pyright: ignore[reportUnknownMemberType]
    return cast("dict[str, dict[str, str]]", raw)


def _sentences(part: Mapping[str, str]) -> tuple[_Sentence, ...]:
    order = sorted(part, key=lambda english: -len(HOLE.sub("", english)))
    return tuple(_Sentence(re.compile(_pattern(english)), part[english]) for english in order)


def _pattern(english: str) -> str:
    pieces, end, seen = list[str](), 0, set[str]()
    for hole in HOLE.finditer(english):
        name = hole.group(1)
        pieces += [re.escape(english[end : hole.start()]), f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"]
        seen.add(name)
        end = hole.end()
    return "".join([*pieces, re.escape(english[end:])])
