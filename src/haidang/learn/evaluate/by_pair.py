"""A trial in matched pairs: of two alike units one was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from haidang.learn.evaluate.balance import balance
from haidang.learn.evaluate.by_unit import regression
from haidang.learn.evaluate.columns import Labels, Numbers, arms, covariate_columns, labels, outcomes
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.enough import PAIRS, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.lone import telling
from haidang.learn.evaluate.mistakes import ColumnError, at, listed


def paired(
    table: pl.DataFrame,
    outcome: str,
    treated: str,
    pair: str,
    *,
    covariates: Sequence[str] = (),
    seed: int = 0,
    level: float = 0.95,
) -> Effect:
    """The average effect of treatment in a trial of matched pairs.

    First: the mean of the pairs' differences, by pyfixest with a fixed effect for each pair (the same as a paired t
    test). Second: with covariates, the differences regressed on the covariates' differences (Fogarty 2018); without,
    the lot repeated within pairs.

    Args:
        table: one row a unit, two rows a pair.
        outcome: column of numbers.
        treated: column of 0 and 1, one of each in a pair.
        pair: column of the pairs.
        covariates: columns of numbers, measured before treatment.
        seed: of the lot where it is repeated.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear, or a pair is not one
            treated unit and one that is not.
        TooFewError: there are fewer than five pairs.
    """
    y, d, pairs = outcomes(table, outcome), arms(table, treated), labels(table, pair)
    _whole_pairs(d, pairs, pair)
    enough(pairs.count, PAIRS, "pairs", pair)
    x = covariate_columns(table, covariates, d[:, None])
    order = np.lexsort((d, pairs.codes))
    gaps = _gaps(y[order])
    found, told = heard(lambda: _within(y, d, pairs))
    ends = found.confint(alpha=1.0 - level).loc["d"]
    without = (gaps.sum() - gaps) / (len(gaps) - 1)
    return Effect(
        estimand="ate",
        estimate=float(found.coef()["d"]),
        standard_error=float(found.se()["d"]),
        low=float(ends.iloc[0]),
        high=float(ends.iloc[1]),
        n=len(y),
        clusters=pairs.count,
        method="pairs",
        library=named("pyfixest"),
        level=level,
        p_value=float(found.pvalue()["d"]),
        df=float(pairs.count - 1),
        diagnostics=(
            *balance(x, covariates, d),
            Diagnostic("pairs_alike", float(np.corrcoef(y[order][::2], y[order][1::2])[0, 1]), "told"),
            Diagnostic("leave_one_out_low", float(without.min()), "told"),
            Diagnostic("leave_one_out_high", float(without.max()), "told"),
        ),
        warnings=told,
        second=_second(table, outcome, treated, pair, gaps, x[order], seed, level),
    )


def _whole_pairs(d: Numbers, pairs: Labels, name: str) -> None:
    sizes, ones = np.bincount(pairs.codes), np.bincount(pairs.codes, d)
    odd = [pairs.names[place] for place in np.flatnonzero((sizes != 2) | (ones != 1.0))]
    if odd:
        raise ColumnError(
            f"expected one treated and one untreated row in each pair, {listed('found otherwise in', odd)}", at(name)
        )


def _within(y: Numbers, d: Numbers, pairs: Labels) -> Any:
    return library("pyfixest").feols("y ~ d | pair", pl.DataFrame({"y": y, "d": d, "pair": pairs.codes}), vcov="iid")


def _gaps(ordered: Numbers) -> Numbers:
    """Treated less untreated of each pair; rows are ordered by pair, the untreated first."""
    return ordered[1::2] - ordered[::2]


def _second(
    table: pl.DataFrame, outcome: str, treated: str, pair: str, gaps: Numbers, x: Numbers, seed: int, level: float
) -> Effect:
    if x.shape[1] and len(gaps) > 2 * x.shape[1] + 2:
        return _regressed(gaps, np.column_stack([_gaps(column) for column in x.T]), level)
    from haidang.learn.evaluate.assignments import flipped
    from haidang.learn.evaluate.repeat import randomisation_inference

    draws = flipped(table[treated].cast(pl.Float64).to_numpy(), labels(table, pair).codes)
    return randomisation_inference(table, outcome, treated, draws, strata=pair, seed=seed, level=level)


def _regressed(gaps: Numbers, apart: Numbers, level: float) -> Effect:
    """The constant of the pairs' differences on their covariates' differences, with HC2 errors."""
    rows, columns = telling(np.column_stack([np.ones(len(gaps)), apart]))
    gaps, apart = gaps[rows], apart[np.ix_(rows, columns[1:])]
    names = [f"x{place}" for place in range(apart.shape[1])]
    data = pl.DataFrame({"y": gaps, **dict(zip(names, apart.T, strict=True))})
    found, told = heard(lambda: regression(" + ".join(["y ~ 1", *names]), data, "HC2"))
    ends = found.confint(alpha=1.0 - level).loc["Intercept"]
    return Effect(
        estimand="ate",
        estimate=float(found.coef()["Intercept"]),
        standard_error=float(found.se()["Intercept"]),
        low=float(ends.iloc[0]),
        high=float(ends.iloc[1]),
        n=2 * len(gaps),
        clusters=len(gaps),
        method="pairs_regressed",
        library=named("pyfixest"),
        level=level,
        p_value=float(found.pvalue()["Intercept"]),
        df=float(len(gaps) - 1 - len(names)),
        warnings=told,
    )
