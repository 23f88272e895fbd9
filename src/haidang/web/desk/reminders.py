"""What is late, silent or without a next step, by the body that answers for it: on a page, as a letter, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeAlias

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from haidang.track.attention import last_heard, of_promise
from haidang.track.of_each import OfEach
from haidang.track.progress import stage_of
from haidang.track.records import ENDED, Commitment
from haidang.track.say import Say
from haidang.track.tracked import Tracked
from haidang.web.desk.book import Same, book, public_book
from haidang.web.desk.forms import said
from haidang.web.once import once
from haidang.web.shell import language
from haidang.web.tables import csv_answer

PAGE = 200
"""Promises on a page."""
REASONS = ("late", "late_step", "late_milestone", "silent", "no_next_step", "no_stage", "no_due", "no_responsible")
"""In the order in which they are told; what is overdue first."""
LATE = ("late", "late_step", "late_milestone", "silent")
"""Those of which everybody hears."""


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


def reminders_of(one: Commitment, on: date) -> tuple[Reminder, ...]:
    """Everything about a promise that should be heard of on a day: what needs attention, and that no step is next."""
    found = [Reminder(one, each.reason, each.since, each.what) for each in of_promise(one, on)]
    if one.next_step is None and stage_of(one) not in ENDED:
        found.append(Reminder(one, "no_next_step", None))
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Reminder) -> tuple[int, date, str]:
    return REASONS.index(one.reason), one.since or date.max, one.what or ""


Entry: TypeAlias = tuple[str, Commitment, tuple[Reminder, ...]]
"""A body, a promise that it answers for, and what it should hear of that."""


def entries(tracked: Tracked, on: date, reasons: tuple[str, ...] = REASONS) -> tuple[Entry, ...]:
    """Reminders by promise, the promises by responsible body, those that nobody answers for last."""
    return _entries(Same(tracked), on, reasons)


@once(maxsize=8)
def _entries(same: Same, on: date, reasons: tuple[str, ...]) -> tuple[Entry, ...]:
    placed = _PLACED.setdefault(reasons, OfEach(_placed))(same.tracked.commitments.values(), on, reasons)
    return tuple(one.entry for one in sorted((one for one in placed if one is not None), key=lambda one: one.order))


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry, and what it is sorted by: one text, since ten thousand are compared each time that one changes."""

    order: str
    entry: Entry


def _placed(one: Commitment, on: date, reasons: tuple[str, ...]) -> _Placed | None:
    told = tuple(each for each in reminders_of(one, on) if each.reason in reasons)
    body = one.responsible or ""
    if not told:
        return None
    reason, since, _ = _urgency(told[0])
    order = (str(int(not body)), body.casefold(), body, f"{reason:02}", since.isoformat(), one.id)
    return _Placed("\0".join(order), (body, one, told))  # what ends first stands first, as it does between texts


_PLACED: dict[tuple[str, ...], OfEach[Commitment, _Placed | None]] = {}
"""By the reasons that are asked for."""


def grouped(some: Iterable[Entry]) -> tuple[Group, ...]:
    """Entries that stand one after another, in words, body by body."""
    say = Say(language())
    return tuple(
        Group(
            body, tuple((one, say.title(one.title), tuple(_told(each, say) for each in told)) for _, one, told in own)
        )
        for body, own in groupby(some, key=lambda each: each[0])
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
    some = entries(public_book(), on, LATE)
    page = Paginator(some, PAGE).get_page(request.GET.get("page"))
    values = {"groups": grouped(page), "page": page, "on": Say(language()).day(on)}
    return render(request, "desk/late.html", values)


@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """What each body should hear of, with a letter to it."""
    page = Paginator(entries(book().tracked, timezone.localdate()), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/reminders.html", {"groups": grouped(page), "page": page})


@require_GET
def letter(request: HttpRequest) -> HttpResponse:
    """A letter to one body, to be printed; nothing is sent."""
    on = timezone.localdate()
    (group,) = grouped(_of_body(request, on))
    return render(request, "desk/letter.html", {"group": group, "on": Say(language()).day(on)})


@require_GET
def reminders_csv(request: HttpRequest) -> HttpResponse:
    """What one body, or every body, should hear of, as a table."""
    on = timezone.localdate()
    some = _of_body(request, on) if "body" in request.GET else entries(book().tracked, on)
    head = ("body", "commitment", "title", "reason", "since", "due", "last_heard")
    rows = [
        (group.body, one.id, title, reason, since, one.due or "", last_heard(one))
        for group in grouped(some)
        for one, title, told in group.promises
        for reason, since in told
    ]
    return csv_answer("reminders.csv", head, rows)


def _of_body(request: HttpRequest, on: date) -> list[Entry]:
    """What one body should hear of; a body that should hear of nothing has no letter."""
    wanted = request.GET.get("body", "")
    found = [one for one in entries(book().tracked, on) if one[0] == wanted]
    if not found:
        raise Http404
    return found
