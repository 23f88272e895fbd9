"""The estimators of panels on arrays alone, for simulations, placebos and leave-one-out.

Equal to the libraries' numbers (a test holds that). An outcome has shape (units, periods); a start is the place of a
unit's first treated period, -1 for never.
"""

from __future__ import annotations

import numpy as np

from haidang.learn.evaluate.arrays import Codes, Estimated, Numbers
from haidang.learn.evaluate.heard import library
from haidang.learn.evaluate.panel import NEVER


def group_time(outcome: Numbers, start: Codes, *, never: bool = True) -> Estimated:
    """The effect on the treated of Callaway and Sant'Anna (2021), averaged over treated units and periods.

    Each cohort and period is compared with the controls since the cohort's last period before treatment; errors from
    influence functions, those of the weights included.

    Args:
        outcome: shape (units, periods).
        start: of each unit.
        never: whether controls are never treated; else those not treated by that period.
    """
    units, periods = outcome.shape
    effects, shares, influence, cohorts = list[float](), list[float](), list[Numbers](), list[int]()
    for first in (one for one in np.unique(start) if one > 0):
        mine = start == first
        for period in range(int(first), periods):
            control = start == NEVER if never else (start == NEVER) | (start > period)
            if not control.any():
                continue
            change = outcome[:, period] - outcome[:, first - 1]
            here, there = float(change[mine].mean()), float(change[control].mean())
            effects.append(here - there)
            shares.append(float(mine.mean()))
            cohorts.append(int(first))
            influence.append(
                mine * (change - here) / mine.mean() - control * (change - there) / control.mean(),
            )
    effect, share = np.array(effects), np.array(shares)
    weight = share / share.sum()
    member = (start[:, None] == np.array(cohorts)) - share
    of_weights = (member - member.sum(axis=1, keepdims=True) * weight) / share.sum()
    whole = np.column_stack(influence) @ weight + of_weights @ effect
    return Estimated(float(effect @ weight), float(np.sum(whole**2) ** 0.5 / units), np.inf)


def synthetic_weights(target: Numbers, donors: Numbers) -> Numbers:
    """Donors' weights, none negative, of sum one, that come nearest to the target before treatment.

    Args:
        target: of the treated unit, shape (periods before treatment,).
        donors: shape (donors, periods before treatment).
    """
    from scipy.optimize import nnls

    heavy = 1e4 * float(np.abs(donors).max() or 1.0)
    found = nnls(np.vstack([donors.T, np.full(len(donors), heavy)]), np.append(target, heavy))[0]
    return found / found.sum()


def synthetic_gap(outcome: Numbers, unit: int, donors: Codes, first: int) -> Numbers:
    """A unit less its synthetic control, in each period.

    Args:
        outcome: shape (units, periods).
        unit: its row.
        donors: rows that may stand for it.
        first: place of the first treated period.
    """
    weights = synthetic_weights(outcome[unit, :first], outcome[donors, :first])
    return outcome[unit] - weights @ outcome[donors]


def placebo_gaps(outcome: Numbers, unit: int, first: int) -> Numbers:
    """The gap of the treated unit, then that of each donor as if it had been treated, the treated one not among them.

    Returns:
        Shape (1 + donors, periods).
    """
    donors = np.delete(np.arange(len(outcome)), unit)
    others = [synthetic_gap(outcome, int(one), donors[donors != one], first) for one in donors]
    return np.array([synthetic_gap(outcome, unit, donors, first), *others])


def synthetic_did(outcome: Numbers, treated: Codes, donors: Codes, first: int) -> float:
    """The estimate of synthetic difference-in-differences (Arkhangelsky and others 2021), by diff-diff's own kernels.

    Args:
        outcome: shape (units, periods).
        treated: rows that were treated.
        donors: rows that were not.
        first: place of the first treated period.
    """
    before, after = outcome[donors, :first].T, outcome[donors, first:].T
    penalty = _penalty(before, len(treated), outcome.shape[1] - first)
    return _did(before, after, outcome[treated].mean(axis=0), first, penalty)


def synthetic_did_placebos(outcome: Numbers, treated: int, donors: Codes, first: int, lots: Codes) -> Numbers:
    """The same estimate with donors as if they had been treated.

    Args:
        outcome: shape (units, periods).
        treated: how many units were.
        donors: rows that were not.
        first: place of the first treated period.
        lots: places among the donors of those as if treated, shape (placebos, any).
    """
    penalty = _penalty(outcome[donors, :first].T, treated, outcome.shape[1] - first)
    found = list[float]()
    for lot in lots:
        rest = np.delete(donors, lot)
        mean = outcome[donors[lot]].mean(axis=0)
        found.append(_did(outcome[rest, :first].T, outcome[rest, first:].T, mean, first, penalty))
    return np.array(found)


def synthetic_did_estimated(
    outcome: Numbers, treated: Codes, donors: Codes, first: int, placebos: int, generator: np.random.Generator
) -> Estimated:
    """The estimate with its placebo error: of one treated unit each donor in its place, of more as many at random.

    Args:
        outcome: shape (units, periods).
        treated: rows that were treated.
        donors: rows that were not.
        first: place of the first treated period.
        placebos: how many at most.
        generator: of the placebos.
    """
    estimate = synthetic_did(outcome, treated, donors, first)
    lots = (
        np.arange(len(donors))[:, None]
        if len(treated) == 1 and len(donors) <= placebos
        else np.array([generator.permutation(len(donors))[: len(treated)] for _ in range(placebos)])
    )
    spread = synthetic_did_placebos(outcome, len(treated), donors, first, lots).std()
    return Estimated(estimate, float(spread), np.inf)


def _penalty(before: Numbers, treated: int, after: int) -> tuple[float, float, float]:
    """The penalties of unit and time weights and the least decrease, from the donors' noise before treatment."""
    noise = float(np.diff(before, axis=0).std(ddof=1))
    return (treated * after) ** 0.25 * noise, 1e-6 * noise, 1e-5 * noise if noise > 0.0 else 1e-5


def _did(before: Numbers, after: Numbers, mean: Numbers, first: int, penalty: tuple[float, float, float]) -> float:
    kernels = library("diff_diff.utils")
    of_units, of_times, least = penalty
    units = kernels.compute_sdid_unit_weights(before, mean[:first], zeta_omega=of_units, min_decrease=least)
    times = kernels.compute_time_weights(before, after, zeta_lambda=of_times, min_decrease=least)
    own = mean[first:].mean() - times @ mean[:first]
    return float(own - units @ (after.mean(axis=0) - times @ before))
