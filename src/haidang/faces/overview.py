"""`haidang run PACK`: every programme of a pack on a few draws, in one table."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from haidang.faces.simulation import ProgressBar, add_backtests
from haidang.faces.words import CommandError, console, language
from haidang.packs import load_pack

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
    from haidang.study import Question, run_study

    spoken = language(lang)
    pack = load_pack(name)
    if not pack.programmes:
        raise CommandError(f"expected a pack with a programme, found none in '{name}'")
    folder = out or Path("runs") / f"{pack.id}-all-{seed}"
    for programme in pack.programmes:
        asked = Question(programme, (), draws or FEW_DRAWS, seed, rows)
        question = asked if workers is None else replace(asked, workers=workers)
        where = folder / programme
        if resume and (where / "manifest.json").exists():
            continue
        try:
            with ProgressBar(as_json, programme) as progress:
                run = run_study(pack, question, where, resume=resume, cluster=cluster, progress=progress)
        except KeyboardInterrupt:
            print(f"haidang: interrupted; what is done so far is in {folder}: go on with --resume", file=sys.stderr)
            raise SystemExit(130) from None
        add_backtests(pack, run)
    found = overview([open_run(folder / programme) for programme in pack.programmes])
    if as_json:
        print(json.dumps(overview_json(found), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    console().print(overview_table(found, spoken))
    print(folder)
