"""An assignment on disk: the table of arms, and the recipe by which anybody derives it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from haidang.errors import Place
from haidang.learn.pilot.assign import ARM, BLOCK, ID, Assigned, verify
from haidang.learn.pilot.declaration import Declaration, PilotError, digest
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


def read_assignment(path: Path, declaration: Declaration) -> tuple[pl.DataFrame, str]:
    """The table of arms and its salt, derived again and held against what the file says.

    Raises:
        PilotError: the recipe is missing or of another declaration, or an arm is not the one that was drawn.
    """
    place = Place(str(path))
    table, recipe = read_table(path), _recipe(recipe_path(path))
    if recipe["declaration_hash"] != digest(declaration):
        problem = "expected the assignment of this declaration, found one of another"
        raise PilotError(problem, place, "amended since? what was assigned stands under the hash it was assigned by")
    for name in (ID, ARM, BLOCK):
        if name not in table.columns:
            raise PilotError(f"expected the column '{name}', found none", place)
    verify(declaration, table, recipe["salt"], place)
    return table.with_columns(pl.col(ID).cast(pl.String)), str(recipe["salt"])


def _recipe(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {key: str(found[key]) for key in ("declaration_hash", "salt")}
    except (OSError, ValueError, KeyError, TypeError):
        problem = "expected the recipe of an assignment with its declaration_hash and salt, found none"
        raise PilotError(problem, Place(str(path))) from None
