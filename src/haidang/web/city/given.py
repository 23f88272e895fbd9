"""Runs on units that somebody gave as a table: what everybody may be shown of them, at once and one after the other.

Two tables of the same factories, one a few factories longer, would tell those few by subtraction, and nobody can see
from two runs which factories they have in common. So the first table that was ever shown stays the only one.

Of one table, two sets of conditions can be subtracted as well. So the units are divided into those that every design
of every run shown treats alike, and each class has five or more: whatever is added or taken away is then about whole
classes. A design that reaches fewer than five, or all but fewer than five, makes a class that is too small; so does a
run whose conditions reach a few more or a few fewer than those of a run before; and a table of fewer than five is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db.models import Q, QuerySet

from haidang.errors import HaidangError, Place
from haidang.facts.few import FEWEST, alike, smallest
from haidang.results import Run, open_run
from haidang.results.groups import covered_groups, groupings
from haidang.web.city.models import ShownRun
from haidang.web.ledger.models import Entry

Reason = Literal["other_units", "gone", "untold", "few_units", "few_alike", "few_apart"]


class GivenError(HaidangError):
    """A run that must not be shown to everybody.

    Args:
        reason: the key of a sentence in the catalogues.
        problem: what was expected and what was found.
        place: the run.
        hint: why, or what to do.
        values: what is filled into the sentence.
    """

    def __init__(self, reason: Reason, problem: str, place: Place, hint: str, **values: int) -> None:
        """Say why, in words and as a key."""
        super().__init__(problem, place, hint)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class Given:
    """What a run tells of the units that it was given.

    Args:
        model: the run's.
        table: SHA-256 of the table.
        classes: for each unit the class of those that cannot be told apart from it; none where the run does not say.
    """

    model: str
    table: str
    classes: tuple[int, ...] | None


def given_in(folder: Path) -> Given | None:
    """The units that a run was given; none where they are built.

    Raises:
        HaidangError: it is no finished run.
    """
    run = open_run(folder)
    digest = run.manifest.inputs.get(run.manifest.population.source or "")
    return None if digest is None else Given(run.manifest.model, digest, _classes(run))


def _classes(run: Run) -> tuple[int, ...] | None:
    """Units that every design treats alike and that no group which is told divides."""
    reach = run.table("reach")
    if reach.is_empty():
        return None
    by = groupings(run)[:1]
    covered = covered_groups(run, by[0]) if by else frozenset[str]()
    told = ["" if group in covered else group for group in reach["group"].to_list()]
    return tuple(alike(reach["alike"].to_list(), told))


def refuse_recognisable(folder: Path) -> None:
    """See that a run, with all that was ever shown to everybody, tells nothing of fewer than five of the units given.

    Args:
        folder: of the run that is to be shown.

    Raises:
        GivenError: it would, or nobody can tell.
        HaidangError: it is no finished run.
    """
    own, place = given_in(folder), Place(folder.name)
    if own is None:
        return
    if own.classes is None:
        raise GivenError(
            "untold", "expected a run that says which units its designs reach, found one that does not", place,
            "run it again with this version, on a table that is held in memory",
        )  # fmt: skip
    if len(own.classes) < FEWEST:
        raise GivenError(
            "few_units", f"expected a table of {FEWEST} units or more, found {len(own.classes)}", place,
            "a number over so few tells something of each", units=len(own.classes),
        )  # fmt: skip
    if (fewest := smallest(own.classes)) < FEWEST:
        raise GivenError(
            "few_alike",
            f"expected designs that reach {FEWEST} units or more, and leave out none or as many, found {fewest} "
            "that are treated unlike all others",
            place, "widen or narrow the conditions", units=fewest,
        )  # fmt: skip
    _refuse_differences(own, own.classes, folder)


def _refuse_differences(own: Given, classes: Sequence[int], folder: Path) -> None:
    """See that no run shown before can be subtracted from this one, alone or with others."""
    together, place = classes, Place(folder.name)
    for other, before in _shown_before(folder):
        if before.table != own.table:
            if before.model == own.model:
                raise GivenError(
                    "other_units", "expected the table of units that was shown before, found another", place,
                    "two tables shown one after the other tell the units in which they differ",
                )  # fmt: skip
            continue
        if before.classes is None or len(before.classes) != len(classes):
            raise GivenError(
                "untold", f"expected to know which units the designs of run {other} reach, found that it does not say",
                place, "readers have seen it and could subtract this one from it",
            )  # fmt: skip
        together = alike(together, before.classes)
        if (fewest := smallest(together)) < FEWEST:
            raise GivenError(
                "few_apart",
                f"expected designs that differ from those of run {other}, shown before, over {FEWEST} units or more, "
                f"found {fewest}",
                place, "whoever subtracts one run from the other would see these few", units=fewest, run=other,
            )  # fmt: skip


def _shown_before(folder: Path) -> Iterator[tuple[int, Given]]:
    """The other runs on given units that were ever shown, by their numbers, the first first."""
    home: Path = settings.HOME.runs
    for other in _ever_shown().exclude(folder=folder.name if folder.absolute().parent == home else "").order_by("pk"):
        try:
            before = given_in(home / other.folder)
        except HaidangError as gone:
            # Readers may have seen its table, and nothing is left that says which one it was.
            raise GivenError(
                "gone", "expected the files of every run that was shown before, found some gone or altered",
                Place(other.folder), "bring them back from a backup",
            ) from gone  # fmt: skip
        if before is not None:
            yield other.pk, before


def _ever_shown() -> QuerySet[ShownRun]:
    """The runs that everybody sees, and those that were taken back: who saw one has not forgotten it."""
    told = ("city.run.published", "city.run.taken_back")
    entries = Entry.objects.filter(action__in=told).values_list("subject", flat=True)
    numbers = [int(each.rpartition(":")[2]) for each in entries]
    return ShownRun.objects.filter(Q(published__isnull=False) | Q(pk__in=numbers))
