"""Changes of designs: each at once with its entry in the log, whoever asks for it, a page or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from haidang.web.city.pack import pack
from haidang.web.lab.checked import Checked
from haidang.web.lab.models import Design, Share
from haidang.web.ledger.write import note
from haidang.web.people.models import User


def begin(by: User, name: str, whole: str) -> Design:
    """A design that is its programme as declared.

    Args:
        by: whose it is.
        name: what it is called.
        whole: what it begins with, `programme` or `programme/variant`.
    """
    programme, _, origin = whole.partition("/")
    return _make(by, Design(name=name, programme=programme, origin=origin))


def fork(by: User, found: Design, name: str, changes: Mapping[str, Any], facts: Mapping[str, str]) -> Design:
    """A design of one's own that begins where another stands, or where its reader moved it, and keeps it as its parent.

    Args:
        by: whose it is.
        found: the parent.
        name: what the new one is called.
        changes: what it changes, by instrument.
        facts: what it supposes.
    """
    made = Design(
        name=name, programme=found.programme, origin=found.origin, changes=changes, facts=facts, parent=found
    )  # fmt: skip
    return _make(by, made)


def _make(by: User, made: Design) -> Design:
    made.owner, made.pack = by, pack().id
    with transaction.atomic():
        made.save()
        made.name_file()
        parent = None if made.parent is None else made.parent.slug
        note(by, "lab.design.made", made, slug=made.slug, programme=made.programme, parent=parent)
    return made


def save(by: User, found: Design, given: Mapping[str, Any], checked: Checked) -> bool:
    """Save a design, unless somebody saved it since its reader opened it.

    Args:
        by: who does.
        found: the design.
        given: as `SlotsForm` gives it: the name, and the version that was read.
        checked: what was written in the places.

    Returns:
        Whether it is saved.
    """
    version = given["version"]
    with transaction.atomic():
        saved = Design.objects.filter(pk=found.pk, version=version).update(
            name=given["name"], changes=checked.changes, facts=checked.facts, version=version + 1,
            changed=timezone.now(),
        )  # fmt: skip
        if saved:
            note(by, "lab.design.saved", found, version=version + 1)
    return bool(saved)


def share(by: User, found: Design, people: Sequence[User], roles: Sequence[str]) -> None:
    """Share a design with these people and roles, and with nobody else."""
    with transaction.atomic():
        Share.objects.filter(design=found).delete()
        Share.objects.bulk_create([Share(design=found, person=one) for one in people])
        Share.objects.bulk_create([Share(design=found, role=one) for one in roles])
        note(by, "lab.design.shared", found, people=[one.email for one in people], roles=roles)
