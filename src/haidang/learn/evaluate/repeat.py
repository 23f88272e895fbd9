"""Randomisation inference: the lot repeated, exactly as it was drawn (Fisher 1935)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
import polars as pl

from haidang import __version__
from haidang.learn.evaluate.assignments import Assignments, Draw
from haidang.learn.evaluate.columns import Numbers, arms, covariate_columns, outcomes, strata_columns
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.mistakes import ColumnError, TooFewError, at

DRAWS = 9_999
_STEPS = 60
_CELLS = 4_000_000


def randomisation_inference(
    table: pl.DataFrame,
    outcome: str,
    treated: str,
    assignments: Assignments | Draw,
    *,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
) -> Effect:
    """The chance of a difference as large if treatment did nothing, and the effects that the data do not reject.

    The statistic is the coefficient of the arm in least squares on the arm, the covariates and the strata. Each
    possible assignment gives it anew; all are listed where there are at most `draws`, else as many are drawn, and the
    actual one counts among them, so the test is exact either way (Phipson and Smyth 2010). The interval holds the
    effects, the same for all units, that are not rejected at `1 - level`.

    Args:
        table: one row a unit.
        outcome: column of numbers.
        treated: column of 0 and 1, as it fell.
        assignments: the lot, or a function that draws from it with equal chances, rows in the table's order.
        covariates: columns of numbers, measured before treatment.
        strata: column of strata or pairs whose own level is taken out.
        draws: how many assignments at most.
        seed: of the draws.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear, or an arm is empty.
        ColumnError: the lot's assignments are not 0 and 1 for each row, or the actual one is not among all of them.
        TooFewError: there are too few assignments for a test at this level.
    """
    lot = assignments if isinstance(assignments, Assignments) else Assignments(assignments)
    y, d = outcomes(table, outcome), arms(table, treated)
    dummies = strata_columns(table, strata, d)
    x = covariate_columns(table, covariates, np.column_stack([d, dummies]))
    exact = lot.every is not None and lot.count is not None and lot.count <= draws
    stream = _listed(lot) if exact else chain([d], _drawn(lot.draw, draws, seed))
    basis = np.linalg.qr(np.column_stack([np.ones(len(y)), x, dummies]))[0]
    rest, arm = y - basis @ (basis.T @ y), d - basis @ (basis.T @ d)
    plain, slope = _statistics(stream, d, basis, rest, arm, treated)
    if 1.0 / len(plain) > 1.0 - level:
        raise TooFewError(
            f"expected at least {1.0 / (1.0 - level):.0f} possible assignments for a test at {1.0 - level:g},"
            f" found {len(plain)}",
            at(treated),
        )
    estimate = float(arm @ rest / (arm @ arm))
    low, high = _interval(estimate, plain, slope, 1.0 - level)
    return Effect(
        estimand="ate",
        estimate=estimate,
        standard_error=None,
        low=low,
        high=high,
        n=len(y),
        clusters=None,
        method="randomisation_exact" if exact else "randomisation_drawn",
        library=f"haidang {__version__}",
        level=level,
        p_value=_chance(0.0, estimate, plain, slope),
        diagnostics=(
            Diagnostic("assignments", float(len(plain)), "told"),
            Diagnostic("spread_by_lot", float(plain.std()), "told"),
        ),
    )


def _listed(lot: Assignments) -> Iterator[Numbers]:
    """Every assignment, the actual one among them."""
    return iter(()) if lot.every is None else lot.every()


def _drawn(draw: Draw, draws: int, seed: int) -> Iterator[Numbers]:
    generator = np.random.default_rng(seed)
    return (draw(generator) for _ in range(draws))


def _statistics(
    stream: Iterable[Numbers], d: Numbers, basis: Numbers, rest: Numbers, arm: Numbers, treated: str
) -> tuple[Numbers, Numbers]:
    """The coefficient of each assignment on the outcome, and on the actual arm; a block of assignments at a time.

    Raises:
        ColumnError: an assignment is not 0 and 1 for each row, leaves no arm once covariates and strata are taken out,
            or none of them is the actual one.
    """
    plain, slope, met = list[Numbers](), list[Numbers](), False
    rows = iter(stream)
    while block := list(islice(rows, max(1, _CELLS // len(d)))):
        drawn = np.array(block, np.float64)
        if drawn.ndim != 2 or drawn.shape[1] != len(d) or not np.all((drawn == 0.0) | (drawn == 1.0)):
            raise ColumnError(f"expected a lot that gives 0 or 1 for each of {len(d):,} rows", at(treated))
        own = drawn.sum(axis=1) - np.sum((drawn @ basis) ** 2, axis=1)
        if np.any(own <= 1e-9 * len(d)):
            raise ColumnError("expected an arm that covariates and strata do not decide in any assignment", at(treated))
        met = met or bool(np.any(np.all(drawn == d, axis=1)))
        plain.append(drawn @ rest / own)
        slope.append(drawn @ arm / own)
    if not met:
        raise ColumnError("expected the arms as they fell among the lot's assignments, found them not", at(treated))
    return np.concatenate(plain), np.concatenate(slope)


def _chance(effect: float, estimate: float, plain: Numbers, slope: Numbers) -> float:
    """The share of assignments with a statistic as large, once an effect is taken out of the outcomes.

    With the effect taken out the statistic of an assignment is `plain - effect * slope`: of the actual one `estimate -
    effect`, as its slope is one.
    """
    size = np.abs(plain - effect * slope)
    return float(np.mean(size >= abs(estimate - effect) * (1.0 - 1e-12) - 1e-12))


def _interval(estimate: float, plain: Numbers, slope: Numbers, alpha: float) -> tuple[float, float]:
    """The farthest effects on either side that are not rejected, found by halving."""
    span = float(np.abs(plain).max() + plain.std()) or 1.0
    ends: list[float] = []
    for side in (-1.0, 1.0):
        inside, outside = 0.0, span
        while _chance(estimate + side * outside, estimate, plain, slope) > alpha:
            inside, outside = outside, 2.0 * outside
            if outside > 1e9 * span:
                break
        for _ in range(_STEPS):
            middle = (inside + outside) / 2.0
            rejected = _chance(estimate + side * middle, estimate, plain, slope) <= alpha
            inside, outside = (inside, middle) if rejected else (middle, outside)
        ends.append(estimate + side * inside if inside < 1e9 * span else side * np.inf)
    return ends[0], ends[1]
