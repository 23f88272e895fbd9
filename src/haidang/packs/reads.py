"""Which facts a model and its programmes read."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.facts import FactBook
from haidang.models import Card
from haidang.programmes import Programme


def facts_read(book: FactBook, card: Card, programmes: Sequence[Programme]) -> tuple[str, ...]:
    """The facts that a model and its programmes read in every period, sorted."""
    named = set(card.facts) | {one.default for one in card.levers.values() if isinstance(one.default, str)}
    for programme in programmes:
        named |= {name for name in programme.names if name in book.facts}
    return tuple(sorted(named))


def amounts_read(programmes: Sequence[Programme]) -> tuple[str, ...]:
    """The facts that fix the programmes' budgets, at their stated values, sorted."""
    return tuple(sorted({name for programme in programmes for name in programme.amount_facts}))
