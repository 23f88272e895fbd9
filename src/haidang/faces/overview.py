"""`haidang run PACK`: every programme of a pack on a few draws, in one table."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.simulation import ProgressBar, add_backtests
from haidang.faces.words import CommandError, console, language
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.results import Run
    from haidang.study import Question

FEW_DRAWS = 20


def run_all_and_show(
    name: str,
    *,
    draws: int | None,
    seed: int,
    rows: int | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    resume: bool,
    cluster: str,
    lang: str,
) -> None:
    """Simulate every programme of a pack as it is declared, lay its backtests beside it, print one table.

    Each run is a folder under `out` that `haidang report` and `haidang why` take.

    Raises:
        HaidangError: whatever the user can mend.
        SystemExit: with status 130, where the user interrupted the runs.
    """
    from haidang.results import open_run, overview, overview_json, overview_table
    from haidang.study import Question as Asked

    spoken = language(lang)
    pack = load_pack(name)
    if not pack.programmes:
        raise CommandError(f"expected a pack with a programme, found none in '{name}'")
    folder = out or Path("runs") / f"{pack.id}-all-{seed}"
    for programme in pack.programmes:
        asked = Asked(programme, (), draws or FEW_DRAWS, seed, rows)
        question = asked if workers is None else replace(asked, workers=workers)
        where = folder / programme
        if resume and (where / "manifest.json").exists():
            run = _finished(pack, question, where)
        else:
            run = _simulated(pack, question, where, resume, cluster, as_json)
        if not (where / "backtest.json").exists():
            add_backtests(pack, run)
    found = overview([open_run(folder / programme) for programme in pack.programmes])
    if as_json:
        print(json.dumps(overview_json(found), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    console().print(overview_table(found, spoken))
    print(folder)


def _finished(pack: Pack, question: Question, where: Path) -> Run:
    """A run that is there already, if it is the one that is asked for.

    Raises:
        HaidangError: it is damaged, or was made of other draws, another seed, other rows or another pack.
    """
    from haidang.results import open_run
    from haidang.study.manifest import command_of, hash_inputs

    run = open_run(where)
    asked = command_of(pack, question)
    if run.manifest.command != asked:
        raise CommandError(f"expected the run of '{asked}', found in {where} that of '{run.manifest.command}'")
    if _numbers_from(run.manifest.inputs) != _numbers_from(hash_inputs(pack, question)):
        raise CommandError(f"expected a run of the pack as it is, found in {where} one made before it was changed")
    return run


def _numbers_from(inputs: Mapping[str, str]) -> dict[str, str]:
    """The files that a run's numbers follow from: a backtest is laid beside it and changes none."""
    return {name: digest for name, digest in inputs.items() if not name.startswith("backtests/")}


def _simulated(pack: Pack, question: Question, where: Path, resume: bool, cluster: str, quiet: bool) -> Run:
    from haidang.study import run_study

    try:
        with ProgressBar(quiet, question.programme) as progress:
            return run_study(pack, question, where, resume=resume, cluster=cluster, progress=progress)
    except KeyboardInterrupt:
        print(f"haidang: interrupted; what is done so far is in {where.parent}: go on with --resume", file=sys.stderr)
        raise SystemExit(130) from None
