"""What finished runs say programmes add to indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from haidang.errors import HaidangError
from haidang.packs import Pack
from haidang.results.compare import effect
from haidang.results.run import Run, open_run
from haidang.track.odds import Effect
from haidang.track.records import MovedBy
from haidang.track.tracked import Tracked


class ForeignEffectError(HaidangError):
    """A run that moves no indicator of the pack."""


def effects_of(tracked: Tracked, pack: Pack, runs: Sequence[Path]) -> Mapping[str, Effect]:
    """For each indicator that a run's programme moves, draws of what it adds at the end of each year.

    Args:
        tracked: with the indicators.
        pack: that the runs must belong to.
        runs: folders of finished runs, one for a programme.

    Raises:
        HaidangError: a folder is no finished run, it is of another pack, or its programme moves no indicator.
    """
    found: dict[str, Effect] = {}
    for folder in runs:
        run = open_run(folder)
        links = [
            (one, link)
            for one in tracked.indicators.values()
            for link in one.moved_by
            if link.programme == run.manifest.programme
        ]
        if run.manifest.pack != pack.id or not links:
            raise ForeignEffectError(
                f"expected a run of a programme that moves an indicator of '{pack.id}', found "
                f"'{run.manifest.pack}/{run.manifest.programme}' in {folder}"
            )
        found |= {one.id: _draws(run, link) for one, link in links}
    return found


def _draws(run: Run, link: MovedBy) -> Effect:
    """Draws by year; what adds up is added up over the years (draws, years)."""
    grid = link.factor * effect(run, run.programme.id, link.outcome)
    whole = np.cumsum(grid, axis=1) if link.adds == "in_all" else grid
    return {date(year, 12, 31): whole[:, place].tolist() for place, year in enumerate(run.manifest.years)}
