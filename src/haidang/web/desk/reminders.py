"""What is late, silent or without a next step, by the body that answers for it: on a page, as a letter, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from haidang.track.attention import attention, last_heard
from haidang.track.progress import stage_of
from haidang.track.records import ENDED, Commitment
from haidang.track.say import Say
from haidang.track.tracked import Tracked
from haidang.web.desk.book import book, public_book
from haidang.web.desk.forms import said
from haidang.web.shell import language
from haidang.web.tables import csv_answer

REASONS = ("late", "late_step", "late_milestone", "silent", "no_next_step", "no_stage", "no_due", "no_responsible")
"""In the order in which they are told; what is overdue first."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing that a body should hear of.

    Args:
        commitment: the promise.
        reason: one of `REASONS`.
        since: from which day on it is so; none where that is not known.
        what: the milestone, where it is one.
    """

    commitment: Commitment
    reason: str
    since: date | None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What one body should hear of.

    Args:
        body: its name; empty for promises that nobody answers for.
        promises: each promise with what is to be said of it, in words.
    """

    body: str
    promises: tuple[tuple[Commitment, str, tuple[tuple[str, str], ...]], ...]


def reminders_of(tracked: Tracked, on: date) -> tuple[Reminder, ...]:
    """Everything about promises that should be heard of on a day: what needs attention, and what has no next step."""
    found = [
        Reminder(tracked.commitments[one.id], one.reason, one.since, one.what)
        for one in attention(tracked, on)
        if one.kind == "commitment"
    ]
    found += _without_step(tracked)
    return tuple(sorted(found, key=lambda one: (REASONS.index(one.reason), one.since or date.max, one.commitment.id)))


def _without_step(tracked: Tracked) -> Iterator[Reminder]:
    for one in tracked.commitments.values():
        if one.next_step is None and stage_of(one) not in ENDED:
            yield Reminder(one, "no_next_step", None)


def groups(tracked: Tracked, on: date, reasons: tuple[str, ...] = REASONS) -> tuple[Group, ...]:
    """Reminders by responsible body, those of promises that nobody answers for last."""
    say = Say(language())
    by_body: dict[str, dict[str, list[Reminder]]] = {}
    for one in reminders_of(tracked, on):
        if one.reason in reasons:
            promises = by_body.setdefault(one.commitment.responsible or "", {})
            promises.setdefault(one.commitment.id, []).append(one)
    return tuple(
        Group(
            body,
            tuple(
                (some[0].commitment, say.title(some[0].commitment.title), tuple(_told(each, say) for each in some))
                for some in promises.values()
            ),
        )
        for body, promises in sorted(by_body.items(), key=lambda each: (not each[0], each[0].casefold()))
    )


def _told(one: Reminder, say: Say) -> tuple[str, str]:
    """A reason in words, and the day since when."""
    reason = said("no_next_step") if one.reason == "no_next_step" else say.word(f"reason_{one.reason}")
    part = next((each for each in one.commitment.milestones if each.id == one.what), None)
    head = f"{reason}: {say.title(part.title)}" if part else reason
    return head, say.day(one.since)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """What is late or silent, for everybody."""
    on = timezone.localdate()
    found = groups(public_book(), on, ("late", "late_step", "late_milestone", "silent"))
    return render(request, "desk/late.html", {"groups": found, "on": Say(language()).day(on)})


@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """What each body should hear of, with a letter to it."""
    found = groups(book().tracked, timezone.localdate())
    return render(request, "desk/reminders.html", {"groups": found})


@require_GET
def letter(request: HttpRequest) -> HttpResponse:
    """A letter to one body, to be printed; nothing is sent."""
    on = timezone.localdate()
    return render(request, "desk/letter.html", {"group": _group(request, on), "on": Say(language()).day(on)})


@require_GET
def reminders_csv(request: HttpRequest) -> HttpResponse:
    """What one body, or every body, should hear of, as a table."""
    on = timezone.localdate()
    found = groups(book().tracked, on) if "body" not in request.GET else (_group(request, on),)
    head = ("body", "commitment", "title", "reason", "since", "due", "last_heard")
    rows = [
        (group.body, one.id, title, reason, since, one.due or "", last_heard(one))
        for group in found
        for one, title, told in group.promises
        for reason, since in told
    ]
    return csv_answer("reminders.csv", head, rows)


def _group(request: HttpRequest, on: date) -> Group:
    wanted = request.GET.get("body", "")
    found = next((one for one in groups(book().tracked, on) if one.body == wanted), None)
    if found is None:
        raise Http404
    return found
