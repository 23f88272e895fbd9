"""The city's parts on a map, with what the pack's facts say of each: drawn ahead, with its sentence and its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from haidang.packs import Outline, Pack, described
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.cited import citation, fact_scale
from haidang.results.manifest import FactText, OutlineText
from haidang.results.numerals import number
from haidang.web.words import Language, words

NAMED = 2
"""So many of the things shown are written on the map; the table has them all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of the table: a fact of one part, its number and its unit apart.

    Args:
        what: is told.
        part: of the city.
        fact: its id in the pack.
        value: the number.
        low: the lower end of its range; empty where it has none.
        high: the upper end.
        unit: of all three.
        assumed: whether it is an assumption.
    """

    what: str
    part: str
    fact: str
    value: str
    low: str
    high: str
    unit: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class CityMap:
    """What the site shows of the city's parts in one language.

    Args:
        svg: the map, that this program made.
        sentence: what it shows.
        note: what its lines are, and their source.
        source: of the lines, by its id.
        cells: of the table.
    """

    svg: str
    sentence: str
    note: str
    source: str
    cells: tuple[Cell, ...]


def draw_map(pack: Pack, language: Language) -> CityMap | None:
    """The map of a pack; none where it has no outlines or nothing to show on them."""
    from haidang.results.maps import PLAIN, Placed, place_map
    from haidang.results.theme import inline, svg

    own, spoken = pack.outline, catalogue(language)
    if own is None or not own.shown:
        return None
    facts = _facts(pack, own)
    text, sizes = OutlineText.model_validate(described(own, pack.book)), next(iter(own.shown.values()))
    placed = [
        Placed((part,), tuple(_written(facts, own, part.id, spoken)), "plain", _value(facts[sizes.facts[part.id]]))
        for part in text.parts
    ]
    sentence = _sentence(facts, own, language)
    drawing = inline(svg(place_map(text, placed, PLAIN, spoken)), "map", sentence)
    note = " ".join((own.note[language], spoken.text("figure.place.source", source=citation(text.source, spoken))))
    return CityMap(drawing, sentence, note, own.source, tuple(_cells(facts, own, language)))


def map_of(plain: Mapping[str, Any]) -> CityMap:
    """What `dataclasses.asdict` made of a map, after a way through JSON."""
    cells = tuple(Cell(**each) for each in plain["cells"])
    return CityMap(plain["svg"], plain["sentence"], plain["note"], plain["source"], cells)


def _facts(pack: Pack, own: Outline) -> dict[str, FactText]:
    names = [name for shown in own.shown.values() for name in shown.facts.values()]
    return {name: FactText.model_validate(one) for name, one in pack.book.explain(names).items()}


def _value(fact: FactText) -> float:
    assert isinstance(fact.value, float), "each fact of a pack states a number"
    return fact.value


def _written(facts: Mapping[str, FactText], own: Outline, part: str, spoken: Catalogue) -> Iterator[str]:
    for shown in list(own.shown.values())[:NAMED]:
        fact = facts[shown.facts[part]]
        scale = fact_scale(fact, spoken)
        yield f"{number(_value(fact) / scale.factor, spoken.language, 5)} {scale.label}".strip()


def _sentence(facts: Mapping[str, FactText], own: Outline, language: Language) -> str:
    """The first thing shown: its largest part and all of it; then what stands under the names."""
    shown, spoken = next(iter(own.shown.values())), catalogue(language)
    values = {part: _value(facts[name]) for part, name in shown.facts.items()}
    most, whole = max(values, key=lambda part: values[part]), sum(values.values())
    scale = fact_scale(facts[shown.facts[most]], spoken)
    told = words(language).text(
        "city.map.sentence", what=shown.title[language], part=own.parts[most].title[language],
        most=number(values[most] / scale.factor, language, 5), whole=number(whole / scale.factor, language, 5),
        unit=scale.label,
    )  # fmt: skip
    things = "; ".join(each.title[language] for each in list(own.shown.values())[:NAMED])
    return f"{told} {words(language).text('city.map.under', things=things)}"


def _cells(facts: Mapping[str, FactText], own: Outline, language: Language) -> Iterator[Cell]:
    spoken = catalogue(language)
    for shown in own.shown.values():
        for part, name in shown.facts.items():
            fact = facts[name]
            scale = fact_scale(fact, spoken)
            ends = ("", "") if fact.range is None else (number(end / scale.factor, language, 5) for end in fact.range)
            low, high = ends
            value = number(_value(fact) / scale.factor, language, 5)
            yield Cell(
                shown.title[language], own.parts[part].title[language], name, value, low, high, scale.label,
                fact.assumption is not None,
            )  # fmt: skip
