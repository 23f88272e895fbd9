"""A trial by cluster: whole wards, parks or schools were drawn by lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from haidang.learn.evaluate.balance import balance
from haidang.learn.evaluate.columns import (
    Codes,
    Labels,
    Numbers,
    arms,
    covariate_columns,
    labels,
    outcomes,
    strata_columns,
)
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.enough import CLUSTERS_OF_AN_ARM, SATTERTHWAITE, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.mistakes import ColumnError, at, listed


def clustered(
    table: pl.DataFrame,
    outcome: str,
    treated: str,
    cluster: str,
    *,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    level: float = 0.95,
) -> Effect:
    """The average effect of treatment on units, in a trial by cluster.

    First: least squares over units by diff-diff, with CR2 errors and Satterthwaite degrees of freedom (Bell and
    McCaffrey 2002). Second: Welch's difference of the clusters' means, each cluster counting once; where it is far from
    the first, large and small clusters differ in effect.

    Args:
        table: one row a unit.
        outcome: column of numbers.
        treated: column of 0 and 1, the same in all rows of a cluster.
        cluster: column of the clusters.
        covariates: columns of numbers, measured before treatment.
        strata: column of the strata within which clusters were drawn.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear, an arm is empty, or a
            cluster is in both arms.
        TooFewError: an arm has fewer than four clusters, or the Satterthwaite degrees of freedom are below four.
    """
    y, d, groups = outcomes(table, outcome), arms(table, treated), labels(table, cluster)
    arm = cluster_arms(d, groups, treated)
    enough(min(arm.sum(), (1.0 - arm).sum()), CLUSTERS_OF_AN_ARM, "clusters in each arm", cluster)
    dummies = strata_columns(table, strata, d)
    x = covariate_columns(table, covariates, np.column_stack([d, dummies]))
    first, told = heard(lambda: _bell_mccaffrey(np.column_stack([d, x, dummies]), y, groups.codes, level))
    enough(first.df, SATTERTHWAITE, "degrees of freedom", cluster)
    return Effect(
        estimand="ate",
        estimate=float(first.coefficient),
        standard_error=float(first.se),
        low=float(first.conf_int[0]),
        high=float(first.conf_int[1]),
        n=len(y),
        clusters=groups.count,
        method="cluster_cr2",
        library=named("diff-diff"),
        level=level,
        p_value=float(first.p_value),
        df=float(first.df),
        diagnostics=(*balance(x, covariates, d, groups.codes), *_clusters(y, d, groups)),
        warnings=told,
        second=_of_means(y, arm, groups.codes, level),
    )


def cluster_arms(d: Numbers, groups: Labels, treated: str) -> Numbers:
    """The arm of each cluster.

    Raises:
        ColumnError: a cluster has treated and untreated rows.
    """
    share = np.bincount(groups.codes, d) / np.bincount(groups.codes)
    mixed = [groups.names[place] for place in np.flatnonzero((share > 0.0) & (share < 1.0))]
    if mixed:
        raise ColumnError(f"expected one arm in a cluster, {listed('found both in', mixed)}", at(treated))
    return share


def _bell_mccaffrey(design: Numbers, y: Numbers, codes: Codes, level: float) -> Any:
    model = library("diff_diff").LinearRegression(
        vcov_type="hc2_bm", cluster_ids=codes, alpha=1.0 - level, rank_deficient_action="error"
    )
    return model.fit(design, y).get_inference(1)


def _of_means(y: Numbers, arm: Numbers, codes: Codes, level: float) -> Effect:
    from haidang.learn.evaluate.by_unit import welch

    means = np.bincount(codes, y) / np.bincount(codes)
    return welch(means, arm, level, estimand="ate_cluster", method="cluster_means", clusters=len(arm))


def _clusters(y: Numbers, d: Numbers, groups: Labels) -> tuple[Diagnostic, ...]:
    """How unequal the clusters are, how alike within, and how far one of them carries the estimate."""
    size = np.bincount(groups.codes).astype(np.float64)
    spread = float(size.std() / size.mean())
    without = leave_out(y, d, groups.codes)
    return (
        Diagnostic("cluster_sizes_vary", spread, "good" if spread < 0.5 else "doubtful"),
        Diagnostic("intracluster_correlation", _alike(y - _fitted(y, d), groups.codes, size), "told"),
        Diagnostic("leave_one_out_low", min(without), "told"),
        Diagnostic("leave_one_out_high", max(without), "told"),
    )


def leave_out(y: Numbers, d: Numbers, codes: Codes) -> list[float]:
    """The difference in means without each cluster in turn."""
    ones, zeros = d, 1.0 - d
    total = {arm: (np.bincount(codes, w * y), np.bincount(codes, w)) for arm, w in (("one", ones), ("zero", zeros))}
    mean = {arm: (sums.sum() - sums) / (counts.sum() - counts) for arm, (sums, counts) in total.items()}
    return [float(one) for one in mean["one"] - mean["zero"]]


def _fitted(y: Numbers, d: Numbers) -> Numbers:
    treated, untreated = float(y[d == 1.0].mean()), float(y[d == 0.0].mean())
    return untreated + (treated - untreated) * d


def _alike(rest: Numbers, codes: Codes, size: Numbers) -> float | None:
    """Intracluster correlation by analysis of variance (Donner and Klar 2000), none where a cluster is one unit."""
    rows, groups = float(len(rest)), float(len(size))
    if rows == groups:
        return None
    means = np.bincount(codes, rest) / size
    within = float(np.sum((rest - means[codes]) ** 2)) / (rows - groups)
    between = float(np.sum(size * means**2)) / (groups - 2.0)
    usual = (rows - float(np.sum(size**2)) / rows) / (groups - 1.0)
    whole = between + (usual - 1.0) * within
    return None if whole <= 0.0 else (between - within) / whole
