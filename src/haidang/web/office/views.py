"""The administrator's pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from haidang.errors import HaidangError
from haidang.web.desk.book import STORE
from haidang.web.ledger.models import Entry
from haidang.web.ledger.told import looked_for
from haidang.web.ledger.write import verify
from haidang.web.mistakes import said
from haidang.web.office import accounts
from haidang.web.office.again import keep, shown_again
from haidang.web.office.backups import by_the_site
from haidang.web.office.bodies import entries_of
from haidang.web.office.forms import CorrectionForm, InvitationForm, LogForm, PersonForm, RoleForm, misfit_said
from haidang.web.office.health import look
from haidang.web.people.models import Membership, User, doer, viewer
from haidang.web.refused import refusal_page
from haidang.web.search import holding
from haidang.web.shell import language
from haidang.web.tables import csv_stream
from haidang.web.words import words

PAGE = 100
"""Rows on a page of the log."""
CHUNK = 2000
"""Entries that a download asks the database for at a time."""


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """How the site is."""
    now = look()
    told = [(one, misfit_said(one.organisation, one.kind)) for one in now.misfits]
    return render(request, "office/health.html", {"now": now, "own": by_the_site(), "misfits": told})


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account; opening one."""
    form = PersonForm(request.POST or None, initial={"organisation": request.GET.get("organisation", "")[:300]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = accounts.open_account(
            doer(request), given["email"], given["name"], given["organisation"], given["role"]
        )
        return _to(person)
    wanted = request.GET.get("q", "")[:200]
    found = User.objects.visible_to(viewer(request)).prefetch_related("memberships__organisation").order_by("email")
    if wanted:
        found = found.filter(pk__in=holding(found, wanted, "email", "name", "memberships__organisation__name"))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": wanted} if wanted else {})
    return render(request, "office/people.html", {"form": form, "page": page, "wanted": wanted, "query": query})


@require_safe
@never_cache
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One account: what the person is, and what can be done; a new link once more in the other language."""
    one = _found(request, number)
    return _person(request, one, shown_again(request, one))


def _person(
    request: HttpRequest,
    one: User,
    invitation: str = "",
    form: RoleForm | None = None,
    correction: CorrectionForm | None = None,
) -> HttpResponse:
    held = (
        Membership.objects.visible_to(viewer(request))
        .filter(user=one)
        .select_related("organisation")
        .order_by("organisation__name", "role")
    )
    values = {
        "one": one,
        "held": held,
        "form": form or RoleForm(),
        "invitation": request.build_absolute_uri(invitation) if invitation else "",
        "second": accounts.Authenticator.objects.filter(user=one).exists(),
        "entries": entries_of(request, f"people.user:{one.pk}"),
        "correction": correction or CorrectionForm(one),
    }
    return render(request, "office/person.html", values)


@require_POST
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Correct a person's name, and the address of an account that nobody used yet."""
    one = _found(request, number)
    form = CorrectionForm(one, request.POST)
    if not form.is_valid():
        return _person(request, one, correction=form)
    accounts.correct_person(doer(request), one, form.cleaned_data["name"], form.cleaned_data.get("email", one.email))
    return _to(one)


@require_POST
@never_cache
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Make the link by which a person chooses a password; its maker alone sees it, and not for long."""
    one = _found(request, number)
    link = accounts.invite(doer(request), one)
    keep(request, one, link)
    return _person(request, one, link)


@require_POST
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Give a person a role."""
    one, form = _found(request, number), RoleForm(request.POST)
    if not form.is_valid():
        return _person(request, one, form=form)
    accounts.add_role(doer(request), one, form.cleaned_data["organisation"], form.cleaned_data["role"])
    return _to(one)


@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role from a person."""
    held = (
        Membership.objects.visible_to(viewer(request)).filter(pk=number).select_related("user", "organisation").first()
    )
    if held is None:
        raise Http404
    person = held.user
    return _unless_the_last(request, person, lambda: accounts.take_role(doer(request), held))


@require_POST
def lock(request: HttpRequest, number: int) -> HttpResponse:
    """Lock an account, or open it again."""
    one = _found(request, number)
    if not one.is_active:
        accounts.unlock(doer(request), one)
        return _to(one)
    return _unless_the_last(request, one, lambda: accounts.lock(doer(request), one))


@require_POST
def drop_second_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Let a person who lost the telephone in by the password alone."""
    one = _found(request, number)
    accounts.drop_second_factor(doer(request), one)
    return _to(one)


def _unless_the_last(request: HttpRequest, one: User, do: Callable[[], None]) -> HttpResponse:
    try:
        do()
    except accounts.LastAdministratorError:
        messages.error(request, words(language()).text("office.last_administrator"))
    return _to(one)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Choose the password of one's new account."""
    one = accounts.invited(code, token)
    if one is None:
        return refusal_page(request, "invitation", 404)
    form = InvitationForm(one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.choose_password(one, form.cleaned_data["password1"])
        messages.success(request, words(language()).text("account.message.password_set"))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "office/invitation.html", {"form": form, "one": one})


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """What was done on the site, the newest first."""
    form = LogForm(request.GET)
    page = Paginator(_entries(request, form), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(request, "office/log.html", {"form": form, "page": page, "query": query.urlencode()})


@require_GET
def log_csv(request: HttpRequest) -> HttpResponseBase:
    """The log as a table, however long it is."""
    head = ("number", "at", "who", "action", "subject", "details", "previous", "hash")
    rows = _entries(request, LogForm(request.GET)).values_list(*head).iterator(chunk_size=CHUNK)
    return csv_stream("log.csv", head, ((n, at.isoformat(), *rest) for n, at, *rest in rows))


@require_safe
def log_verify(request: HttpRequest) -> HttpResponse:
    """Walk both logs from their start, the site's and that of the records: are they those that were written?"""
    values = {"log": _walked(verify), "records": _walked(STORE.verify)}
    return render(request, "office/verify.html", values)


def _walked(walk: Callable[[], object]) -> dict[str, object]:
    """What was found of a log; what is wrong with it where it is not as it was written."""
    try:
        return {"whole": walk()}
    except HaidangError as mistake:
        return {"wrong": said(mistake, language()).whole}


def _entries(request: HttpRequest, form: LogForm) -> models.QuerySet[Entry]:
    found = Entry.objects.visible_to(viewer(request))
    return found.filter(looked_for(**form.cleaned_data)) if form.is_valid() else found


def _found(request: HttpRequest, number: int) -> User:
    one = User.objects.visible_to(viewer(request)).filter(pk=number).first()
    if one is None:
        raise Http404
    return one


def _to(one: User) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("office:person", args=(one.pk,)))
