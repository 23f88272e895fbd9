"""The worker: a process beside the server that does what takes longer than a request.

One worker at a time works on a folder: it holds a lock of the operating system, which ends with the process. So who
begins knows that every job called running was left by one that fell.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.web.jobs.models import Job

IDLE = 0.5
"""Seconds between two looks at the queue."""


def main() -> None:
    """Work until told to stop. A job in progress is left where it is, and taken up again by the next worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.web.settings")
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid()
    import django

    django.setup()
    from django.conf import settings

    from haidang.web.api.hooks import deliver_due
    from haidang.web.city.files import Writer
    from haidang.web.city.standing import draw_today
    from haidang.web.jobs.queue import claim, release_all

    with (settings.HOME.data / "worker.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        release_all()
        files = Writer()
        while os.getppid() == parent:
            draw_today()
            files.write_due()
            deliver_due()
            job = claim()
            if job is None:
                time.sleep(IDLE)
            else:
                work_on(job)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def work_on(job: Job) -> None:
    """Do what a job asks for, and write down how it ended."""
    from haidang.errors import HaidangError
    from haidang.web.jobs.kinds import work_of
    from haidang.web.jobs.queue import note_done, note_failed

    try:
        outcome = work_of(job.kind)(job)
    except HaidangError as mistake:
        note_failed(job, str(mistake))
        print(f"haidang: job {job.pk}: {mistake}", file=sys.stderr)
        return
    note_done(job, outcome)


if __name__ == "__main__":
    main()
