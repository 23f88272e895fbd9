"""The words of an expression: what may stand in its text at all, and which numbers carry a unit of measure.

Only what is recognised here reaches Python's parser, and of numbers and texts only a placeholder does: their values
are kept apart by position. So no digit string, no escape and no letter of another alphabet is ever Python's to read.

A unit of measure is written without spaces, with at most one space before it: `3000 VND/kWh` is a number, while
`3000 VND / electricity` is a division.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from haidang.errors import Place
from haidang.facts.units import UnitError, canonical, parse_unit, shorten, unit_names
from haidang.programmes.syntax import ExpressionError

LONGEST = 2_000
MOST_TOKENS = 500
DEEPEST_BRACKETS = 40
LONGEST_NUMBER = 40
LONGEST_TEXT = 200

SPACE = re.compile(r" *")
NUMBER = re.compile(r"(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NAME = re.compile(r"[A-Za-z][A-Za-z_0-9]*")
LETTERS = re.compile(r"\w+")
WORD = re.compile(r"[A-Za-z_0-9.]+")
TEXT = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
SIGN = re.compile(r"<=|>=|==|!=|[-+*/<>()\[\],]")
REFUSED = re.compile(r"\*\*|//|->|:=|<>|<<|>>|&&|\|\||===|!==")

KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else", "True", "False"})

HINTS = {
    "**": "powers are not part of expressions, write a product",
    "^": "powers are not part of expressions, write a product",
    "//": "write '/' and round()",
    "%": "'%' is a unit of measure here, write it behind a number",
    "=": "did you mean '=='?",
    ":=": "did you mean '=='?",
    "===": "did you mean '=='?",
    "!==": "did you mean '!='?",
    "<>": "did you mean '!='?",
    "!": "did you mean 'not'?",
    "~": "did you mean 'not'?",
    "&": "did you mean 'and'?",
    "&&": "did you mean 'and'?",
    "|": "did you mean 'or'?",
    "||": "did you mean 'or'?",
    ".": "a column's name has no dot",
    "#": "a comment stands outside the expression",
    "is": "did you mean '=='?",
    "None": "every column has a value, compare with that",
    "≤": "write '<='",
    "≥": "write '>='",
    "≠": "write '!='",
    "×": "write '*'",
    "·": "write '*'",
    "÷": "write '/'",
    "−": "write '-'",
    "“": "write a straight quotation mark",
    "”": "write a straight quotation mark",
    "‘": "write a straight quotation mark",
    "’": "write a straight quotation mark",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A number or a text as it stands in an expression.

    Args:
        value: the number in canonical units, or the text.
        unit: the number's unit of measure as written; empty for none and for a text.
        end: the position after its last character, the unit included.
    """

    value: float | str
    unit: str
    end: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """An expression's text, what Python's parser is shown instead (equally long), and what was kept apart."""

    text: str
    shown: str
    values: dict[int, Written]


def scan(text: str, place: Place | None) -> Scanned:
    """Take an expression apart, and refuse every character that has no meaning in one.

    Raises:
        ExpressionError: the text is empty, too long, nested too deeply, or has a character, a word, a number or a
            unit of measure that is not part of expressions.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"expected an expression of at most {LONGEST} characters, found {len(text)}", place)
    tidy = re.sub(r"[ \t\r\n]", " ", unicodedata.normalize("NFC", text)).strip()
    if not tidy:
        raise ExpressionError("expected an expression, found nothing", place)
    return _Scanner(tidy, place).scan()


def _plain(text: str) -> str:
    """The text as a message may quote it: short, and without letters that would turn the message itself around."""
    return "".join(letter if letter.isprintable() else "?" for letter in shorten(text))


class _Scanner:
    """Goes over the text once, from left to right."""

    def __init__(self, text: str, place: Place | None) -> None:
        self.text = text
        self.place = place
        self.at = 0
        self.depth = 0
        self.tokens = 0
        self.shown: list[str] = []
        self.values: dict[int, Written] = {}
        self.after_text = False

    def scan(self) -> Scanned:
        while self.at < len(self.text):
            if self.text[self.at] == " ":
                self.show(" ", self.at + 1)
            else:
                self.token()
        return Scanned(self.text, "".join(self.shown), self.values)

    def token(self) -> None:
        self.tokens += 1
        if self.tokens > MOST_TOKENS:
            self.refuse(f"expected at most {MOST_TOKENS} words and signs, found more")
        after_text, self.after_text = self.after_text, False
        if found := NUMBER.match(self.text, self.at):
            self.number(found[0])
        elif found := NAME.match(self.text, self.at):
            self.name(found[0])
        elif self.text[self.at] in "'\"":
            if after_text:
                self.refuse(f"expected a sign between two texts, found {self.rest()}")
            self.quoted()
        else:
            self.sign()

    def show(self, text: str, end: int) -> None:
        """Show Python's parser `text`, filled up to the length of what it stands for."""
        self.shown.append(text.ljust(end - self.at))
        self.at = end

    def number(self, digits: str) -> None:
        end = self.at + len(digits)
        if self.text[end : end + 1] == ".":
            self.refuse(f"expected a number, found '{shorten(digits + WORD.findall(self.text[end:])[0])}'")
        glued = WORD.match(self.text, end)
        if glued:
            whole = shorten(digits + glued[0])
            space = "put a space between a number and its unit" if glued[0] in unit_names() else None
            self.refuse(f"expected a number, found '{whole}'", space)
        if len(digits) > LONGEST_NUMBER:
            self.refuse(f"expected a number of at most {LONGEST_NUMBER} characters, found {len(digits)}")
        unit, end = self.unit(end)
        value = self.canonical(float(digits), unit)
        if not math.isfinite(value):
            self.refuse(f"expected a finite number, found '{digits}'")
        self.values[self.at] = Written(value, unit, end)
        self.show("0", end)

    def unit(self, end: int) -> tuple[str, int]:
        """The unit of measure behind a number that ends here, and where the unit ends."""
        gap = SPACE.match(self.text, end)
        start = gap.end() if gap else end
        if self.text[start : start + 1] == "%":
            stop = start + 1
        else:
            word = NAME.match(self.text, start)
            if word is None or keyword.iskeyword(word[0]):
                return "", end
            # A word of other letters too is refused as it was written, not cut where those begin.
            stop = (LETTERS.match(self.text, start) or word).end()
        while (word := NAME.match(self.text, stop + 1)) and self.text[stop] == "/" and word[0] in unit_names():
            stop = word.end()
        return self.text[start:stop], stop

    def canonical(self, value: float, unit: str) -> float:
        try:
            parse_unit(unit)
            return canonical(value, unit)
        except UnitError as mistake:
            self.refuse(f"{mistake.problem} behind a number in {self.rest()}", mistake.hint)
        except OverflowError:
            self.refuse(f"expected a finite number, found {self.rest()}")
        return math.nan

    def name(self, name: str) -> None:
        end = self.at + len(name)
        if self.text[end : end + 1] in {"'", '"'} and name not in KEYWORDS:
            self.refuse(f"expected a text in plain quotation marks, found {self.rest()}")
        if keyword.iskeyword(name) and name not in KEYWORDS:
            self.refuse(f"expected a name, found the word '{name}'", HINTS.get(name))
        self.show(name, end)

    def quoted(self) -> None:
        found = TEXT.match(self.text, self.at)
        if found is None:
            self.refuse(f"expected a text that ends and has no backslash, found {self.rest()}")
        words = found[0][1:-1]
        if len(words) > LONGEST_TEXT or not words.isprintable():
            self.refuse(f"expected a text of at most {LONGEST_TEXT} printable characters, found {self.rest()}")
        self.values[self.at] = Written(words, "", found.end())
        self.after_text = True
        self.show("''", found.end())

    def sign(self) -> None:
        wrong = REFUSED.match(self.text, self.at)
        found = None if wrong else SIGN.match(self.text, self.at)
        if found is None:
            self.refuse_sign(wrong[0] if wrong else self.text[self.at])
        self.depth += (found[0] in "([") - (found[0] in ")]")
        if self.depth > DEEPEST_BRACKETS:
            self.refuse(f"expected at most {DEEPEST_BRACKETS} open brackets, found more")
        self.show(found[0], found.end())

    def refuse_sign(self, sign: str) -> NoReturn:
        seen = f"'{sign}'" if sign.isprintable() else "a control character"
        code = "" if sign.isascii() else f" (U+{ord(sign):04X})"
        near = _plain(self.text[max(0, self.at - 20) :])
        self.refuse(f"expected a sign of expressions, found {seen}{code} in '{near}'", HINTS.get(sign))

    def rest(self) -> str:
        return f"'{_plain(self.text[self.at :])}'"

    def refuse(self, problem: str, hint: str | None = None) -> NoReturn:
        raise ExpressionError(problem, self.place, hint)
