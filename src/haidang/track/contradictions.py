"""Claims that cannot all be right: shown side by side, never averaged and never decided here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from haidang.track.records import Claim, Indicator, Quantity, Record, claims_of, kind_of

CLOSE = 0.05
"""`about` and `nearly` leave so much room around a number, as a share of it."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims of one record about one thing, at least two of which exclude each other.

    Args:
        kind: of the record.
        id: of the record.
        about: what the claims speak of.
        claims: all claims about it, in the order in which they were said.
    """

    kind: str
    id: str
    about: str
    claims: tuple[Claim, ...]


def contradictions(records: Iterable[Record]) -> tuple[Contradiction, ...]:
    """Every set of claims about one thing, one period and one territory whose quantities exclude each other.

    Two quantities exclude each other where the ranges that their qualifiers allow do not meet, or their units differ.
    A claim that names no territory may speak of any, so it is held against all of them. For an indicator a later
    vintage of the same method is a revision, which is no contradiction; another method, or another document of the
    same day, is one.
    """
    found: list[Contradiction] = []
    for record in records:
        by_thing: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        for claim in claims_of(record):
            if claim.quantity is not None or claim.says is not None:
                by_thing[claim.about, claim.period].append(claim)
        revised = _revised(record)
        for (about, *_), claims in by_thing.items():
            told = sorted((one for one in claims if one.id not in revised), key=lambda one: (one.said, one.id))
            if len(told) > 1 and _any_exclude(told):
                found.append(Contradiction(kind_of(record), record.id, str(about), tuple(told)))
    return tuple(found)


def _revised(record: Record) -> frozenset[str]:
    """Ids of values that a later vintage by the same method replaced."""
    if not isinstance(record, Indicator):
        return frozenset()
    last: dict[object, Claim] = {}
    old: set[str] = set()
    for one in sorted(record.observations, key=lambda each: each.claim.said):
        key = (one.method, one.claim.period, one.claim.scope, one.claim.about)
        before = last.get(key)
        if one.status == "forecast":
            old.add(one.claim.id)
        elif before is not None and before.said < one.claim.said:
            old.add(before.id)
        last[key] = one.claim
    return frozenset(old)


def _any_exclude(claims: Sequence[Claim]) -> bool:
    return any(
        _differ(one, other)
        for place, one in enumerate(claims)
        for other in claims[place + 1 :]
        if _same_ground(one, other)
    )


def _differ(one: Claim, other: Claim) -> bool:
    if one.quantity is not None and other.quantity is not None:
        return exclude(one.quantity, other.quantity)
    return one.says is not None and other.says is not None and one.says != other.says


def _same_ground(one: Claim, other: Claim) -> bool:
    return one.scope is None or other.scope is None or one.scope == other.scope


def exclude(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities cannot both be right."""
    if one.unit != other.unit:
        return True
    (least, most), (other_least, other_most) = _allowed(one), _allowed(other)
    return least > other_most or other_least > most


def _allowed(one: Quantity) -> tuple[float, float]:
    """The numbers that a quantity leaves possible."""
    least = float("-inf") if one.minimum is None else one.minimum
    most = float("inf") if one.maximum is None else one.maximum
    if one.qualifier in ("about", "nearly"):
        least -= CLOSE * abs(least)
        most += CLOSE * abs(most) if one.qualifier == "about" else 0.0
    return least, most
