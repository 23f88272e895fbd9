"""Writing down what was done, and finding out whether what is written is still what was."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from haidang.errors import HaidangError
from haidang.web.ledger import SITE
from haidang.web.ledger.models import START, Entry, Head
from haidang.web.people.models import User

CHUNK = 2000


class LedgerError(HaidangError):
    """A log that is not as it was written."""


def note(who: User | AnonymousUser | None, action: str, subject: models.Model | str, **details: object) -> Entry:
    """Write down one thing that was done, in the transaction of what was done: both stand, or neither.

    Args:
        who: the person; none where the site did it itself.
        action: `room.thing.verb`, such as `factories.consent.given`.
        subject: the row it was done to, or its name.
        details: what else one will want to know. JSON values; no passwords, no tokens.
    """
    name = subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, allow_nan=False)
    with transaction.atomic():
        head = Head.objects.select_for_update().get(pk=1)
        entry = Entry(
            number=head.number + 1, at=timezone.now(), who=who.email if isinstance(who, User) else SITE,
            action=action, subject=name, details=text, previous=head.hash,
        )  # fmt: skip
        entry.hash = entry.seal()
        entry.save(force_insert=True)
        head.number, head.hash = entry.number, entry.hash
        head.save(update_fields=["number", "hash"])
    return entry


@dataclass(frozen=True, slots=True)
class Whole:
    """A log that is as it was written.

    Args:
        entries: how many it holds.
        hash: of the last one; written down elsewhere it shows later whether the log was made anew.
    """

    entries: int
    hash: str


def verify() -> Whole:
    """Walk the chain from its start.

    Raises:
        LedgerError: the first entry that is missing, replaced or altered, or an end that was cut off.
    """
    number, before = 0, START
    for entry in Entry.objects.order_by("number").iterator(chunk_size=CHUNK):
        number += 1
        if entry.number != number:
            raise LedgerError(f"expected entry {number}, found entry {entry.number}: one is missing")
        if entry.previous != before:
            raise LedgerError(f"entry {number} does not follow the entry before it: one was replaced")
        if entry.seal() != entry.hash:
            raise LedgerError(f"entry {number} ({entry.action}, {entry.subject}) was altered after it was written")
        before = entry.hash
    head = Head.objects.get(pk=1)
    if (head.number, head.hash) != (number, before):
        raise LedgerError(f"expected {head.number} entries, found {number}: the end of the log was cut or replaced")
    return Whole(number, before)
