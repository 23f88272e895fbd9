"""Taking jobs from the database, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import F

from haidang.web.jobs.models import Job


def _nothing() -> None:
    """Nobody but the worker sees to anything."""


meanwhile: Callable[[], None] = _nothing
"""What the worker sees to at every step of a job, so that pages and messages do not wait for the job's end."""


def claim() -> Job | None:
    """The job that has waited longest, now this worker's: whoever changes the row first has it."""
    for job in Job.objects.filter(state=Job.State.WAITING)[:20]:
        if Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.RUNNING):
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
    """
    changes: dict[str, object] = {"drawn": done}
    if whole is not None:
        changes["draws"] = whole
    if told is not None:
        changes["told"] = told[:200]
    Job.objects.filter(pk=job.pk).update(**changes)
    meanwhile()


def note_done(job: Job, outcome: Mapping[str, object]) -> None:
    """Write down that a job is done and what came of it."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, outcome=dict(outcome), drawn=F("draws"), told="")


def note_failed(job: Job, mistake: str) -> None:
    """Write down that a job cannot be done, and why."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, mistake=mistake)


def release_all() -> int:
    """Let every running job wait again: for the start of a worker that is sure to be alone.

    Returns:
        How many there were.
    """
    return Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.WAITING)
