"""What is done to records that are there, by whoever's page or program: each deed with its form and its entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from haidang.errors import HaidangError
from haidang.track.current import Current
from haidang.track.edit import advance, confirm, report
from haidang.track.records import Commitment, Milestone, Record, SourcePlace, Stage, claims_of
from haidang.web.desk.book import change
from haidang.web.desk.forms import DoneForm, MilestoneForm, StageForm, StepForm, said
from haidang.web.desk.models import ROOM, Evidence
from haidang.web.desk.take import free
from haidang.web.people.models import User
from haidang.web.shell import language
from haidang.web.uploads import Sent, keep, tidy_name


class DeedError(HaidangError):
    """What cannot be done to a record as it stands, in the words of whoever tries."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that something was done: a place in a document, the digest of a file, or both; and who says so."""

    place: SourcePlace | None
    digest: str
    by: User


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done to a promise.

    Args:
        form: of a promise, the form's class as that promise fills it.
        action: in the records' log.
        entry: in the site's log.
        made: the promise as it becomes, by what the form gives and what shows it.
    """

    form: Callable[[Commitment], Callable[..., forms.Form]]
    action: str
    entry: str
    made: Callable[[Commitment, Mapping[str, Any], Proof], Commitment]


def milestones_of(one: Commitment) -> list[tuple[str, str]]:
    """The milestones of a promise as choices."""
    return [(part.id, part.title[language()]) for part in one.milestones]


def _reached(one: Commitment, given: Mapping[str, Any], proof: Proof) -> Commitment:
    return advance(one, Stage(given["stage"], given["day"], proof.place, proof.digest or None, proof.by.email))


def _done(one: Commitment, given: Mapping[str, Any], proof: Proof) -> Commitment:
    return report(one, given["milestone"], given["percent"] / 100, given["day"], proof.place)


def _milestone(one: Commitment, given: Mapping[str, Any], proof: Proof) -> Commitment:
    base = slugify(given["title_en"])[:60].strip("-") or "milestone"
    own = free(base, {part.id for part in one.milestones})
    title = {"vi": given["title_vi"], "en": given["title_en"]}
    return replace(one, milestones=(*one.milestones, Milestone(own, title, given["weight"], due=given["due"])))


def _step(one: Commitment, given: Mapping[str, Any], proof: Proof) -> Commitment:
    words = {"vi": given["next_vi"], "en": given["next_en"]} if given["next_vi"] else None
    body = None if given["none_named"] else given["responsible"]
    return replace(one, responsible=body, next_step=words, next_on=given["next_on"])


STAGE = Deed(lambda one: StageForm, "advance", "desk.stage.reached", _reached)
DONE = Deed(lambda one: partial(DoneForm, milestones_of(one)), "advance", "desk.milestone.reported", _done)
MILESTONE = Deed(lambda one: MilestoneForm, "add", "desk.milestone.added", _milestone)
STEP = Deed(lambda one: StepForm, "step", "desk.step.set", _step)


def carry_on(by: User, deed: Deed, one: Commitment, given: Mapping[str, Any], current: Current) -> Commitment:
    """Change a promise.

    Args:
        by: who does it.
        deed: what is done.
        one: the promise as it stands.
        given: as the deed's form gives it.
        current: what the change was made from.

    Raises:
        HaidangError: it cannot be, or somebody changed the promise in the meantime; nothing is changed.
    """
    place = SourcePlace(given["source"], given["passage"] or None) if given.get("source") else None
    digest, kept = _kept(by, given.get("file"))
    whole = deed.made(one, given, Proof(place, digest, by))
    change(by, [one], [whole], deed.action, deed.entry, digest, current, kept, commitment=one.id)
    return whole


def _kept(by: User, sent: Sent | None) -> tuple[str, Callable[[], None]]:
    """Keep a file of evidence: its digest, and what writes its name down."""
    if sent is None:
        return "", lambda: None
    digest = keep(sent.content, ROOM, sent.suffix)
    name = tidy_name(sent.name, sent.media)
    values = {"name": name, "suffix": sent.suffix, "size": len(sent.content), "added_by": by}
    return digest, lambda: Evidence.objects.get_or_create(digest=digest, defaults=values) and None


def confirm_claims(by: User, record: Record, names: Sequence[str], current: Current) -> Record:
    """Say that claims of a record were held against their documents; never by who entered them.

    Raises:
        HaidangError: one was confirmed before, was entered by the same person, or somebody changed the record in the
            meantime; nothing is changed.
    """
    chosen = [claim for claim in claims_of(record) if claim.id in names]
    if any(claim.confirmed_by for claim in chosen):
        raise DeedError(said("message.confirmed_before"))
    if any(claim.entered_by == by.email for claim in chosen):
        raise DeedError(said("message.own_claim"))
    made = confirm(record, names, by.email, timezone.localdate())
    change(by, [record], [made], "confirm", "desk.claim.confirmed", current=current, claims=list(names))
    return made
