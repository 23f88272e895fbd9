"""Units of measure: which ones there are, how a quantity is read, and its canonical number.

The registry is pint's, with our own short list of units: every currency is a dimension of its own, so that no amount
of money changes currency without a stated rate, and counted things (firms, persons, trips) do not add up with each
other. Names are spelt out one by one, without prefixes, so that a misspelt unit has a nearest right one.

Canonical numbers are what computation uses: percent and points become fractions, money VND (or its own currency),
energy kWh, power kWh/year, emissions tCO2e, time years, lengths metres, freight tonnes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from haidang.errors import HaidangError, Place, nearest

if TYPE_CHECKING:
    import pint

CURRENCIES = ("VND", "USD", "EUR", "GBP", "JPY", "CNY", "KRW", "SGD")

COUNTED = (
    ("person", "persons", "people", "employee", "employees"),
    ("firm", "firms", "factory", "factories"),
    ("household", "households"),
    ("trip", "trips"),
    ("place", "places"),
    ("vehicle", "vehicles", "truck", "trucks", "bike", "bikes"),
    ("station", "stations"),
    ("level", "levels"),
    ("score",),
    ("case", "cases"),
    ("visit", "visits"),
)

# Each line defines one unit from those above it. A year has 365.25 days, as everywhere in pint.
DEFINITIONS = """
year = [time] = _ = years = yr
month = year / 12 = _ = months
quarter = year / 4 = _ = quarters
day = year / 365.25 = _ = days
hour = day / 24 = _ = hours = h
second = hour / 3600 = _ = seconds = s
percent = 0.01
point = 0.01 = _ = points
per_mille = 0.001
thousand = 1000
million = 1000000
billion = 1000000000
trillion = 1000000000000
kWh = [energy]
Wh = kWh / 1000
MWh = 1000 * kWh
GWh = 1000000 * kWh
TWh = 1000000000 * kWh
MJ = kWh / 3.6
GJ = 1000 * MJ
TJ = 1000000 * MJ
PJ = 1000000000 * MJ
toe = 11630 * kWh
ktoe = 1000 * toe
kW = kWh / hour = _ = kWp
MW = 1000 * kW = _ = MWp
GW = 1000000 * kW = _ = GWp
tCO2e = [emission] = _ = tCO2
gCO2e = tCO2e / 1000000 = _ = gCO2
kgCO2e = tCO2e / 1000 = _ = kgCO2
ktCO2e = 1000 * tCO2e = _ = ktCO2
MtCO2e = 1000000 * tCO2e = _ = MtCO2
tonne = [mass] = _ = tonnes = t
kg = tonne / 1000
kt = 1000 * tonne
Mt = 1000000 * tonne
metre = [length] = _ = m
km = 1000 * metre
m2 = metre ** 2
ha = 10000 * metre ** 2
km2 = 1000000 * metre ** 2
m3 = metre ** 3
litre = m3 / 1000 = _ = litres = L
"""

NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
WORDING = re.compile(r"[A-Za-z_0-9*/^().% ]*")
NUMBERS_IN_UNIT = re.compile(r"(?<![A-Za-z_0-9.])[0-9.]+")
NUMERAL = r"[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
QUANTITY = re.compile(rf"({NUMERAL})\s*(.*)", re.DOTALL)
LONGEST_UNIT = 80
HIGHEST_POWER = 3


class UnitError(HaidangError):
    """A unit of measure that is unknown, malformed, or of the wrong dimension; a quantity that is no number."""


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[Any]:
    """The one registry of units of measure, built on first use (about 5 ms after pint's import)."""
    import pint

    units: Any = cast("Any", pint.UnitRegistry)(None)
    # The underscore says that a unit has no symbol of its own; aliases follow it.
    counted = [" = ".join([names[0], f"[{names[0]}]", "_", *names[1:]]) for names in COUNTED]
    money = [f"{currency} = [currency_{currency.lower()}]" for currency in CURRENCIES]
    units.load_definitions([*DEFINITIONS.strip().splitlines(), *counted, *money])
    return units


@lru_cache(maxsize=1)
def unit_names() -> tuple[str, ...]:
    """Every spelling of a unit that is understood, `%` included."""
    names = {name for line in DEFINITIONS.strip().splitlines() for name in line.split(" = ")}
    known = {name for name in names if NAME.fullmatch(name) and name != "_"}
    return tuple(sorted(known | set(CURRENCIES) | {name for names in COUNTED for name in names} | {"%"}))


def parse_unit(text: str, place: Place | None = None) -> pint.Unit:
    """The unit of measure that `text` names, such as `%/year`, `VND`, `tCO2e/MWh` or `VND/USD`.

    Args:
        text: names joined by `*`, `/` or a space, powers as `**2`; empty or `1` for a plain number.
        place: where the text stands, for the error.

    Raises:
        UnitError: a name is unknown, the text is no product of units, or it multiplies two currencies.
    """
    try:
        return _parse(text)
    except UnitError as mistake:
        raise UnitError(mistake.problem, place, mistake.hint) from None


def parse_quantity(text: str, place: Place | None = None) -> tuple[float, str]:
    """A number and its unit's text, from `6.52 %/year`, `1500e9 VND` or `0.7` (whose unit is `1`).

    Raises:
        UnitError: the text does not begin with a finite number, or its unit is not known.
    """
    matched = QUANTITY.fullmatch(text.strip())
    if matched is None:
        raise UnitError(f"expected a number and a unit such as '6.52 %/year', found '{shorten(text)}'", place)
    unit = matched[2].strip() or "1"
    if unit.startswith(","):
        raise UnitError(f"expected a number without thousands separators, found '{shorten(text)}'", place)
    value = float(matched[1])
    if not math.isfinite(value):
        raise UnitError(f"expected a finite number, found '{shorten(text)}'", place)
    parse_unit(unit, place)
    return value, unit


def same_dimension(one: str | pint.Unit, other: str | pint.Unit) -> bool:
    """Whether two units measure the same thing, so that numbers in them may be added."""
    return _unit(one).dimensionality == _unit(other).dimensionality


def convert(value: float, source: str, target: str) -> float:
    """`value` in the unit `source`, said in the unit `target`.

    Raises:
        UnitError: the two units measure different things; two currencies do, too.
    """
    if not same_dimension(source, target):
        raise UnitError(
            f"expected a unit of the same kind as '{target}', found '{source}'", hint=_exchange_hint(source, target)
        )
    return _times(_times(value, _factor(source)), 1 / _factor(target))


def canonical(value: float, unit: str | pint.Unit) -> float:
    """`value` in `unit` as the number that computation uses: 6.52 %/year is 0.0652."""
    return _times(value, _factor(unit))


def canonical_unit(unit: str | pint.Unit) -> str:
    """The unit in which `canonical` states its number: `1/year` for `%/year`, `1` for `%`."""
    return _spell(_root(unit)[1])


def shorten(text: str) -> str:
    """The text as a message may quote it: at most 60 characters."""
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unit(unit: str | pint.Unit) -> pint.Unit:
    return _parse(unit) if isinstance(unit, str) else unit


@lru_cache(maxsize=4096)
def _parse(text: str) -> pint.Unit:
    known = unit_names()
    if len(text) > LONGEST_UNIT or WORDING.fullmatch(text) is None:
        raise UnitError(f"expected a product of units such as 'VND/year', found '{shorten(text)}'")
    for name in NAME.findall(text):
        if name not in known:
            near = next((one for one in known if one.lower() == name.lower()), None) or nearest(name, known)
            hint = None if near is None else f"did you mean '{near}'?"
            raise UnitError(f"expected a unit of measure, found '{name}'", hint=hint)
    if any(number not in {"1", "2", "3"} for number in NUMBERS_IN_UNIT.findall(text)):
        raise UnitError(f"expected a unit without numbers other than the powers 1, 2 and 3, found '{text}'")
    if text.count("%") > 1:
        raise UnitError(f"expected '%' once, found '{text}'")
    try:
        unit = registry().parse_units(text.replace("%", " percent ").strip() or "dimensionless")
    except Exception:  # pint lets whatever its tokenizer meets come through
        raise UnitError(f"expected a product of units such as 'VND/year', found '{shorten(text)}'") from None
    if any(abs(power) > HIGHEST_POWER for power in _powers(unit).values()):
        raise UnitError(f"expected powers of at most {HIGHEST_POWER}, found '{text}'")
    _refuse_mixed_currencies(text, unit)
    return unit


def _refuse_mixed_currencies(text: str, unit: pint.Unit) -> None:
    """Two currencies in one unit make sense as a rate of exchange only: their powers cancel."""
    powers = {name: power for name, power in _powers(unit).items() if name in CURRENCIES}
    if len(powers) > 1 and sum(powers.values()) != 0:
        mixed = " and ".join(sorted(powers))
        raise UnitError(f"expected one currency or a rate between two such as 'VND/USD', found {mixed} in '{text}'")


def _powers(unit: Any) -> dict[str, float]:
    # pint offers no public way to the powers of a unit.
    return {str(name): float(power) for name, power in unit._units.items()}


@lru_cache(maxsize=4096)
def _root(unit: str | pint.Unit) -> tuple[float, dict[str, float]]:
    """The factor to the canonical unit, and that unit as powers of names."""
    factor, root = cast("Any", registry()).get_root_units(_unit(unit))
    return float(factor), _powers(root)


def _factor(unit: str | pint.Unit) -> float:
    return _root(unit)[0]


def _times(value: float, factor: float) -> float:
    """`value * factor`, by division where the factor is one part in many, so that 6.52 % is 0.0652 to the last bit."""
    if 0 < factor < 1:
        parts = round(1 / factor)
        if math.isclose(parts * factor, 1.0, rel_tol=1e-12):
            return value / parts
    whole = round(factor)
    return value * (whole if math.isclose(whole, factor, rel_tol=1e-12) else factor)


def _spell(powers: Mapping[str, float]) -> str:
    above = [_power(name, power) for name, power in sorted(powers.items()) if power > 0]
    below = [_power(name, -power) for name, power in sorted(powers.items()) if power < 0]
    return "/".join(["*".join(above) or "1", *below])


def _power(name: str, power: float) -> str:
    return name if power == 1 else f"{name}**{power:g}"


def _exchange_hint(source: str, target: str) -> str | None:
    given, wanted = ({name for name in _root(unit)[1] if name in CURRENCIES} for unit in (source, target))
    if given and wanted and given != wanted:
        return "an exchange rate is a fact too, nothing is exchanged silently"
    return None
