"""Which facts carry the variance of a result.

The draws that made the result are all that is needed: the share of a fact is the variance of the result's mean given
that fact, over the result's variance (the first-order index of Sobol, 1993). It is estimated from the draws as they
are, by projecting the result on the first cosines of the fact's ranks (Plischke, 2012); the first of them is, up to one
part in seventy, the squared correlation with the ranks (Iman and Conover, 1979), the others catch what rises and falls.
A squared correlation of unrelated columns is not zero on average, so it is corrected for the number of cosines
(Ezekiel, 1930), and its interval is that of the bootstrap (Efron, 1979).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.results.points import Draws
from haidang.results.run import Run

RESAMPLES = 400
ENOUGH = 20
"""Fewer draws than this tell nothing about variance."""


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a result's variance that one fact carries alone, with the 90 % interval of the estimate."""

    fact: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shares:
    """The facts above noise, largest share first, and what they leave.

    `rest` is chance (each unit's own noise) and interactions of facts, with whatever the facts below `noise` add.
    Facts that are drawn jointly tell the same variance twice; then the shares may sum to more than one.
    """

    ranked: tuple[Share, ...]
    rest: float
    noise: float
    below_noise: tuple[str, ...]
    draws: int


def variance_shares(facts: Mapping[str, Draws], result: Draws, seed: int = 1) -> Shares:
    """Shares of a result's variance by fact, from draws as they are.

    Args:
        facts: one number per draw for each fact; a fact that never varies is left out.
        result: one number per draw.
        seed: of the bootstrap.

    Returns:
        No ranking, and a rest of one, where the result does not vary or there are fewer than `ENOUGH` draws.
    """
    draws = len(result)
    varying = {name: values for name, values in sorted(facts.items()) if np.ptp(values) > 0}
    if draws < ENOUGH or not varying or not np.ptp(result) > 0:
        return Shares((), 1.0, 1.0, tuple(varying), draws)
    noise = noise_level(draws, _harmonics(draws))
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(draws, np.full(draws, 1 / draws), RESAMPLES).astype(np.float64)
    found = [_share(name, _basis(values), result, counts, noise) for name, values in varying.items()]
    ranked = tuple(sorted((each for each in found if each.share > noise), key=lambda each: (-each.share, each.fact)))
    below = tuple(each.fact for each in found if each.share <= noise)
    return Shares(ranked, max(0.0, 1.0 - sum(each.share for each in ranked)), noise, below, draws)


def carriers(run: Run, result: Draws) -> Shares:
    """Shares of the variance of one of a run's results among the facts that the run drew.

    Args:
        run: a finished run.
        result: one number per draw of this run.
    """
    known, told = _carried(run), np.asarray(result, np.float64).tobytes()
    if told not in known:
        known[told] = variance_shares(fact_draws(run), result, run.manifest.seed)
    return known[told]


@lru_cache(maxsize=4)
def _carried(run: Run) -> dict[bytes, Shares]:
    """What was worked out of a run by result: page, terminal and workbook ask for the same in each language."""
    return {}


def fact_draws(run: Run) -> dict[str, Draws]:
    """The drawn value of every fact, one number per draw, in canonical units."""
    found: dict[str, Draws] = {}
    for (name,), rows in run.table("facts").partition_by(["fact"], as_dict=True).items():
        values = np.full(run.manifest.draws, np.nan)
        values[rows["draw"].to_numpy()] = rows["value"].cast(pl.Float64).to_numpy()
        if np.isfinite(values).all():
            found[str(name)] = values
    return found


def noise_level(draws: int, harmonics: int) -> float:
    """The corrected share that an unrelated fact exceeds in one draw of a hundred.

    The uncorrected share of unrelated columns is Beta(m / 2, (n - 1 - m) / 2) for m cosines and n draws.
    """
    from scipy import special

    raw = float(special.betaincinv(harmonics / 2, (draws - 1 - harmonics) / 2, 0.99))
    return max(0.0, 1 - (1 - raw) * (draws - 1) / (draws - 1 - harmonics))


def _harmonics(draws: int) -> int:
    """As many cosines as the draws can bear: one below a hundred draws, four from two hundred."""
    return int(np.clip(draws // 50, 1, 4))


def _basis(values: Draws) -> NDArray[np.float64]:
    """Orthonormal cosines of the ranks, draws by at most `_harmonics`; ties share their middle rank."""
    draws = len(values)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - count / 2
    angle = np.pi * middle[place] / draws
    cosines = np.cos(np.outer(angle, np.arange(1, _harmonics(draws) + 1)))
    # A fact that takes two values has one direction, not four: what is linearly dependent is dropped.
    left, size, _ = np.linalg.svd(cosines - cosines.mean(axis=0), full_matrices=False)
    return left[:, size > 1e-8 * size[0]]


def _corrected(raw: NDArray[np.float64], draws: int, cosines: int) -> NDArray[np.float64]:
    return 1 - (1 - raw) * (draws - 1) / (draws - 1 - cosines)


def _share(name: str, basis: NDArray[np.float64], result: Draws, counts: NDArray[np.float64], noise: float) -> Share:
    """The share of one fact; its interval only where the share is above noise."""
    draws, cosines = basis.shape
    centred = result - result.mean()
    raw = np.array([np.sum((basis.T @ centred) ** 2) / np.sum(centred**2)])
    estimate = min(1.0, max(0.0, float(_corrected(raw, draws, cosines)[0])))
    if estimate <= noise:
        return Share(name, estimate, 0.0, noise)
    resampled = _corrected(_explained(basis, centred, counts), draws, cosines)
    # Resampling adds the optimism of the fit once more, so its spread is kept and its middle is not.
    low, high = np.quantile(resampled - resampled.mean() + estimate, (0.05, 0.95))
    return Share(name, estimate, max(0.0, float(low)), min(1.0, float(high)))


def _explained(basis: NDArray[np.float64], result: Draws, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The explained share of the variance in each resample, by least squares; a resample is how often it has each draw.

    Args:
        basis: draws by cosines.
        result: one number per draw.
        counts: resamples by draws; each row sums to the number of draws.
    """
    draws, cosines = basis.shape
    means = counts @ basis / draws
    centre = counts @ result / draws
    squares = (basis[:, :, None] * basis[:, None, :]).reshape(draws, -1)
    gram = (counts @ squares).reshape(-1, cosines, cosines) - draws * means[:, :, None] * means[:, None, :]
    cross = counts @ (basis * result[:, None]) - draws * means * centre[:, None]
    whole = counts @ result**2 - draws * centre**2
    # A resample that misses a rare value of a fact has a direction less: the touch on the diagonal lets it pass.
    solved = np.asarray(np.linalg.solve(gram + 1e-9 * np.eye(cosines), cross[:, :, None]), np.float64)[:, :, 0]
    return np.sum(cross * solved, axis=1) / np.maximum(whole, np.finfo(np.float64).tiny)
