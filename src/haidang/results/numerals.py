"""Numbers as people write them: 1.234,5 and tỷ đồng in Vietnamese, 1,234.5 and billion VND in English.

Three digits that mean something, separators of thousands, a true minus sign. A scale is chosen once for numbers that
stand together, so that an interval never mixes millions and billions.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

from haidang.results.catalogue import Catalogue
from haidang.results.manifest import SHARE, Language
from haidang.results.points import Points

_STEPS: dict[str, tuple[tuple[float, str], ...]] = {
    "VND": ((1e9, "billion_vnd"), (1e6, "million_vnd"), (1, "vnd")),
    "kWh": ((1e6, "gwh"), (1e3, "mwh"), (1, "kwh")),
    "tCO2e": ((1e6, "million_tco2e"), (1, "tco2e")),
    "USD": ((1e9, "billion_usd"), (1e6, "million_usd"), (1, "usd")),
    "kWp": ((1e6, "gwp"), (1e3, "mwp"), (1, "kwp")),
    "MWp": ((1e3, "gwp"), (1, "mwp")),
    "kW": ((1e3, "mw"), (1, "kw")),
    "MW": ((1, "mw"),),
    "km": ((1e6, "million_km"), (1, "km")),
    "vehicle*km": ((1e6, "million_vehicle_km"), (1, "vehicle_km")),
    "person*km": ((1e6, "million_person_km"), (1, "person_km")),
    "tonne": ((1e6, "million_tonne"), (1, "tonne")),
    "litre": ((1e6, "million_litre"), (1, "litre")),
    "trip": ((1e6, "million_trip"), (1, "trip")),
}


# A line may break after a dash even before a no-break space; the word joiner forbids it.
_TO = "\N{NO-BREAK SPACE}–\N{WORD JOINER}\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Scale:
    """A factor and its label: a quantity divided by `factor` is told in `label`."""

    factor: float
    label: str


def number(value: float, language: Language, digits: int = 3) -> str:
    """A number with at least `digits` significant digits, never fewer than its whole part has."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}") if abs(value) < 10**digits else float(round(value))
    magnitude = math.floor(math.log10(abs(rounded))) if rounded else 0
    decimals = max(0, digits - 1 - magnitude)
    text = f"{abs(rounded):,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    if language == "vi":
        text = text.translate(str.maketrans({",": ".", ".": ","}))
    return f"−{text}" if rounded < 0 else text


def percent(share: float, language: Language) -> str:
    """A share as a percentage, with a decimal below ten and next to a hundred."""
    if not math.isfinite(share):
        return "–"
    value = 100 * share
    digits = 1 if 0 < abs(value) < 9.95 or 99 < abs(value) < 100 else 0
    text = f"{abs(value):,.{digits}f}"
    text = "100" if text == "100.0" else text
    if value and float(text.replace(",", "")) == 0:
        text, small = "0.1", "<"
    else:
        small = ""
    if language == "vi":
        text = text.translate(str.maketrans({",": ".", ".": ","}))
    sign = "−" if value < 0 and not small else ""
    return f"{small}{sign}{text}%"


def scale(unit: str, values: Iterable[float], catalogue: Catalogue) -> Scale:
    """The scale that suits the largest of the values."""
    base, _, per = unit.partition("/")
    biggest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    tail = f"/{catalogue.per(per)}" if per else ""
    if unit == SHARE:
        return Scale(0.01, "%")
    if base in _STEPS:
        steps = _STEPS[base]
        factor, label = next(
            (step for step in steps if biggest >= step[0]), steps[0] if biggest == 0 and base == "VND" else steps[-1]
        )
        return Scale(factor, catalogue.unit(label) + tail)
    return Scale(1.0, catalogue.unit(base) + tail)


def quantity(value: float, unit: str, catalogue: Catalogue) -> str:
    """A number with its unit."""
    if unit == SHARE:
        return percent(value, catalogue.language)
    chosen = scale(unit, [value], catalogue)
    return f"{number(value / chosen.factor, catalogue.language)} {chosen.label}".strip()


def day(text: str, catalogue: Catalogue) -> str:
    """A date as it is written in the language; anything that is no full ISO date stays as it is."""
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    month = catalogue.text("months").split()[date.month - 1]
    return catalogue.text("date", day=str(date.day), month=month, year=str(date.year))


def unit_text(unit: str, catalogue: Catalogue) -> str:
    """A fact's own unit in words, without scaling: `%/year`, `tCO2e/MWh`."""
    base, _, per = unit.partition("/")
    return f"{catalogue.unit(base)}/{catalogue.per(per)}" if per else catalogue.unit(base)


def middle_and_interval(points: Points, unit: str, catalogue: Catalogue) -> tuple[str, str]:
    """The median, and the 5 and 95 % points, one scale for all: `15 billion VND`, `10 – 20 billion VND`.

    The interval is empty where all draws read alike.
    """
    low, middle, high, label = _written([points.p5, points.p50, points.p95], unit, catalogue)
    alone = f"{middle} {label}".strip()
    return alone, "" if low == middle == high else f"{low}{_between(points, catalogue)}{high} {label}".strip()


def told(points: Points, unit: str, catalogue: Catalogue, chosen: Scale | None = None) -> str:
    """Median and 90 % interval: `15 (10 – 20) billion VND`; the number alone where all draws read alike.

    Args:
        points: of the quantity.
        unit: of the quantity.
        catalogue: words of the language.
        chosen: a scale that a table's column names already; then the label is left out.
    """
    low, middle, high, label = _written([points.p5, points.p50, points.p95], unit, catalogue, chosen)
    tail = "" if chosen else label
    return (
        f"{middle} {tail}".strip()
        if low == middle == high
        else f"{middle} ({low}{_between(points, catalogue)}{high}) {tail}".strip()
    )


def apart(points: Points, unit: str, catalogue: Catalogue, chosen: Scale | None = None) -> tuple[str, str, str, str]:
    """Median, 5 and 95 % points as a spreadsheet reads them, and the unit of all three: empty for a share.

    Args:
        points: of the quantity.
        unit: of the quantity.
        catalogue: words of the language.
        chosen: a scale that a table's column names already.
    """
    low, middle, high, label = _written([points.p5, points.p50, points.p95], unit, catalogue, chosen)
    values = (points.p50, points.p5, points.p95)
    cells = [pasted(text, value, catalogue.language) for text, value in zip((middle, low, high), values, strict=True)]
    return cells[0], cells[1], cells[2], label


def pasted(text: str, value: float, language: Language) -> str:
    """A number as it stands in a table that somebody copies: no spreadsheet knows the true minus or `<0.1%`."""
    if text.startswith("<"):
        text = f"{number(100 * value, language, 1)}%"
    return text.replace("\N{MINUS SIGN}", "-")


def _between(points: Points, catalogue: Catalogue) -> str:
    """A dash between two numbers, a word where one of them has a minus sign."""
    return _TO if points.p5 >= 0 else f"\N{NO-BREAK SPACE}{catalogue.text('to')}\N{NO-BREAK SPACE}"


def _written(values: list[float], unit: str, catalogue: Catalogue, chosen: Scale | None = None) -> list[str]:
    """The numbers in one scale, and the scale's label last; percentages carry theirs."""
    if unit == SHARE:
        return [*(percent(value, catalogue.language) for value in values), ""]
    used = chosen or scale(unit, values, catalogue)
    # Beside a large number, one that is a hundred thousand times smaller is nothing.
    least = 1e-5 * max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    values = [0.0 if abs(value) < least else value for value in values]
    return [*(number(value / used.factor, catalogue.language) for value in values), used.label]
