"""An assignment on disk: the table of arms, and the recipe by which anybody derives it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from haidang.errors import Place
from haidang.learn.pilot.assign import ARM, BLOCK, ID, Assigned, verify
from haidang.learn.pilot.declaration import Declaration, PilotError, digest, of_the_lots
from haidang.learn.pilot.keys import RECIPE
from haidang.learn.pilot.tables import read_table, write_table, write_text

RULES = {
    "simple": "a unit's number divided by 2^64 falls into the part of its arm, arms laid end to end in their order",
    "complete": "units in the order of their numbers (purpose 'arm'): the first so many get the first arm, and so on",
    "stratified": "as complete, within each stratum, whole parts only; misfits in the order of purpose 'misfit'",
    "cluster": "as complete (stratified where there are strata), clusters instead of units",
    "pairs": "the two nearest free units of a stratum are a pair; in it the unit with the lower number is not treated",
    "rerandomised": "as complete or stratified with purpose 'try K arm', K = 1, 2, ... until the arms are balanced",
    "phased": "as complete, stratified or cluster; arms are the years in which the offers begin",
    "encouragement": "as complete, stratified or cluster; arms are encouraged and not",
    "cutoff": "the score decides; no lot",
}


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """An assignment that was derived again.

    Args:
        table: the units with their arms, and the columns that the rule read.
        salt: the public salt.
        declaration: by which they were drawn; since amended, perhaps.
    """

    table: pl.DataFrame
    salt: str
    declaration: Declaration


def recipe_path(path: Path) -> Path:
    """Where the recipe of an assignment lies."""
    return path.with_suffix(".recipe.json")


def write_assignment(path: Path, assigned: Assigned) -> None:
    """Write the table and beside it the recipe.

    Raises:
        TableError: a file cannot be written.
    """
    recipe = {
        "declaration_hash": assigned.declaration_hash,
        "salt": assigned.salt,
        "rule": assigned.rule,
        "tries": assigned.tries,
        "units": assigned.table.height,
        "number": RECIPE,
        "order": "units by id as text, ascending by code point; equal numbers in that order",
        "assignment": RULES[assigned.rule],
        "table": path.name,
    }
    write_text(recipe_path(path), f"{json.dumps(recipe, ensure_ascii=False, indent=2, sort_keys=True)}\n")
    write_table(path, assigned.table)


def read_assignment(path: Path, declaration: Declaration, registered: Sequence[Declaration] = ()) -> Lots:
    """The table of arms, derived again under the hash that it was drawn by and held against what the file says.

    Args:
        path: the table.
        declaration: the pilot as it stands.
        registered: every version of it that its register holds: lots stand under the one by which they were drawn.

    Raises:
        PilotError: the recipe is missing or of another pilot, an arm is not the one that was drawn, or the declaration
            was since changed in what the lots follow from.
    """
    place = Place(str(path))
    table, recipe = read_table(path), _recipe(recipe_path(path))
    known = {digest(one): one for one in (*registered, declaration)}
    drawn = known.get(recipe["declaration_hash"])
    if drawn is None:
        problem = "expected the assignment of this declaration, found one of another"
        raise PilotError(problem, place, "changed since? lots stand under the hash they were drawn by, once registered")
    for name in (ID, ARM, BLOCK):
        if name not in table.columns:
            raise PilotError(f"expected the column '{name}', found none", place)
    verify(drawn, table, recipe["salt"], place)
    refuse_other_lots(drawn, declaration)
    return Lots(table.with_columns(pl.col(ID).cast(pl.String)), str(recipe["salt"]), drawn)


def refuse_other_lots(drawn: Declaration, declaration: Declaration) -> None:
    """See that a declaration still says of units, arms and rule what the lots were drawn by.

    Raises:
        PilotError: it does not.
    """
    before, now = of_the_lots(drawn), of_the_lots(declaration)
    changed = ", ".join(key for key in before if before[key] != now[key])
    if changed:
        problem = f"expected units, arms and rule as the lots were drawn by, found changes of: {changed}"
        raise PilotError(problem, declaration.place, "lots that are drawn cannot be amended; take these changes back")


def drawn_beside(path: Path, registered: Sequence[Declaration]) -> Declaration | None:
    """By which version of a declaration lots were drawn whose recipe lies in its folder; none where there are none."""
    known = {digest(one): one for one in registered}
    for recipe in sorted(path.parent.glob("*.recipe.json")):
        found = known.get(_recipe(recipe)["declaration_hash"])
        if found is not None:
            return found
    return None


def _recipe(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {key: str(found[key]) for key in ("declaration_hash", "salt")}
    except (OSError, ValueError, KeyError, TypeError):
        problem = "expected the recipe of an assignment with its declaration_hash and salt, found none"
        raise PilotError(problem, Place(str(path))) from None
