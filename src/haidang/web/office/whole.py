"""Whether the files that the database speaks of are there, each as its name or its own record says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from haidang.errors import HaidangError, Place
from haidang.learn.pilot.declaration import digest
from haidang.results import open_run
from haidang.web.archive import digest_of
from haidang.web.city.models import ShownRun
from haidang.web.desk.models import Document
from haidang.web.desk.models import Evidence as Proof
from haidang.web.factories.drafts import ROOM as FACTORIES
from haidang.web.factories.models import Evidence
from haidang.web.lending.lists import ROOM as LENDING
from haidang.web.lending.models import AllocationList
from haidang.web.pilots.desk import files_of_evaluations, read_plan
from haidang.web.pilots.models import Pilot
from haidang.web.uploads import place_of


class WholeError(HaidangError):
    """A site without one of its files, or with another in its place."""


def verify_files() -> int:
    """Hold every file against what the database says of it.

    Returns:
        How many there are: those that people sent, runs, and declarations of pilots.

    Raises:
        WholeError: one is not there, or not what it was.
    """
    files = 0
    for path, kept in _sent():
        if not path.is_file():
            raise WholeError("expected a file that the database speaks of, found none", Place(str(path)))
        if digest_of(path) != kept:
            raise WholeError(f"expected the file of SHA-256 {kept}, found another", Place(str(path)))
        files += 1
    for shown in ShownRun.objects.all():
        folder = settings.HOME.runs / shown.folder
        if open_run(folder).manifest.digest != shown.digest:
            raise WholeError(f"expected the run {shown.digest}, found another", Place(str(folder)))
        files += 1
    for pilot in Pilot.objects.all():
        if digest(read_plan(pilot)) != pilot.hash:
            raise WholeError(f"expected the declaration {pilot.hash}, found another", Place(str(pilot.plan)))
        files += 1
    return files


def _sent() -> Iterator[tuple[Path, str]]:
    """Each file that people sent, with the digest under which it was kept."""
    for kept in Evidence.objects.values_list("sha256", flat=True).distinct().order_by("sha256"):
        yield place_of(kept, FACTORIES), kept
    for kept in AllocationList.objects.values_list("sha256", flat=True).distinct().order_by("sha256"):
        yield place_of(kept, LENDING), kept
    for kind in (Document, Proof):
        for one in kind.objects.only("digest", "suffix").order_by("pk"):
            yield one.path, one.digest
    yield from files_of_evaluations()
