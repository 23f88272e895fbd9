"""Numbers in the fields of the laboratory: on screen as the page's language writes them, in files as files do.

A field whose text is a single number is shown as `1.500 tỷ đồng` or `1,500 billion VND` and read again from that, or
from what a file has: `1500e9 VND`. A formula stays as it is written, since a comma in it parts what functions take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from haidang.reading.numbers import number
from haidang.results.catalogue import catalogue
from haidang.results.numerals import unit_text
from haidang.web.lab.sliders import WRITTEN, unit_behind
from haidang.web.words import LANGUAGES, Language

LARGE: dict[Language, dict[int, str]] = {"vi": {9: "tỷ", 6: "triệu"}, "en": {9: "billion", 6: "million"}}
"""Words for powers of ten in which large numbers are shown."""
YEARS = 10_000
"""A number without a unit below this may be a year, in which nothing is parted."""
_POWERS = {"tỷ": 9, "tỉ": 9, "triệu": 6, "nghìn": 3, "ngàn": 3, "billion": 9, "million": 6, "thousand": 3}
_SPOKEN = re.compile(
    rf"\s*([+\-\u2212]?)(\d(?:[\d.,\u00a0\u202f]*\d)?)(?:\s*({'|'.join(_POWERS)})(?!\w))?\s*(.*?)\s*",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"(?!e\d)[^\W\d_][\w/₂]*|%(?:/\w+)?|", re.IGNORECASE)
"""No unit, or one that is not the place's: whoever reads formulas says what is wrong with it, not with the number."""
_DONG = ("đồng", "đ", "₫", "vnđ")


def spelled(text: str, unit: str, language: Language) -> str:
    """What a file has in a place, as people write it; what is no single number of the place's unit stays as it is.

    Args:
        text: as in a file.
        unit: of the place, as written in files.
        language: of the page.
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        return text
    value, plain = Decimal(found[1]), unit_behind(unit).strip()
    if plain and not found[2] and "e" not in found[1].lower():
        return digits(value, language, grouped=False)  # a share may stand without its unit: 0.7
    if found[2] != plain:
        return text
    if not plain and abs(value) < YEARS:
        return digits(value, language, grouped=False)
    power = next((one for one in LARGE[language] if abs(value) >= 10**one), 0)
    parts = [digits(value.scaleb(-power), language), LARGE[language].get(power, ""), _unit(unit, value, language)]
    return " ".join(one for one in parts if one)


def digits(value: Decimal, language: Language, grouped: bool = True) -> str:
    """A number to its last digit, its thousands apart where they are to be."""
    whole, point, rest = (f"{value:,f}" if grouped else f"{value:f}").partition(".")
    rest = rest.rstrip("0")
    text = f"{whole}.{rest}" if point and rest else whole
    return text.translate(str.maketrans({",": ".", ".": ","})) if language == "vi" else text


def behind(suffix: str, unit: str, language: Language) -> str:
    """What is shown behind a slider's number: its power of ten in words, and the unit.

    Args:
        suffix: of the slider.
        unit: of the place.
        language: of the page.
    """
    power = suffix.partition(" ")[0].removeprefix("e")
    words = [LARGE[language][int(power)] if power else "", _unit(unit, Decimal(2), language)]
    return "".join(f" {one}" for one in words if one)


def _unit(unit: str, value: Decimal, language: Language) -> str:
    """The unit in words; of one thing in the singular, which files write."""
    if not unit_behind(unit) or (value == 1 and language == "en"):
        return unit_behind(unit).strip()
    base, slash, per = unit_text(unit, own := catalogue(language)).partition("/")
    return f"{own.unit('vnd') if base == 'VND' else base}{slash}{per}"


def units_of(unit: str) -> tuple[str, ...]:
    """Every way in which the unit of a place may be written in its field, that of files first."""
    plain = unit_behind(unit).strip()
    told = [_unit(unit, Decimal(2), one) for one in LANGUAGES] if plain else []
    money = [one + plain.removeprefix("VND") for one in _DONG] if plain.partition("/")[0] == "VND" else []
    flat = [one.replace("₂", "2") for one in told]
    return tuple(dict.fromkeys([plain, *told, *flat, *money]))


def read(text: str, unit: str, language: Language, kept: Iterable[str] = ()) -> str:
    """What a field says, as a file has it; what is no single number of the place's unit stays as it was typed.

    Args:
        text: as it was typed.
        unit: of the place, as written in files.
        language: of the page.
        kept: what stands in the place already, as in files: who typed nothing else changed nothing.
    """
    for one in kept:
        if text.strip() == spelled(one, unit, language):
            return one
    found = _SPOKEN.fullmatch(text)
    if found is None:
        return text
    sign, numeral, large, rest = found.groups()
    plain, known = unit_behind(unit).strip(), {one.lower() for one in units_of(unit)}
    meant = rest.lower() in known or (large and not rest and plain == "VND")
    if not meant and (large or not _ANOTHER.fullmatch(rest)):
        return text
    value = number(numeral, _own(large, language))
    if value is None:
        return text
    power = f"e{_POWERS[large.lower()]}" if large else ""
    minus = "-" if sign in {"-", "\u2212"} else ""
    return f"{minus}{Decimal(repr(value)).normalize():f}{power}{unit_behind(unit) if meant else unit_behind(rest)}"


def _own(large: str | None, language: Language) -> Language:
    """The language whose word a number has, which is that of its signs too."""
    if large is None:
        return language
    return "en" if large.lower() in {"billion", "million", "thousand"} else "vi"
