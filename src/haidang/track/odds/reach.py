"""How far the odds of a promise hang on rates that nobody knows: the same stage survival at equally likely rates.

`arrival` integrates the rates and gives one number. Given the rates, the times in the stages are exponential with
competing risks, and their sum has a closed form that is convolved on a grid. Over rates drawn from what the record and
the prior leave possible, the probability itself has a spread, which is told beside it; and promises that share their
rates are only independent given them, so that several are kept together with the mean of products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from haidang.track.odds.convolve import convolved
from haidang.track.odds.stages import Arrival, StageWait, arrival

Array = NDArray[np.float64]
_GRID = 512
_RATES = 400
_SEED = 20_300
ENDS = (0.05, 0.95)
"""Between these shares of equally likely rates the probability is told to lie."""


@dataclass(frozen=True, slots=True)
class Reach:
    """From one stage to a goal.

    Args:
        mean: the probability of having arrived, the rates integrated.
        years: from today (times).
        given: the probability by then at each of some equally likely rates (rates, times).
    """

    mean: Arrival
    years: Array
    given: Array

    def at(self, years: float) -> Array:
        """The probability of having arrived within so many years at each of the rates (rates)."""
        place = np.clip(years / self.years[1], 0.0, len(self.years) - 1.0)
        low = min(int(place), len(self.years) - 2)
        share = place - low
        return (1.0 - share) * self.given[:, low] + share * self.given[:, low + 1]


def reaches(stages: Mapping[str, StageWait], order: Sequence[str], goal: str, years: float) -> dict[str, Reach]:
    """From each stage before a goal, and from the goal itself, to it; rates are shared by all of them.

    Args:
        stages: what is known of leaving each stage before the goal.
        order: their names in the order in which a promise goes through them.
        goal: the stage to be reached.
        years: how far to look, above zero.
    """
    before = list(order[: order.index(goal)])
    times = np.linspace(0.0, max(years, 1e-6), _GRID)
    rates = {name: _rates(stages[name], place) for place, name in enumerate(before)}
    total = np.ones((_RATES, _GRID))
    found = {goal: Reach(arrival((), years), times, total)}
    for place in range(len(before) - 1, -1, -1):
        gone = _gone(*rates[before[place]], times)
        total = gone if place == len(before) - 1 else _then(gone, total)
        found[before[place]] = Reach(arrival([stages[name] for name in before[place:]], years), times, total)
    return found


def _rates(stage: StageWait, place: int) -> tuple[Array, Array]:
    """Equally likely rates of going on and of lapsing, a year: each axis cut into as many parts of equal weight."""
    random = np.random.default_rng(_SEED + place)
    waited = stage.prior_years + stage.years
    shares = (np.stack([random.permutation(_RATES) for _ in range(2)]) + 0.5) / _RATES
    moves, lapses = stage.prior_moved + stage.moved, stage.prior_lapsed + stage.lapsed
    none = np.zeros(_RATES)
    going: Array = np.asarray(gammaincinv(moves, shares[0]), np.float64) / waited
    lapsing: Array = np.asarray(gammaincinv(lapses, shares[1]), np.float64) / waited if lapses else none
    return going, lapsing


def _gone(moves: Array, lapses: Array, times: Array) -> Array:
    """The probability of having gone on by each time, given the rates (rates, times): competing exponential risks."""
    both = np.maximum(moves + lapses, 1e-300)[:, None]
    return moves[:, None] / both * -np.expm1(-both * times)


def _then(gone: Array, rest: Array) -> Array:
    """One stage and then the rest: the mass between grid points, exact, laid at their middle."""
    mass = np.diff(gone, axis=1)
    middle = 0.5 * (rest[:, 1:] + rest[:, :-1])
    whole = convolved(mass, middle)[:, : _GRID - 1]
    return np.clip(np.concatenate([np.zeros((len(gone), 1)), whole], axis=1), 0.0, 1.0)


def together(found: Sequence[tuple[Reach, float]]) -> tuple[float, tuple[float, float]]:
    """The probability that all have arrived within so many years, and between which it lies as the rates vary.

    Args:
        found: for each promise its way, of one call of `reaches`, and the years that it has, zero at least.
    """
    given = np.ones(_RATES)
    for one, years in found:
        given = given * one.at(years)
    first, years = found[0]
    mean = first.mean.by(years) if len(found) == 1 else float(given.mean())
    low, high = np.quantile(given, ENDS).tolist()
    return mean, (min(low, mean), max(high, mean))
