"""Whether forecasts order things as they came out: Kendall's rank correlation, and how likely chance does as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT_PERMUTATIONS = 362_880
"""Orders of nine things: up to here every one is looked at; of more, as many are drawn."""


@dataclass(frozen=True, slots=True)
class RankOrder:
    """How well one order agrees with another.

    Args:
        tau: Kendall's tau-b, from -1 (reversed) to 1 (the same); 0 where one side does not order at all.
        p: the chance that a random order agrees at least as well.
        cases: how many things were ordered.
    """

    tau: float
    p: float
    cases: int

    def as_json(self) -> dict[str, float | int]:
        """What a run keeps."""
        return {"tau": self.tau, "p": self.p, "cases": self.cases}


def rank_order(forecasts: Sequence[float], outcomes: Sequence[float]) -> RankOrder:
    """Kendall's tau-b (Kendall 1945) between forecasts and outcomes with its one-sided permutation p-value.

    The sum over pairs of the product of their signs, over the root of the pairs untied on each side. Under chance every
    order of the outcomes is equally likely; the p-value is the share of orders whose sum is as large or larger.

    Raises:
        ValueError: fewer than two, or not as many of one as of the other.
    """
    if len(forecasts) != len(outcomes) or len(forecasts) < 2:
        raise ValueError(f"expected two or more of each, found {len(forecasts)} and {len(outcomes)}")
    from scipy import stats

    ours, theirs = _signs(np.asarray(forecasts, np.float64)), _signs(np.asarray(outcomes, np.float64))
    untied = float(np.count_nonzero(ours)) * float(np.count_nonzero(theirs))
    if not untied:
        return RankOrder(0.0, 1.0, len(forecasts))

    def agreement(order: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        return (_signs(np.moveaxis(order, axis, -1)) * ours).sum(axis=(-2, -1))

    scipy_stats: Any = stats
    found = scipy_stats.permutation_test(
        (np.asarray(outcomes, np.float64),),
        agreement,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=EXACT_PERMUTATIONS,
        batch=10_000,
        alternative="greater",
        rng=np.random.default_rng(0),
    )
    return RankOrder(float((ours * theirs).sum() / np.sqrt(untied)), float(found.pvalue), len(forecasts))


def _signs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """For every pair, which of the two is larger (..., n, n)."""
    return np.sign(values[..., :, None] - values[..., None, :])
