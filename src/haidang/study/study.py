"""Simulate a question and put the run on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from haidang.engine import Desk, Elsewhere, Others, Tables, simulate
from haidang.errors import Place
from haidang.packs import Pack
from haidang.results import Run, write_run
from haidang.study.cluster import LOCAL, connected, refuse_unknown, work_on
from haidang.study.company import company, how_many
from haidang.study.draws import amounts_read
from haidang.study.manifest import digest_of, hash_inputs, manifest_of, plan_of
from haidang.study.plan_file import planned_scenario
from haidang.study.prepared import Prepared, prepare
from haidang.study.question import Question, StudyError, pack_of, scenarios_of
from haidang.study.reach import reach_of

Progress = Callable[[int, int], None]


def run_study(
    pack: Pack,
    question: Question,
    out: Path,
    *,
    resume: bool = False,
    cluster: str = LOCAL,
    progress: Progress | None = None,
) -> Run:
    """Simulate and put the run on disk.

    Args:
        pack: the pack.
        question: what is to be simulated.
        out: the run's folder.
        resume: go on with the draws that an interrupted run of the same question left there.
        cluster: `local`, or the address of a Ray cluster such as `ray://head:10001`.
        progress: called with the draws done and the draws in all.

    Raises:
        HaidangError: whatever the user can mend, before anything is written where that is possible.
    """
    begun, clock = datetime.now(UTC), monotonic()
    refuse_unknown(cluster)
    _refuse_taken(out, resume)
    pack = pack_of(pack, question)
    scenarios_of(pack, question)
    planned_scenario(pack, question)
    inputs = hash_inputs(pack, question)
    desk = Desk(out / "parts", digest_of(question, inputs))
    prepared, tables = _simulated(pack, question, desk, cluster, progress)
    setting = prepared.setting
    named = tuple(sorted({*prepared.told.names, *amounts_read([programme for _, programme in prepared.programmes])}))
    manifest = manifest_of(pack, question, prepared.programmes, setting, prepared.population, inputs) | {
        "facts_read": list(named),
        **({} if prepared.planned is None else {"plan": plan_of(prepared.planned.plan)}),
        "times": {"begun": begun.isoformat(timespec="seconds"), "seconds": round(monotonic() - clock, 3)},
    }
    told = {"facts": prepared.told.table()}
    if question.units is not None and prepared.population is not None:
        told["reach"] = reach_of(setting, pack.book, manifest)
    run = write_run(out, {**tables, **told}, manifest, pack.book.explain(named))
    shutil.rmtree(desk.folder, ignore_errors=True)
    return run


def _simulated(
    pack: Pack, question: Question, desk: Desk, cluster: str, progress: Progress | None
) -> tuple[Prepared, Tables]:
    """The question made ready, and its tables: from processes of this machine or from a cluster."""
    if cluster != LOCAL:
        with connected(cluster) as ray:
            prepared = prepare(pack, question)
            work = work_on(ray, pack, question, prepared)
            return prepared, _tables(prepared, question, desk, progress, elsewhere=work)
    with company(pack, question, desk) as others:
        prepared = prepare(pack, question)
        return prepared, _tables(prepared, question, desk, progress, others=others if how_many(question) else None)


def _tables(
    prepared: Prepared,
    question: Question,
    desk: Desk,
    progress: Progress | None,
    others: Others | None = None,
    elsewhere: Elsewhere | None = None,
) -> Tables:
    facts, setting = prepared.facts, prepared.setting
    return simulate(
        setting,
        lambda draw: facts.of(draw, setting.years),
        question.draws,
        desk=desk,
        others=others,
        elsewhere=elsewhere,
        progress=progress,
    )


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
