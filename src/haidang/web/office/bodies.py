"""The pages of organisations: all of them, and one with its people and what was done to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from haidang.web.ledger.models import Entry
from haidang.web.office import accounts
from haidang.web.office.forms import OFFERED, NameForm, OrganisationForm
from haidang.web.people.models import Membership, Organisation, doer, viewer
from haidang.web.search import holding

PAGE = 100
"""Rows on a page."""
LATELY = 20
"""Entries of the log on the page of one thing."""


@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation with how many people are in it; a new one."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.add_organisation(doer(request), form.cleaned_data["organisation_name"], form.cleaned_data["kind"])
        return HttpResponseRedirect(reverse("office:organisations"))
    wanted, rows = request.GET.get("q", "")[:200], Organisation.objects.visible_to(viewer(request))
    page = Paginator(holding(rows.order_by("name"), wanted, "name"), PAGE).get_page(request.GET.get("page"))
    values = {"form": form, "page": page, "rows": with_people(rows.filter(pk__in=list(page))), "wanted": wanted}
    return render(request, "office/organisations.html", {**values, "query": urlencode({"q": wanted} if wanted else {})})


def with_people(rows: models.QuerySet[Organisation]) -> models.QuerySet[Any]:
    """Organisations by name, each with how many `people` are in it."""
    return rows.annotate(people=models.Count("memberships__user", distinct=True)).order_by("name")


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, number: int) -> HttpResponse:
    """One organisation: its people, and another name for it."""
    one = Organisation.objects.visible_to(viewer(request)).filter(pk=number).first()
    if one is None:
        raise Http404
    form = NameForm(request.POST or None, but=one, initial={"organisation_name": one.name})
    if request.method == "POST" and form.is_valid():
        accounts.rename_organisation(doer(request), one, form.cleaned_data["organisation_name"])
        return HttpResponseRedirect(reverse("office:organisation", args=(one.pk,)))
    values = {
        "one": one,
        "form": form,
        "page": Paginator(members(request, one), PAGE).get_page(request.GET.get("page")),
        "entries": entries_of(request, f"people.organisation:{one.pk}"),
    }
    return render(request, "office/organisation.html", values)


def members(request: HttpRequest, one: Organisation) -> models.QuerySet[Membership]:
    """What people are in an organisation, by address."""
    found = Membership.objects.visible_to(viewer(request)).filter(organisation=one)
    return found.select_related("user").order_by("user__email", "role")


def entries_of(request: HttpRequest, subject: str) -> models.QuerySet[Entry]:
    """What was done lately to one thing."""
    return Entry.objects.visible_to(viewer(request)).filter(subject=subject)[:LATELY]


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Some organisations whose names hold the words that somebody types; for who opens it as a page, their list."""
    wanted, rows = request.GET.get("organisation", "")[:300], Organisation.objects.visible_to(viewer(request))
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(f"{reverse('office:organisations')}?{urlencode({'q': wanted})}")
    found = holding(rows.order_by("name"), wanted, "name")[:OFFERED]
    return render(request, "office/names.html", {"rows": rows.filter(pk__in=found).order_by("name")})
