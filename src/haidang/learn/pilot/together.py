"""How facts that learned from one pilot hang together, and the normal copula that gives it back when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.facts import Copula, Distribution, FactBook

Floats = NDArray[np.float64]
_NODES = 32
_LEAST = 1e-6
_MOST = 0.999


def stated_correlation(book: FactBook, names: Sequence[str]) -> Floats:
    """The correlation that a pack states between facts: nought but inside a joint (facts x facts).

    Args:
        book: of the pack.
        names: the facts.
    """
    found = np.eye(len(names))
    for one in book.joints.values():
        if not isinstance(one, Copula):
            continue
        for row, name in enumerate(names):
            for column, other in enumerate(names):
                if name != other and name in one.facts and other in one.facts:
                    found[row, column] = one.correlation[one.facts.index(name)][one.facts.index(other)]
    return found


def learned_correlation(draws: Floats, weights: Floats, stated: Floats) -> Floats:
    """How facts hang together once draws are weighed (facts x facts).

    A few score draws of facts that the pack states to be apart still show a correlation by chance. The weighted
    covariance is taken less that of the same draws unweighted, plus what is stated: a control variate.

    Args:
        draws: of each fact (facts x draws).
        weights: of the draws, summing to one (draws).
        stated: the correlation that the pack states before (facts x facts).
    """
    before, after = draws.std(axis=1), (draws - (draws @ weights)[:, None]) * weights**0.5
    chance = np.cov(draws, bias=True) - stated * np.outer(before, before)
    covariance = after @ after.T - (1.0 - np.eye(len(draws))) * chance
    spread = np.sqrt(np.diag(covariance))
    return near_correlation(covariance / np.outer(spread, spread))


def near_correlation(matrix: Floats) -> Floats:
    """A correlation near a symmetric matrix: what is negative is cut off and the diagonal brought back to one."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    if values.min() < _LEAST:
        matrix = vectors @ np.diag(np.maximum(values, _LEAST)) @ vectors.T
    spread = np.sqrt(np.diag(matrix))
    found = matrix / np.outer(spread, spread)
    np.fill_diagonal(found, 1.0)
    return (found + found.T) / 2.0


def scores_for(wanted: Floats, laws: Sequence[Distribution]) -> Floats:
    """The correlation of normal scores at which facts of these distributions have the correlation wanted.

    Pair by pair (Cario and Nelson 1997), with expectations by Gauss and Hermite.

    Args:
        wanted: the correlation of the facts themselves (facts x facts).
        laws: of each fact.
    """
    from scipy import optimize

    find: Any = optimize
    found = np.eye(len(laws))
    for row in range(len(laws)):
        for column in range(row):
            gap = _gap(laws[row], laws[column], float(wanted[row, column]))
            ends = gap(-_MOST), gap(_MOST)
            if ends[0] >= 0.0 or ends[1] <= 0.0:
                score = -_MOST if ends[0] >= 0.0 else _MOST
            else:
                score = float(find.brentq(gap, -_MOST, _MOST, xtol=1e-8))
            found[row, column] = found[column, row] = score
    return near_correlation(found)


def _gap(one: Distribution, other: Distribution, wanted: float) -> Callable[[float], float]:
    """By how much two facts hang together more than wanted, as a function of how their scores do."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()

    def about(law: Distribution) -> tuple[float, float]:
        values = _at(law, nodes)
        mean = float(weights @ values)
        return mean, float(weights @ np.square(values - mean)) ** 0.5

    (mean, scale), (mean_other, scale_other) = about(one), about(other)
    first = (_at(one, nodes) - mean) / scale

    def gap(score: float) -> float:
        moved = score * nodes[:, None] + (1.0 - score**2) ** 0.5 * nodes[None, :]
        values = (_at(other, moved) - mean_other) / scale_other
        return float(weights @ (first[:, None] * values) @ weights) - wanted

    return gap


def _at(law: Distribution, scores: Floats) -> Floats:
    """A distribution's values at normal scores; far out, where a share would round to nought or one, just inside."""
    from scipy import special

    tools: Any = special
    return law.quantile(np.clip(tools.ndtr(scores), 2.0**-54, 1.0 - 2.0**-53))
