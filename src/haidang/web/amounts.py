"""Amounts of dong as people write them: `1,5 tỷ`, `1.500.000.000`, `1.5 billion VND`."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from haidang.results.catalogue import catalogue
from haidang.results.numerals import quantity
from haidang.web.shell import language
from haidang.web.words import Language, words

SMALL = 1_000_000
"""VND below which an amount is asked about: most likely it was meant in millions."""
MOST = 10**17
_VIETNAMESE = re.compile(r"tỷ|tỉ|triệu|nghìn|ngàn|đồng|[đ₫]", re.IGNORECASE)
_ENGLISH = re.compile(r"billion|million|thousand", re.IGNORECASE)
_MARK = re.compile(r"\s*(?:₫|đ(?![\wồ]))\s*$", re.IGNORECASE)
_NO_UNIT = re.compile(r"[\d.,\s\u00a0\u202f]+|[\d.,\s\u00a0\u202f]+(?:billion|million|thousand)", re.IGNORECASE)


def dong(text: str, spoken: Language) -> int:
    """VND that a text says.

    A number is read as the language of its words writes it: `1.500 tỷ` is one and a half thousand billion, whatever the
    language of the page.

    Args:
        text: the amount, with or without its unit of measure.
        spoken: the language in which a number without words is read first.

    Raises:
        ValueError: it is no single amount of dong above nothing.
    """
    from haidang.reading import load_rules
    from haidang.reading.quantities import quantities

    plain = _MARK.sub(" đồng", text.strip())
    if _NO_UNIT.fullmatch(plain):
        plain = f"{plain} VND"
    own: Language = "vi" if _VIETNAMESE.search(plain) else "en" if _ENGLISH.search(plain) else spoken
    found = list(quantities(plain, (), own, load_rules()))
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(plain)):
        raise ValueError(text)
    told = found[0].quantity
    value = told.minimum
    if value is None or value != told.maximum or told.unit != "VND" or told.qualifier != "exactly":
        raise ValueError(text)
    if not 0 < value <= MOST or value != round(value):
        raise ValueError(text)
    return round(value)


def told_dong(value: float, spoken: Language) -> str:
    """An amount of dong in large units, three digits that mean something."""
    return quantity(value, "VND", catalogue(spoken))


def exact_dong(value: int, spoken: Language) -> str:
    """An amount of dong to the last dong."""
    text = f"{value:,}"
    return f"{text.replace(',', '.')} đồng" if spoken == "vi" else f"{text} VND"


class DongField(forms.CharField):
    """An amount of dong, as people write it; its value is whole dong, or none where the field is empty."""

    def __init__(self, *, required: bool = True) -> None:
        """A field of one line."""
        super().__init__(max_length=60, required=required, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self, value: object) -> int | None:
        """The amount.

        Raises:
            ValidationError: it cannot be read, or is none where one is needed.
        """
        text = str(super().clean(value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        if not text:
            return None
        try:
            return dong(text, language())
        except ValueError:
            raise ValidationError(words(language()).text("amounts.unread", found=text)) from None
