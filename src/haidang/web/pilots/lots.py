"""How a pilot's units get their arms: by the declared rule, once, from a table that was sent or is the site's own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from haidang.errors import Place
from haidang.web.alone import alone
from haidang.web.ledger.write import note
from haidang.web.people.models import User
from haidang.web.pilots.desk import ASSIGNMENT, PilotDeskError, drop, put, read_plan, tried
from haidang.web.pilots.kinds import by_lot
from haidang.web.pilots.models import Pilot
from haidang.web.pilots.site_units import UNITS, site_units, units_file
from haidang.web.tables import harmless

if TYPE_CHECKING:
    import polars as pl

    from haidang.learn.pilot.declaration import Declaration

UNITS_DIGEST = "units.sha256"
SHORTEST = 4
"""Letters of a salt."""
NO_SALT = "none: a score decides"
"""What a recipe says of its salt where nothing is drawn."""


def draw_lots(by: User, pilot: Pilot, content: bytes, salt: str, source: str = "file") -> None:
    """Give every unit its arm; once, since a lot that is drawn again until it pleases is none.

    Where a score decides there is no salt: whatever is sent as one stands nowhere.

    Args:
        by: who does it.
        pilot: of which.
        content: the table of units, as CSV; its digest is kept beside the lots.
        salt: the public salt; empty where nothing is drawn.
        source: whether the table is a `file` that was sent or of the `site`.

    Raises:
        HaidangError: the pilot is not registered as it stands, has its lots already, or a unit is not as it should be;
            a text of the table is one that a spreadsheet would run.
    """
    from haidang.learn.pilot.assign import assign
    from haidang.learn.pilot.assignment_file import write_assignment
    from haidang.learn.pilot.registration import require_registered
    from haidang.learn.pilot.tables import read_table

    with alone(pilot.folder), transaction.atomic():
        declared = read_plan(pilot)
        require_registered(pilot.plan, declared)
        table = pilot.folder / ASSIGNMENT
        if table.exists():
            if by_lot(declared):
                raise PilotDeskError("expected a pilot without lots, found them drawn already")
            raise PilotDeskError("expected a pilot whose units have no arms, found that they have them already")
        drawn_with = _salted(declared, salt)
        trial = tried(pilot.folder, UNITS, content)
        try:
            made = assign(declared, read_table(trial), drawn_with, Place(UNITS))
        finally:
            drop(trial)
        _refuse_formulas(made.table)
        sent = hashlib.sha256(content).hexdigest()
        told = {"units": made.table.height, "sha256": sent, "source": source, "hash": made.declaration_hash}
        note(by, "pilots.lots.drawn", pilot, salt=salt if by_lot(declared) else "", **told)
        put(pilot.folder / UNITS_DIGEST, f"{sent}  {UNITS}\n".encode())
        write_assignment(table, made)


def draw_site_lots(by: User, pilot: Pilot, salt: str, seen: str) -> None:
    """Give each factory that somebody sees its arm: by the table to take away, which was `seen` under its SHA-256.

    Raises:
        HaidangError: as `draw_lots`; or the table has changed since it was seen, or the plan's units are others.
    """
    table = site_units(by)
    _refuse_other_units(read_plan(pilot), table)
    content = units_file(table).content
    found = hashlib.sha256(content).hexdigest()
    if found != seen:
        raise PilotDeskError(f"expected the site's units of SHA-256 {seen[:16]}…, found them changed: {found[:16]}…")
    draw_lots(by, pilot, content, salt, "site")


def _refuse_other_units(declared: Declaration, table: pl.DataFrame) -> None:
    """See that a plan's units are this site's: as many, with every column that the plan reads.

    Raises:
        PilotDeskError: they are others.
    """
    wanted, known = declared.units.size, table.height
    if known != wanted:
        raise PilotDeskError(f"expected the plan's {wanted} units among this site's factories, found {known} factories")
    for name in declared.columns:
        if name not in table.columns:
            raise PilotDeskError(f"expected the column '{name}' known of all factories of this site, found none")


def _salted(declared: Declaration, salt: str) -> str:
    """What units get their arms with: the salt, or where nothing is drawn the word that there is none."""
    if not by_lot(declared):
        return NO_SALT
    if len(salt.strip()) < SHORTEST:
        raise PilotDeskError(f"expected a public salt of {SHORTEST} letters or more, found {len(salt.strip())}")
    return salt


def units_digest(pilot: Pilot) -> str:
    """SHA-256 of the table of units that the lots were drawn from; empty for lots of before it was kept."""
    kept = pilot.folder / UNITS_DIGEST
    return kept.read_text(encoding="utf-8").partition(" ")[0] if kept.exists() else ""


def _refuse_formulas(table: pl.DataFrame) -> None:
    """The table of arms goes to spreadsheets as the command line reads it back, so no sign can be put before a text."""
    texts = (cell for name in table.columns for cell in table[name] if harmless(cell) != cell)
    found = next(texts, None)
    if found is not None:
        raise PilotDeskError(f"expected texts that no spreadsheet takes for a formula, found {str(found)[:30]!r}")
