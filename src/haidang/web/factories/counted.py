"""Which assessments peers are counted from: the next batches, written down when somebody hands in.

What a factory sees of its peers changes only by whole batches (`haidang.frameworks.batches`), so that nobody finds
another by looking before and after it handed in.
"""

from __future__ import annotations

from django.db.models import Max, QuerySet

from haidang.frameworks.batches import Paper, next_turn
from haidang.web.factories.models import Assessment
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


def in_force(example: bool) -> QuerySet[Assessment]:
    """The assessments that peers are counted from."""
    return papers(example).filter(batch__gt=TAKEN_BACK)


def count_next(example: bool) -> None:
    """Count the batches that are full by now; in the transaction of what was handed in, after its entry in the log.

    The entry comes first: whoever writes one waits for whoever writes another, so no two count at once.
    """
    counted: dict[int, list[Paper]] = {}
    newest: dict[str, tuple[Paper, bool]] = {}
    for one in papers(example).select_related("factory").order_by("submitted", "id"):
        paper = Paper(one.pk, one.factory.tax_code, one.sector, one.size)
        newest[paper.factory] = paper, one.batch is None
        if one.batch:
            counted.setdefault(one.batch, []).append(paper)
    turn = next_turn(counted, [paper for paper, waits in newest.values() if waits])
    if turn.taken_back:
        in_force(example).filter(batch__in=turn.taken_back).update(batch=TAKEN_BACK)
    first = (Assessment.objects.aggregate(last=Max("batch"))["last"] or 0) + 1
    for number, batch in enumerate(turn.batches, start=first):
        Assessment.objects.filter(pk__in=[paper.id for paper in batch]).update(batch=number)
    if turn.batches:
        last = first + len(turn.batches) - 1
        note(
            None, "factories.peers.counted", f"factories.batch:{first}-{last}", taken_back=sorted(turn.taken_back)
        )  # fmt: skip
