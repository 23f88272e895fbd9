"""A pilot's arms as a programme of the engine: the units carry their arm and the year from which its offers hold.

The engine sees an ordinary model with two columns more, and an ordinary programme whose every instrument has one
condition more. The pilot serves whoever it offered to: a budget's queue is the programme's, not the pilot's, and only
what one unit may get is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from haidang.errors import did_you_mean
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.models import Attribute, Model
from haidang.packs import Pack
from haidang.programmes import Instrument, Programme, ProgrammeFile, parse

ARM, SINCE = "pilot_arm", "pilot_since"
NEVER = 9999


def with_arms(model: Model) -> Model:
    """The model, its units carrying the place of their arm and the year from which it holds."""
    number = Attribute("number", "1")
    card = replace(model.card, attributes={**model.card.attributes, ARM: number, SINCE: number})
    found: Model = type(f"Piloted{type(model).__name__}", (type(model),), {"card": card})()
    return found


def pilot_programme(pack: Pack, declaration: Declaration) -> Programme:
    """The programme that makes the pilot's offers.

    Raises:
        PilotError: the declaration names no programme of this pack, or an offer that the programme does not have.
    """
    file = programme_of(pack, declaration)
    instruments: list[Instrument] = []
    for place, arm in enumerate(declaration.arms):
        for offer in arm.offers:
            instruments.append(_offered(_instrument(file, offer, declaration), arm.id, place, len(instruments)))
    if not instruments:
        raise PilotError("expected an arm that offers something, found none", declaration.place)
    base = file.base
    return Programme(declaration.id, base.title, base.model, declaration.years, None, None, tuple(instruments))


def programme_of(pack: Pack, declaration: Declaration) -> ProgrammeFile:
    """The programme of the pack that a pilot tries.

    Raises:
        PilotError: it names none.
    """
    if declaration.programme is None:
        raise PilotError("expected the key 'programme', found none: no model generates its data", declaration.place)
    return pack.programme(declaration.programme.rpartition("/")[2])


def outcome_titles(pack: Pack, declaration: Declaration) -> Mapping[str, Mapping[str, str]]:
    """What the outcomes of the programme's model are called; nothing where the pack has no programme of the pilot."""
    if declaration.programme is None or declaration.programme.rpartition("/")[2] not in pack.programmes:
        return {}
    card = pack.model(programme_of(pack, declaration).base.model).card
    return {one.id: one.title for one in card.outcomes}


def _instrument(file: ProgrammeFile, offer: str, declaration: Declaration) -> Instrument:
    known: Mapping[str, Instrument] = {
        f"{programme.id}/{one.id}": one for programme in file.programmes for one in programme.instruments
    }
    if offer not in known:
        raise PilotError(f"expected VARIANT/INSTRUMENT, found '{offer}'", declaration.place, did_you_mean(offer, known))
    return known[offer]


def _offered(one: Instrument, arm: str, place: int, number: int) -> Instrument:
    condition = f"({one.eligible.text}) and {ARM} == {place} and year >= {SINCE}"
    bounded = tuple(
        replace(budget, amount=None, per_year=None, revolving=False, waitlist=False, fed_by=None)
        for budget in one.budgets
        if budget.per_unit is not None
    )
    return replace(
        one,
        id=f"{arm}-{number}",
        eligible=parse(condition, one.eligible.place),
        budgets=bounded,
        capacities=(),
        years=None,
        months=None,
    )
