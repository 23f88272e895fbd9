"""The programme reader's mistakes in the reader's language: the usual ones in words of ours, the others as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.errors import HaidangError
from haidang.web.words import Language, words

USUAL: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(text))
    for key, text in (
        ("name", r"expected a known name, found '(?P<a>.*)'"),
        ("lever", r"expected a lever of the model, found '(?P<a>.*)'"),
        ("sides", r"expected one unit of measure on both sides of '(?P<a>.*?)', found (?P<b>.*) in '(?P<c>.*)'"),
        ("in_budget", r"expected (?P<a>.*) in this budget, found (?P<b>.*)"),
        ("supposed", r"expected (?P<a>.*) for '(?P<b>.*)', found (?P<c>.*)"),
        ("total", r"expected at most the total of (?P<a>.*) in a year, found (?P<b>.*)"),
        ("share", r"expected a share, found '(?P<a>.*)'"),
        ("category", r"expected a category of '(?P<a>.*)', found '(?P<b>.*)'"),
        ("quantity", r"expected a number and a unit such as '(?P<a>.*)', found '(?P<b>.*)'"),
        ("unit", r"expected a unit of measure, found '(?P<a>.*)'"),
        ("whole", r"expected a whole number of (?P<a>.*), found '(?P<b>.*)'"),
        ("negative", r"expected an amount of zero or more, found (?P<a>.*) in '(?P<b>.*)'"),
        ("condition", r"expected a condition, found (?P<a>.*)"),
        ("other_unit", r"expected (?P<a>.*), found (?P<b>.*)"),
    )
)
MEANT = re.compile(r"did you mean '(?P<a>.*)'\?")
WRITE = re.compile(r"write '(?P<a>.*)'")


@dataclass(frozen=True, slots=True)
class Said:
    """A mistake as a page shows it.

    Args:
        text: what is wrong.
        hint: the nearest right spelling or the next step; empty for none.
        english: whether it is in English on whatever page.
    """

    text: str
    hint: str
    english: bool


def said(mistake: HaidangError, language: Language) -> Said:
    """A mistake in a language, without the file in which nobody wrote."""
    plain = mistake.hint or ""
    if language == "en":
        return Said(mistake.problem, plain, True)
    own = words(language)
    for key, pattern in USUAL:
        found = pattern.fullmatch(mistake.problem)
        if found is not None:
            return Said(own.text(f"lab.mistake.{key}", **found.groupdict()), _hint(plain, language), False)
    return Said(mistake.problem, _hint(plain, language), True)


def _hint(plain: str, language: Language) -> str:
    for key, pattern in (("meant", MEANT), ("write", WRITE)):
        found = pattern.fullmatch(plain)
        if found is not None:
            return words(language).text(f"lab.mistake.{key}", **found.groupdict())
    return plain
