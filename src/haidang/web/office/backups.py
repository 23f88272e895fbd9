"""Backups that administrators ask for: each is a job, and its archive lies in a folder of its own.

What is known of a backup stands with its job, so there is no table of backups: the archive's name is the job's number.
That of a restored site knows the backups before it, whose archives may lie elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from haidang.errors import Place
from haidang.web import dump
from haidang.web.archive import ArchiveError, check_backup, digest_of, write_backup
from haidang.web.jobs.models import BUSY, Job
from haidang.web.jobs.queue import note_progress
from haidang.web.ledger.write import note
from haidang.web.people.models import User

BACKUP, CHECK = "backup", "backup-check"
"""Kinds of jobs."""
SHOWN = 50
"""Backups on the page, the newest first."""
PACE = 1.0
"""Seconds between two words of how far a backup is."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as the page shows it.

    Args:
        job: that made it, makes it, or could not.
        there: whether its archive lies in the folder.
        made: when; none where it is not made yet, or could not be.
        size: bytes of the archive.
        files: how many it holds.
        sha256: of the archive.
        read: when the whole archive was last read through and found to be as it was made.
        check: the job that reads it through now, or that found it otherwise; none where nothing is to be said.
    """

    job: Job
    there: bool
    made: datetime | None
    size: int
    files: int
    sha256: str
    read: datetime | None
    check: Job | None

    @property
    def kilobytes(self) -> int:
        """The size in whole kilobytes of 1,000 bytes."""
        return -(-self.size // 1000)


def by_the_site() -> bool:
    """Whether the site can make its backups: of PostgreSQL where its client programs are on the machine."""
    return not settings.HOME.database or dump.is_there()


def place_of(job: Job) -> Path:
    """Where the archive of a backup lies."""
    return settings.HOME.backups / f"{job.pk}.tar.gz"


def asked_for(user: User | AnonymousUser) -> QuerySet[Job]:
    """The backups that somebody may see, the newest first."""
    return Job.objects.visible_to(user).filter(kind=BACKUP).select_related("asked_by").order_by("-id")


def ask(by: User) -> Job | None:
    """Put a backup among the work in the background; none where one is there already: one at a time is enough."""
    with transaction.atomic():
        if Job.objects.filter(kind=BACKUP, state__in=BUSY).exists():
            return None
        job = Job.objects.create(kind=BACKUP, asked_by=by)
        note(by, "office.backup.asked", job)
    return job


def ask_check(by: User, backup: Job) -> None:
    """Have a backup read through, unless it waits for that already."""
    with transaction.atomic():
        if not Job.objects.filter(kind=CHECK, payload__backup=backup.pk, state__in=BUSY).exists():
            Job.objects.create(kind=CHECK, payload={"backup": backup.pk}, asked_by=by)
            note(by, "office.backup.check_asked", backup)


def listed(user: User | AnonymousUser) -> Sequence[Backup]:
    """The last backups, each with what its last check found."""
    jobs = list(asked_for(user)[:SHOWN])
    found: dict[int, list[Job]] = {}
    numbers = [job.pk for job in jobs]
    checks = Job.objects.filter(kind=CHECK, payload__backup__in=numbers).exclude(state=Job.State.CANCELLED)
    for check in checks.order_by("-id"):
        found.setdefault(check.payload["backup"], []).append(check)
    return [_told(job, found.get(job.pk, [])) for job in jobs]


def _told(job: Job, checks: Sequence[Job]) -> Backup:
    outcome = job.outcome
    whole = next((one.outcome["read"] for one in checks if one.state == Job.State.DONE), outcome.get("made"))
    last = checks[0] if checks and checks[0].state != Job.State.DONE else None
    made, read = (datetime.fromisoformat(each) if each else None for each in (outcome.get("made"), whole))
    return Backup(
        job, place_of(job).is_file(), made, outcome.get("bytes", 0), outcome.get("files", 0),
        outcome.get("sha256", ""), read, last,
    )  # fmt: skip


def make(job: Job) -> Mapping[str, object]:
    """Copy the site into an archive; where a worker fell after it was whole, it is the one that lies there.

    Raises:
        HaidangError: the site cannot be copied.
        CancelledError: somebody cancelled it; nothing of it is left.
    """
    folder: Path = settings.HOME.backups
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(".*"):
        left.unlink()  # by a worker that fell: one worker at a time is at work
    file = place_of(job)
    if file.exists():
        files = len(check_backup(file))
    else:
        files = write_backup(settings.HOME.data, file, settings.HOME.database, _paced(job))
    file.chmod(0o600)
    found = {"files": files, "bytes": file.stat().st_size, "sha256": digest_of(file)}
    note(job.asked_by, "office.backup.made", job, **found)
    return {**found, "made": timezone.now().isoformat()}


def _paced(job: Job) -> Callable[[int, int], None]:
    """Writes down how far a backup is, at most once in a second: it holds many small files."""
    due = 0.0

    def progress(done: int, whole: int) -> None:
        nonlocal due
        if (now := time.monotonic()) >= due:
            due = now + PACE
            note_progress(job, done, whole)

    return progress


def check(job: Job) -> Mapping[str, object]:
    """Read a backup through: is it the archive that was made, and does it hold what its own list says?

    Raises:
        ArchiveError: it is not, or it does not.
    """
    backup = Job.objects.get(pk=job.payload["backup"], kind=BACKUP)
    try:
        _read(place_of(backup), backup.outcome["sha256"])
    except ArchiveError:
        note(job.asked_by, "office.backup.checked", backup, whole=False)
        raise
    note(job.asked_by, "office.backup.checked", backup, whole=True)
    return {"read": timezone.now().isoformat()}


def _read(file: Path, sha256: str) -> None:
    place = Place(file.name)
    if not file.is_file():
        raise ArchiveError("expected the archive in the folder of backups, found none", place)
    if (found := digest_of(file)) != sha256:
        raise ArchiveError(f"expected the archive of SHA-256 {sha256}, found {found}", place)
    check_backup(file)
