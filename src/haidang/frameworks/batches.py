"""Which assessments stand in published quartiles: they come in batches and leave in batches.

Whoever sees a table today and tomorrow can subtract one from the other. So a table changes only by whole batches of six
or more factories: a batch is counted whole and taken back whole, and an assessment is in one batch in its life. Every
published cell, at any time, is then a union of batches, and whatever is added and subtracted of them is a sum over
batches, never over fewer factories; for a reader who is in a batch, five others remain.

Waiting assessments of one sector and size become a batch once they are six. Where nothing of a sector is counted yet,
six of the sector do; where nothing at all, any six. A batch is taken back once half of its factories have handed in
anew and the new assessments can be counted; whoever has not then waits for the next assessment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from haidang.facts.few import BATCH


@dataclass(frozen=True, slots=True)
class Paper:
    """An assessment that was handed in.

    Args:
        id: of the assessment.
        factory: whose it is.
        sector: of the factory then.
        size: of the factory then.
    """

    id: int
    factory: str
    sector: str
    size: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What changes.

    Args:
        batches: papers that are counted from now on, batch by batch.
        taken_back: numbers of batches that are counted no longer.
    """

    batches: tuple[tuple[Paper, ...], ...] = ()
    taken_back: frozenset[int] = frozenset()


def next_turn(counted: Mapping[int, Sequence[Paper]], waiting: Sequence[Paper]) -> Turn:
    """The batches that can be counted now.

    Args:
        counted: the papers that are counted, by number of their batch.
        waiting: the newest papers of factories, that were never counted.
    """
    home = {paper.factory: number for number, papers in counted.items() for paper in papers}
    able = list(waiting)
    while True:
        groups = _of_six(able, lambda one: (one.sector, one.size))
        chosen = {paper.factory for group in groups for paper in group}
        touched = {home[one] for one in chosen if one in home}
        kept = {
            number
            for number in touched
            if 2 * sum(paper.factory in chosen for paper in counted[number]) < len(counted[number])
        }
        if not kept:
            break
        able = [one for one in able if home.get(one.factory) not in kept]
    fresh = [one for one in waiting if one.factory not in home and one.factory not in chosen]
    standing = [papers for number, papers in counted.items() if number not in touched]
    groups += _first(fresh, [*standing, *groups])
    return Turn(tuple(tuple(group) for group in groups), frozenset(touched))


def _first(fresh: Sequence[Paper], standing: Iterable[Sequence[Paper]]) -> list[list[Paper]]:
    """The first batch of each sector of which nothing is counted; where nothing is at all, of whomever there is."""
    groups = list(standing)
    if not groups:
        return _of_six(fresh, lambda one: one.sector) or _of_six(fresh, lambda one: "")
    begun = {sectors.pop() for group in groups if len(sectors := {one.sector for one in group}) == 1}
    return _of_six([one for one in fresh if one.sector not in begun], lambda one: one.sector)


def _of_six(papers: Iterable[Paper], by: Callable[[Paper], Hashable]) -> list[list[Paper]]:
    found: dict[Hashable, list[Paper]] = {}
    for one in papers:
        found.setdefault(by(one), []).append(one)
    return [group for group in found.values() if len(group) >= BATCH]
