"""How long promises stood in each stage, counted from their dated histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.track.odds.priors import STAGES, StagePrior
from haidang.track.odds.series import DAYS_IN_YEAR, OddsError
from haidang.track.odds.stages import StageWait

LAPSED = frozenset(("lapsed", "withdrawn"))
"""Stages that end a promise without delivery."""

History = Sequence[tuple[str, date]]
"""The stages that a promise reached and the days, in the order of the days."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A promise stood in a stage.

    Args:
        stage: in which.
        days: how long, as far as is known.
        following: the stage to which it went on; none where it stands there still, as far as is known.
    """

    stage: str
    days: int
    following: str | None


def stage_waits(
    histories: Sequence[History],
    today: date,
    heard: Sequence[date] | None = None,
    priors: Mapping[str, StagePrior] = STAGES,
) -> dict[str, StageWait]:
    """What a record of promises says of leaving each stage, with what is assumed before it.

    Args:
        histories: one for each promise; what lies behind today is not known yet and is left out.
        today: the day of the record.
        heard: the last day on which each was heard of; today for all where it is not given.
        priors: what is assumed, by the stage that is left; stages without one, as the last, are left by nobody.

    Raises:
        OddsError: days of one promise that fall.
    """
    days = [today] * len(histories) if heard is None else heard
    return added_up((stays(one, today, last) for one, last in zip(histories, days, strict=True)), priors)


def stays(history: History, today: date, last: date) -> tuple[Stay, ...]:
    """How long a promise stood in each stage that it reached.

    A promise that skips a stage moved on from the one it stood in; the skipped one learns nothing. The wait in the last
    stage goes on until the promise was last heard of, unless it has ended: what happened since is not known, and
    silence counts neither as standing still nor as going on.

    Args:
        history: of the promise; what lies behind today is not known yet and is left out.
        today: the day of the record.
        last: the last day on which the promise was heard of.

    Raises:
        OddsError: days that fall.
    """
    known = [(name, day) for name, day in history if day <= today]
    if not known:
        return ()
    ends: list[tuple[str | None, date]] = [*known[1:], (None, max(min(last, today), known[-1][1]))]
    found: list[Stay] = []
    for (name, start), (following, end) in zip(known, ends, strict=True):
        if end < start:
            raise OddsError(f"expected the days of a promise to rise, found {start} before {end}")
        found.append(Stay(name, (end - start).days, following))
    return tuple(found)


def added_up(promises: Iterable[Sequence[Stay]], priors: Mapping[str, StagePrior] = STAGES) -> dict[str, StageWait]:
    """What the stays of all promises together say of leaving each stage, with what is assumed before it."""
    moved = dict.fromkeys(priors, 0)
    lapsed = dict.fromkeys(priors, 0)
    days = dict.fromkeys(priors, 0)  # whole, so that their sum does not hang on the order of the promises
    for promise in promises:
        for one in promise:
            if one.stage in priors:
                days[one.stage] += one.days
                moved[one.stage] += one.following is not None and one.following not in LAPSED
                lapsed[one.stage] += one.following in LAPSED
    return {
        name: StageWait(
            name, moved[name], lapsed[name], days[name] / DAYS_IN_YEAR, prior.moved, prior.lapsed, prior.years
        )
        for name, prior in priors.items()
    }  # fmt: skip
