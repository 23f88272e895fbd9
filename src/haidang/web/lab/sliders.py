"""Ranges in which an analyst moves levers, budgets and facts: from what the pack declares of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from haidang.allocate.design_space import DesignError, declared_value, usual_bounds
from haidang.facts import Fact, FactBook, Joint, canonical, canonical_unit
from haidang.models import Card, Lever
from haidang.packs import Pack
from haidang.programmes import Instrument

YEAR = "year"
"""The name by which a formula reads the year."""
POWERS = (9, 6)
"""Of ten, in which large amounts are written: `1500e9 VND`."""
WRITTEN = re.compile(r"\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(.*?)\s*", re.IGNORECASE)
"""A number and its unit, as `lab.js` reads them too."""
TAIL_95 = 1.6448536269514722
"""So many standard deviations of a normal distribution lie between its middle and its 95 % point."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A range to move in: numbers before `suffix`, which makes them a quantity.

    Args:
        low: the least.
        high: the greatest.
        step: between two places.
        value: where it stands.
        suffix: what is written behind the number: a power of ten where there is one, and the unit.
        limits: whether nothing beyond its ends makes sense; else they are what is declared or likely.
    """

    low: float
    high: float
    step: float
    value: float
    suffix: str
    limits: bool = True

    @property
    def factor(self) -> float:
        """What a number of the slider is multiplied by, so that it is one of the unit."""
        return float(f"1{self.suffix.partition(' ')[0]}")

    def at(self, text: str) -> Slider:
        """The slider where a text says, a number of its unit; where it says anything else, where it stands.

        It reaches as far as the text where nothing forbids that.
        """
        found = WRITTEN.fullmatch(text)
        if found is None or found[2] != self.suffix.partition(" ")[2]:
            return self
        value = float(found[1]) / self.factor
        if self.limits:
            return replace(self, value=min(max(value, self.low), self.high))
        return replace(self, value=value, low=min(value, self.low), high=max(value, self.high))


def lever_slider(pack: Pack, card: Card, one: Instrument, name: str, years: Sequence[int]) -> Slider | None:
    """Between what a lever may be; where its model leaves that open, between what programmes of the model declare."""
    lever, limits = card.levers[name], False
    try:
        ends = usual_bounds(name, lever, pack.book)
        limits = canonical_unit(lever.unit) == "1"
        if limits:
            declared = (*_declared_ends(pack, card, name), *_by_year(name, one, lever, pack.book, years))
            ends, limits = _stretched(ends, declared)
    except DesignError:
        ends = _declared_ends(pack, card, name)
    low, high = (in_unit(end, lever.unit) for end in ends)
    now = in_unit(_by_year(name, one, lever, pack.book, years)[0], lever.unit)
    return slider_between(low, high, now, lever.unit, limits) if low < high else None


def _stretched(ends: tuple[float, float], declared: Sequence[float]) -> tuple[tuple[float, float], bool]:
    """Ends that hold what is declared too, and whether nothing beyond them makes sense: not where a pack says so."""
    both = min(*ends, *declared), max(*ends, *declared)
    return both, both == ends


def _declared_ends(pack: Pack, card: Card, name: str) -> tuple[float, float]:
    """Between what a lever lies in the programmes of its model and without any, canonical.

    A fact that alone stands there may be anything that is published of it, and a formula of the year is something else
    in each year of its programme. A number that holds without a programme counts where it is less: one that is more
    stands for no limit.
    """
    lever, facts, found = card.levers[name], pack.book.facts, list[float]()
    programmes = (one for file in pack.programmes.values() for one in file.programmes if one.model == card.id)
    for one, years in ((each, programme.years) for programme in programmes for each in programme.instruments):
        if name in one.levers:
            alone = facts.get(one.levers[name].text)
            found += _by_year(name, one, lever, pack.book, years) if alone is None else _published(alone)
    if isinstance(lever.default, str):
        found += _published(facts[lever.default])
        return min(found), max(found)
    return min((lever.default, *found)), max(found, default=lever.default)


def _by_year(
    name: str, one: Instrument, lever: Lever, book: FactBook, years: Sequence[int]
) -> tuple[float, ...]:  # fmt: skip
    """What an instrument declares of a lever, canonical: one number, or of a formula of the year that of each year."""
    expression = one.levers.get(name)
    if expression is None or YEAR not in expression.names or set(expression.names) - {YEAR} - book.facts.keys():
        return (declared_value(name, one, lever, book),)
    known = {each: book.value(each) for each in expression.names if each != YEAR}
    return tuple(expression.constant({**known, YEAR: float(year)}) for year in years)


def _published(fact: Fact) -> tuple[float, ...]:
    slider = fact_slider(fact, {})
    ends = (fact.value,) if slider is None else (slider.low, slider.high)
    return tuple(canonical(end, fact.unit) for end in ends)


def lever_default(pack: Pack, lever: Lever) -> float:
    """What a lever is without a programme, canonical; of a fact its central value."""
    return pack.book.value(lever.default) if isinstance(lever.default, str) else lever.default


def slider_between(low: float, high: float, now: float, unit: str, limits: bool) -> Slider:
    """A slider over numbers of a unit, large ones in a power of ten."""
    power = next((one for one in POWERS if high >= 10 * 10**one), 0)
    low, high, now = (one / 10**power for one in (low, high, now))
    suffix = f"{f'e{power}' if power else ''}{unit_behind(unit)}"
    return Slider(low, high, _step(high - low), min(max(now, low), high), suffix, limits)


def spreads(book: FactBook) -> dict[str, float]:
    """The standard deviations of the facts that are drawn together, in their own units."""
    return {
        name: in_unit(joint.covariance[at][at] ** 0.5, book.facts[name].unit)
        for joint in book.joints.values()
        if isinstance(joint, Joint)
        for at, name in enumerate(joint.facts)
    }


def fact_slider(fact: Fact, together: Mapping[str, float]) -> Slider | None:
    """The range that a fact states, in its own unit.

    Args:
        fact: with a range, a standard error (two of these to either side) or rival values.
        together: by fact that is drawn with others, its standard deviation; it goes from its 5 to its 95 % point.
    """
    if fact.id in together:
        reach = TAIL_95 * together[fact.id]
        step = _step(2 * reach)
        low, high = (pick(end / step) * step for pick, end in ((floor, fact.value - reach), (ceil, fact.value + reach)))
    elif fact.range is not None:
        low, high = fact.range
    elif fact.se is not None:
        low, high = fact.value - 2 * fact.se, fact.value + 2 * fact.se
    elif fact.rivals:
        low, high = (pick(one.value for one in fact.rivals) for pick in (min, max))
    else:
        return None
    if not low < high:
        return None
    low, high = (float(f"{end:.10g}") for end in (low, high))
    return Slider(low, high, _step(high - low), min(max(fact.value, low), high), unit_behind(fact.unit), limits=False)


def _step(span: float) -> float:
    """A hundredth of the span, rounded to one digit."""
    return float(f"{span / 100:.0e}") if span > 0 else 1.0


def in_unit(value: float, unit: str) -> float:
    """A canonical number in a unit."""
    return float(f"{value / canonical(1.0, unit or '1'):.12g}")


def unit_behind(unit: str) -> str:
    """A unit as it follows a number."""
    return "" if unit in {"", "1"} else f" {unit}"
