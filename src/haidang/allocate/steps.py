"""From a measured factory to the steps it may take: each technology group not yet in place, with its cost and effect.

As in the model of the factories, with R the yearly revenue and R0 that of a middling factory:

    cost    = cost fact * R0 * (R / R0) ^ elasticity of cost
    saving  = electricity * price * energy fact + value added * productivity fact
    running = R * running fact
    carbon  = electricity * energy fact * emission factor of the grid
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from haidang.allocate.roadmap import RoadmapError, Step
from haidang.facts import FactBook
from haidang.frameworks.assessment import Factory
from haidang.frameworks.score import Scores
from haidang.frameworks.technology import TechnologyGroup, TechnologyMap, in_place, model_levels

SCALE = ("reference_revenue", "cost_elasticity", "electricity_price", "grid_factor", "technology_life", "discount_rate")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a factory may do, and from where it starts.

    Args:
        steps: technology groups that are not in place.
        have: technology groups that are.
        assumed_missing: groups of which the answers do not say whether they are in place; they are taken as not.
        start: the level of each area; an area of which nothing is known is left out.
        rate: the firm's discount rate a year.
        facts: the facts that were read.
    """

    steps: tuple[Step, ...]
    have: tuple[str, ...]
    assumed_missing: tuple[str, ...]
    start: Mapping[str, int]
    rate: float
    facts: tuple[str, ...]


def choices(factory: Factory, scores: Scores, row: int, technologies: TechnologyMap, book: FactBook,
            year: int) -> Choices:  # fmt: skip
    """The steps that a factory may take from a year on.

    Args:
        factory: its revenue, value added and electricity must be known.
        scores: of its campaign.
        row: its row there.
        technologies: which levels stand for which technology groups.
        book: the facts of cost and effect.
        year: the first year, for facts that are dated.

    Raises:
        RoadmapError: something that the cost or the effect depends on is not known of the factory.
        UnknownFactError: the book lacks a fact.
    """
    _require(factory)
    has = in_place(technologies, scores, row)
    left = tuple(one for one in technologies.groups if not has[one.id])
    open_ = {one.id for one in left}
    levels = {area: level for area, level in model_levels(technologies, scores, row).items() if level is not None}
    return Choices(
        steps=tuple(_step(one, factory, book, year, open_) for one in left),
        have=tuple(one.id for one in technologies.groups if has[one.id]),
        assumed_missing=tuple(name for name, stands in has.items() if stands is None),
        start=levels,
        rate=book.value("discount_rate"),
        facts=tuple(dict.fromkeys([*SCALE, *(name for one in left for name in _facts(one))])),
    )


def _require(factory: Factory) -> None:
    for key in ("revenue", "value_added", "electricity"):
        if getattr(factory, key) is None:
            problem = f"expected the {key.replace('_', ' ')} of '{factory.id}', found none"
            raise RoadmapError(problem, factory.place, f"write '{key}' in its assessment")


def _facts(group: TechnologyGroup) -> tuple[str, ...]:
    return (group.cost, group.productivity, group.energy, *(() if group.running is None else (group.running,)))


def _step(group: TechnologyGroup, factory: Factory, book: FactBook, year: int, left: set[str]) -> Step:
    revenue, value_added = factory.revenue or 0.0, factory.value_added or 0.0
    electricity, middling = factory.electricity or 0.0, book.value("reference_revenue")
    saved = electricity * book.value(group.energy)
    return Step(
        id=group.id,
        title=group.title or {"vi": group.id, "en": group.id},
        cost=book.value(group.cost) * middling * (revenue / middling) ** book.value("cost_elasticity"),
        running=0.0 if group.running is None else revenue * book.value(group.running),
        saving=saved * book.value("electricity_price") + value_added * book.value(group.productivity),
        carbon=saved * book.value("grid_factor", year),
        raises={group.area: group.level},
        after=tuple(one for one in group.after if one in left),
        life=max(1, round(book.value("technology_life"))),
    )
