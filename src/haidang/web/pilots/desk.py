"""What is done with a pilot's files: by the room of pilots, one hand at a time, and nothing half."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from haidang.errors import HaidangError, Place
from haidang.web.alone import alone
from haidang.web.city.pack import pack
from haidang.web.jobs.models import Job
from haidang.web.ledger.write import note
from haidang.web.mistakes import said
from haidang.web.people.models import User
from haidang.web.pilots.kinds import by_lot
from haidang.web.pilots.models import Decision, Evaluated, Pilot
from haidang.web.words import Language

if TYPE_CHECKING:
    from haidang.learn.evaluate import Diagnostic
    from haidang.learn.monitor.watch import Look
    from haidang.learn.pilot.assignment_file import Lots
    from haidang.learn.pilot.declaration import Declaration

ASSIGNMENT, LOG, REPORTS = "assignment.csv", "pilot.monitor.jsonl", "reports.csv"
LARGEST = 20 << 20
"""Bytes of a table or a declaration that is sent in."""


class PilotDeskError(HaidangError):
    """Something that cannot be done with a pilot as it stands."""


def put(file: Path, content: bytes) -> None:
    """A file, whole or as it was before."""
    from haidang.results.run import replace_bytes

    if len(content) > LARGEST:
        raise PilotDeskError(f"expected at most {LARGEST >> 20} MB, found more", Place(file.name))
    replace_bytes(file, content)


def tried(folder: Path, name: str, content: bytes) -> Path:
    """A file that is looked at before it takes the place of the one that is there."""
    trial = folder / f"trial-{os.getpid()}"
    trial.mkdir(parents=True, exist_ok=True)
    put(trial / name, content)
    return trial / name


def drop(trial: Path) -> None:
    """Take away a file that was looked at."""
    trial.unlink(missing_ok=True)
    trial.parent.rmdir()


def read_plan(pilot: Pilot) -> Declaration:
    """A pilot's declaration.

    Raises:
        HaidangError: it is not as it should be.
    """
    from haidang.learn.pilot.declaration_file import load_declaration

    return load_declaration(pilot.plan)


def in_force(pilot: Pilot) -> Declaration:
    """A pilot's declaration as it was last registered, whatever was changed in its file since.

    Raises:
        HaidangError: it is not registered, or the register is not as it was written.
    """
    from haidang.learn.pilot.registration import versions

    found = versions(pilot.plan)
    if not found:
        raise PilotDeskError("expected a registered pilot, found no register")
    return found[-1]


def outcomes_file(pilot: Pilot, digest: str) -> Path:
    """Where outcomes lie that were sent."""
    return pilot.folder / f"outcomes-{digest}.csv"


def evaluation_file(pilot: Pilot, digest: str) -> Path:
    """Where an evaluation lies, by the digest of what it found."""
    return pilot.folder / "evaluations" / f"{digest}.json"


def files_of_evaluations() -> Iterator[tuple[Path, str]]:
    """The files that evaluations rest on and those that came of them, each with its digest."""
    for one in Evaluated.objects.select_related("pilot"):
        if one.data:
            yield outcomes_file(one.pilot, one.data), one.data
        yield evaluation_file(one.pilot, one.found), one.found


def _read(file: Path) -> Declaration:
    from haidang.learn.pilot.declaration_file import load_declaration

    found = load_declaration(file)
    if found.programme is not None and found.programme.partition("/")[0] != pack().id:
        raise PilotDeskError(f"expected a programme of {pack().id}, found '{found.programme}'", Place(file.name))
    return found


def declare(by: User, content: bytes) -> Pilot:
    """Lay down a new pilot; none comes to be while a backup is made of those that are there.

    Raises:
        HaidangError: the declaration is not as it should be, or there is a pilot of its name.
    """
    from haidang.learn.pilot.declaration import digest

    home: Path = settings.HOME.pilots
    trial = tried(home, "pilot.yaml", content)
    try:
        found = _read(trial)
    finally:
        drop(trial)
    try:
        with alone(home), transaction.atomic():
            made = Pilot.objects.create(
                name=found.id, title_vi=found.title["vi"], title_en=found.title["en"], owner=by, hash=digest(found)
            )
            note(by, "pilots.pilot.declared", made, name=made.name, hash=made.hash)
            made.folder.mkdir(exist_ok=True)
            put(made.plan, content)
    except IntegrityError:
        raise PilotDeskError(f"expected a new name, found '{found.id}', which another pilot has") from None
    return made


def change_plan(by: User, pilot: Pilot, content: bytes, seen: str = "") -> None:
    """Put another declaration in the place of a pilot's; a registered one then waits for its amendment.

    Args:
        by: who does it.
        pilot: of which.
        content: the declaration, as YAML.
        seen: SHA-256 of the plan's file as the form was opened with it; empty where it was not.

    Raises:
        HaidangError: it is not as it should be, or is another pilot's; or the plan that the form was opened with was
            changed or registered since.
    """
    from haidang.learn.pilot.declaration import digest

    with alone(pilot.folder), transaction.atomic():
        if seen:
            _refuse_other_than(pilot, seen)
        trial = tried(pilot.folder, "pilot.yaml", content)
        try:
            found = _read(trial)
        finally:
            drop(trial)
        if found.id != pilot.name:
            raise PilotDeskError(f"expected the declaration of '{pilot.name}', found that of '{found.id}'")
        _has_lots(pilot, found)
        pilot.title_vi, pilot.title_en, pilot.hash = found.title["vi"], found.title["en"], digest(found)
        pilot.save(update_fields=["title_vi", "title_en", "hash"])
        note(by, "pilots.pilot.changed", pilot, hash=pilot.hash)
        put(pilot.plan, content)


def _refuse_other_than(pilot: Pilot, seen: str) -> None:
    """See that a plan is as the form was opened with it: not registered, and of these bytes."""
    pilot.refresh_from_db(fields=["registered"])
    if pilot.registered is not None:
        raise PilotDeskError("expected a plan that is not registered yet, found it registered")
    if hashlib.sha256(pilot.plan.read_bytes()).hexdigest() != seen:
        raise PilotDeskError("expected the plan as the form was opened with it, found it changed since")


def _has_lots(pilot: Pilot, declared: Declaration) -> bool:
    """Whether a pilot has its lots.

    Raises:
        HaidangError: it has, and the declaration changes what they follow from.
    """
    from haidang.learn.pilot.assignment_file import drawn_beside, refuse_other_lots
    from haidang.learn.pilot.registration import versions

    drawn = drawn_beside(pilot.plan, versions(pilot.plan))
    if drawn is not None:
        refuse_other_lots(drawn, declared)
    return drawn is not None


def register_plan(by: User, pilot: Pilot, reason: str, today: date, *, after_lots: bool = False) -> None:
    """Register a declaration as it stands, or amend the registered one with a reason.

    Args:
        by: who does it.
        pilot: of which.
        reason: why it is amended; empty for the first time.
        today: the day.
        after_lots: whether it is meant that the amendment comes after the lots, which every evaluation will say.

    Raises:
        HaidangError: nothing changed, a change has no reason, or the lots are drawn and that was not said.
    """
    from haidang.learn.pilot.registration import register

    with alone(pilot.folder), transaction.atomic():
        declared = read_plan(pilot)
        if _has_lots(pilot, declared) and not after_lots:
            if by_lot(declared):
                raise PilotDeskError("expected the word that the amendment comes after the lots, found none")
            raise PilotDeskError("expected the word that the amendment comes after units got their arms, found none")
        found = register(pilot.plan, declared, today, reason or None)
        if pilot.registered is None:
            pilot.registered = timezone.now()
            pilot.save(update_fields=["registered"])
        note(by, "pilots.pilot.registered", pilot, hash=found.declaration_hash, head=found.head, reason=reason)


def lots_of(pilot: Pilot, declared: Declaration) -> Lots:
    """A pilot's lots, derived again by the registered declaration that they were drawn by.

    Raises:
        HaidangError: the table of arms is not the one that was drawn.
    """
    from haidang.learn.pilot.assignment_file import read_assignment
    from haidang.learn.pilot.registration import versions

    return read_assignment(pilot.folder / ASSIGNMENT, declared, versions(pilot.plan))


def balance(pilot: Pilot) -> tuple[Diagnostic, ...]:
    """How alike the arms were before; nothing where no lots are drawn: a score makes them differ.

    Raises:
        HaidangError: the table of arms is not the one that was drawn.
    """
    from haidang.learn.pilot.analysis import balance_of

    if not (pilot.folder / ASSIGNMENT).exists():
        return ()
    lots = lots_of(pilot, in_force(pilot))
    if not by_lot(lots.declaration):
        return ()
    return balance_of(lots.declaration, lots.table)


def watch(by: User, pilot: Pilot, content: bytes) -> int:
    """Look at the reports so far, and keep what was seen.

    Returns:
        Days that the log did not hold yet.

    Raises:
        HaidangError: a report is not as it should be, or reports that were seen before have changed.
    """
    from haidang.learn.monitor.record import record_looks
    from haidang.learn.pilot.registration import require_registered, versions
    from haidang.learn.pilot.tables import read_table

    with alone(pilot.folder), transaction.atomic():
        declared, registered = read_plan(pilot), versions(pilot.plan)
        require_registered(pilot.plan, declared)
        assigned = lots_of(pilot, declared).table
        trial = tried(pilot.folder, REPORTS, content)
        try:
            table = read_table(trial)
            _, added = record_looks(pilot.folder / LOG, declared, table, assigned, Place(REPORTS), registered)
        finally:
            drop(trial)
        note(by, "pilots.reports.seen", pilot, days=added, sha256=hashlib.sha256(content).hexdigest())
        put(pilot.folder / REPORTS, content)
    return added


def seen(pilot: Pilot) -> list[Look]:
    """What the log holds: every look at the reports so far, made again from them.

    Raises:
        HaidangError: the reports are not those that were seen.
    """
    from haidang.learn.monitor.watch import looks, reports_of
    from haidang.learn.pilot.tables import read_table

    reports = pilot.folder / REPORTS
    if not reports.exists():
        return []
    declared = in_force(pilot)
    return looks(declared, reports_of(declared, read_table(reports), lots_of(pilot, declared).table))


def ask(by: User, pilot: Pilot, kind: str, **more: object) -> Job:
    """Put work for a pilot among what is done in the background."""
    with transaction.atomic():
        job = Job.objects.create(kind=kind, payload={"pilot": pilot.pk, **more}, asked_by=by)
        told = {"sha256": more["outcomes"]} if "outcomes" in more else {}
        note(by, "jobs.job.asked", job, kind=kind, pilot=pilot.name, **told)
    return job


def ask_evaluation(by: User, pilot: Pilot, content: bytes) -> Job:
    """Have a pilot evaluated as registered, by these outcomes, which are kept under their digest.

    Raises:
        HaidangError: they are too large, or the pilot has no lots yet.
    """
    if not (pilot.folder / ASSIGNMENT).exists():
        if by_lot(read_plan(pilot)):
            raise PilotDeskError("expected a pilot with its lots drawn, found none")
        raise PilotDeskError("expected a pilot whose units have their arms, found none")
    digest = hashlib.sha256(content).hexdigest()
    with alone(pilot.folder):
        put(outcomes_file(pilot, digest), content)
    return ask(by, pilot, "pilot-evaluation", outcomes=digest)


def decide(by: User, pilot: Pilot, what: str, reason: str) -> None:
    """Write down what was decided, and on which plan, data and evaluation it rests; before any evaluation it says so.

    Raises:
        HaidangError: the pilot is not registered: there is no plan that a decision could rest on.
    """
    from haidang.learn.pilot.registration import registered

    with alone(pilot.folder), transaction.atomic():
        plan, last = registered(pilot.plan), Evaluated.objects.filter(pilot=pilot).first()
        made = Decision.objects.create(
            pilot=pilot, what=what, reason=reason, by=by, plan=plan.declaration_hash, register=plan.head,
            evaluation=last,
        )  # fmt: skip
        rests = {} if last is None else {"evaluated_plan": last.plan, "outcomes": last.data, "evaluation": last.found}
        note(
            by, "pilots.decision.made", pilot, decision=made.pk, what=what, reason=reason, hash=plan.declaration_hash,
            head=plan.head, before_evaluation=last is None, **rests,
        )  # fmt: skip


def plainly(pilot: Pilot | None, mistake: HaidangError, language: Language) -> str:
    """A mistake in the words of who sent something in: no folder of this machine in it."""
    told = said(mistake, language).whole
    text = told if mistake.place is None else f"{mistake.place}: {told}"
    if pilot is not None:
        text = text.replace(f"{pilot.folder}/trial-{os.getpid()}/", "").replace(f"{pilot.folder}/", "")
    return text.replace(f"{settings.HOME.pilots}/trial-{os.getpid()}/", "")
