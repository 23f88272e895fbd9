"""Which assessments peers are counted from: the next batches, written down when somebody hands in.

What a factory sees of its peers changes only by whole batches (`haidang.frameworks.batches`), so that nobody finds
another by looking before and after it handed in. A batch counts organisations, not factories: whoever has five
factories knows of five.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from haidang.frameworks.batches import Paper, Turn, next_turn, sound
from haidang.web.factories.models import Assessment
from haidang.web.factories.owners import joined
from haidang.web.factories.vocabulary import framework
from haidang.web.ledger.write import note

TAKEN_BACK = 0
"""The batch of an assessment that was counted once and never is again."""


def papers(example: bool) -> QuerySet[Assessment]:
    """Everything that was handed in under the framework as it is now; examples are compared with examples alone."""
    own = framework()
    return Assessment.objects.filter(
        of__isnull=True, submitted__isnull=False, framework=own.id, framework_version=own.version,
        factory__example=example,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is another whenever other assessments are counted than before.

    Args:
        rows: how many assessments stand in a batch: more with each batch that comes.
        taken_back: how many stood in one: more with each that goes, and never fewer.
        joined: organisations that count as another one, with it.
    """

    rows: int
    taken_back: int
    joined: tuple[tuple[int, int], ...]


def stamp(example: bool) -> Stamp:
    """That of today."""
    ever, gone = Count("batch"), Count("batch", filter=Q(batch=TAKEN_BACK))
    told = papers(example).aggregate(ever=ever, gone=gone)
    return Stamp(told["ever"] - told["gone"], told["gone"], tuple(sorted(joined().items())))


def in_force(example: bool, joined: Mapping[int, int]) -> QuerySet[Assessment]:
    """The assessments that peers are counted from: those of the batches that may be shown today.

    A batch that was sound when it was made need not be: somebody fills in for two of its organisations since, or it was
    made when factories were counted and not who has them. None of it is counted, whether or not it was taken back yet.

    Args:
        example: those that are made up, or the others.
        joined: organisations that count as another one (`owners.joined`).
    """
    rows = papers(example).filter(batch__gt=TAKEN_BACK)
    owners: dict[int, list[int]] = {}
    for batch, body in rows.values_list("batch", "factory__body"):
        owners.setdefault(batch or TAKEN_BACK, []).append(joined.get(body, body))
    return rows.exclude(batch__in=[batch for batch, found in owners.items() if not sound(found)])


def count_next(example: bool) -> None:
    """Count the batches that are full by now; in the transaction of what was handed in, after its entry in the log.

    The entry comes first: whoever writes one waits for whoever writes another, so no two count at once.
    """
    counted: dict[int, list[Paper]] = {}
    newest: dict[str, tuple[Paper, bool]] = {}
    together = joined()
    for one in papers(example).select_related("factory__body").order_by("submitted", "id"):
        body: int = one.factory.body.pk
        paper = Paper(one.pk, one.factory.tax_code, together.get(body, body), one.sector, one.size)
        newest.pop(paper.factory, None)  # what was handed in last comes last
        newest[paper.factory] = paper, one.batch is None
        if one.batch:
            counted.setdefault(one.batch, []).append(paper)
    _write(example, next_turn(counted, [paper for paper, waits in newest.values() if waits]))


def _write(example: bool, turn: Turn) -> None:
    back = sorted(turn.taken_back)
    if back:
        papers(example).filter(batch__in=back).update(batch=TAKEN_BACK)
    first = (Assessment.objects.aggregate(last=Max("batch"))["last"] or 0) + 1
    for number, batch in enumerate(turn.batches, start=first):
        Assessment.objects.filter(pk__in=[paper.id for paper in batch]).update(batch=number)
    if turn.batches:
        last = first + len(turn.batches) - 1
        note(None, "factories.peers.counted", f"factories.batch:{first}-{last}", taken_back=back)
    elif back:
        note(None, "factories.peers.taken_back", f"factories.batch:{back[0]}-{back[-1]}", taken_back=back)
