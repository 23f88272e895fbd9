"""How likely each promise is delivered by its day, from how long the city's promises have stood in each stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from haidang.track.attention import last_heard
from haidang.track.odds import Odds, Reach, StageWait, Status, arrived_odds, known_well, reaches
from haidang.track.odds.histories import Stay, added_up, stays
from haidang.track.odds.levels import no_odds
from haidang.track.odds.records import REACHED
from haidang.track.odds.series import years_between
from haidang.track.odds.told import Reason
from haidang.track.of_each import OfEach
from haidang.track.progress import stage_of
from haidang.track.records import ENDED, STAGES, Commitment, StageName, Target

ORDER: tuple[StageName, ...] = STAGES[: STAGES.index("lapsed")]
"""The stages in the order in which a promise goes through them."""
DELIVERED: StageName = "delivered"
_DECADE = 10


@dataclass(frozen=True, slots=True)
class Prospect:
    """The odds of one promise that is still open.

    Args:
        commitment: its id.
        odds: of being delivered by the day.
        stated: whether a document names the day; else it is the last of the decade.
    """

    commitment: str
    odds: Odds
    stated: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """What the record says of how fast promises move, as of a day.

    Args:
        today: the day.
        waits: by the stage that is left.
        by_goal: for a goal, from each stage before it to it.
    """

    today: date
    waits: Mapping[str, StageWait]
    by_goal: Mapping[StageName, Mapping[str, Reach]]

    def known(self, stage: StageName, goal: StageName) -> bool:
        """Whether enough promises on record left each stage between the two."""
        between = ORDER[ORDER.index(stage) : ORDER.index(goal)]
        return known_well(self.waits[name] for name in between)


def decade_end(day: date) -> date:
    """The last day of the decade: how far a promise is looked at for which no document names a day."""
    return date(-(-day.year // _DECADE) * _DECADE, 12, 31)


def pace(commitments: Iterable[Commitment], goals: Iterable[StageName], today: date, until: date) -> Pace:
    """How fast the city's promises have moved, with what is assumed before the record.

    Args:
        commitments: all of them: what ended tells how promises end.
        goals: stages to be reached.
        today: the day of the record.
        until: how far to look.
    """
    past = _PAST(commitments, today)
    waits = added_up(one.stays for one in past)
    years = max(years_between(min([*(one.heard for one in past), today]), until), 0.0)
    return Pace(today, waits, {goal: _reaches(tuple(waits.values()), goal, years) for goal in dict.fromkeys(goals)})


@dataclass(frozen=True, slots=True)
class _Past:
    """What one promise adds to the pace: when it was last heard of, and how long it stood in each stage."""

    heard: date
    stays: tuple[Stay, ...]


def _past(one: Commitment, today: date) -> _Past:
    heard = last_heard(one)
    return _Past(heard, stays([(stage.name, stage.on) for stage in one.stages], today, heard))


_PAST = OfEach[Commitment, _Past](_past)


@lru_cache(maxsize=16)
def _reaches(waits: tuple[StageWait, ...], goal: StageName, years: float) -> Mapping[str, Reach]:
    return reaches({one.name: one for one in waits}, ORDER, goal, years)


class Prospects(Mapping[str, Prospect]):
    """By id the odds of every promise that has neither been delivered nor ended, told once somebody asks for them.

    It takes all promises to say it of one, and little more to say it of another.

    Args:
        commitments: all of them, as of that day.
        today: the day.
    """

    __slots__ = ("_alike", "_asked", "_every", "_horizon", "_pace", "_today")

    def __init__(self, commitments: Sequence[Commitment], today: date) -> None:
        """Tell nothing yet."""
        self._every, self._today, self._horizon = commitments, today, decade_end(today)
        self._asked = {one.id: one for one in commitments if stage_of(one) not in ENDED}
        self._pace: Pace | None = None
        self._alike: dict[tuple[StageName | None, date, date], Status] = {}

    def __getitem__(self, name: str) -> Prospect:
        one = self._asked[name]
        by = one.due or self._horizon
        alike = (stage_of(one), last_heard(one), by)
        if alike not in self._alike:
            self._alike[alike] = _arriving(self._known(), name, [one], DELIVERED, by)
        return Prospect(name, replace(self._alike[alike].odds, target=name), one.due is not None)

    def _known(self) -> Pace:
        if self._pace is None:
            until = max((one.due or self._horizon for one in self._asked.values()), default=self._horizon)
            self._pace = pace(self._every, (DELIVERED,), self._today, until)
        return self._pace

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)


def reached_by(one: Commitment, goal: StageName) -> date | None:
    """The day on which a promise had reached a stage or a later one; none where no document shows that."""
    days = [stage.on for stage in one.stages if stage.name in ORDER[ORDER.index(goal) :]]
    return min(days, default=None)


def status_of(target: Target, commitments: Mapping[str, Commitment], found: Pace) -> Status:
    """The odds that every promise behind a target of the kind `status` reaches the target's stage by its day.

    No promise, or one that no document shows in any stage, gives no number. One that lapsed cannot reach it.

    Args:
        target: the target.
        commitments: by id.
        found: the pace, with the target's stage among its goals.
    """
    goal = target.stage or DELIVERED
    named = [commitments[name] for name in target.commitments if name in commitments]
    if not named:
        return Status(no_odds(target.id, "status", target.by, REACHED, "no_record"), (), ())
    waiting = [one for one in named if reached_by(one, goal) is None]
    return _arriving(found, target.id, waiting, goal, target.by)


def _arriving(found: Pace, name: str, waiting: Sequence[Commitment], goal: StageName, by: date) -> Status:
    """The odds that promises which have not reached a stage do, each from where it was last heard to be."""
    standing: list[tuple[StageName, date]] = []
    for one in waiting:
        stage = stage_of(one)
        if stage is None or stage not in ORDER:
            reason: Reason = "no_stage" if stage is None else "lapsed"
            return Status(no_odds(name, "status", by, REACHED, reason), (), ())
        standing.append((stage, last_heard(one)))
    enough = all(found.known(stage, goal) for stage, _ in standing)
    ways = [(found.by_goal[goal][stage], last) for stage, last in standing]
    return arrived_odds(name, found.today, by, ways, enough)
