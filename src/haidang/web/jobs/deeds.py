"""What people do to jobs: each at once with its entry in the log, or not at all."""

from __future__ import annotations

from django.db import transaction

from haidang.web.jobs.kinds import leave
from haidang.web.jobs.models import LEFT, Job
from haidang.web.ledger.write import note
from haidang.web.people.models import User


def cancel(by: User, job: Job) -> bool:
    """Cancel a job: at once where it waits, at its next step where it runs.

    What it finished so far stays in its folder, so that it can be tried again from there.

    Returns:
        Whether there was something to cancel: it may have ended, or have been cancelled, before.
    """
    rows = Job.objects.filter(pk=job.pk)
    with transaction.atomic():
        ended = rows.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED)
        if not ended and not rows.filter(state=Job.State.RUNNING, stop=False).update(stop=True):
            return False
        note(by, "jobs.job.cancelled", job, kind=job.kind)
    job.refresh_from_db()
    if ended:
        leave(job)
    return True


def try_again(by: User, job: Job) -> bool:
    """Have a job that failed or was cancelled done after all; it goes on from what it finished.

    Returns:
        Whether it was one: somebody else may have had it tried again before.
    """
    with transaction.atomic():
        rows = Job.objects.filter(pk=job.pk, state__in=LEFT)
        if not rows.update(state=Job.State.WAITING, tries=0, stop=False, mistake="", told=""):
            return False
        note(by, "jobs.job.tried_again", job, kind=job.kind)
    job.refresh_from_db()
    return True
