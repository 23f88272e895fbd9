"""A plan as a programme: a model whose units carry what they are offered in each year, and an instrument that reads it.

The engine sees an ordinary model and an ordinary programme. Each plan is a column for each year with the place of the
offer, counted from one; the wrapped model derives from them the offer of the year at hand, and the instrument's
condition and levers are expressions over that. All offers of a plan share its budgets, as they share the money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine import Scenario
from haidang.models import Attribute, Card, Columns, Model, Scene, State, Taken
from haidang.models import arrays as xp
from haidang.programmes import Budget, Expression, Instrument, Programme, Ration, parse
from haidang.study.around import Around
from haidang.study.offers import Offer
from haidang.study.resource import Resource, parts_of

Array = Any
_CLOCK = "periods_so_far"


@dataclass(frozen=True, slots=True)
class Served:
    """How those who take up what a list offers them are served.

    Args:
        by: the expression that orders whoever applies in a year, the highest first; none for first come.
        tranches: for a resource that has only a total, what of it is opened in each year; what is left is carried on.
    """

    by: str | None = None
    tranches: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    @property
    def ration(self) -> Ration:
        """The order of the queue."""
        return Ration("first_come") if self.by is None else Ration("priority", parse(self.by), "highest")


FIRST_COME = Served()


class Planned(Around):
    """A model whose units know what they are offered.

    Args:
        inner: the model.
        plans: names of plans; the population has a column `<name>_<year>` for each plan and year.
        years: the year of each period.
        scores: further columns of numbers that a queue may be ordered by.
    """

    def __init__(self, inner: Model, plans: Sequence[str], years: Sequence[int], scores: Sequence[str] = ()) -> None:
        """Put the columns on the model's card."""
        super().__init__(inner)
        self.plans, self.years = tuple(plans), tuple(years)
        number = Attribute("number", "1")
        columns = [column_of(plan, year) for plan in self.plans for year in dict.fromkeys(self.years)]
        self.card = replace(
            inner.card,
            attributes={**inner.card.attributes, **dict.fromkeys((*columns, *scores), number)},
            derived={**inner.card.derived, **dict.fromkeys(map(now_of, self.plans), number)},
            states={**inner.card.states, _CLOCK: State("int16")},
        )

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, before the first period."""
        found = self.inner.start(units, fact)
        return {**found, _CLOCK: xp.zeros(units[next(iter(units))].shape, dtype="int16")}

    def derive(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, and for each plan the place of the offer of the year at hand; nought for none."""
        return {
            **self.inner.derive(units, state),
            **{now_of(plan): self._now(plan, units, state) for plan in self.plans},
        }

    def _now(self, plan: str, units: Columns, state: Mapping[str, Array]) -> Array:
        found = 0.0 * units[column_of(plan, self.years[0])]
        for year in dict.fromkeys(self.years):
            first, last = self.years.index(year), len(self.years) - 1 - self.years[::-1].index(year)
            here = (state[_CLOCK] >= first) & (state[_CLOCK] <= last)
            found = xp.where(here, units[column_of(plan, year)], found)
        return found

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """As in the model, one period later."""
        return {**self.inner.move(scene, taken), _CLOCK: scene.state[_CLOCK] + xp.int16(1)}


def column_of(plan: str, year: int) -> str:
    """The column that holds what a plan offers in a year."""
    return f"{plan}_{year}"


def now_of(plan: str) -> str:
    """The derived column that holds what a plan offers in the year at hand."""
    return f"{plan}_now"


def with_plans(
    table: pl.DataFrame,
    ids: NDArray[np.int64],
    years: Sequence[int],
    plans: Mapping[str, NDArray[np.int8]],
    scores: Mapping[str, NDArray[np.float64]],
) -> pl.DataFrame:
    """A table of units with the columns of plans and scores.

    Args:
        table: the units.
        ids: the units' ids in the order of plans and scores.
        years: the years of the plans.
        plans: the offer of each unit and year, -1 for none (units, years).
        scores: by name (units).
    """
    columns = {
        column_of(name, year): (plan[:, at] + 1).astype(np.float32)
        for name, plan in plans.items()
        for at, year in enumerate(years)
    }
    columns |= {name: score.astype(np.float32) for name, score in scores.items()}
    return table.join(pl.DataFrame({"id": ids, **columns}), on="id", how="inner", validate="1:1")


def plan_programme(
    base: Programme,
    plan: str,
    offers: Sequence[Offer],
    resources: Sequence[Resource],
    served: Served = FIRST_COME,
    *,
    bounded: bool = True,
) -> Programme:
    """The programme that makes a plan's offers and nothing else.

    Args:
        base: the programme whose money is given; years and model are its own.
        plan: the plan's name.
        offers: in the order of the plan's places.
        resources: the budgets that all offers share.
        served: who comes first where more apply than there is money, and how the money is spread over the years.
        bounded: whether the budgets bound; else every planned offer is honoured whatever it costs.
    """
    now = now_of(plan)
    made = {at: f"{now} == {at}" for at, _ in enumerate(offers, start=1)}
    eligible = " or ".join(
        f"({made[at]} and ({one.instrument.eligible.text}))" for at, one in enumerate(offers, start=1)
    )
    names = dict.fromkeys(name for one in offers for name in one.instrument.levers)
    instrument = Instrument(
        id=plan,
        title={"vi": plan, "en": plan},
        eligible=parse(eligible, base.place),
        levers={name: _lever(name, offers, made) for name in names},
        budgets=tuple(_budget(one, offers, served, bounded) for one in resources),
        ration=served.ration,
    )
    return Programme(plan, {"vi": plan, "en": plan}, base.model, base.years, None, None, (instrument,), base.months)


def _lever(name: str, offers: Sequence[Offer], made: Mapping[int, str]) -> Expression:
    """The lever under whatever offer is made; its default, which bears its own name, under one that leaves it alone."""
    text = name
    for at, one in reversed(tuple(enumerate(offers, start=1))):
        if name in one.instrument.levers:
            text = f"(({one.instrument.levers[name].text}) if {made[at]} else {text})"
    return parse(text)


def _budget(resource: Resource, offers: Sequence[Offer], served: Served, bounded: bool) -> Budget:
    caps = [
        one.per_unit
        for offer in offers
        for one in offer.instrument.budgets
        if one.resource == resource.id and one.per_unit is not None
    ]
    return Budget(
        resource.id,
        amount=int(resource.total) if bounded and resource.total is not None else None,
        per_year=int(resource.per_year[0]) if bounded and resource.per_year is not None else None,
        per_unit=max(caps) if caps else None,
        carry_over=resource.carry_over,
        revolving=bool(resource.returned),
        tranches=served.tranches.get(resource.id) if bounded else None,
    )


def reordered(base: Programme, name: str, ration: Mapping[str, Ration]) -> Programme:
    """The programme itself with its queues in another order.

    Args:
        base: the programme.
        name: of the order.
        ration: by instrument.
    """
    instruments = tuple(replace(one, ration=ration.get(one.id, one.ration)) for one in base.instruments)
    return replace(base, id=name, instruments=instruments)


def plan_returns(scenario: Scenario, resources: Sequence[Resource], card: Card) -> tuple[int, ...]:
    """Over how many periods, months where the model's are, what was lent comes back, for each budget of a scenario."""
    parts = {one.id: parts_of(card, one.term) for one in resources if one.term > 0}
    return tuple(parts.get(one.budget.resource, 0) if one.budget.revolving else 0 for one in scenario.slots)
