"""Reading a document for drafts of claims: work in the background, within the reading room's own limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from django.db import transaction
from django.db.models import F

from haidang.errors import HaidangError
from haidang.faces.read_links import linked
from haidang.reading import Draft, Period, Quantity, RuleExtractor, Rules, Span, load_rules, read_document
from haidang.reading.draft import Kind, Qualifier
from haidang.web.desk.book import book
from haidang.web.desk.models import Document, Passage
from haidang.web.jobs.models import Job
from haidang.web.jobs.queue import note_progress

MOST_BEFORE = 5000
"""So many earlier drafts are held against those of a new document, the newest first."""


BEHIND = 1_000_000
"""Behind every draft of a text."""


class ReadError(HaidangError):
    """A document that is not there any more."""


def read(job: Job) -> Mapping[str, object]:
    """Read the document that a job names, and write down its text and the drafts found in it.

    Of a document that is read again, drafts that somebody decided stay, and what is found in their place is theirs.

    Raises:
        HaidangError: it cannot be read, or has another text than drafts were decided in; the document says so too.
    """
    document = Document.objects.filter(pk=cast("int", job.payload["document"])).first()
    if document is None:
        raise ReadError("expected a document, found that it is not there any more")
    if document.state == Document.State.READ:
        # The worker fell after the drafts were there: somebody may have decided some of them since.
        return {"drafts": Passage.objects.filter(document=document).count()}
    note_progress(job, 0, 1)
    decided = list(Passage.objects.filter(document=document).exclude(state=Passage.State.OPEN))
    try:
        told, rules = read_document(document.path, document.day), load_rules()
        if decided and told.text != document.text:
            raise ReadError("expected the text in which drafts were decided, found another")
    except HaidangError as mistake:
        # What was read before stays to be seen.
        document.state = Document.State.READ if document.text else Document.State.FAILED
        document.mistake = mistake.problem
        document.save(update_fields=["state", "mistake"])
        raise ReadError(mistake.problem, None, mistake.hint) from None
    taken = {(one.kind, one.start, one.end) for one in decided}
    every = RuleExtractor(rules)(replace(told, date=document.day), 1)
    found = [one for one in every if (one.kind, one.span.start, one.span.end) not in taken]
    with transaction.atomic():
        document.text, document.notes, document.state = told.text, list(told.notes), Document.State.READ
        document.language, document.mistake = told.language, ""
        document.save(update_fields=["text", "language", "notes", "state", "mistake"])
        Passage.objects.filter(document=document, state=Passage.State.OPEN).delete()
        made = [_passage(document, draft) for draft in found]
        _put_in_order(made, decided)
        made = Passage.objects.bulk_create(made)
        _link(made, found, rules)
    return {"drafts": len(made) + len(decided)}


def _put_in_order(made: Sequence[Passage], decided: Sequence[Passage]) -> None:
    """Count new drafts and those that were decided in the order of the text."""
    Passage.objects.filter(pk__in=[one.pk for one in decided]).update(place=F("pk") + BEHIND)  # out of each other's way
    for place, one in enumerate(sorted((*made, *decided), key=lambda one: one.start), start=1):
        one.place = place
    Passage.objects.bulk_update(decided, ["place"])


def _passage(document: Document, draft: Draft) -> Passage:
    told, period = draft.quantity, draft.period
    return Passage(
        document=document, kind=draft.kind, subject=draft.subject[:500], actors=list(draft.actors),
        minimum=None if told is None else told.minimum, maximum=None if told is None else told.maximum,
        unit="" if told is None else told.unit[:100], qualifier="exactly" if told is None else told.qualifier,
        since=None if period is None else period.start, until=None if period is None else period.end,
        scope=draft.scope or "", start=draft.span.start, end=draft.span.end,
        sentence_start=draft.sentence.start, sentence_end=draft.sentence.end,
    )  # fmt: skip


def _link(made: Sequence[Passage], found: Sequence[Draft], rules: Rules) -> None:
    """Say of each new draft which earlier ones, and which records, seem to say the same."""
    before = Passage.objects.exclude(pk__in=[one.pk for one in made]).order_by("-pk")[:MOST_BEFORE]
    known = {f"p{one.pk}": one for one in before.select_related("document")}
    own = {f"n{one.pk}": one for one in made}
    fresh = [replace(draft, id=name, duplicates=()) for name, draft in zip(own, found, strict=True)]
    earlier = [_draft(name, one) for name, one in known.items()]
    passages = known | own
    for one in linked([*fresh, *earlier], book().tracked.records(), rules):
        if one.id in own:
            own[one.id].same.set(passages[each] for each in one.duplicates if each in passages)
            own[one.id].in_records = [each for each in one.duplicates if "/" in each]
    Passage.objects.bulk_update(made, ["in_records"])


def _draft(name: str, one: Passage) -> Draft:
    """A draft that was read before, as the reading room knows drafts."""
    numbers = one.minimum is not None or one.maximum is not None
    quantity = Quantity(one.minimum, one.maximum, one.unit, cast("Qualifier", one.qualifier)) if numbers else None
    period = Period(one.since, one.until) if one.since or one.until else None
    words, sentence = Span(one.start, one.end, one.words), Span(one.sentence_start, one.sentence_end, "")
    return Draft(
        name, 2, cast("Kind", one.kind), one.subject, tuple(cast("list[str]", one.actors)), quantity, period,
        one.scope or None, (), words, sentence,
    )  # fmt: skip
