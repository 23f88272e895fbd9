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
import traceback
from collections.abc import Callable
from errno import EDQUOT, ENOSPC
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.web.city.pace import Worker
    from haidang.web.jobs.models import Job

IDLE = 0.5
"""Seconds between two looks at the queue."""
LATER = 60.0
"""Seconds until what is seen to beside the jobs is tried again, where it could not be."""
FULL = "the disk of the site's machine is full; try again once there is room on it"


def main() -> None:
    """Work until told to stop. A job in progress is left where it is, and taken up again by the next worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.web.settings")
    signal.signal(signal.SIGTERM, _stop)
    parent = int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid()  # who may be gone already
    import django

    django.setup()
    from django.conf import settings

    from haidang.web.city.pace import Worker
    from haidang.web.jobs import queue

    with (settings.HOME.data / "worker.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        queue.release_all()
        queue.meanwhile = tending(Worker())
        while os.getppid() == parent:
            queue.meanwhile()
            job = queue.claim()
            if job is None:
                time.sleep(IDLE)
            else:
                work_on(job)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def tending(ahead: Worker) -> Callable[[], None]:
    """What sees to the rest beside the jobs: where it cannot be, that is no fault of theirs, and they go on.

    Whoever runs the machine is told each time, and it is tried again a minute later.
    """
    due = 0.0

    def tended() -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        try:
            tend(ahead)
        except _falls():
            raise
        except Exception:
            print("haidang: what is seen to beside the jobs could not be", file=sys.stderr)
            traceback.print_exc()
            due = time.monotonic() + LATER

    return tended


def tend(ahead: Worker) -> None:
    """See to the pages, the files and the messages to other servers: what is due of them, which is mostly nothing.

    Raises:
        RuntimeError: the pages cannot be drawn; no mistake of the job during which it was tried.
    """
    from haidang.errors import HaidangError
    from haidang.web.api.hooks import deliver_due

    try:
        ahead.draw_due()
    except HaidangError as mistake:
        raise RuntimeError("the records cannot be drawn") from mistake
    ahead.write_due()
    deliver_due()


def _falls() -> tuple[type[Exception], ...]:
    """After what the process ends, and the next one takes the job up: without memory or a database nothing is right."""
    from django.db import InterfaceError, OperationalError

    return MemoryError, InterfaceError, OperationalError


def work_on(job: Job) -> None:
    """Do what a job asks for, and write down how it ended.

    A defect of the program ends this one job: whoever asked is told so, whoever runs the machine is shown where.
    """
    from haidang.errors import HaidangError
    from haidang.web.jobs import queue
    from haidang.web.jobs.kinds import work_of

    try:
        outcome = work_of(job.kind)(job)
    except queue.CancelledError:
        queue.note_cancelled(job)
    except HaidangError as mistake:
        print(f"haidang: job {job.pk}: {mistake}", file=sys.stderr)
        queue.note_failed(job, str(mistake))
    except _falls():
        raise
    except Exception as broken:
        print(f"haidang: job {job.pk}:", file=sys.stderr)
        traceback.print_exc()
        queue.note_failed(job, _in_words(job, broken))
    except SystemExit:
        queue.give_back(job)
        raise
    else:
        queue.note_done(job, outcome)


def _in_words(job: Job, broken: Exception) -> str:
    if isinstance(broken, OSError) and broken.errno in {ENOSPC, EDQUOT}:
        return FULL
    return (
        f"something went wrong that nobody foresaw ({type(broken).__name__}); whoever runs the site's machine finds it "
        f"in the server's messages under job {job.pk}"
    )


if __name__ == "__main__":
    main()
