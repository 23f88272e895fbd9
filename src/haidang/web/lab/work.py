"""What the worker does for the laboratory: runs of designs in full, and lists of who should be offered what."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from django.conf import settings

from haidang.packs import load_pack
from haidang.results import open_run
from haidang.results.run import replace_bytes
from haidang.study import Question, parse_design, run_study, standing_in
from haidang.study.manifest import digest_of, hash_inputs
from haidang.web.jobs.models import Job
from haidang.web.jobs.queue import note_progress
from haidang.web.lab.listed import keep_head
from haidang.web.lab.models import Trial
from haidang.web.lab.shown import draw_ahead
from haidang.web.words import LANGUAGES


def run_designs(job: Job) -> Mapping[str, object]:
    """Run a programme and designs of it, all in the same draws; go on where a worker fell.

    Raises:
        HaidangError: whatever the user can mend.
    """
    trial = Trial.objects.get(job=job)
    _lay_files(trial)
    if (trial.run / "manifest.json").exists():
        run = open_run(trial.run)  # the worker fell after the run was whole and before it said so
    else:
        question = Question(
            trial.programme, (), trial.draws, trial.seed, designs=tuple(trial.files), workers=1
        )  # fmt: skip
        pack = load_pack(settings.HOME.pack)
        run = run_study(pack, question, trial.run, resume=True, progress=lambda done, _: note_progress(job, done))
    trial.digest = run.manifest.digest
    draw_ahead(trial)
    trial.save(update_fields=["digest"])
    return {"digest": run.manifest.digest}


def allocate_design(job: Job) -> Mapping[str, object]:
    """Make the list of a design: who should be offered what and when; once, since a search may end by the clock.

    What offers add is kept until the list is whole, so that a worker that fell does not simulate it again.

    Raises:
        HaidangError: whatever the user can mend.
    """
    from haidang.allocate.allocation import Request, allocate
    from haidang.allocate.kept import Kept
    from haidang.allocate.list_report import Say, write_list
    from haidang.allocate.list_tables import listed

    trial = Trial.objects.get(job=job)
    kept = job.place / "valued"
    if not trial.digest:  # else the worker fell after the list was whole and before it said so
        _lay_files(trial)
        (text,) = trial.texts.values()
        pack = load_pack(settings.HOME.pack)
        question = Question(trial.programme, (), trial.draws, trial.seed, designs=tuple(trial.files))
        found = allocate(
            standing_in(pack, parse_design(text, "design.yaml")),
            Request(trial.programme, draws=trial.draws, seed=trial.seed),
            progress=lambda what, done, whole: note_progress(job, done, whole, what),
            kept=Kept(kept, digest_of(question, hash_inputs(pack, question))),
        )
        made = listed(found, 0)
        write_list(found, made, trial.run, "vi")
        for language in LANGUAGES:
            keep_head(trial, Say(language, found, made), language)
        trial.digest = str(made.whole["population"])
        trial.save(update_fields=["digest"])
    shutil.rmtree(kept, ignore_errors=True)
    return {"population": trial.digest}


def _lay_files(trial: Trial) -> None:
    for file, text in zip(trial.files, trial.texts.values(), strict=True):
        replace_bytes(file, text.encode())
