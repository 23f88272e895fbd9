"""Writing an assessment: each change with its entry in the log, none over somebody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from haidang.frameworks.assessment import CLAIMED, DOCUMENTED, NOT_ANSWERED
from haidang.web.factories.counted import count_next
from haidang.web.factories.forms import SectionForm
from haidang.web.factories.models import Answer, Assessment, Evidence, Factory, Section
from haidang.web.factories.scored import newest, seal
from haidang.web.factories.vocabulary import asked_of, framework
from haidang.web.ledger.write import note
from haidang.web.people.models import Organisation, User, bodies_of
from haidang.web.people.roles import Role
from haidang.web.uploads import keep, place_of

ROOM = "factories"
"""The folder of this room's files in that of the site."""


class HandedInError(Http404):
    """Something was to be written into an assessment that somebody has handed in."""


def begin(factory: Factory, who: User) -> Assessment:
    """The open draft of a factory; a new one begins with the answers and files of the last that was handed in."""
    with transaction.atomic():
        Factory.objects.select_for_update().get(pk=factory.pk)
        draft = factory.assessments.filter(of__isnull=True, submitted__isnull=True).first()
        if draft is not None:
            return draft
        draft = Assessment.objects.create(
            factory=factory, framework=framework().id, framework_version=framework().version, begun_by=who
        )
        before = newest(factory)
        if before is not None and before.framework_version == draft.framework_version:
            for one in before.answers.all():
                one.pk, one.assessment = None, draft
                one.save(force_insert=True)
            for one in before.evidence.all():
                one.pk, one.assessment = None, draft
                one.save(force_insert=True)
        note(who, "factories.assessment.begun", draft, factory=factory.pk)
    return draft


def readers_of(assessment: Assessment, who: User) -> list[Organisation]:
    """The organisations of assessors in whose name a person may still read what was handed in, by name."""
    read = assessment.readings.values("reader")
    return list(bodies_of(who, Role.ASSESSOR).exclude(pk__in=read).order_by("name"))


def read_again(assessment: Assessment, body: Organisation, who: User) -> Assessment:
    """The reading of what was handed in by an organisation of assessors; the one that it has, or a new one."""
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        found = assessment.readings.filter(reader=body).first()
        if found is None:
            found = Assessment.objects.create(
                factory=assessment.factory, of=assessment, reader=body, framework=assessment.framework,
                framework_version=assessment.framework_version, begun_by=who,
            )  # fmt: skip
            note(who, "factories.reading.begun", found, factory=assessment.factory.pk)
    return found


def save_section(assessment: Assessment, form: SectionForm, who: User) -> Section | None:
    """Write the answers of a capability where they are still as their writer saw them.

    Returns:
        Nothing where they are kept; else what somebody else saved in between, and nothing is changed.

    Raises:
        HandedInError: the assessment was handed in.
    """
    seen, names = form.cleaned_data["version"], [one.id for one in form.capability.criteria]
    with transaction.atomic():
        if Assessment.objects.select_for_update().get(pk=assessment.pk).submitted is not None:
            raise HandedInError
        row, _ = Section.objects.get_or_create(assessment=assessment, capability=form.capability.id)
        if row.version != seen:
            return row
        before = {one.criterion: one for one in assessment.answers.filter(criterion__in=names)}
        backed = set(assessment.evidence.filter(criterion__in=names).values_list("criterion", flat=True))
        changed = [name for name in names if _save(assessment, form, name, before.get(name), name in backed, who)]
        row.version, row.saved, row.saved_by = seen + 1, timezone.now(), who
        row.save(update_fields=["version", "saved", "saved_by"])
        if changed:
            note(who, "factories.answers.saved", assessment, capability=form.capability.id, criteria=changed)
    return None


def _save(assessment: Assessment, form: SectionForm, name: str, before: Answer | None, backed: bool, who: User) -> bool:
    """Write one answer; whether it changed."""
    value, text = form.cleaned_data[f"answer-{name}"], form.cleaned_data[f"note-{name}"]
    status = form.cleaned_data[f"status-{name}"] if form.reading else DOCUMENTED if backed else CLAIMED
    if value == NOT_ANSWERED and not text:
        if before is not None:
            before.delete()
        return before is not None
    if before is not None and (before.value, before.status, before.note) == (value, status, text):
        return False
    Answer.objects.update_or_create(
        assessment=assessment, criterion=name,
        defaults={"value": value, "status": status, "note": text, "given": timezone.now(), "given_by": who},
    )  # fmt: skip
    return True


def hand_in(assessment: Assessment, who: User) -> None:
    """Close an assessment: nothing in it changes from now on.

    Raises:
        HandedInError: it was already.
    """
    with transaction.atomic():
        locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if locked.submitted is not None:
            raise HandedInError
        locked.submitted, locked.submitted_by = timezone.now(), who
        locked.sector, locked.size = locked.factory.sector, locked.factory.size
        locked.sealed, locked.mean = seal(locked)
        locked.save(update_fields=["submitted", "submitted_by", "sector", "size", "sealed", "mean"])
        note(
            who, "factories.assessment.handed_in" if locked.of is None else "factories.reading.handed_in", locked,
            factory=locked.factory.pk, answers=_given(locked),
        )  # fmt: skip
        if locked.of is None:
            count_next(locked.factory.example)


def _given(assessment: Assessment) -> int:
    """How many of the questions that are asked of such a factory are answered, as every page counts them."""
    asked = asked_of(assessment.sector, assessment.size)
    return assessment.answers.filter(criterion__in=asked).exclude(value=NOT_ANSWERED).count()


def add_file(
    assessment: Assessment, content: bytes, media: str, name: str, told: dict[str, object], who: User
) -> Evidence:
    """Keep a file behind an answer; the answer counts as documented from now on.

    The entry in the log comes first: whoever writes it waits for whoever writes another, so no file is taken away in
    the moment in which somebody adds the same one.

    Raises:
        HandedInError: the assessment was.
    """
    with transaction.atomic():
        if Assessment.objects.select_for_update().get(pk=assessment.pk).submitted is not None:
            raise HandedInError
        note(who, "factories.file.added", assessment, name=name, criterion=told["criterion"], size=len(content))
        digest = keep(content, ROOM)
        made = Evidence.objects.create(
            assessment=assessment, sha256=digest, media=media, size=len(content), name=name, added_by=who, **told
        )  # fmt: skip
        assessment.answers.filter(criterion=told["criterion"], status=CLAIMED).update(status=DOCUMENTED)
    return made


def resting_on(files: Sequence[Evidence]) -> dict[int, tuple[int, bool]]:
    """What hangs on files, by number: how many others their criterion has, and whether its answer is documented."""
    behind = Counter((one.assessment.pk, one.criterion) for one in files)
    answers = Answer.objects.filter(assessment__in={one.assessment.pk for one in files}, status=DOCUMENTED)
    documented = set(answers.values_list("assessment", "criterion"))
    return {
        one.pk: (behind[one.assessment.pk, one.criterion] - 1, (one.assessment.pk, one.criterion) in documented)
        for one in files
    }


def drop_file(one: Evidence, who: User) -> None:
    """Take a file away, and its content where no other row has the same.

    Raises:
        HandedInError: its assessment was.
    """
    with transaction.atomic():
        if Assessment.objects.select_for_update().get(pk=one.assessment.pk).submitted is not None:
            raise HandedInError
        note(who, "factories.file.removed", one.assessment, name=one.name, criterion=one.criterion)
        rest = Evidence.objects.filter(assessment=one.assessment.pk, criterion=one.criterion).exclude(pk=one.pk)
        if not rest.exists():
            own = Answer.objects.filter(assessment=one.assessment.pk, criterion=one.criterion, status=DOCUMENTED)
            own.update(status=CLAIMED)
        digest = one.sha256
        one.delete()
        if not Evidence.objects.filter(sha256=digest).exists():
            # Only once that is on the disk: a row without its file would be half of a write.
            transaction.on_commit(lambda: place_of(digest, ROOM).unlink(missing_ok=True))
