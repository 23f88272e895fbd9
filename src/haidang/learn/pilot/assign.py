"""Assigning a pilot's units: by the declared rule, from its hash, a public salt and the ids, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.errors import Place, did_you_mean
from haidang.learn.pilot.declaration import Declaration, PilotError, digest
from haidang.learn.pilot.keys import Chance, drawn_chance, public_chance
from haidang.learn.pilot.rules import (
    Drawn,
    clustered,
    complete,
    paired,
    pairs_of,
    rerandomised,
    simple,
    stratified,
)

Whole = NDArray[np.int64]
ID, ARM, BLOCK = "id", "arm", "block"
HEADINGS = 2
"""The line of a text table's first row: headings stand in the one before."""


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """A pilot's units with their arms.

    Args:
        table: `id` (text, ascending), `arm`, `block`, and the columns that the rule read.
        declaration_hash: of the frozen declaration.
        salt: the public salt.
        rule: the declared rule.
        tries: how many assignments were drawn until one was balanced; 1 where the first counts.
    """

    table: pl.DataFrame
    declaration_hash: str
    salt: str
    rule: str
    tries: int


def assign(declaration: Declaration, units: pl.DataFrame, salt: str, place: Place | None = None) -> Assigned:
    """Every unit's arm: the same for anybody who has the declaration, the salt and the units, in whatever order.

    Args:
        declaration: the pilot, as it was registered.
        units: one row each, with `id` and the columns that the rule reads.
        salt: a text that nobody could choose beforehand and everybody can look up.
        place: the file of the units, for messages.

    Raises:
        PilotError: a column is missing or has gaps, ids repeat, the number of units is not the declared one, or the
            rule cannot be followed with these units.
    """
    if not salt.strip():
        raise PilotError("expected a public salt, found an empty text", hint="such as a lottery's numbers of a day")
    ordered = checked(declaration, units, place)
    frozen = digest(declaration)
    drawn = _draw(declaration, ordered, public_chance(frozen, salt), place)
    names = [one.id for one in declaration.arms]
    kept = list(dict.fromkeys([ID, *declaration.columns]))
    table = ordered.select(kept).with_columns(
        pl.Series(ARM, [names[code] for code in drawn.arm]), pl.Series(BLOCK, drawn.block)
    )
    return Assigned(table, frozen, salt, declaration.assignment.rule, drawn.tries)


def checked(declaration: Declaration, units: pl.DataFrame, place: Place | None = None) -> pl.DataFrame:
    """The units ordered by id, with all that the rule reads.

    Raises:
        PilotError: as `assign`.
    """
    for name in dict.fromkeys((ID, *declaration.columns)):
        if name not in units.columns:
            raise PilotError(f"expected the column '{name}', found none", place, did_you_mean(name, units.columns))
        gaps = units[name].is_null().arg_true()
        if len(gaps):
            first = None if place is None else Place(place.path, int(gaps[0]) + HEADINGS, name)
            raise PilotError(f"expected a value of '{name}' for every unit, found {len(gaps)} without one", first)
    if units.height != declaration.units.size:
        problem = f"expected the {declaration.units.size} units of the declaration, found {units.height}"
        raise PilotError(problem, place, "amend 'units.size' before assigning")
    ordered = units.with_columns(pl.col(ID).cast(pl.String)).sort(ID)
    repeated = ordered.filter(pl.col(ID).is_duplicated())
    if repeated.height:
        raise PilotError(f"expected each id once, found '{repeated[ID][0]}' {repeated.height} times or more", place)
    return ordered


def redrawer(declaration: Declaration, table: pl.DataFrame) -> Callable[[np.random.Generator], Whole]:
    """What draws another assignment of the same units by the same rule: the place of each unit's arm.

    The order is that of the table's rows. Pairs are formed once, as they were; whoever is treated within is drawn.

    Args:
        declaration: the pilot.
        table: its units, with the columns that the rule reads.

    Raises:
        PilotError: the rule draws no lots, as with a cut-off.
    """
    if declaration.assignment.rule == "cutoff":
        raise PilotError("expected a rule that draws lots, found a cut-off: there is no other assignment to draw")
    keyed = table.with_columns(pl.col(ID).cast(pl.String)).with_row_index("row").sort(ID)
    rows = keyed["row"].to_numpy()
    draw_by = rule_over(declaration, keyed)

    def draw(generator: np.random.Generator) -> Whole:
        arm = np.empty(len(rows), np.int64)
        arm[rows] = draw_by(drawn_chance(generator)).arm
        return arm

    return draw


def verify(declaration: Declaration, given: pl.DataFrame, salt: str, place: Place | None = None) -> None:
    """See that a table of arms is the one that follows from the declaration, the salt and the ids.

    Raises:
        PilotError: a unit has another arm, named with both; or the table cannot be assigned at all.
    """
    if ARM not in given.columns:
        raise PilotError(f"expected the column '{ARM}', found none", place, did_you_mean(ARM, given.columns))
    again = assign(declaration, given.drop(ARM, BLOCK, strict=False), salt, place).table
    both = again.select(ID, pl.col(ARM).alias("right")).join(
        given.select(pl.col(ID).cast(pl.String), pl.col(ARM).cast(pl.String)), on=ID
    )
    wrong = both.filter(pl.col("right") != pl.col(ARM))
    if wrong.height:
        one = wrong.row(0, named=True)
        problem = f"expected arm '{one['right']}' for unit '{one[ID]}', found '{one[ARM]}'"
        raise PilotError(problem, place, f"{wrong.height} of {given.height} units differ from what the hash gives")


def _draw(declaration: Declaration, ordered: pl.DataFrame, chance: Chance, place: Place | None) -> Drawn:
    """The lot; a mistake of the rule is one of the units' file and of the column that the rule reads."""
    try:
        return rule_over(declaration, ordered)(chance)
    except PilotError as mistake:
        if place is None:
            raise
        column = declaration.units.cluster or declaration.assignment.score
        raise PilotError(mistake.problem, Place(place.path, key=column), mistake.hint) from None


def rule_over(declaration: Declaration, ordered: pl.DataFrame) -> Callable[[Chance], Drawn]:
    """The declared rule over these units, all that does not depend on chance being done."""
    ids: list[str] = ordered[ID].to_list()
    shares = [one.share for one in declaration.arms]
    rule = declaration.assignment
    stratum = strata_of(ordered, declaration.units.strata) if declaration.units.strata else None
    cluster = declaration.units.cluster
    if cluster is not None:
        clusters: list[str] = ordered[cluster].cast(pl.String).to_list()
        if rule.rule in {"cluster", "phased", "encouragement"}:
            return lambda chance: clustered(clusters, shares, stratum, chance)
    if rule.rule == "simple":
        return lambda chance: simple(ids, shares, chance)
    if rule.rule == "pairs":
        pair = pairs_of(np.zeros(len(ids), np.int64) if stratum is None else stratum, numbers_of(ordered, rule.balance))
        return lambda chance: paired(ids, pair, chance)
    if rule.rule == "rerandomised":
        columns, part = numbers_of(ordered, rule.balance), rule.acceptance or 1.0
        return lambda chance: rerandomised(ids, shares, stratum, columns, part, chance)
    if rule.rule == "cutoff":
        return lambda _: Drawn(_by_score(declaration, ordered), np.zeros(len(ids), np.int64))
    if stratum is not None:
        return lambda chance: stratified(ids, shares, stratum, chance)
    return lambda chance: complete(ids, shares, chance)


def _by_score(declaration: Declaration, ordered: pl.DataFrame) -> Whole:
    rule = declaration.assignment
    score = numbers_of(ordered, (str(rule.score),))[:, 0]
    cutoff = float(rule.cutoff or 0.0)
    arm = (score >= cutoff if rule.above else score <= cutoff).astype(np.int64)
    if arm.min() == arm.max():
        whom = "all" if arm.all() else "none"
        raise PilotError(f"expected units on both sides of the cut-off, found {whom} treated", declaration.place)
    return arm


def strata_of(units: pl.DataFrame, columns: Sequence[str]) -> Whole:
    """The number of each unit's combination of columns, in the order of the combinations (units)."""
    keys = units.select(pl.concat_str([pl.col(name).cast(pl.String) for name in columns], separator="\x1f"))
    _, place = np.unique(keys.to_series().to_numpy().astype(str), return_inverse=True)
    return place.astype(np.int64)


def numbers_of(units: pl.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    """Columns as numbers (units, columns); a column of words as one column for each word but the first.

    Raises:
        PilotError: in none of them two units differ.
    """
    found: list[NDArray[np.float64]] = []
    for name in columns:
        series = units[name]
        if series.dtype.is_numeric() or series.dtype == pl.Boolean:
            found.append(series.cast(pl.Float64).to_numpy())
            continue
        words = sorted(set(series.cast(pl.String).to_list()))
        found.extend((series.cast(pl.String) == word).cast(pl.Float64).to_numpy() for word in words[1:])
    if not found:
        problem = f"expected units that differ in {', '.join(columns)}, found all of them alike"
        raise PilotError(problem, hint="name a column in which they do")
    return np.stack(found, axis=1)
