"""A decision that may be put off, while what it costs falls and the terms on offer end on a known day.

Three worths are compared, all in money of today: acting now, acting at the best moment when nothing ends, and putting
it off while the terms last. Nothing here knows what the decision is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from haidang.models import arrays as np
from haidang.models.model import Array

_LEAST = 1e-4
"""Yearly rates that the closed form divides by: a lower discount counts as this, a lower decline as none."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of acting.

    Args:
        in_time: worth of its gains where the work is done before the terms end, at the moment of acting.
        late: worth of its gains where the work is done after.
        cost: what it costs today.
    """

    in_time: Array
    late: Array
    cost: Array


@dataclass(frozen=True, slots=True)
class Terms:
    """What who decides sees of time.

    Args:
        months: how many months the terms still run, this one among them; may be far beyond the horizon.
        shortest: least time from order to commissioning, months.
        longest: greatest, months.
        discount: rate per year of who decides.
        decline: yearly rate at which costs fall.
        extension: belief that the terms go on after their end, 0 to 1.
        returns: chance, as who decides sees it, that a month brings the decision up again.
    """

    months: Array
    shortest: Array
    longest: Array
    discount: Array
    decline: Array
    extension: Array
    returns: Array


def worth_at_best_moment(benefit: Array, cost: Array, discount: Array, decline: Array) -> Array:
    """What an investment without a deadline is worth today, taken at the moment that suits it best.

    The cost falls as `cost exp(-decline t)` and the benefit is worth the same whenever it begins, so the worth today of
    acting at t is `exp(-discount t) (benefit - cost exp(-decline t))`. It is largest once the cost has fallen to
    `benefit discount / (discount + decline)` (Marglin 1963; the certain case of McDonald and Siegel 1986).

    Args:
        benefit: worth of the gains at the moment of acting; at or below zero nobody acts.
        cost: what acting costs now, above zero.
        discount: per year, above zero.
        decline: yearly rate at which the cost falls, zero or more.
    """
    discount, falls = np.maximum(discount, _LEAST), np.maximum(decline, _LEAST)
    low_enough = np.maximum(benefit, 0.0) * discount / (discount + falls)
    # What is left of a worth, exp(-discount t), when the cost needs t to fall from `cost` to `low_enough`.
    kept = np.where(low_enough > 0, low_enough / cost, 1.0) ** (discount / falls)
    worth = np.where(cost <= low_enough, benefit - cost, kept * (np.maximum(benefit, 0.0) - low_enough))
    return np.where(decline < _LEAST, np.maximum(benefit - cost, 0.0), worth)


def ready_within(months: Array, shortest: Array, longest: Array) -> Array:
    """Probability that work which takes between two times, all equally likely, is done within so many months.

    Args:
        months: time left from the order on.
        shortest: least time from order to commissioning, months.
        longest: greatest, months, not below `shortest`.
    """
    spread = longest - shortest
    return np.where(
        spread > 0,
        np.clip((months - shortest) / np.where(spread > 0, spread, 1.0), 0.0, 1.0),
        np.where(months >= shortest, 1.0, 0.0),
    )


def worth_of_waiting(acting: Callable[[int], Array], after: Array, left: Array, returns: Array, horizon: int) -> Array:
    """What it is worth today to put a decision off, when it is looked at again by chance.

    From the last month backwards: with the chance `returns` a month brings the decision up again, and then the better
    of acting and of putting it off once more is taken; else it stays put off (Bellman 1957, on a finite horizon). Who
    puts things off and forgets has a low chance, and the more of it is lost the nearer the end.

    Args:
        acting: the worth of acting so many months from now, in money of today.
        after: the worth of what is left to do once the terms have ended, or after the horizon; in money of today.
        left: in how many further months one may still act under the terms, after this one.
        returns: chance that a month brings it up again, 0 to 1.
        horizon: how many months ahead are looked at; a whole number that does not vary.
    """
    worth = after
    for ahead in range(horizon, 0, -1):
        again = returns * np.maximum(acting(ahead), worth) + (1.0 - returns) * worth
        worth = np.where(left >= ahead, again, worth)
    return worth


def now_or_later(ways: Sequence[Way], terms: Terms, horizon: int) -> tuple[Sequence[Array], Array]:
    """What acting now is worth by each way, and what putting it off is worth, in money of today.

    Later months are worth what the better way is worth then, with the cost fallen and less time left to be done before
    the end. Behind the end, or the horizon, stands the best moment of all: on the terms where they still run or are
    believed to go on, else without them.

    Args:
        ways: ways of acting; at least one.
        terms: what is seen of time.
        horizon: how many months ahead are looked at one by one.
    """
    kept = np.exp(-terms.discount / 12.0)

    def acting(way: Way, ahead: int) -> Array:
        ready = ready_within(terms.months - ahead, terms.shortest, terms.longest)
        gain = ready * way.in_time + (1.0 - ready) * way.late
        return kept**ahead * (gain - way.cost * np.exp(-terms.decline * (ahead / 12.0)))

    def best(ahead: int) -> Array:
        return reduce(np.maximum, [acting(way, ahead) for way in ways])

    left = terms.months - 1.0
    steps = np.clip(left, 0.0, float(horizon)) + 1.0
    fallen = np.exp(-terms.decline * steps / 12.0)

    def ever(gain: Callable[[Way], Array]) -> Array:
        found = [worth_at_best_moment(gain(one), one.cost * fallen, terms.discount, terms.decline) for one in ways]
        return reduce(np.maximum, found)

    go_on = np.where(left >= horizon, 1.0, terms.extension)
    after = go_on * ever(lambda one: np.maximum(one.in_time, one.late)) + (1.0 - go_on) * ever(lambda one: one.late)
    waiting = worth_of_waiting(best, kept**steps * after, left, terms.returns, horizon)
    return [acting(way, 0) for way in ways], waiting
