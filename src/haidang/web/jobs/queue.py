"""Taking jobs from the database, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import F

from haidang.web.jobs.kinds import leave
from haidang.web.jobs.models import Job

MOST_TRIES = 3
"""So many workers fall over one job; then it is given up, and the jobs behind it have their turn."""
GIVEN_UP = (
    f"given up: the process that worked on it ended {MOST_TRIES} times before the work was done, most often since "
    "the machine has too little memory for it"
)


class CancelledError(Exception):
    """Somebody cancelled the job that is being worked on, which is nobody's mistake."""


def _nothing() -> None:
    """Nobody but the worker sees to anything."""


meanwhile: Callable[[], None] = _nothing
"""What the worker sees to at every step of a job, so that pages and messages do not wait for the job's end."""


def claim() -> Job | None:
    """The job that has waited longest, now this worker's: whoever changes the row first has it."""
    for job in Job.objects.filter(state=Job.State.WAITING)[:20]:
        if Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.RUNNING, tries=F("tries") + 1):
            job.refresh_from_db()
            return job
    return None


def note_progress(job: Job, done: int, whole: int | None = None, told: str | None = None) -> None:
    """Write down how far a job is, and see to what must not wait for its end.

    Args:
        job: the job.
        done: draws or steps done.
        whole: in all, where that was not known when the job was asked for.
        told: what is going on, in the words of the person who asked.

    Raises:
        CancelledError: somebody cancelled the job.
    """
    changes: dict[str, object] = {"drawn": done}
    if whole is not None:
        changes["draws"] = whole
    if told is not None:
        changes["told"] = told[:200]
    if not Job.objects.filter(pk=job.pk, stop=False).update(**changes):
        raise CancelledError
    meanwhile()


def note_done(job: Job, outcome: Mapping[str, object]) -> None:
    """Write down that a job is done and what came of it."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, outcome=dict(outcome), drawn=F("draws"), told="")


def note_failed(job: Job, mistake: str) -> None:
    """Write down that a job cannot be done, and why."""
    _end(job, state=Job.State.FAILED, mistake=mistake)


def note_cancelled(job: Job) -> None:
    """Write down that a job has stopped since somebody cancelled it; what it finished so far stays in its folder."""
    _end(job, state=Job.State.CANCELLED, told="")


def _end(job: Job, **changes: object) -> None:
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()
    leave(job)


def give_back(job: Job) -> None:
    """Do not count a try that ended since the worker was told to stop."""
    Job.objects.filter(pk=job.pk, tries__gt=0).update(tries=F("tries") - 1)


def release_all() -> int:
    """Let every running job wait again: for the start of a worker that is sure to be alone.

    One over which too many workers fell is given up, and one that was cancelled is cancelled.

    Returns:
        How many wait again.
    """
    left = Job.objects.filter(state=Job.State.RUNNING)
    for job in left.filter(stop=True):
        note_cancelled(job)
    for job in left.filter(tries__gte=MOST_TRIES):
        note_failed(job, GIVEN_UP)
    return left.update(state=Job.State.WAITING)
