"""What lenders recorded, handed over to the pilots that are evaluated on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from haidang.errors import HaidangError
from haidang.web.city.pack import pack
from haidang.web.ledger.models import Entry
from haidang.web.ledger.write import note
from haidang.web.lending.records import OUTCOMES, evaluated, outcome_rows
from haidang.web.people.models import User
from haidang.web.pilots.desk import ASSIGNMENT, ask_evaluation, lots_of, read_plan
from haidang.web.pilots.models import Pilot
from haidang.web.tables import csv_answer

HANDED_OVER = "lending.outcomes.handed_over"


@dataclass(frozen=True, slots=True)
class Taker:
    """A pilot of a programme, and whether lenders' records are what it is evaluated on.

    Args:
        column: of its outcome.
        units: that drew a lot.
        known: of them on the site.
        obstacle: why the records do not serve it, a key of `lending.pilots`; empty where they do.
        last: when they were handed over last; none where they never were.
    """

    pilot: Pilot
    programme: str
    column: str
    units: int
    known: int
    obstacle: str
    last: Entry | None


def takers(user: User, programme: str) -> list[Taker]:
    """The pilots of a programme that somebody may see, the newest first; one whose plan cannot be read is left out."""
    found = (taker_of(one) for one in Pilot.objects.visible_to(user))
    return [one for one in found if one is not None and one.programme == programme]


def taker_of(pilot: Pilot) -> Taker | None:
    """How a pilot stands to what lenders record; none where it is of no programme of this city."""
    from haidang.learn.pilot.assign import ID

    try:
        declared = read_plan(pilot)
        drawn = (pilot.folder / ASSIGNMENT).exists()
        ids = set(lots_of(pilot, declared).table[ID].to_list()) if drawn else set[str]()
    except HaidangError:
        # Its own page says what is wrong with it.
        return None
    city, _, programme = (declared.programme or "").partition("/")
    if city != pack().id:
        return None
    known = len(ids & {str(one.unit) for one in evaluated()}) if ids else 0
    column = declared.outcome.column
    obstacle = "column" if column not in OUTCOMES[1:] else "lots" if not drawn else "units" if not known else ""
    last = Entry.objects.filter(action=HANDED_OVER, subject=f"pilots.pilot:{pilot.pk}").order_by("-number").first()
    return Taker(pilot, programme, column, len(ids), known, obstacle, last)


def hand_over(by: User, taker: Taker) -> str:
    """Have a pilot evaluated on what lenders recorded until now: on the very bytes of the table that is downloaded.

    Returns:
        SHA-256 of the table, which the log keeps.

    Raises:
        HaidangError: the pilot takes no table.
    """
    rows = outcome_rows(by, taker.programme)
    content = csv_answer("outcomes.csv", OUTCOMES, rows).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        ask_evaluation(by, taker.pilot, content)
        note(by, HANDED_OVER, taker.pilot, programme=taker.programme, sha256=digest, units=len(rows))
    return digest
