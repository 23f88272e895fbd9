"""Drafts that seem to say the same: one bound on one subject by one date, in two documents or twice in one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from unicodedata import normalize

from haidang.reading.draft import Draft
from haidang.reading.rules import Rules, words_pattern

__all__ = ["link"]

MOST_APART = 200
"""So many drafts of one bound may stand between two that are compared, so that no text makes work grow as a square."""
LEAST_SHARED = 0.5
"""Share of the shorter subject's words that two drafts have in common, where no concept of the rules is shared."""


def link(drafts: Iterable[Draft], rules: Rules) -> tuple[Draft, ...]:
    """The drafts, each with the ids of those that seem to say the same.

    Two drafts are linked where their quantities agree in unit and bounds (how firmly they are said may differ), their
    horizons do not contradict each other, and their subjects share a concept of the rules or half of their words.
    Two promises without a number are linked where they are of one kind, have an actor in common and share half of
    their words.
    """
    every = tuple(drafts)
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for place, draft in enumerate(every):
        for key in _keys(draft):
            alike[key].append(place)
    known = [(_concepts(draft, rules), _words(draft)) for draft in every]
    linked: dict[int, set[int]] = defaultdict(set)
    for places in alike.values():
        for one, other in _pairs(places):
            if _same_time(every[one], every[other]) and _same_subject(known[one], known[other]):
                linked[one].add(other)
                linked[other].add(one)
    return tuple(
        replace(draft, duplicates=tuple(every[other].id for other in sorted(linked[place])))
        for place, draft in enumerate(every)
    )


def _pairs(places: list[int]) -> Iterator[tuple[int, int]]:
    for at, one in enumerate(places):
        for other in places[at + 1 : at + 1 + MOST_APART]:
            yield one, other


def _keys(draft: Draft) -> list[Hashable]:
    told = draft.quantity
    if told is None:
        # A pack holds what was stated as a commitment of the kind `statement`.
        kind = "commitment" if draft.kind == "statement" else draft.kind
        return [(kind, actor) for actor in draft.actors]
    bounds = {one for one in (told.minimum, told.maximum) if one is not None}
    return [(told.unit.split(" of ")[0], told.among, *sorted(bounds))]


def _same_time(one: Draft, other: Draft) -> bool:
    ends = [None if draft.period is None else draft.period.end for draft in (one, other)]
    return ends[0] is None or ends[1] is None or ends[0].year == ends[1].year


def _same_subject(one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]) -> bool:
    if one[0] or other[0]:
        return bool(one[0] & other[0])
    fewest = min(len(one[1]), len(other[1]))
    return fewest > 0 and len(one[1] & other[1]) >= LEAST_SHARED * fewest


def _concepts(draft: Draft, rules: Rules) -> frozenset[str]:
    """The concepts of the subject, or, where it has none, of the whole unit and number: `30-40% GRDP`."""
    text = f"{draft.subject} {draft.span.text}"
    return frozenset(name for name, words in rules.concepts.items() if words_pattern(words).search(text))


def _words(draft: Draft) -> frozenset[str]:
    """The words of the subject, marks and case apart."""
    plain = normalize("NFD", draft.subject.casefold().replace("đ", "d"))
    return frozenset(re.findall(r"[a-z0-9]{2,}", re.sub("[\u0300-\u036f]", "", plain)))
