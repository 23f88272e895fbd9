"""What a programme and its variants can offer a unit, and the budgets that bound it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from haidang.errors import HaidangError, did_you_mean
from haidang.models import Card
from haidang.programmes import Budget, Instrument, Programme, ProgrammeFile
from haidang.study.resource import Resource, term_of


class OfferError(HaidangError):
    """A programme whose offers cannot be allocated unit by unit, or an offer that it does not have."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be offered to a unit in a year.

    Args:
        id: its name.
        title: in both languages.
        instrument: its condition and levers; budgets and rationing are not the offer's.
        own: whether the programme itself has it, not only a variant.
    """

    id: str
    title: Mapping[str, str]
    instrument: Instrument
    own: bool


def offers_of(file: ProgrammeFile, wanted: Sequence[str] = ()) -> tuple[Offer, ...]:
    """The different instruments of a programme and its variants, in the order of the file.

    Two instruments are one offer where condition and levers are the same. An offer bears the instrument's id; where
    that is taken by another offer, the variant's.

    Args:
        file: the programme.
        wanted: ids of the offers that are meant; none for all.

    Raises:
        OfferError: there is no offer of a wanted id.
    """
    found: dict[object, Offer] = {}
    names: set[str] = set()
    for programme in file.programmes:
        for one in programme.instruments:
            terms = _terms(one)
            if terms in found:
                continue
            name = one.id if one.id not in names else programme.id
            if name in names:
                name = f"{programme.id}/{one.id}"
            names.add(name)
            found[terms] = Offer(name, one.title, one, programme is file.base)
    for name in wanted:
        if name not in names:
            raise OfferError(f"expected an offer of '{file.base.id}', found '{name}'", hint=did_you_mean(name, names))
    return tuple(one for one in found.values() if not wanted or one.id in wanted)


def refuse_unfit(file: ProgrammeFile, card: Card) -> None:
    """See that units can be looked at one by one.

    Raises:
        OfferError: they meet on a market, or money comes from another programme.
    """
    if card.market is not None:
        problem = (
            f"expected a model without a market, found '{card.id}', where what one unit gets moves the price of all"
        )
        raise OfferError(problem, file.base.place)
    for budget in _listed(file.base):
        if budget.fed_by is not None:
            problem = f"expected a budget of its own, found one fed by '{budget.fed_by.programme}'"
            raise OfferError(problem, budget.place)


def resources_of(
    file: ProgrammeFile, card: Card, years: Sequence[int], facts: Mapping[str, float]
) -> tuple[Resource, ...]:
    """The budgets as the allocation knows them: by resource, those of all instruments of the programme together.

    A resource that the programme itself does not budget has the budget of the first variant that does.

    Args:
        file: the programme.
        card: of its model.
        years: of the programme.
        facts: stated values, for the years over which a loan comes back.
    """
    found: dict[str, Resource] = {}
    for programme in file.programmes:
        budgets = [
            (instrument, one)
            for instrument in programme.instruments
            for one in instrument.budgets
            if one.resource not in found and one.fed_by is None and (one.amount, one.per_year) != (None, None)
        ]
        for name in dict.fromkeys(one.resource for _, one in budgets):
            mine = [(instrument, one) for instrument, one in budgets if one.resource == name]
            # Of loans over different terms the longest counts: no more is then given again than has come back.
            term = max(term_of(card, instrument, name, facts.__getitem__) for instrument, _ in mine)
            found[name] = _resource(name, [one for _, one in mine], card, len(years), term)
    return tuple(found.values())


def _listed(programme: Programme) -> list[Budget]:
    return [budget for one in programme.instruments for budget in one.budgets]


def _resource(name: str, budgets: list[Budget], card: Card, years: int, term: float) -> Resource:
    totals = [one.amount for one in budgets if one.amount is not None]
    yearly = [one.per_year for one in budgets if one.per_year is not None]
    revolving = term > 0 and all(one.revolving for one in budgets)
    parts = max(1, math.ceil(term - 1e-9))
    return Resource(
        name,
        card.resources[name].unit,
        per_year=(float(sum(yearly)),) * years if yearly else None,
        total=float(sum(totals)) if len(totals) == len(budgets) else None,
        carry_over=all(one.carry_over for one in budgets),
        returned=(1.0 / parts,) * min(parts, years) if revolving else (),
        term=term if revolving else 0.0,
    )


def alone(offer: Offer, years: tuple[int, ...] | None = None) -> Instrument:
    """The offer without anything that units share: no budget but what one unit may get, no queue, no capacity.

    Args:
        offer: the offer.
        years: when it is made; none for whenever the instrument runs.
    """
    bounded = tuple(
        replace(one, amount=None, per_year=None, revolving=False, waitlist=False, fed_by=None)
        for one in offer.instrument.budgets
        if one.per_unit is not None
    )
    when = offer.instrument.years if years is None else years
    return replace(offer.instrument, budgets=bounded, capacities=(), years=when)


def _terms(one: Instrument) -> object:
    levers = tuple(sorted((name, value.text) for name, value in one.levers.items()))
    caps = tuple(sorted((budget.resource, budget.per_unit) for budget in one.budgets if budget.per_unit is not None))
    return one.eligible.text, levers, one.years, one.months, caps
