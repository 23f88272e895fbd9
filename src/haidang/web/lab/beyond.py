"""Levers and facts set beyond the ends of their sliders: what is refused, and what a reader is warned of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from haidang.errors import HaidangError
from haidang.facts import UnitError, canonical, parse_quantity, same_dimension
from haidang.results.catalogue import catalogue
from haidang.results.numerals import Scale, number, scale, unit_text
from haidang.web.lab.sliders import Slider, in_unit, unit_behind
from haidang.web.lab.slots import Board, Slot
from haidang.web.lab.spelled import spelled
from haidang.web.words import Language, words

NEAR = 1e-9
"""A number is beyond an end where it is so by more than this part of the range: ends are rounded."""


class BeyondError(HaidangError):
    """A number where none such makes sense: a share above the whole."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A place with a number beyond the ends of its slider.

    Args:
        slot: the place.
        found: the number, as the page's language writes it.
        low: the least, in words.
        high: the greatest, in words with the unit.
        refused: whether nothing beyond the ends makes sense; else they are what is declared or published.
    """

    slot: Slot
    found: str
    low: str
    high: str
    refused: bool

    @property
    def mistake(self) -> BeyondError:
        """What is said of one that is refused."""
        return BeyondError(f"expected a number from {self.low} to {self.high}, found {self.found}")

    def told(self, language: Language) -> str:
        """What a reader is warned of."""
        key = "limits" if self.refused else self.slot.kind
        return words(language).text(f"lab.beyond.{key}", found=self.found, low=self.low, high=self.high)


def beyond(slot: Slot, text: str, language: Language) -> Beyond | None:
    """How a lever or a fact that is one plain number lies beyond its slider; none where it does not, or is unchanged.

    Args:
        slot: the place.
        text: what stands there, as a file has it.
        language: of the words.
    """
    slider = slot.slider
    if slider is None or slot.kind not in ("lever", "fact") or not text.strip() or text == slot.stated:
        return None
    value = _plain_number(text, slot.unit)
    low, high = slider.low * slider.factor, slider.high * slider.factor
    if value is None or low - NEAR * (high - low) <= value <= high + NEAR * (high - low):
        return None
    found = spelled(f"{Decimal(repr(value)):f}{unit_behind(slot.unit)}", slot.unit, language)
    return Beyond(slot, found, *ends_in_words(slot.unit, slider, language), slider.limits)


def all_beyond(board: Board, values: Mapping[str, str], language: Language) -> Iterator[Beyond]:
    """Every such place of a design.

    Args:
        board: the places.
        values: by name of a place, what stands there.
        language: of the words.
    """
    for slot in board.slots:
        found = beyond(slot, values.get(slot.name, ""), language)
        if found is not None:
            yield found


def ends_in_words(unit: str, slider: Slider, language: Language) -> tuple[str, str]:
    """The least and the greatest of a slider, the latter with its unit."""
    low, high = slider.low * slider.factor, slider.high * slider.factor
    chosen = scale_of(unit, slider, language)
    first, last = (number(each / chosen.factor, language) for each in (low, high))
    return first, f"{last} {chosen.label}".strip()


def scale_of(unit: str, slider: Slider, language: Language) -> Scale:
    """In what the numbers of a slider are told: money in a power of ten, all else in its unit."""
    own = catalogue(language)
    if unit.partition("/")[0] != "VND":
        return Scale(1.0, unit_text(unit, own))
    return scale(unit, [slider.low * slider.factor, slider.high * slider.factor], own)


def _plain_number(text: str, unit: str) -> float | None:
    """The number that a text is, in a unit; none of a formula, and of one that measures something else."""
    try:
        value, own = parse_quantity(text)
    except UnitError:
        return None  # whoever reads formulas says what is wrong with it
    if not same_dimension(own, unit) and own not in ("1", "%"):
        return None
    return in_unit(canonical(value, own), unit)
