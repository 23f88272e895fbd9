"""What `haidang track ... --simulate` runs: the programmes that move what a target bounds."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.simulation import ProgressBar
from haidang.packs import Pack

if TYPE_CHECKING:
    from haidang.track.tracked import Tracked

SEED = 1


def moving(tracked: Tracked, on: date) -> tuple[str, ...]:
    """Ids of the programmes that move an indicator which a target bounds whose day has not passed, each once."""
    asked = dict.fromkeys(one.indicator or "" for one in tracked.targets.values() if one.by >= on)
    bounded = [tracked.indicators[name] for name in asked if name in tracked.indicators]
    return tuple(dict.fromkeys(link.programme for one in bounded for link in one.moved_by))


def simulate_all(pack: Pack, tracked: Tracked, on: date, draws: int | None, quiet: bool) -> tuple[Path, ...]:
    """Folders of finished runs, one for each programme that moves what a target bounds.

    A run lies in a folder named after everything that its numbers follow from, so it is made once: found whole it is
    taken as it is, found interrupted it is gone on with, and where the pack or the program changed another is made.

    Args:
        pack: the pack.
        tracked: its records.
        on: the day on which the targets are told.
        draws: of each run; as many as `haidang run` takes unless given.
        quiet: show no progress.

    Raises:
        HaidangError: a programme that cannot be run.
        SystemExit: with status 130, where the user interrupted a run.
    """
    return tuple(_folder(pack, name, draws, quiet) for name in moving(tracked, on))


def _folder(pack: Pack, programme: str, draws: int | None, quiet: bool) -> Path:
    from haidang.study import DEFAULT_DRAWS, Question, run_study
    from haidang.study.manifest import digest_of, hash_inputs

    question = Question(programme, draws=DEFAULT_DRAWS if draws is None else draws, seed=SEED)
    digest = digest_of(question, hash_inputs(pack, question))
    folder = Path("runs") / f"{pack.id}-{programme}-{digest[:12]}"
    if (folder / "manifest.json").exists():
        return folder
    try:
        with ProgressBar(quiet, programme) as progress:
            run_study(pack, question, folder, resume=True, progress=progress)
    except KeyboardInterrupt:
        print(f"haidang: interrupted; the same command goes on with {folder}", file=sys.stderr)
        raise SystemExit(130) from None
    return folder
