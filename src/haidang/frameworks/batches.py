"""Which assessments stand in published quartiles: they come in batches and leave in batches.

Whoever sees a table today and tomorrow can subtract one from the other. So a table changes only by whole batches: a
batch is counted whole and taken back whole, and an assessment is in one batch in its life. Every published cell, at any
time, is then a union of batches, and whatever is added and subtracted of them is a sum over batches.

An owner knows of all its factories. So a batch holds the assessments of six owners or more, one of each: whoever reads
leaves out its own, and five others remain of every batch. Of a cell no owner has more than a sixth, however many
factories it has, since each further one is in another batch.

Waiting assessments of one sector and size become a batch once six owners have one; of an owner the one that was handed
in last, and its others wait for the next batch. Where nothing of a sector is counted yet, six owners of the sector do;
where nothing at all, any six. A batch is taken back once half of its factories have handed in anew and the new
assessments can be counted; whoever has not then waits for the next assessment. One that turns out to hold fewer owners
(two of them are one now, or it was made under another rule) is taken back at once, and nothing of it comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from haidang.facts.few import BATCH


@dataclass(frozen=True, slots=True)
class Paper:
    """An assessment that was handed in.

    Args:
        id: of the assessment.
        factory: whose it is.
        owner: who knows of the factory; that of other factories too, perhaps.
        sector: of the factory then.
        size: of the factory then.
    """

    id: int
    factory: str
    owner: int
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


def sound(owners: Sequence[int]) -> bool:
    """Whether a batch may be shown: it is of six owners or more, and each has one assessment in it.

    Args:
        owners: that of each assessment of the batch.
    """
    return len(owners) == len(set(owners)) >= BATCH


def next_turn(counted: Mapping[int, Sequence[Paper]], waiting: Sequence[Paper]) -> Turn:
    """The batches that can be counted now.

    Args:
        counted: the papers that are counted, by number of their batch.
        waiting: the newest papers of factories, that were never counted, in the order in which they were handed in.
    """
    broken = {number for number, papers in counted.items() if not sound([paper.owner for paper in papers])}
    counted = {number: papers for number, papers in counted.items() if number not in broken}
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
    return Turn(tuple(tuple(group) for group in groups), frozenset(touched | broken))


def _first(fresh: Sequence[Paper], standing: Iterable[Sequence[Paper]]) -> list[list[Paper]]:
    """The first batch of each sector of which nothing is counted; where nothing is at all, of whomever there is."""
    groups = list(standing)
    if not groups:
        return _of_six(fresh, lambda one: one.sector) or _of_six(fresh, lambda one: "")
    begun = {sectors.pop() for group in groups if len(sectors := {one.sector for one in group}) == 1}
    return _of_six([one for one in fresh if one.sector not in begun], lambda one: one.sector)


def _of_six(papers: Iterable[Paper], by: Callable[[Paper], Hashable]) -> list[list[Paper]]:
    found: dict[Hashable, dict[int, list[Paper]]] = {}
    for one in papers:
        found.setdefault(by(one), {}).setdefault(one.owner, []).append(one)
    return [batch for owners in found.values() for batch in _rounds(list(owners.values()))]


def _rounds(owners: list[list[Paper]]) -> Iterator[list[Paper]]:
    """Batches of the last paper of each owner, then of the last but one of those that have more, while six have."""
    while len(owners) >= BATCH:
        yield [papers[-1] for papers in owners]
        owners = [papers[:-1] for papers in owners if len(papers) > 1]
