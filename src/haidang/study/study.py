"""Simulate a question and put the run on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from haidang.engine import Desk, simulate
from haidang.errors import Place
from haidang.packs import Pack
from haidang.results import Run, write_run
from haidang.study.company import company, how_many
from haidang.study.draws import amounts_read
from haidang.study.manifest import digest_of, hash_inputs, manifest_of
from haidang.study.prepared import prepare
from haidang.study.question import Question, StudyError, scenarios_of

Progress = Callable[[int, int], None]


def run_study(
    pack: Pack, question: Question, out: Path, *, resume: bool = False, progress: Progress | None = None
) -> Run:
    """Simulate and put the run on disk.

    Args:
        pack: the pack.
        question: what is to be simulated.
        out: the run's folder.
        resume: go on with the draws that an interrupted run of the same question left there.
        progress: called with the draws done and the draws in all.

    Raises:
        HaidangError: whatever the user can mend, before anything is written where that is possible.
    """
    begun, clock = datetime.now(UTC), monotonic()
    _refuse_taken(out, resume)
    scenarios_of(pack, question)
    inputs = hash_inputs(pack, question)
    desk = Desk(out / "parts", digest_of(question, inputs))
    with company(pack, question, desk) as others:
        prepared = prepare(pack, question)
        facts, setting = prepared.facts, prepared.setting
        tables = simulate(
            setting,
            lambda draw: facts.of(draw, setting.years),
            question.draws,
            desk=desk,
            others=others if how_many(question) else None,
            progress=progress,
        )
    named = tuple(sorted({*prepared.told.names, *amounts_read([programme for _, programme in prepared.programmes])}))
    manifest = manifest_of(pack, question, prepared.programmes, setting, prepared.population, inputs) | {
        "facts_read": list(named),
        "times": {"begun": begun.isoformat(timespec="seconds"), "seconds": round(monotonic() - clock, 3)},
    }
    run = write_run(out, {**tables, "facts": prepared.told.table()}, manifest, pack.book.explain(named))
    shutil.rmtree(desk.folder, ignore_errors=True)
    return run


def _refuse_taken(out: Path, resume: bool) -> None:
    """Never write over a finished run, nor go on with an interrupted one unasked."""
    if (out / "manifest.json").exists():
        raise StudyError(
            "expected a new folder, found a finished run", Place(str(out)), "choose another folder with --out"
        )
    if not resume and (out / "parts").is_dir() and any((out / "parts").iterdir()):
        raise StudyError(
            "expected a new folder, found a run that was interrupted",
            Place(str(out)),
            "go on with --resume, or choose another folder with --out",
        )
