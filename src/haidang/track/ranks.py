"""Ranks whose rivals' scores are on record: the rivals move too, each by a trend of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from haidang.track.odds import Bound, Chance, Counted, Fan, Odds, Series, Way, chance, rank_among
from haidang.track.odds.priors import LEAST_POINTS
from haidang.track.odds.told import evidence_of, points_of, year_ends
from haidang.track.records import Indicator, Target
from haidang.track.tracked import Point, Tracked, series


def rank_odds(tracked: Tracked, target: Target, ranked: Indicator, ranks: Sequence[Point]) -> Odds | None:
    """The odds of a rank from scores; none where the city's or every rival's are not on record.

    Rivals ahead whose scores are not known are counted from the last published rank and taken to stay ahead; where the
    scores say that more are ahead than the rank does, one of the two is of another edition, and scores are not used.

    Args:
        tracked: with the indicators that hold the scores.
        target: the rank that is asked.
        ranked: the indicator of the rank, which names them.
        ranks: the published ranks.
    """
    own = None if ranked.scores is None else _scores(tracked, ranked.scores, target.by)
    rivals = [one for name in ranked.rivals if (one := _scores(tracked, name, target.by)) is not None]
    if own is None or not rivals or not ranks or target.upper is None:
        return None
    above = sum(one.values[-1] > own.values[-1] for one in rivals)
    ahead = round(ranks[-1].value) - 1 - above
    if ahead < 0:
        return None
    evidence, reason = evidence_of(own, target.by)
    days = year_ends(max(one.dates[-1] for one in (own, *rivals)), target.by)
    forecasts: list[Counted] = [rank_among(own, rivals, day, ahead) for day in days]
    way = Way(_kept(forecasts[-1], target.upper), Fan(days, tuple(points_of(one) for one in forecasts)))
    return Odds(
        target.id, "rank", target.by, Bound(high=target.upper), "rank_scores", evidence, reason, way, None, None, ahead
    )


def _kept(forecast: Counted, upper: float) -> Chance:
    return chance(forecast, Bound(high=upper), whole=True)


def _scores(tracked: Tracked, name: str, by: date) -> Series | None:
    """Scores on their line; none where there are fewer than two, one is not above zero, or they reach past the day."""
    points = series(tracked.indicators[name]) if name in tracked.indicators else ()
    last = {point.end: point.value for point in points}
    if len(last) < LEAST_POINTS or min(last.values()) <= 0 or max(last) >= by:
        return None
    return Series(name, tuple(sorted(last)), tuple(last[day] for day in sorted(last)), "log")
