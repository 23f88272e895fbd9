"""Runs that came to be outside the database, put on its list."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from haidang.errors import HaidangError, Place
from haidang.results import open_run
from haidang.web.api.hooks import tell
from haidang.web.city.given import refuse_recognisable
from haidang.web.city.models import ShownRun
from haidang.web.ledger.write import note
from haidang.web.people.models import User


class KeepError(HaidangError):
    """A run that cannot be shown."""


def keep(folder: Path) -> ShownRun:
    """Put a finished run on the list of those that the site has; once. The city's staff see it, and nobody else yet.

    Args:
        folder: inside the folder of runs.

    Raises:
        HaidangError: it is not a finished run, or lies elsewhere.
    """
    home: Path = settings.HOME.runs
    if folder.absolute().parent != home:
        raise KeepError(f"expected a run in {home}, found one elsewhere", Place(str(folder)))
    own = open_run(folder).manifest
    shown, _ = ShownRun.objects.get_or_create(
        folder=folder.name,
        defaults={
            "pack": own.pack,
            "programme": own.programme,
            "digest": own.digest,
            "draws": own.draws,
        },
    )
    return shown


def take_in(folder: Path) -> ShownRun:
    """Copy a finished run into the folder of runs and show it to everybody.

    The copy gets its name only when it is whole, so that a copy broken off is never taken for a run.

    Raises:
        HaidangError: it is not a finished run, or one of its name is there already, or it would tell of few units.
    """
    own = open_run(folder).manifest
    refuse_recognisable(folder)
    home: Path = settings.HOME.runs
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    target = home / f"{own.pack}-{own.programme}-{digest[:16]}"
    if target.exists():
        raise KeepError("expected a run that the site does not have yet, found one that it has", Place(str(folder)))
    partial = home / f".{target.name}.{os.getpid()}"
    shutil.copytree(folder, partial)
    partial.rename(target)
    with transaction.atomic():
        shown = keep(target)
        note(None, "city.run.published", shown, programme=shown.programme, digest=shown.digest)
        shown.publish()
    return shown


def show(by: User, shown: ShownRun, *, published: bool) -> None:
    """Show a run to everybody, or take it back; nothing where it is so already.

    Raises:
        GivenError: it would tell of few units.
        GoneError: its files are gone.
    """
    with transaction.atomic():
        if (shown.published is not None) == published:
            return
        # The log has one writer at a time: whoever shows another run meanwhile waits here, and then sees this one.
        action = "city.run.published" if published else "city.run.taken_back"
        note(by, action, shown, programme=shown.programme, digest=shown.digest)
        if published:
            shown.publish()
            tell("run.published", programme=shown.programme, run=shown.pk, digest=shown.digest)
        else:
            shown.take_back()
