"""What programmes add to targets: read from the runs that everybody sees."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from haidang.track.effects import effects_of
from haidang.track.odds import Effect
from haidang.track.tracked import Tracked
from haidang.web.city.drawn import folder_of, is_there
from haidang.web.city.models import ShownRun
from haidang.web.city.pack import pack


def newest_runs() -> Mapping[str, ShownRun]:
    """By programme the newest run that everybody may see."""
    found: dict[str, ShownRun] = {}
    for shown in ShownRun.objects.filter(pack=pack().id, published__isnull=False):
        # A folder that somebody took away tells nothing, and the pages stand without it.
        if is_there(shown):
            found.setdefault(shown.programme, shown)
    return found


def digest_of(runs: Mapping[str, ShownRun]) -> str:
    """What changes when another run becomes the newest of a programme, or one is taken back."""
    told = "\n".join(f"{name} {runs[name].digest}" for name in sorted(runs))
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def effects_on(tracked: Tracked, runs: Mapping[str, ShownRun]) -> Mapping[str, Effect]:
    """For each indicator that the programme of a run moves, what it adds; other runs are left out.

    Raises:
        HaidangError: a run's files are not whole.
    """
    moving: Sequence[str] = sorted(
        {link.programme for one in tracked.indicators.values() for link in one.moved_by} & set(runs)
    )
    return effects_of(tracked, pack(), [folder_of(runs[name]) for name in moving])
