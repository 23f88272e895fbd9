"""Counts with a pipeline: how many of the projects that are under way will have come through by the date.

The chance of a stage is not known but learnt, and all projects share it, so their number spreads wider than if each
had its own luck: a stage passes a beta-binomial number of those that reach it (Johnson, Kemp and Kotz 2005, section
6.2.2). Projects that nobody has announced are not counted, so a count is rather too low than too high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from haidang.track.odds.forecast import Counted
from haidang.track.odds.series import OddsError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StageChance:
    """A stage that projects pass or not by the date.

    Args:
        name: of the stage.
        waiting: projects that stand in it now.
        passed: projects on record that passed it within as long as is left.
        failed: projects on record that did not.
        prior_passed: what is assumed before the record, counted as projects that passed, above zero.
        prior_failed: the same of those that did not, above zero.

    Raises:
        OddsError: a number below zero, or a prior of none.
    """

    name: str
    waiting: int
    passed: int = 0
    failed: int = 0
    prior_passed: float = 0.5
    prior_failed: float = 0.5

    def __post_init__(self) -> None:
        if min(self.waiting, self.passed, self.failed) < 0:
            raise OddsError(f"expected counts of stage '{self.name}' of zero at least, found one below")
        if min(self.prior_passed, self.prior_failed) <= 0:
            raise OddsError(f"expected a prior of stage '{self.name}' above zero, found one that is not")


def beta_binomial(trials: int, passed: float, failed: float) -> Array:
    """The probability of 0, 1 ... `trials` successes whose common chance is beta distributed (trials + 1)."""
    k = np.arange(trials + 1)
    ways = gammaln(trials + 1) - gammaln(k + 1) - gammaln(trials - k + 1)
    return np.exp(ways + betaln(k + passed, trials - k + failed) - betaln(passed, failed))


def pipeline(stages: Sequence[StageChance], done: int = 0) -> Counted:
    """How many projects will have passed all stages, with those that have already; exact, stage by stage.

    Args:
        stages: in the order in which a project goes through them.
        done: projects that are through.
    """
    reached = np.array([1.0])
    for stage in stages:
        reached = np.concatenate([np.zeros(stage.waiting), reached])
        passing = np.zeros(len(reached))
        for count, probability in enumerate(reached.tolist()):
            if probability > 0:
                through = beta_binomial(
                    count, stage.prior_passed + stage.passed, stage.prior_failed + stage.failed
                )  # fmt: skip
                passing[: count + 1] += probability * through
        reached = passing
    return Counted(reached / reached.sum(), done)
