"""How long promises stood in each stage, counted from their dated histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from haidang.track.odds.priors import STAGES, StagePrior
from haidang.track.odds.series import OddsError, years_between
from haidang.track.odds.stages import StageWait

LAPSED = frozenset(("lapsed", "withdrawn"))
"""Stages that end a promise without delivery."""

History = Sequence[tuple[str, date]]
"""The stages that a promise reached and the days, in the order of the days."""


def stage_waits(
    histories: Sequence[History],
    today: date,
    heard: Sequence[date] | None = None,
    priors: Mapping[str, StagePrior] = STAGES,
) -> dict[str, StageWait]:
    """What a record of promises says of leaving each stage, with what is assumed before it.

    A promise that skips a stage moved on from the one it stood in; the skipped one learns nothing. The wait in the last
    stage goes on until the promise was last heard of, unless it has ended: what happened since is not known, and
    silence counts neither as standing still nor as going on.

    Args:
        histories: one for each promise; what lies behind today is not known yet and is left out.
        today: the day of the record.
        heard: the last day on which each was heard of; today for all where it is not given.
        priors: what is assumed, by the stage that is left; stages without one, as the last, are left by nobody.

    Raises:
        OddsError: days of one promise that fall.
    """
    moved = dict.fromkeys(priors, 0)
    lapsed = dict.fromkeys(priors, 0)
    years = dict.fromkeys(priors, 0.0)
    for history, last in zip(histories, [today] * len(histories) if heard is None else heard, strict=True):
        known = [(name, day) for name, day in history if day <= today]
        if not known:
            continue
        ends: list[tuple[str | None, date]] = [*known[1:], (None, max(min(last, today), known[-1][1]))]
        for (name, start), (following, end) in zip(known, ends, strict=True):
            if end < start:
                raise OddsError(f"expected the days of a promise to rise, found {start} before {end}")
            if name not in priors:
                continue
            years[name] += years_between(start, end)
            moved[name] += following is not None and following not in LAPSED
            lapsed[name] += following in LAPSED
    return {
        name: StageWait(name, moved[name], lapsed[name], years[name], prior.moved, prior.lapsed, prior.years)
        for name, prior in priors.items()
    }
