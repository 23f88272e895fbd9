"""The odds of counts, of money paid out and of states of affairs, from what is on record of projects and promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.track.odds.amount import payments
from haidang.track.odds.counts import StageChance, pipeline
from haidang.track.odds.forecast import Bound, Chance, Movable, chance
from haidang.track.odds.levels import no_odds
from haidang.track.odds.moving import drawn_way, moved_way
from haidang.track.odds.priors import ENOUGH_POINTS, PAYMENTS, PacePrior
from haidang.track.odds.reach import Reach, reaches, together
from haidang.track.odds.series import Series, years_between
from haidang.track.odds.stages import StageWait
from haidang.track.odds.told import Effect, Fan, Odds, Way, evidence_of, points_of, year_ends

REACHED = Bound(low=1.0)
"""A state of affairs as a bound: one if it is reached."""


def count_odds(target: str, by: date, bound: Bound, stages: Sequence[StageChance], done: int = 0) -> Odds:
    """The odds of a number of projects that have come through by a day.

    There is no number where nothing is under way and nothing done; with a record of fewer than five projects the odds
    are mostly the prior's, and say so.

    Args:
        target: its id.
        by: the last day on which it counts.
        bound: how many are asked.
        stages: those that projects still have to pass, in order.
        done: projects that are through.
    """
    if not done and not any(stage.waiting for stage in stages):
        return no_odds(target, "count", by, bound, "no_record")
    found = pipeline(stages, done)
    fan = Fan((by,), (points_of(found),))
    on_record = min((stage.passed + stage.failed for stage in stages), default=ENOUGH_POINTS)
    enough = on_record >= ENOUGH_POINTS
    return Odds(
        target, "count", by, bound, "pipeline", "enough" if enough else "not_enough",
        None if enough else "mostly_assumed", Way(chance(found, bound), fan),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """The odds of a state of affairs, and how they rise with time.

    Args:
        odds: by the day that is asked for.
        dates: ends of years, and the day.
        arrived: the probability of having arrived by each.
        spreads: between which it lies as the rates vary, by each.
    """

    odds: Odds
    dates: tuple[date, ...]
    arrived: tuple[float, ...]
    spreads: tuple[tuple[float, float], ...] = ()


def status_odds(target: str, today: date, by: date, stages: Sequence[StageWait]) -> Status:
    """The odds that a promise leaves the stages that are before it, by a day.

    Args:
        target: its id, or the promise's.
        today: the day of the record; the wait so far is part of the years of its first stage.
        by: the last day on which it counts.
        stages: those that it must leave, in order; none where it has arrived.
    """
    order = [stage.name for stage in stages]
    found = reaches({one.name: one for one in stages}, [*order, ""], "", max(years_between(today, by), 0.0))
    start = order[0] if order else ""
    return arrived_odds(target, today, by, [(found[start], today)] if stages else [], known_well(stages))


def known_well(stages: Iterable[StageWait]) -> bool:
    """Whether enough promises left each of some stages for the record to outweigh what is assumed."""
    return all(stage.moved + stage.lapsed >= ENOUGH_POINTS for stage in stages)


def arrived_odds(target: str, today: date, by: date, found: Sequence[tuple[Reach, date]], enough: bool) -> Status:
    """The odds that promises have all reached a stage by a day.

    Args:
        target: id of what is asked.
        today: the day of the record.
        by: the last day on which it counts.
        found: from where each that has not arrived stands, and the day on which it was last heard to do so; with none
            all have arrived.
        enough: whether the record is enough to say so.
    """
    if found and by <= today:
        return Status(no_odds(target, "status", by, REACHED, "past"), (), ())
    days = year_ends(today, by) if by > today else (by,)
    certain = (1.0, (1.0, 1.0))
    each = [together([(one, years_between(last, day)) for one, last in found]) if found else certain for day in days]
    chance_then, spread = each[-1]
    sure = enough or not found
    way = Way(Chance(1.0 - chance_then, chance_then, 0.0), Fan((), ()))
    odds = Odds(
        target, "status", by, REACHED, "stages", "enough" if sure else "not_enough",
        None if sure else "mostly_assumed", way, None, spread if found else None,
    )  # fmt: skip
    return Status(odds, days, tuple(one for one, _ in each), tuple(one for _, one in each))


def amount_odds(
    target: str,
    series: Series,
    total: float,
    by: date,
    bound: Bound,
    effect: Effect | None = None,
    prior: PacePrior = PAYMENTS,
) -> Odds:
    """The odds of an amount paid out by a day.

    Args:
        target: its id.
        series: paid so far at each day, never falling; the first may be zero on the day of the promise.
        total: the whole, in the series' unit.
        by: the last day on which it counts.
        bound: what it asks, in the series' unit.
        effect: what a programme adds; none where none moves it.
        prior: what is assumed of the pace.
    """
    evidence, reason = evidence_of(series, by)
    if evidence == "none" and reason is not None:
        return no_odds(target, "amount", by, bound, reason)
    found = payments(series, total, prior)
    days = year_ends(series.dates[-1], by)
    forecasts: list[Movable] = [found.ahead(years_between(series.dates[-1], day)) for day in days]
    way = Way(chance(forecasts[-1], bound), Fan(days, tuple(points_of(one) for one in forecasts)))
    moved = None if effect is None else moved_way(days, forecasts, effect, bound, "log")
    return Odds(target, "amount", by, bound, "payments", evidence, reason, way, moved)


def started_odds(target: str, start: date, by: date, bound: Bound, effect: Effect | None = None) -> Odds:
    """The odds of an amount that adds up from zero, which only a programme moves and of which nothing is published.

    Without the programme it stays at zero, which is no forecast: it follows from what is counted. With it, it is what
    the draws of a run say.

    Args:
        target: its id.
        start: the day on which it stands at zero.
        by: the last day on which the target counts, behind the start.
        bound: what it asks.
        effect: what the programme adds; none where no run is at hand.
    """
    days = (start, *year_ends(start, by))
    nothing: Effect = {}
    without = drawn_way(days, 0.0, nothing, bound)
    moved = None if effect is None else drawn_way(days, 0.0, effect, bound)
    return Odds(target, "amount", by, bound, "definition", "not_enough", "by_definition", without, moved)
