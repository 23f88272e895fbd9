"""Runs on units that somebody gave as a table: everybody sees one such table of each model, and no second.

Two tables of the same factories, one a few factories longer, would tell those few by subtraction, and nobody can see
from two runs which factories they have in common. So the first table that was ever shown stays the only one.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from haidang.errors import HaidangError, Place
from haidang.results import open_run
from haidang.web.city.models import ShownRun
from haidang.web.ledger.models import Entry


class GivenError(HaidangError):
    """A run that must not be shown to everybody."""


def table_of(folder: Path) -> tuple[str, str] | None:
    """The model of a run, and the SHA-256 of the table that its units were given as; none where they are built.

    Raises:
        HaidangError: it is no finished run.
    """
    own = open_run(folder).manifest
    digest = own.inputs.get(own.population.source or "")
    return None if digest is None else (own.model, digest)


def refuse_another_table(folder: Path) -> None:
    """See that no other table of units of the same model was ever shown to everybody.

    Args:
        folder: of the run that is to be shown.

    Raises:
        GivenError: one was, or a run that was shown cannot be read, so that nobody can tell.
        HaidangError: it is no finished run.
    """
    own = table_of(folder)
    if own is None:
        return
    home: Path = settings.HOME.runs
    for other in _ever_shown():
        try:
            before = table_of(home / other.folder)
        except HaidangError as gone:
            # Readers may have seen its table, and nothing is left that says which one it was.
            raise GivenError(
                "expected the files of every run that was shown before, found some gone or altered",
                Place(other.folder), "bring them back from a backup",
            ) from gone  # fmt: skip
        if before is not None and before[0] == own[0] and before[1] != own[1]:
            raise GivenError(
                "expected the table of units that was shown before, found another", Place(folder.name),
                "two tables shown one after the other tell the units in which they differ",
            )  # fmt: skip


def _ever_shown() -> QuerySet[ShownRun]:
    """The runs that everybody sees, and those that were taken back: who saw one has not forgotten it."""
    entries = Entry.objects.filter(action="city.run.published").values_list("subject", flat=True)
    numbers = [int(each.rpartition(":")[2]) for each in entries]
    return ShownRun.objects.filter(Q(published__isnull=False) | Q(pk__in=numbers))
