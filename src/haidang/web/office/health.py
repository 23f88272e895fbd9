"""How the site is: what an administrator asks first when something seems wrong."""

from __future__ import annotations

import fcntl
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from haidang import __version__
from haidang.web.jobs.models import Job
from haidang.web.ledger.models import Head
from haidang.web.office.backups import BACKUP
from haidang.web.people.give import Misfit, misfits

LOCK = "worker.lock"


@dataclass(frozen=True, slots=True)
class Health:
    """How the site is.

    Args:
        version: of Haidang.
        database: sqlite or postgresql.
        worker: whether a worker is at its place.
        free: bytes left on the disk of the site's folder.
        waiting: jobs that wait.
        oldest: since when the first of them does; none where none waits.
        running: jobs that run.
        failed: jobs that failed.
        entries: of the log.
        seal: hash of its last entry; written down elsewhere it shows later whether the log was made anew.
        backup: when the last backup was made here; none where none was.
        misfits: roles that do not fit the kind of their organisation.
    """

    version: str
    database: str
    worker: bool
    free: int
    waiting: int
    oldest: datetime | None
    running: int
    failed: int
    entries: int
    seal: str
    backup: datetime | None
    misfits: tuple[Misfit, ...]


def look() -> Health:
    """How the site is now."""
    data: Path = settings.HOME.data
    waiting = Job.objects.filter(state=Job.State.WAITING)
    head = Head.objects.get(pk=1)
    first = waiting.first()
    last = Job.objects.filter(kind=BACKUP, state=Job.State.DONE).last()
    return Health(
        version=__version__,
        database=connection.vendor,
        worker=_is_held(data / LOCK),
        free=shutil.disk_usage(data).free,
        waiting=waiting.count(),
        oldest=first.asked if first else None,
        running=Job.objects.filter(state=Job.State.RUNNING).count(),
        failed=Job.objects.filter(state=Job.State.FAILED).count(),
        entries=head.number,
        seal=head.hash,
        backup=datetime.fromisoformat(last.outcome["made"]) if last else None,
        misfits=misfits(),
    )


def _is_held(lock: Path) -> bool:
    """Whether a process holds the worker's lock: the operating system lets go of it when the process ends."""
    if not lock.exists():
        return False
    with lock.open("a") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
