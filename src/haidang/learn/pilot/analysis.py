"""Analysing a pilot by the estimator of its design, as registered, with the lot repeated and departures named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from haidang.errors import Place, did_you_mean
from haidang.frameworks.framework import Language
from haidang.learn.evaluate import (
    Deviation as Departure,
)
from haidang.learn.evaluate import (
    Diagnostic,
    Effect,
    Evaluation,
    at_cutoff,
    clustered,
    decide,
    encouraged,
    lee_bounds,
    paired,
    randomisation_inference,
    randomised,
    staggered,
)
from haidang.learn.evaluate.balance import balance
from haidang.learn.pilot.assign import ARM, BLOCK, ID, numbers_of, redrawer
from haidang.learn.pilot.came import BOUNDED, PERIOD, Given, checked_results, in_their_files
from haidang.learn.pilot.declaration import Declaration, PilotError, digest
from haidang.learn.pilot.deviations import Analysis, deviations
from haidang.learn.pilot.registration import require_registered
from haidang.learn.pilot.words import text
from haidang.results.catalogue import catalogue
from haidang.results.numerals import unit_text

LANGUAGES: tuple[Language, ...] = ("vi", "en")
TREATED, STRATUM = "treated", "stratum"
LOTS = 1999
_PAIR = 2
_DESIGN = {"cluster": "clustered", "pairs": "paired", "encouragement": "encouraged", "phased": "staggered"}


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """A pilot's answer.

    Args:
        evaluation: everything that the report says.
        effect: the registered estimate.
        table: the units that were analysed.
    """

    evaluation: Evaluation
    effect: Effect
    table: pl.DataFrame


def analyse(
    path: Path,
    declaration: Declaration,
    data: pl.DataFrame,
    assigned: pl.DataFrame,
    analysis: Analysis,
    *,
    arm: str | None = None,
    lots: int = LOTS,
    place: Place | None = None,
    arms_place: Place | None = None,
    titles: Mapping[str, Mapping[str, str]] | None = None,
    drawn_by: Declaration | None = None,
    progress: Callable[[], None] | None = None,
) -> Analysed:
    """The effect of one arm against the control.

    Args:
        path: the declaration's file, beside which the register lies.
        declaration: what it declares.
        data: the units with `id` and the outcome; of a phased pilot one row for each unit and `period`.
        assigned: the units with their arms.
        analysis: what is to be done; as registered, or otherwise and then named as a departure.
        arm: the treated arm; the first unless given.
        lots: how many other assignments are drawn for randomisation inference.
        place: the file of the data, for messages.
        arms_place: the file of the units with their arms, for messages.
        drawn_by: the registered declaration by which the lots were drawn; the one in force unless given.
        titles: what outcomes are called in both languages, where the programme's model says; else by their columns.
        progress: called before each repetition of the lot, which is most of the work; what it raises ends the analysis.

    Raises:
        UnregisteredError: the declaration is not registered as it stands.
        HaidangError: a column is missing, units repeat, outcomes are missing in a design without bounds for that.
    """
    known = require_registered(path, declaration)
    name = declaration.treated[0].id if arm is None else arm
    if name not in {one.id for one in declaration.treated}:
        raise PilotError(
            f"expected a treated arm, found '{name}'",
            place,
            did_you_mean(name, [one.id for one in declaration.treated]),
        )
    read = checked_results(declaration, analysis, data, assigned, place)
    table = _joined(declaration, analysis, read, assigned, name, place)
    found = deviations(declaration, known, analysis, data, assigned, None if drawn_by is None else digest(drawn_by))
    departures = [_told(one.what, dict(one.values)) for one in found]
    out = _left_out(declaration, read, assigned)
    departures += [_told("left_out", out)] if out else []
    bounds = None

    def in_files(work: Callable[[], Given]) -> Given:
        return in_their_files(work, declaration, assigned, place, arms_place)

    lost = int(table[analysis.outcome].null_count())
    whole = table.filter(pl.col(analysis.outcome).is_not_null())
    if lost:
        drawn = BLOCK if declaration.assignment.rule == "pairs" else declaration.units.cluster
        level = 1.0 - declaration.alpha
        bounds = in_files(lambda: lee_bounds(table, analysis.outcome, TREATED, cluster=drawn, level=level))
        departures.append(_told("outcomes_lost", _lost(table, analysis.outcome, name)))
    if lost and declaration.assignment.rule == "pairs":
        broken = whole.filter(pl.len().over(BLOCK) == 1)
        whole = whole.filter(pl.len().over(BLOCK) == _PAIR)
        departures.append(_told("pairs_broken", {"count": str(broken.height)}))
    effect = in_files(lambda: estimate(declaration, whole, analysis))
    lot = None
    if declaration.assignment.rule not in {"cutoff", "encouragement", "phased"} and not lost and lots:
        lot = in_files(lambda: _by_lot(declaration, whole, analysis, assigned, name, lots, progress))
    decision = decide(effect, declaration.smallest_worthwhile, better=declaration.outcome.better, bounds=bounds)
    if out:
        decision = replace(decision, cautions=(*decision.cautions, "left_out"))
    return Analysed(
        Evaluation(
            title=cast("Any", declaration.title),
            question=cast("Any", declaration.question),
            outcome=cast("Any", (titles or {}).get(analysis.outcome, dict.fromkeys(LANGUAGES, analysis.outcome))),
            unit=cast("Any", {one: unit_text(declaration.outcome.unit, catalogue(one)) for one in LANGUAGES}),
            design=cast("Any", _DESIGN.get(declaration.assignment.rule, _other(declaration))),
            effect=effect,
            decision=decision,
            registered=f"{known.day.isoformat()} {known.declaration_hash[:12]}",
            deviations=tuple(departures),
            lot=lot,
            bounds=bounds,
        ),
        effect,
        whole,
    )


def _other(declaration: Declaration) -> str:
    return "at_cutoff" if declaration.assignment.rule == "cutoff" else "randomised"


def _told(key: str, values: dict[str, str]) -> Departure:
    return Departure(cast("Any", {lang: text(f"deviation_{key}", lang, **values) for lang in LANGUAGES}))


def _lost(table: pl.DataFrame, outcome: str, arm: str) -> dict[str, str]:
    lost = table.filter(pl.col(outcome).is_null())
    treated = int((lost[TREATED] == 1).sum())
    return {"treated": str(treated), "control": str(lost.height - treated), "arm": arm, "first": str(lost[ID][0])}


def _left_out(declaration: Declaration, read: pl.DataFrame, assigned: pl.DataFrame) -> dict[str, str]:
    """How many units of each arm are left out, where nothing bounds what that can do; nothing where none is."""
    if declaration.assignment.rule in BOUNDED:
        return {}
    out = assigned.filter(~pl.col(ID).cast(pl.String).is_in(read[ID].implode())).sort(ID)
    if not out.height:
        return {}
    counts = dict(out[ARM].value_counts().iter_rows())
    told = ", ".join(f"{one.id} {counts.get(one.id, 0)}" for one in declaration.arms)
    return {"counts": told, "all": str(assigned.height), "first": str(out[ID][0])}


def _joined(
    declaration: Declaration,
    analysis: Analysis,
    data: pl.DataFrame,
    assigned: pl.DataFrame,
    arm: str,
    place: Place | None,
) -> pl.DataFrame:
    """The units of the two arms that were assigned and came, with all that the estimator reads."""
    outcome = data.with_columns(pl.col(ID).cast(pl.String))
    kept = [name for name in outcome.columns if name == ID or name not in assigned.columns]
    how: Any = "left" if declaration.assignment.rule in BOUNDED else "inner"
    both = assigned.with_columns(pl.col(ID).cast(pl.String)).join(outcome.select(kept), on=ID, how=how)
    arms = {one.id for one in declaration.arms} if declaration.assignment.rule == "phased" else None
    chosen = both.filter(pl.col(ARM).is_in([declaration.control.id, arm] if arms is None else sorted(arms)))
    if not chosen.height:
        raise PilotError("expected units of both arms, found none", place)
    named = chosen.with_columns((pl.col(ARM) == arm).cast(pl.Int64).alias(TREATED))
    if declaration.units.strata:
        joined = pl.concat_str([pl.col(one).cast(pl.String) for one in declaration.units.strata], separator="/")
        named = named.with_columns(joined.alias(STRATUM))
    missing = [name for name in analysis.covariates if name not in named.columns]
    if missing:
        raise PilotError(
            f"expected the covariate '{missing[0]}', found none", place, did_you_mean(missing[0], named.columns)
        )
    return named


def numeric(table: pl.DataFrame, covariates: Sequence[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table with its covariates as numbers: a column of words becomes one for each word but the first."""
    names: list[str] = []
    columns: list[pl.Series] = []
    for name in covariates:
        series = table[name]
        if series.dtype.is_numeric() or series.dtype == pl.Boolean:
            columns.append(series.cast(pl.Float64).alias(name))
            names.append(name)
            continue
        words = sorted({str(word) for word in series.cast(pl.String).to_list()})
        for word in words[1:]:
            columns.append((series.cast(pl.String) == word).cast(pl.Float64).alias(f"{name}: {word}"))
            names.append(f"{name}: {word}")
    return table.with_columns(columns), tuple(names)


def estimate(declaration: Declaration, table: pl.DataFrame, analysis: Analysis) -> Effect:
    """The effect by the estimator of the declared design.

    Raises:
        HaidangError: the data cannot bear it, each reason by its name.
    """
    rule, level = declaration.assignment.rule, 1.0 - declaration.alpha
    read, covariates = numeric(table, analysis.covariates if analysis.estimator == "adjusted" else ())
    strata = STRATUM if declaration.units.strata else None
    y, cluster = analysis.outcome, declaration.units.cluster
    if rule == "pairs":
        return paired(read, y, TREATED, BLOCK, covariates=covariates, level=level)
    if rule == "encouragement":
        takeup = str(declaration.assignment.takeup)
        return encouraged(read, y, takeup, TREATED, covariates=covariates, strata=strata, cluster=cluster, level=level)
    if rule == "cutoff":
        one = declaration.assignment
        return at_cutoff(
            read, y, str(one.score), float(one.cutoff or 0.0), treated_above=one.above, covariates=covariates,
            level=level,
        )  # fmt: skip
    if rule == "phased":
        starts = {one.id: one.start for one in declaration.arms}
        panel = read.with_columns(pl.col(ARM).replace_strict(starts, return_dtype=pl.Int64).alias("first_treated"))
        return staggered(panel, y, ID, PERIOD, "first_treated", covariates=covariates, cluster=cluster, level=level)
    if cluster is not None:
        return clustered(read, y, TREATED, cluster, covariates=covariates, strata=strata, level=level)
    return randomised(read, y, TREATED, covariates=covariates, strata=strata, level=level)


def _by_lot(
    declaration: Declaration,
    table: pl.DataFrame,
    analysis: Analysis,
    assigned: pl.DataFrame,
    arm: str,
    lots: int,
    progress: Callable[[], None] | None,
) -> Effect | None:
    """Randomisation inference that repeats the actual assignment; none where two arms are not the whole lot.

    With further arms, who is among these two is itself a matter of the lot, and repeating it would compare other units.
    """
    if len(declaration.arms) != 2 or table.height != assigned.height:
        return None
    read, covariates = numeric(table, analysis.covariates if analysis.estimator == "adjusted" else ())
    draw = redrawer(declaration, table)
    strata = STRATUM if declaration.units.strata else None
    if declaration.assignment.rule == "pairs":
        strata, covariates = BLOCK, ()

    def lot(generator: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
        if progress is not None:
            progress()
        return draw(generator).astype(np.float64)

    return randomisation_inference(
        read, analysis.outcome, TREATED, lot, covariates=covariates, strata=strata, draws=lots,
        level=1.0 - declaration.alpha,
    )  # fmt: skip


def balance_of(declaration: Declaration, assigned: pl.DataFrame, arm: str | None = None) -> tuple[Diagnostic, ...]:
    """Standardised differences of all columns known before between an arm and the control, and the joint test."""
    name = declaration.treated[0].id if arm is None else arm
    own = assigned.filter(pl.col(ARM).is_in([declaration.control.id, name]))
    columns = [one for one in declaration.columns if one != declaration.units.cluster]
    table, names = numeric(own, columns)
    names = tuple(one for one in names if table[one].n_unique() > 1)
    if not names:
        return ()
    treated = (own[ARM] == name).cast(pl.Float64).to_numpy()
    cluster = None
    if declaration.units.cluster is not None:
        cluster = np.unique(own[BLOCK].to_numpy(), return_inverse=True)[1]
    return balance(numbers_of(table, names), names, treated, cluster)
