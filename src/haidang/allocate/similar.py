"""Noisy means of single units drawn towards those of similar units, so that luck in the draws is not taken for worth.

A unit's additional outcome is rare and uneven over draws, and who makes a maximum picks those who were lucky (the
winner's curse). So each unit's mean is laid between its own draws and what units like it show, in the proportion that
their variances tell (James and Stein 1961; Efron and Morris 1973; with covariates Fay and Herriot 1979).

For a unit i with columns z_i, what an offer brings has mean r_i = exp(z_i b), fitted by Poisson quasi-likelihood, which
needs the mean alone to be right (Gourieroux, Monfort and Trognon 1984), with a ridge (Hoerl and Kennard 1970) chosen by
how well one half of the draws foretells the other; what it takes away likewise. The own mean x_i
has sampling variance s_i^2, pooled over units of like r_i, and true values scatter around r_i by k r_i, with k from the
moments: k^2 = sum((x_i - r_i)^2 - s_i^2) / sum r_i^2. The estimate is r_i + B_i (x_i - r_i) with
B_i = k^2 r_i^2 / (k^2 r_i^2 + s_i^2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.valued import Valued, weighted
from haidang.models import Attribute

Floats = NDArray[np.float64]

RIDGES = (0.003, 0.03, 0.3, 3.0)
"""How strongly slopes are held to nought, as shares of what the units together weigh."""
_ROUNDS = 40
_FARTHEST = 20.0
_BINS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What each offer is held to add or use per real unit.

    Args:
        mean: (units, years, offers).
        own: how much of a unit's estimate is its own draws, on average; the rest is what similar units show (offers).
    """

    mean: Floats
    own: Floats


def columns_of(table: pl.DataFrame, attributes: Mapping[str, Attribute]) -> Floats:
    """The columns by which units are alike, each of mean nought and deviation one (units, columns).

    Logarithms of positive numbers, levels as they are, flags and every word of a category but the first as 0 or 1.

    Args:
        table: the units.
        attributes: the columns that the model reads.
    """
    found: list[Floats] = []
    for name, one in attributes.items():
        if one.kind == "category":
            words = table[name].cast(pl.String)
            found += [(words == word).cast(pl.Float64).to_numpy() for word in one.categories[1:]]
            continue
        column = table[name].cast(pl.Float64).to_numpy()
        positive = one.kind == "number" and bool((column > 0).all())
        found.append(np.log(column) if positive else column)
    wide = np.stack(found, axis=1) if found else np.zeros((table.height, 0))
    spread = wide.std(axis=0)
    kept = spread > 1e-12
    return (wide[:, kept] - wide[:, kept].mean(axis=0)) / spread[kept]


def own_means(valued: Valued, measure: str, counts: Floats | None = None) -> Estimate:
    """Each unit's own mean over draws and nothing else."""
    return Estimate(valued.mean(measure, counts), np.ones(len(valued.offers)))


def shrunk(
    valued: Valued, measure: str, columns: Floats, may: NDArray[np.bool_], counts: Floats | None = None
) -> Estimate:
    """Each unit's mean drawn towards what similar units show.

    Args:
        valued: the draws.
        measure: an outcome or a resource.
        columns: by which units are alike, from `columns_of`.
        may: who may be offered what (units, offers); the others have nought.
        counts: how often each group of draws counts; none for once.
    """
    counts = np.ones(len(valued.draws)) if counts is None else counts
    mean = np.zeros((len(valued.ids), len(valued.years), len(valued.offers)))
    own = np.zeros(len(valued.offers))
    for at in range(len(valued.offers)):
        rows = may[:, at]
        if rows.any():
            more, less = (one[measure][..., at][:, rows].astype(np.float64) for one in (valued.more, valued.less))
            mean[rows, :, at], own[at] = _drawn(more, less, columns[rows], counts * valued.draws)
    return Estimate(mean, own)


def _drawn(more: Floats, less: Floats, columns: Floats, counts: Floats) -> tuple[Floats, float]:
    """One offer: the estimate of each unit and year (units, years), and how much of it is the units' own."""
    share = counts / counts.sum()
    alike = _like(more, share, columns) - _like(less, share, columns)
    middle = alike.mean(axis=1)
    groups = (more - less).mean(axis=2)
    mine = share @ groups
    # The variance of a weighted mean over groups, each counting as one observation.
    used = counts > 0
    spread = share[used] @ (groups[used] - mine) ** 2 / max(int(used.sum()) - 1, 1)
    noise = _pooled(spread, np.abs(middle))
    scatter = max(float(((mine - middle) ** 2 - noise).sum()), 0.0) / max(float((middle**2).sum()), 1e-300)
    real = scatter * middle**2
    trust = np.divide(real, real + noise, out=np.zeros_like(real), where=real + noise > 0)
    return alike + (trust * (mine - middle))[:, None], float(trust.mean())


def _like(groups: Floats, share: Floats, columns: Floats) -> Floats:
    """What similar units show by year: a level for each unit times a share for each year (units, years).

    Args:
        groups: not negative (groups, units, years).
        share: of each group.
        columns: by which units are alike (units, columns).
    """
    mean = weighted(share, groups)
    total = mean.sum()
    if total <= 0.0:
        return np.zeros_like(mean)
    by_year = mean.sum(axis=0) / total * mean.shape[1]
    ridge = _ridge(groups.mean(axis=2), share, columns)
    return poisson_mean(mean.mean(axis=1), columns, ridge)[:, None] * by_year


def _ridge(seen: Floats, share: Floats, columns: Floats) -> float:
    """The ridge under which each half of the draws foretells best which units the other half favours.

    Args:
        seen: not negative (groups, units).
        share: of each group.
        columns: by which units are alike (units, columns).
    """
    even = np.arange(len(share)) % 2 == 0
    halves = [weighted(np.where(half, share, 0.0), seen) for half in (even, ~even)]
    if min(half.sum() for half in halves) <= 0.0:
        return RIDGES[-1]

    def foretold(ridge: float) -> float:
        found = 0.0
        for mine, other in (halves, halves[::-1]):
            fitted = poisson_mean(mine, columns, ridge)
            found += float(other @ np.log(np.maximum(fitted / fitted.sum(), 1e-12)) / other.sum())
        return found

    return max(RIDGES, key=foretold)


def poisson_mean(counts: Floats, columns: Floats, weight: float = 0.001) -> Floats:
    """exp(z b) with b of largest Poisson quasi-likelihood less a small ridge, found by Newton's method.

    The fitted means add up to what was seen.

    Args:
        counts: not negative, not all nought (units).
        columns: of mean nought and deviation one (units, columns).
        weight: of the ridge, as a share of what the units together weigh.
    """
    level = counts.mean()
    seen = counts / level
    wide: Floats = np.column_stack([np.ones(len(seen)), columns]).astype(np.float64)
    ridge = np.full(int(columns.shape[1]) + 1, weight * len(counts))
    ridge[0] = 0.0
    slope: Floats = np.zeros(len(ridge), np.float64)
    worth = _likelihood(wide, seen, slope, ridge)
    for _ in range(_ROUNDS):
        fitted = np.exp(np.clip(wide @ slope, -_FARTHEST, _FARTHEST))
        gradient: Floats = wide.T @ (seen - fitted) - ridge * slope
        curve = (wide * fitted[:, None]).T @ wide + np.diag(ridge + 1e-9)
        step: Floats = np.asarray(np.linalg.solve(curve, gradient), np.float64)
        length = 1.0
        while length > 1e-6 and _likelihood(wide, seen, slope + length * step, ridge) < worth:
            length *= 0.5
        slope = np.asarray(slope + length * step, np.float64)
        now = _likelihood(wide, seen, slope, ridge)
        if now - worth <= 1e-10 * (1.0 + abs(worth)):
            break
        worth = now
    fitted = np.exp(np.clip(wide @ slope, -_FARTHEST, _FARTHEST))
    return fitted * (seen.sum() / fitted.sum()) * level


def _likelihood(wide: Floats, seen: Floats, slope: Floats, ridge: Floats) -> float:
    line = np.clip(wide @ slope, -_FARTHEST, _FARTHEST)
    return float(seen @ line - np.exp(line).sum() - 0.5 * (ridge * slope) @ slope)


def _pooled(spread: Floats, middle: Floats) -> Floats:
    """Variances averaged over units of like means: those of single units are mostly luck themselves."""
    order = np.argsort(middle, kind="stable")
    pooled = np.empty_like(spread)
    for part in np.array_split(order, min(_BINS, len(order))):
        pooled[part] = spread[part].mean()
    return pooled
