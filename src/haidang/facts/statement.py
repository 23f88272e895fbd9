"""From one entry of a facts file to a fact."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from haidang.errors import Place
from haidang.facts.distribution import KINDS, Distribution, Kind
from haidang.facts.fact import After, Claim, Fact, FactError, Rival, Source, SourceError, last_day
from haidang.facts.nodes import Scalar, Sequence, WrongValueError, kind
from haidang.facts.reader import NUMBER, Reader, spelling
from haidang.facts.units import UnitError, canonical, canonical_unit, convert, parse_quantity, parse_unit, shorten

CLAIM_KEYS = ("source", "assumption", "place", "as_of", "note")
NUMBER_KEYS = ("value", "range", "se", "distribution")
RIVAL_KEYS = (*NUMBER_KEYS, *CLAIM_KEYS)
FACT_KEYS = ("title", "unit", *NUMBER_KEYS, "dated", "after", "values", "use", *CLAIM_KEYS)
SOURCE_KEYS = ("title", "publisher", "date", "address", "note")

FACT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
YEAR = re.compile(r"[0-9]{4}")
RANGE = re.compile(r"\[([^\[\],]+),([^\[\],]+)\]\s*(.*)", re.DOTALL)
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class _Number:
    """A value and its uncertainty, in `unit`."""

    value: float
    unit: str
    range: tuple[float, float] | None
    se: float | None
    distribution: Distribution | None


def read_source(entry: Reader, name: str) -> Source:
    """One entry of `sources.yaml`.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind.
    """
    entry.forbid_unknown(SOURCE_KEYS)
    entry.forbid_empty()
    _day(entry, "date")
    return Source(
        id=name,
        title=entry.text("title"),
        publisher=entry.text("publisher"),
        date=entry.text("date"),
        address=entry.text_or("address", None),
        note=entry.text_or("note", None),
    )


def read_fact(entry: Reader, name: str, sources: Mapping[str, Source]) -> Fact:
    """One entry of a facts file.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind, a unit or a source is not known, or
            the entry contradicts itself.
    """
    if FACT_ID.fullmatch(name) is None or keyword.iskeyword(name):
        raise FactError("expected an id of letters, digits and '_' that expressions can name", entry.place())
    entry.forbid_unknown(FACT_KEYS)
    entry.forbid_empty()
    ways = [key for key in ("value", "dated", "values") if key in entry.keys]
    if len(ways) != 1:
        found = " and ".join(ways) if ways else "none"
        raise FactError(f"expected one of value, dated and values, found {found}", entry.place())
    return {"value": _read_plain, "dated": _read_dated, "values": _read_rivals}[ways[0]](entry, name, sources)


def _read_plain(entry: Reader, name: str, sources: Mapping[str, Source]) -> Fact:
    _forbid(entry, "after", "dated")
    _forbid(entry, "use", "values")
    unit = _unit_of(entry)
    number = _read_number(entry, unit, unit)
    return Fact(
        id=name,
        title=_title(entry, name),
        unit=number.unit,
        value=number.value,
        distribution=number.distribution,
        range=number.range,
        se=number.se,
        dated=None,
        after="hold",
        claim=_read_claim(entry, sources),
        where=entry.place(),
    )


def _read_dated(entry: Reader, name: str, sources: Mapping[str, Source]) -> Fact:
    for key in ("range", "se", "distribution", "use"):
        _forbid(entry, key, "value" if key != "use" else "values")
    years = entry.child("dated")
    unit = declared = _unit_of(entry)
    dated: dict[int, float] = {}
    for year in years.keys:
        if YEAR.fullmatch(year) is None or not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise WrongValueError(f"expected a year, found '{year}'", years.place(year))
        value, unit = _read_value(years, year, declared, unit)
        dated[int(year)] = value
    if unit is None or not dated:
        raise FactError("expected at least one dated value, found none", entry.place("dated"))
    after: After = "trend" if entry.one_of_or("after", ("hold", "trend"), "hold") == "trend" else "hold"
    return Fact(
        id=name,
        title=_title(entry, name),
        unit=unit,
        value=dated[max(dated)],
        distribution=None,
        range=None,
        se=None,
        dated=dict(sorted(dated.items())),
        after=after,
        claim=_read_claim(entry, sources),
        where=entry.place(),
    )


def _read_rivals(entry: Reader, name: str, sources: Mapping[str, Source]) -> Fact:
    for key in ("range", "se", "source", "place", "as_of", "assumption"):
        _forbid(entry, key, "value")
    _forbid(entry, "after", "dated")
    unit = declared = _unit_of(entry)
    rivals: list[Rival] = []
    for rival_id, rival in entry.children("values").items():
        rival.forbid_unknown(RIVAL_KEYS)
        rival.forbid_empty()
        number = _read_number(rival, declared, unit)
        unit = number.unit
        claim = _read_claim(rival, sources)
        rivals.append(Rival(rival_id, number.value, number.range, number.se, number.distribution, claim, rival.place()))
    if unit is None or not rivals:
        raise FactError("expected at least one value, found none", entry.place("values"))
    use = entry.one_of("use", [rival.id for rival in rivals])
    chosen = next(rival for rival in rivals if rival.id == use)
    drawn = chosen.distribution
    if "distribution" in entry.keys:
        entry.one_of("distribution", ("choice",))
        drawn = Distribution("choice", tuple(sorted(canonical(rival.value, unit) for rival in rivals)))
    claim = chosen.claim
    return Fact(
        id=name,
        title=_title(entry, name),
        unit=unit,
        value=chosen.value,
        distribution=drawn,
        range=chosen.range,
        se=chosen.se,
        dated=None,
        after="hold",
        claim=Claim(claim.source, claim.assumption, claim.passage, claim.as_of, entry.words_or("note", claim.note)),
        where=entry.place(),
        chosen=use,
        rivals=tuple(rivals),
    )


def _forbid(entry: Reader, key: str, belongs: str) -> None:
    if key in entry.keys:
        raise FactError(f"expected this key beside '{belongs}' only", entry.place(key))


def _unit_of(entry: Reader) -> str | None:
    """The unit under the key `unit`, which is for values written as bare numbers."""
    text = entry.text_or("unit", None)
    if text is not None:
        parse_unit(text, entry.place("unit"))
    return text


def _title(entry: Reader, name: str) -> Mapping[str, str]:
    words = name.replace("_", " ")
    return entry.title_or({"vi": words, "en": words})


def _read_value(entry: Reader, key: str, bare: str | None, unit: str | None) -> tuple[float, str]:
    """A number in `unit` where that is known, whatever unit of the same kind it is written in."""
    node = entry.required(key)
    if not isinstance(node, Scalar):
        raise WrongValueError(f"expected a number and its unit, found {kind(node)}", entry.place(key))
    return _quantity(node.text, bare, unit, Place(entry.path, node.line, entry.place(key).key))


def _quantity(text: str, bare: str | None, unit: str | None, place: Place) -> tuple[float, str]:
    """A number in `unit`; one without a unit of its own is in `bare`."""
    value, written = parse_quantity(text, place)
    if bare is not None and NUMBER.fullmatch(text.strip()) is not None:
        written = bare
    if unit is not None and written != unit:
        try:
            value, written = convert(value, written, unit), unit
        except UnitError as mistake:
            raise UnitError(mistake.problem, place, mistake.hint) from None
    if not math.isfinite(canonical(value, written)):
        raise UnitError(f"expected a finite number in {canonical_unit(written)}, found '{shorten(text)}'", place)
    return value, written


def _read_number(entry: Reader, bare: str | None, unit: str | None) -> _Number:
    value, unit = _read_value(entry, "value", bare, unit)
    limits = _read_range(entry, unit) if entry.optional("range") is not None else None
    se = _quantity(entry.text("se"), unit, unit, entry.place("se"))[0] if entry.optional("se") is not None else None
    if limits is not None and not limits[0] <= value <= limits[1]:
        low, high = limits
        raise FactError(
            f"expected a range around the value {value:g}, found [{low:g}, {high:g}] {unit}", entry.place("range")
        )
    if se is not None and se <= 0:
        raise FactError(f"expected a positive standard error, found {se:g}", entry.place("se"))
    return _Number(value, unit, limits, se, _distribution(entry, value, unit, limits, se))


def _read_range(entry: Reader, unit: str) -> tuple[float, float]:
    """`[a, b]`, `[a, b] unit` or a list of two quantities; bare numbers are in the value's unit."""
    node = entry.required("range")
    place = Place(entry.path, node.line, entry.place("range").key)
    if isinstance(node, Sequence):
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        if len(texts) != 2 or len(node.items) != 2:
            raise WrongValueError(f"expected a range of two numbers, found {len(node.items)}", place)
        low, high = (_quantity(text, unit, unit, place)[0] for text in texts)
    else:
        matched = RANGE.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
        if matched is None:
            raise WrongValueError(f"expected a range such as '[6.1, 7.9] %/year', found {kind(node)}", place)
        behind = matched[3].strip()
        if behind and not all(NUMBER.fullmatch(matched[part].strip()) for part in (1, 2)):
            raise WrongValueError(f"expected two plain numbers before the unit, found {kind(node)}", place)
        low, high = (_quantity(f"{matched[part].strip()} {behind}", unit, unit, place)[0] for part in (1, 2))
    if not low < high:
        raise FactError(f"expected a range from less to more, found [{low:g}, {high:g}]", place)
    return low, high


def _distribution(
    entry: Reader, value: float, unit: str, limits: tuple[float, float] | None, se: float | None
) -> Distribution | None:
    """What the range, the standard error and the named family say together; none for a certain number."""
    default: Kind | None = "normal" if se is not None else "triangular" if limits is not None else None
    choices = tuple(one for one in KINDS if one != "choice")
    named = entry.one_of_or("distribution", choices, default)
    if named is None:
        return None
    family: Kind = next(one for one in KINDS if one == named)
    needs = "se" if family in {"normal", "lognormal"} else "range"
    if (se if needs == "se" else limits) is None:
        raise FactError(
            f"expected the key '{needs}' beside the distribution '{family}', found none", entry.place("distribution")
        )
    if needs == "range" and se is not None:
        raise FactError(f"expected 'normal' or 'lognormal' beside 'se', found '{family}'", entry.place("distribution"))
    low, high = (-math.inf, math.inf) if limits is None else (canonical(limit, unit) for limit in limits)
    middle = canonical(value, unit)
    if se is None:
        return Distribution(family, (low, high) if family == "uniform" else (low, middle, high))
    if family == "lognormal":
        low = max(low, 0.0)
        if middle <= 0:
            raise FactError(f"expected a positive value beside 'lognormal', found {value:g}", entry.place("value"))
    return Distribution(family, (middle, canonical(se, unit), low, high))


def _read_claim(entry: Reader, sources: Mapping[str, Source]) -> Claim:
    named = entry.texts_or("source", ())
    assumption = entry.words_or("assumption", None)
    if not named and assumption is None:
        raise SourceError("expected a source, or an assumption with its reason, found neither", entry.place())
    for name in named:
        if name == "assumption":
            raise SourceError("expected a source", entry.place("source"), "write 'assumption:' and the reason")
        if name not in sources:
            hint = spelling(name, sources)
            raise SourceError(f"expected a source of the pack, found '{name}'", entry.place("source"), hint)
    return Claim(
        source=named,
        assumption=assumption,
        passage=entry.words_or("place", None),
        as_of=_day(entry, "as_of") if entry.optional("as_of") is not None else None,
        note=entry.words_or("note", None),
    )


def _day(entry: Reader, key: str) -> date:
    text = entry.text(key)
    try:
        return last_day(text)
    except ValueError:
        problem = f"expected a date such as 2025, 2025-10 or 2025-10-03, found '{text}'"
        raise WrongValueError(problem, entry.place(key)) from None
