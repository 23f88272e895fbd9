"""Budgets that another programme of the pack feeds: finding it, and checking that the two fit."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import same_dimension
from haidang.packs.load import Pack, PackError
from haidang.programmes import Feed, Programme, ProgrammeError

Name = tuple[str, str | None]
"""The id of a programme's file, and of its variant; none for the programme itself."""


def fed_by(pack: Pack, feed: Feed, place: Place | None = None) -> Programme:
    """The programme, or its variant, that a feed names.

    Raises:
        PackError: the pack has no such programme.
        ProgrammeError: the programme has no such variant.
    """
    if feed.programme not in pack.programmes:
        hint = did_you_mean(feed.programme, pack.programmes)
        raise PackError(f"expected a programme of the pack to feed a budget, found '{feed.programme}'", place, hint)
    file = pack.programmes[feed.programme]
    if feed.variant is None:
        return file.base
    if feed.variant not in file.variants:
        hint = did_you_mean(feed.variant, file.variants)
        raise ProgrammeError(f"expected a variant of '{feed.programme}', found '{feed.variant}'", place, hint)
    return file.variants[feed.variant]


def feed_mistakes(pack: Pack, programme: Programme, own: Name) -> Iterator[HaidangError]:
    """What is wrong with the feeds of a programme's budgets: names, units of measure, a circle.

    Args:
        pack: the pack.
        programme: the programme.
        own: the id of its file, and of the variant that it is.
    """
    card = pack.model(programme.model).card
    for instrument in programme.instruments:
        for budget in instrument.budgets:
            if budget.fed_by is None or budget.resource not in card.resources:
                continue
            try:
                _check_feed(pack, budget.fed_by, card.resources[budget.resource].unit, budget.place, (own,))
                _check_years(pack, programme, budget.fed_by, budget.place)
            except HaidangError as mistake:
                yield mistake


def _check_years(pack: Pack, programme: Programme, feed: Feed, place: Place | None) -> None:
    """Money must come in before the programme ends, or it feeds nothing."""
    first, last = fed_by(pack, feed, place).years[0] + feed.lag, programme.years[-1]
    if first > last:
        raise ProgrammeError(f"expected money that comes in by {last}, found '{feed.programme}' from {first} on", place)


def _check_feed(pack: Pack, feed: Feed, unit: str, place: Place | None, behind: tuple[Name, ...]) -> None:
    feeding = fed_by(pack, feed, place)
    outcomes = {one.id: one for one in pack.model(feeding.model).card.outcomes}
    if feed.outcome not in outcomes:
        hint = did_you_mean(feed.outcome, outcomes)
        raise ProgrammeError(f"expected an outcome of '{feed.programme}', found '{feed.outcome}'", place, hint)
    found = outcomes[feed.outcome]
    if found.kind != "flow" or not same_dimension(found.unit, unit):
        problem = f"expected a flow in {unit} to feed a budget, found '{feed.outcome}', a {found.kind} in {found.unit}"
        raise ProgrammeError(problem, place)
    name = (feed.programme, feed.variant)
    if name in behind:
        raise ProgrammeError(f"expected budgets that do not feed themselves, found '{feeding.id}' behind itself", place)
    for one in feeding.feeds:
        inner = pack.model(feeding.model).card
        resource = next(
            budget.resource for part in feeding.instruments for budget in part.budgets if budget.fed_by == one
        )
        _check_feed(pack, one, inner.resources[resource].unit, place, (*behind, name))
