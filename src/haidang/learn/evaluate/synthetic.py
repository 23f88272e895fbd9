"""One treated unit, or a few treated at once, beside a weighted mix of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang import __version__
from haidang.learn.evaluate.arrays import Estimated, quantile
from haidang.learn.evaluate.arrays_panel import placebo_gaps, synthetic_did_placebos, synthetic_gap
from haidang.learn.evaluate.arrays_panel import synthetic_did as did_alone
from haidang.learn.evaluate.balance import by_chance
from haidang.learn.evaluate.columns import Codes, Numbers
from haidang.learn.evaluate.effect import Diagnostic, Effect, Point
from haidang.learn.evaluate.enough import DONORS, DONORS_OF_NORMAL, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.mistakes import OneArmError, PeriodError, TurnsOffError, at
from haidang.learn.evaluate.panel import NEVER, Panel, read_panel, read_starts
from haidang.learn.evaluate.placebo import Placed, place

_PERIODS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class _Block:
    """A panel whose treated units all start in one period."""

    panel: Panel
    treated: Codes
    donors: Codes
    first: int


def synthetic_control(
    table: pl.DataFrame, outcome: str, unit: str, period: str, treated: str, *, seed: int = 0, level: float = 0.95
) -> Effect:
    """The average effect on one treated unit, against a weighted mix of the others.

    First: synthetic control by diff-diff on all outcomes before treatment (Abadie, Diamond and Hainmueller 2010), every
    period counting alike. Its chance and interval come from placebos, one for each donor: an effect is rejected where
    the treated unit's average gap less that effect, over its error before treatment, is among the largest. Exact where
    any of the units might have been the treated one; unbounded where donors are too few. Second: synthetic
    difference-in-differences, plain where donors are fewer than twenty.

    Args:
        table: one row a unit and period.
        outcome: column of numbers.
        unit: column of the units.
        period: column of whole numbers, one after another.
        treated: column of 0 and 1, one from the treated unit's first treated period on.
        seed: of the second estimator's placebos.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere or without variation, the panel has holes or doubles, or a
            treatment ends again.
        OneArmError: several units are treated.
        TooFewError: there are fewer than ten donors.
    """
    block = _read(table, outcome, unit, period, treated, DONORS)
    if len(block.treated) != 1:
        raise OneArmError(
            f"expected one treated unit, found {len(block.treated)}", at(treated), "synthetic_did takes several"
        )
    found, told = heard(lambda: _control(_pandas(block), block, level))
    gaps = placebo_gaps(block.panel.outcome, int(block.treated[0]), block.first)
    placed = place(gaps, block.first, level)
    return Effect(
        estimand="att_unit",
        estimate=float(found.att),
        standard_error=None,
        low=placed.low,
        high=placed.high,
        n=table.height,
        clusters=len(gaps),
        method="synthetic_control",
        library=named("diff-diff"),
        level=level,
        p_value=placed.chance,
        diagnostics=_of_control(block, placed, np.array(list(found.donor_weights.values()), np.float64)),
        warnings=told,
        path=_gap_path(block, gaps[0]),
        starts=float(block.panel.periods[block.first]),
        second=_did_effect(block, table.height, seed, 200, level)
        if len(block.donors) >= DONORS_OF_NORMAL
        else _plain(block, table.height, level),
    )


def synthetic_did(
    table: pl.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    *,
    placebos: int = 200,
    seed: int = 0,
    level: float = 0.95,
) -> Effect:
    """The average effect on units treated at once, against others weighted in units and in time.

    First: synthetic difference-in-differences by diff-diff (Arkhangelsky and others 2021), with placebo errors and a
    normal interval. Second: plain difference-in-differences of each unit's means after and before.

    Args:
        table: one row a unit and period.
        outcome: column of numbers.
        unit: column of the units.
        period: column of whole numbers, one after another.
        treated: column of 0 and 1, one from the first treated period on, which is the same for all treated units.
        placebos: how often donors are taken as if treated.
        seed: of the placebos.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere or without variation, the panel has holes or doubles, or a
            treatment ends again or does not begin at once.
        TooFewError: there are fewer than twenty donors, or not more donors than treated units.
    """
    block = _read(table, outcome, unit, period, treated, DONORS_OF_NORMAL)
    return _did_effect(block, table.height, seed, placebos, level)


def _read(table: pl.DataFrame, outcome: str, unit: str, period: str, treated: str, least: int) -> _Block:
    panel = read_panel(table, outcome, unit, period)
    start = read_starts(table, panel, treated, period)
    chosen = np.flatnonzero(start != NEVER)
    firsts = np.unique(start[chosen])
    if len(firsts) > 1:
        raise TurnsOffError(
            f"expected one first treated period, found {len(firsts)}", at(treated), "staggered takes several"
        )
    first = int(firsts[0])
    if first < _PERIODS_BEFORE:
        raise PeriodError(f"expected at least {_PERIODS_BEFORE} periods before treatment, found {first}", at(period))
    donors = np.flatnonzero(start == NEVER)
    enough(len(donors), max(least, len(chosen) + 1), "untreated units", unit, "find more units that were not treated")
    return _Block(panel, chosen, donors, first)


def _pandas(block: _Block) -> Any:
    units, periods = len(block.panel.units), len(block.panel.periods)
    ever: NDArray[np.bool_] = np.isin(np.arange(units), block.treated)
    return library("pandas").DataFrame(
        {
            "y": block.panel.outcome.ravel(),
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "ever": np.repeat(ever, periods).astype(np.int64),
            "on": (ever[:, None] & (np.arange(periods) >= block.first)).ravel().astype(np.int64),
        }
    )


def _control(data: Any, block: _Block, level: float) -> Any:
    model = library("diff_diff").SyntheticControl(
        v_method="custom", custom_v=np.ones(block.first), standardize="none", alpha=1.0 - level, seed=0
    )
    return model.fit(data, "y", "on", "unit", "period")


def _of_control(block: _Block, placed: Placed, weights: Numbers) -> tuple[Diagnostic, ...]:
    one, outcome = int(block.treated[0]), block.panel.outcome
    used = [block.donors[place] for place in np.flatnonzero(weights > 1e-6)]
    without = [
        float(synthetic_gap(outcome, one, block.donors[block.donors != drop], block.first)[block.first :].mean())
        for drop in used
    ]
    return (
        Diagnostic("pre_fit", placed.fit, by_chance(placed.fit)),
        Diagnostic("rmspe_chance", placed.chance_rmspe, "told"),
        Diagnostic("donors", float(len(block.donors)), "good" if len(block.donors) >= 19 else "doubtful"),
        Diagnostic("donors_in_effect", float(1.0 / np.sum(weights**2)), "told"),
        Diagnostic("leave_one_out_low", min(without), "told"),
        Diagnostic("leave_one_out_high", max(without), "told"),
    )


def _gap_path(block: _Block, gap: Numbers) -> tuple[Point, ...]:
    return tuple(Point(float(when), float(one)) for when, one in zip(block.panel.periods, gap, strict=True))


def _did_effect(block: _Block, n: int, seed: int, placebos: int, level: float) -> Effect:
    found, told = heard(lambda: _did(_pandas(block), block, seed, placebos, level))
    return Effect(
        estimand="att_unit" if len(block.treated) == 1 else "att",
        estimate=float(found.att),
        standard_error=float(found.se),
        low=float(found.conf_int[0]),
        high=float(found.conf_int[1]),
        n=n,
        clusters=len(block.panel.units),
        method="synthetic_did",
        library=named("diff-diff"),
        level=level,
        p_value=Estimated(float(found.att), float(found.se), np.inf).p_value,
        diagnostics=_of_did(block, found),
        warnings=told,
        path=_did_path(block, found),
        starts=float(block.panel.periods[block.first]),
        second=_plain(block, n, level),
    )


def _did(data: Any, block: _Block, seed: int, placebos: int, level: float) -> Any:
    model = library("diff_diff").SyntheticDiD(
        variance_method="placebo", n_bootstrap=placebos, seed=seed, alpha=1.0 - level
    )
    after = list(range(block.first, len(block.panel.periods)))
    return model.fit(data, "y", "ever", "unit", "period", post_periods=after)


def _of_did(block: _Block, found: Any) -> tuple[Diagnostic, ...]:
    outcome, donors = block.panel.outcome, block.donors
    weights = np.array([found.unit_weights.get(int(one), 0.0) for one in donors], np.float64)
    heaviest = donors[np.argsort(weights)[::-1][:10]]
    without = [did_alone(outcome, block.treated, donors[donors != drop], block.first) for drop in heaviest]
    fit = found.pre_fit_placebo_pvalue
    chance = None if fit is None else float(fit)
    made = [
        Diagnostic("pre_fit", chance, "doubtful" if chance is None else by_chance(chance)),
        Diagnostic("donors", float(len(donors)), "good" if len(donors) >= 19 else "doubtful"),
        Diagnostic("donors_in_effect", float(1.0 / np.sum(weights**2)), "told"),
        Diagnostic("leave_one_out_low", min(without), "told"),
        Diagnostic("leave_one_out_high", max(without), "told"),
    ]
    share = float(found.p_value)
    if len(block.treated) == 1:
        lots = np.arange(len(donors))[:, None]
        others = np.abs(synthetic_did_placebos(outcome, 1, donors, block.first, lots))
        share = (1.0 + float(np.sum(others >= abs(float(found.att))))) / (1.0 + len(others))
    return (*made, Diagnostic("placebo_chance", share, "told"))


def _did_path(block: _Block, found: Any) -> tuple[Point, ...]:
    """The treated units less the weighted others, both less their weighted mean before treatment."""
    treated = np.concatenate([found.treated_pre_trajectory, found.treated_post_trajectory])
    mixed = np.concatenate([found.synthetic_pre_trajectory, found.synthetic_post_trajectory])
    gap = np.asarray(treated - mixed, np.float64)
    gap = gap - float(np.asarray(found.time_weights_array, np.float64) @ gap[: block.first])
    return _gap_path(block, gap)


def _plain(block: _Block, n: int, level: float) -> Effect:
    """Plain difference-in-differences of units' changes in means (Bertrand, Duflo and Mullainathan 2004)."""
    outcome = block.panel.outcome
    change = outcome[:, block.first :].mean(axis=1) - outcome[:, : block.first].mean(axis=1)
    one, other = change[block.treated], change[block.donors]
    df = len(change) - 2
    spread = float(np.sum((one - one.mean()) ** 2) + np.sum((other - other.mean()) ** 2)) / df
    error = (spread * (1.0 / len(one) + 1.0 / len(other))) ** 0.5
    estimate, half = float(one.mean() - other.mean()), quantile(0.5 + level / 2.0, df) * error
    return Effect(
        estimand="att_unit" if len(one) == 1 else "att",
        estimate=estimate,
        standard_error=error,
        low=estimate - half,
        high=estimate + half,
        n=n,
        clusters=len(change),
        method="plain_did",
        library=f"haidang {__version__}",
        level=level,
        df=float(df),
    )
