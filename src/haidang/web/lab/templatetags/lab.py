"""Looking things up in the laboratory's templates."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template

from haidang.results.catalogue import catalogue
from haidang.results.numerals import number, scale, unit_text
from haidang.web.lab import spelled as in_language
from haidang.web.lab.beyond import beyond, ends_in_words, scale_of
from haidang.web.lab.sliders import YEAR, Slider
from haidang.web.lab.slots import Slot
from haidang.web.shell import language
from haidang.web.words import words

register = template.Library()
BY_YEAR = re.compile(rf"\b{YEAR}\b")
"""A formula that comes to another number each year comes to none that could be told in one."""


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """What a mapping has under a key; an empty text where it has nothing."""
    return found.get(key, "")


@register.filter
def text_of(key: str) -> str:
    """The words of a key."""
    return words(language()).text(key)


@register.filter
def counted(amount: float) -> str:
    """A number in the language of the request, in three digits or in full where it is whole."""
    return number(amount, language(), 7 if amount == int(amount) else 2)


@register.filter
def unit_in_words(unit: str) -> str:
    """A unit of measure as a reader knows it, not as a file spells it."""
    own = catalogue(language())
    return scale(unit, [1.0], own).label if unit.partition("/")[0] == "VND" else unit_text(unit, own)


@register.filter
def reach(slot: Slot) -> str:
    """From where to where a slider goes, in words, and what a formula comes to where the facts are as stated."""
    slider, own = slot.slider, catalogue(language())
    if slider is None:
        return ""
    low, high = ends_in_words(slot.unit, slider, own.language)
    key = "lab.declared_range" if slot.kind == "lever" and not slider.limits else "lab.range"
    text = words(language()).text(key, low=low, high=high)
    formula = bool(slot.stated) and not slot.stated[0].isdigit() and not BY_YEAR.search(slot.stated)
    if formula and slider.low < slider.value < slider.high:
        chosen = scale_of(slot.unit, slider, own.language)
        worth = f"{number(slider.value * slider.factor / chosen.factor, own.language)} {chosen.label}".strip()
        text = f"{words(language()).text('lab.worth', worth=worth)} {text}"
    return text


@register.filter
def caution(slot: Slot, text: str) -> str:
    """What a reader is warned of where a design says this in a place; mostly nothing."""
    found = beyond(slot, text, language())
    return "" if found is None else found.told(language())


@register.filter
def standing(slot: Slot, text: str) -> Slider | None:
    """The slider of a place where a design says this there."""
    return None if slot.slider is None else slot.slider.at(text)


@register.filter
def choices(slot: Slot, text: str) -> list[tuple[str, str, bool]]:
    """What a yes-or-no lever may be: what is written, in words, and whether it is chosen; none where a formula stands.

    Where the programme says nothing, what holds anyway is written as nothing, so that choosing it is no change.
    """
    if slot.yes is None or text not in {"", "0", "1"}:
        return []
    stated = slot.stated or str(int(slot.yes))
    chosen, own = text or stated, words(language())
    return [
        ("" if one == stated and not slot.stated else one, own.text(f"lab.flag.{one}"), one == chosen) for one in "10"
    ]


@register.filter
def stated_in_words(slot: Slot) -> str:
    """What the programme says in a place, a flag in words."""
    flag = slot.yes is not None and slot.stated in {"0", "1"}
    return words(language()).text(f"lab.flag.{slot.stated}") if flag else spelled(slot.stated, slot)


@register.filter
def usual(slot: Slot) -> str:
    """What holds where nothing is written in a lever's field: a number in words, of a fact with its name."""
    if slot.limitless:
        return words(language()).text("lab.no_limit")
    return f"{slot.usual} = {spelled(slot.worth, slot)}" if slot.worth else spelled(slot.usual, slot)


@register.filter
def spelled(text: str, slot: Slot) -> str:
    """What stands in a place, a number as the page's language writes it."""
    return in_language.spelled(text, slot.unit, language())


@register.filter
def behind(slot: Slot) -> str:
    """What a slider writes behind its number."""
    return "" if slot.slider is None else in_language.behind(slot.slider.suffix, slot.unit, language())


@register.filter
def units(slot: Slot) -> str:
    """Every way in which a field may write its unit, for the slider that follows it."""
    return "|".join(in_language.units_of(slot.unit))


@register.filter
def plain(amount: float) -> str:
    """A number as the attribute of an input takes it, in whatever language."""
    return f"{amount:.10g}" if abs(amount) < 1e9 else f"{amount:.0f}"
