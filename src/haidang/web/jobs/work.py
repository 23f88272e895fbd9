"""The worker: a process beside the server that simulates what is asked for.

One worker at a time works on a folder: it holds a lock of the operating system, which ends with the process. So who
begins knows that every job called running was left by one that fell.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.results import Run
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
    from haidang.web.city.standing import draw_today
    from haidang.web.jobs.queue import claim, release_all

    with (settings.HOME.data / "worker.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        release_all()
        while os.getppid() == parent:
            draw_today()
            deliver_due()
            job = claim()
            if job is None:
                time.sleep(IDLE)
            else:
                work_on(job)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def work_on(job: Job) -> None:
    """Simulate what a job asks for, draw its pages, and write down how it ended."""
    from haidang.errors import HaidangError
    from haidang.web.city.drawn import draw_ahead
    from haidang.web.city.keep import keep
    from haidang.web.jobs.models import Job

    try:
        shown = keep(_simulate(job).path, publish=False)
        draw_ahead(shown)
    except HaidangError as mistake:
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, mistake=str(mistake))
        print(f"haidang: job {job.pk}: {mistake}", file=sys.stderr)
        return
    if job.publish:
        shown.publish()
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, run=shown, drawn=job.draws)


def _simulate(job: Job) -> Run:
    """The run of a job: simulated now, taken up where a worker fell, or found whole."""
    from django.conf import settings

    from haidang.faces.simulation import add_backtests
    from haidang.packs import load_pack
    from haidang.results import open_run
    from haidang.study import Question, run_study
    from haidang.web.jobs.queue import note_progress

    folder: Path = settings.HOME.runs / job.folder
    pack = load_pack(settings.HOME.pack)
    if (folder / "manifest.json").exists():
        run = open_run(folder)  # the worker fell after the run was whole and before it said so
    else:
        question = Question(job.programme, (), job.draws, job.seed, workers=1)
        run = run_study(pack, question, folder, resume=True, progress=lambda done, _: note_progress(job, done))
    if not run.backtests:
        add_backtests(pack, run)
        run = open_run(folder)
    return run


if __name__ == "__main__":
    main()
