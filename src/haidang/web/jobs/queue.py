"""Taking jobs from the database, one at a time."""

from __future__ import annotations

from haidang.web.jobs.models import Job


def claim() -> Job | None:
    """The job that has waited longest, now this worker's: whoever changes the row first has it."""
    for job in Job.objects.filter(state=Job.State.WAITING)[:20]:
        if Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.RUNNING):
            job.refresh_from_db()
            return job
    return None


def note_progress(job: Job, drawn: int) -> None:
    """Write down how many draws are done."""
    Job.objects.filter(pk=job.pk).update(drawn=drawn)


def release_all() -> int:
    """Let every running job wait again: for the start of a worker that is sure to be alone.

    Returns:
        How many there were.
    """
    return Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.WAITING)
