"""Runs that came to be outside the database, put on its list."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from haidang.errors import HaidangError, Place
from haidang.results import open_run
from haidang.web.api.hooks import tell
from haidang.web.city.given import refuse_another_table
from haidang.web.city.models import ShownRun
from haidang.web.ledger.write import note
from haidang.web.people.models import User


class KeepError(HaidangError):
    """A run that cannot be shown."""


def keep(folder: Path, *, publish: bool) -> ShownRun:
    """Put a finished run on the list of those that the site shows; once.

    Args:
        folder: inside the folder of runs.
        publish: whether everybody may see it.

    Raises:
        HaidangError: it is not a finished run, or lies elsewhere, or everybody was shown other units before.
    """
    home: Path = settings.HOME.runs
    if folder.absolute().parent != home:
        raise KeepError(f"expected a run in {home}, found one elsewhere", Place(str(folder)))
    own = open_run(folder).manifest
    if publish:
        refuse_another_table(folder)
    shown, _ = ShownRun.objects.get_or_create(
        folder=folder.name,
        defaults={
            "pack": own.pack,
            "programme": own.programme,
            "digest": own.digest,
            "draws": own.draws,
            "published": timezone.now() if publish else None,
        },
    )
    return shown


def take_in(folder: Path) -> ShownRun:
    """Copy a finished run into the folder of runs and show it to everybody.

    The copy gets its name only when it is whole, so that a copy broken off is never taken for a run.

    Raises:
        HaidangError: it is not a finished run, or one of its name is there already, or everybody was shown other units.
    """
    own = open_run(folder).manifest
    refuse_another_table(folder)
    home: Path = settings.HOME.runs
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    target = home / f"{own.pack}-{own.programme}-{digest[:16]}"
    if target.exists():
        raise KeepError("expected a run that the site does not have yet, found one that it has", Place(str(folder)))
    partial = home / f".{target.name}.{os.getpid()}"
    shutil.copytree(folder, partial)
    partial.rename(target)
    with transaction.atomic():
        shown = keep(target, publish=True)
        note(None, "city.run.published", shown, programme=shown.programme, digest=shown.digest)
    return shown


def show(by: User, shown: ShownRun, *, published: bool) -> None:
    """Show a run to everybody, or take it back; nothing where it is so already.

    Raises:
        GivenError: another table of the same units was shown before.
        GoneError: its files are gone.
    """
    with transaction.atomic():
        if (shown.published is not None) == published:
            return
        if published:
            shown.publish()
        else:
            shown.take_back()
        action = "city.run.published" if published else "city.run.taken_back"
        note(by, action, shown, programme=shown.programme, digest=shown.digest)
        if published:
            tell("run.published", programme=shown.programme, run=shown.pk, digest=shown.digest)
