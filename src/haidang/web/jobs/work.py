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
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.web.city.files import Writer
    from haidang.web.jobs.models import Job

IDLE = 0.5
"""Seconds between two looks at the queue."""


def main() -> None:
    """Work until told to stop. A job in progress is left where it is, and taken up again by the next worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.web.settings")
    signal.signal(signal.SIGTERM, _stop)
    parent = int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid()  # who may be gone already
    import django

    django.setup()
    from django.conf import settings

    from haidang.web.city.files import Writer
    from haidang.web.jobs import queue

    with (settings.HOME.data / "worker.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        queue.release_all()
        queue.meanwhile = partial(tend, Writer())
        while os.getppid() == parent:
            queue.meanwhile()
            job = queue.claim()
            if job is None:
                time.sleep(IDLE)
            else:
                work_on(job)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def tend(files: Writer) -> None:
    """See to the pages, the files and the messages to other servers: what is due of them, which is mostly nothing.

    Raises:
        RuntimeError: the pages cannot be drawn; no mistake of the job during which it was tried.
    """
    from haidang.errors import HaidangError
    from haidang.web.api.hooks import deliver_due
    from haidang.web.city.standing import draw_today

    try:
        draw_today()
    except HaidangError as mistake:
        raise RuntimeError("the records cannot be drawn") from mistake
    files.write_due()
    deliver_due()


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
