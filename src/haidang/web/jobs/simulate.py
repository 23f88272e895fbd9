"""Simulating a programme of the pack for the site."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from haidang.faces.simulation import add_backtests
from haidang.packs import load_pack
from haidang.results import Run, open_run
from haidang.study import Question, run_study
from haidang.web.city.drawn import draw_ahead
from haidang.web.city.keep import keep
from haidang.web.jobs.models import Job
from haidang.web.jobs.queue import note_progress


def simulate(job: Job) -> Mapping[str, object]:
    """Simulate what a job asks for, draw its pages, put the run on the site's list.

    Raises:
        HaidangError: whatever the user can mend.
    """
    shown = keep(_run(job).path)
    draw_ahead(shown)
    if job.publish:
        shown.publish()
    Job.objects.filter(pk=job.pk).update(run=shown)
    return {}


def _run(job: Job) -> Run:
    """The run of a job: simulated now, taken up where a worker fell, or found whole."""
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
