"""The page of backups: what there is, one more, is it still whole, and one to carry away."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from haidang.web.jobs.models import BUSY, Job
from haidang.web.ledger.write import note
from haidang.web.office.backups import ask, ask_check, asked_for, by_the_site, listed, place_of
from haidang.web.office.health import look
from haidang.web.people.models import doer, viewer
from haidang.web.shell import language
from haidang.web.uploads import attachment
from haidang.web.words import words


@require_safe
def backups(request: HttpRequest) -> HttpResponse:
    """The backups that were asked for, and how one is laid out again."""
    rows = listed(viewer(request))
    busy = any(one.job.state in BUSY or (one.check and one.check.state in BUSY) for one in rows)
    return render(
        request,
        "office/backups.html",
        {
            "rows": rows,
            "busy": busy,
            "own": by_the_site(),
            "postgresql": bool(settings.HOME.database),
            "free": filesizeformat(look().free),
        },
    )


@require_POST
def back_up(request: HttpRequest) -> HttpResponse:
    """Ask for a backup; one at a time is enough."""
    if not by_the_site():
        raise Http404
    return _back(request, "office.backup.queued" if ask(doer(request)) else "office.backup.busy")


@require_POST
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a backup to be read through."""
    backup = _found(request, number)
    ask_check(doer(request), backup)
    return _back(request, "office.backup.check_queued")


@require_POST
def download(request: HttpRequest, number: int) -> HttpResponseBase:
    """Carry a backup away: it holds all that the site holds, so the log says who did."""
    backup = _found(request, number)
    file = place_of(backup)
    if not file.is_file():
        raise Http404
    note(doer(request), "office.backup.downloaded", backup, sha256=backup.outcome["sha256"])
    made = timezone.localtime(datetime.fromisoformat(backup.outcome["made"]))
    answer = attachment(file, f"haidang-{made:%Y%m%d-%H%M}.tar.gz")
    answer["Cache-Control"] = "no-store"
    return answer


def _found(request: HttpRequest, number: int) -> Job:
    found = asked_for(viewer(request)).filter(pk=number, state=Job.State.DONE).first()
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, words(language()).text(said))
    return HttpResponseRedirect(reverse("office:backups"))
