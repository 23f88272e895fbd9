"""What a card may get wrong about itself, its population and its pack: each mistake with the nearest spelling."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import same_dimension
from haidang.models import Attribute, Card
from haidang.packs.load import Pack, PackError
from haidang.population import Column

ROLES = (
    "cost", "money", "investment", "levels", "level", "value_added", "electricity", "emissions", "units", "main",
    "private_cost",
)  # fmt: skip
"""The parts that an outcome or a resource can play in a report."""


def card_mistakes(pack: Pack, name: str, card: Card) -> Iterator[HaidangError]:
    """What of a card does not fit its pack, its population or itself."""
    place = Place(str(pack.root / pack.modules[name][0]), None, card.id)
    for fact in card.facts:
        try:
            pack.book.fact(fact, place)
        except HaidangError as mistake:
            yield mistake
    spec = pack.population(card.population)
    for column, attribute in card.attributes.items():
        if column not in spec.columns:
            problem = f"expected the population '{spec.id}' to have the column '{column}'"
            yield PackError(problem, place, did_you_mean(column, spec.columns))
        else:
            yield from _column_mistakes(column, attribute, spec.columns[column], spec.id, place)
    yield from _name_mistakes(card, pack.book.facts, place)


def _column_mistakes(
    name: str, attribute: Attribute, column: Column, population: str, place: Place
) -> Iterator[HaidangError]:
    """An attribute of another kind or unit than the population's column would be read as something else."""
    if attribute.kind != column.kind:
        yield PackError(
            f"expected '{name}' to be a {column.kind}, as in '{population}', found a {attribute.kind}", place
        )
    elif attribute.kind == "number" and not same_dimension(attribute.unit or "1", column.unit or "1"):
        yield PackError(
            f"expected '{name}' in {column.unit or '1'}, as in '{population}', found {attribute.unit or '1'}", place
        )
    elif attribute.kind == "category" and not set(column.categories) <= set(attribute.categories):
        lost = next(word for word in column.categories if word not in attribute.categories)
        hint = did_you_mean(lost, attribute.categories)
        yield PackError(
            f"expected '{name}' to know the word '{lost}' of '{population}', found it left out", place, hint
        )


def _name_mistakes(card: Card, facts: Mapping[str, object], place: Place) -> Iterator[HaidangError]:
    outcomes = {"units", *(one.id for one in card.outcomes)}
    parts = outcomes | set(card.resources)
    groups = {key for key, one in card.attributes.items() if one.kind in ("category", "flag")}
    defaults = [one.default for one in card.levers.values() if isinstance(one.default, str)]
    caps = [lever for one in card.resources.values() for lever in (one.cap, one.returns) if lever is not None]
    market = () if card.market is None else (card.market.floor, card.market.ceiling)
    for what, names, known in (
        ("a part that an outcome plays", card.roles, ROLES),
        ("an outcome or a resource for a part", card.roles.values(), parts),
        ("an outcome that is tracked", card.tracked, outcomes),
        ("a category or a flag to group by", card.groups, groups),
        ("a category or a flag for peers", [one.by for one in card.peers.values()], groups),
        ("a fact or a number as a lever's default", defaults, facts),
        ("a lever of a resource", caps, card.levers),
        ("a lever of the market", market, card.levers),
    ):
        yield from _unknown(what, names, known, place)


def _unknown(what: str, names: Collection[str], known: Collection[str], place: Place) -> Iterator[HaidangError]:
    for name in names:
        if name not in known:
            yield PackError(f"expected {what}, found '{name}'", place, did_you_mean(name, known))
