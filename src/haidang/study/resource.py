"""What offers use, as whoever shares it out knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from haidang.models import Card
from haidang.programmes import Instrument


@dataclass(frozen=True, slots=True)
class Resource:
    """What offers use, and how much of it there is.

    Args:
        id: its name.
        unit: the unit of measure of amounts and budgets.
        per_year: what each year of the problem brings; none for no bound by year.
        total: the most that may be out at any time, over all years together; none for no such bound.
        carry_over: whether what a year leaves of `per_year` is added to the next.
        lasting: whether an offer uses its amount in every year from its own on, such as electricity; else only in its
            own.
        returned: the shares of an amount that come back 1, 2, ... years later and may be given again (revolving).
        term: over how many years an amount comes back in equal parts; nought where nothing does, or where `returned`
            alone tells.
    """

    id: str
    unit: str = "VND"
    per_year: tuple[float, ...] | None = None
    total: float | None = None
    carry_over: bool = False
    lasting: bool = False
    returned: tuple[float, ...] = ()
    term: float = 0.0


def budget_of(resource: Resource) -> float:
    """What there is of a resource over all years; without what comes back."""
    yearly = float("inf") if resource.per_year is None else sum(resource.per_year)
    return min(yearly, float("inf") if resource.total is None else resource.total)


def term_of(card: Card, instrument: Instrument, resource: str, fact: Callable[[str], float]) -> float:
    """Over how many years what an instrument lends of a resource comes back; nought where none of it does.

    Args:
        card: of the model.
        instrument: whose lever says so; the model's default where it leaves the lever alone.
        resource: its name.
        fact: the stated value of a fact.
    """
    lever = card.resources[resource].returns
    if lever is None:
        return 0.0
    if lever in instrument.levers:
        expression = instrument.levers[lever]
        return expression.constant({name: fact(name) for name in expression.names})
    default = card.levers[lever].default
    return fact(default) if isinstance(default, str) else float(default)


def parts_of(card: Card, term: float) -> int:
    """In how many parts, one a period, what is lent over so many years comes back; at least one."""
    return max(1, round(term * (12 if card.period == "month" else 1)))
