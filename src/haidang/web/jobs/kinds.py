"""The kinds of work in the background, and who does each: the one place where that is said.

Work is a function of the job. It writes its files into `job.place`, tells how far it is with `note_progress`, and gives
back what came of it as JSON values, which stand in `job.outcome` once the job is done. It may be broken off anywhere
and called again with the same job, so it goes on from what lies in its folder, or does the same once more. A mistake
that the user can mend is raised as a `HaidangError` and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeAlias

from haidang.web.jobs.models import SIMULATE, Job

Work: TypeAlias = Callable[[Job], Mapping[str, object]]

KINDS: dict[str, str] = {
    SIMULATE: "haidang.web.jobs.simulate:simulate",
    # The laboratory.
    "lab-run": "haidang.web.lab.work:run_designs",
    "lab-allocation": "haidang.web.lab.work:allocate_design",
    # Factories.
    # Lenders and the fund.
    # Pilots.
    "pilot-power": "haidang.web.pilots.work:tell_power",
    "pilot-evaluation": "haidang.web.pilots.work:evaluate",
    # The tracking desk.
    "read": "haidang.web.desk.read:read",
    # The administration.
    "backup": "haidang.web.office.backups:make",
    "backup-check": "haidang.web.office.backups:check",
}
"""By kind, the module and the function that does it. On screen a kind is called by the words `jobs.kind.<kind>`."""

LEAVES: dict[str, str] = {"read": "haidang.web.desk.inbox:leave_unread"}
"""By kind, what is done with a job that ended without being done, where its room keeps a state of its own."""


def work_of(kind: str) -> Work:
    """What does work of a kind; imported now, since it may load what only the worker should.

    Raises:
        KeyError: nobody does it, which is a defect of the program.
    """
    return _found(KINDS[kind])


def leave(job: Job) -> None:
    """Tell the room of a job that it ended without being done."""
    if job.kind in LEAVES:
        _found(LEAVES[job.kind])(job)


def _found(place: str) -> Callable[[Job], Any]:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
