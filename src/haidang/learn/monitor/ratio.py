"""Whether arms report in the shares that were drawn, at every arrival (Lindon and Malek 2022)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WEIGHT = 100.0
"""How much the alternative looks like the shares drawn: larger sees smaller departures, later."""


def ratio_evidence(arm: NDArray[np.int64], shares: Sequence[float], weight: float = WEIGHT) -> NDArray[np.float64]:
    """The e-process against each arrival being of an arm with the chance of its share, whatever came before.

    The ratio of the Dirichlet-multinomial, centred on the shares, to the multinomial with the shares.

    Args:
        arm: the place of each arrival's arm, in the order of arrival (arrivals).
        shares: of the arms, summing to one.
        weight: the sum of the Dirichlet's parameters.

    Returns:
        Evidence after each arrival (arrivals).
    """
    from scipy.special import gammaln

    theta = np.asarray(shares, np.float64)
    prior = weight * theta
    counts = np.cumsum(np.equal.outer(arm, np.arange(len(theta))), axis=0).astype(np.float64)
    total = counts.sum(axis=1)
    grown = (gammaln(prior + counts) - gammaln(prior)).sum(axis=1)
    log: NDArray[np.float64] = np.asarray(
        gammaln(weight) - gammaln(weight + total) + grown - counts @ np.log(theta), np.float64
    )
    return np.exp(np.minimum(log, 700.0))
