"""Proposals: from anybody, read by the staff before they are shown, answered, followed to what became of them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haidang.web.city.pack import pack
from haidang.web.desk.book import book, public_book
from haidang.web.desk.forms import said
from haidang.web.desk.models import SHOWN, Proposal
from haidang.web.desk.proposal_forms import ModerateForm, ProposalForm
from haidang.web.ledger.write import note
from haidang.web.people.models import User, doer, roles_of, viewer
from haidang.web.people.roles import RECORDERS
from haidang.web.shell import language
from haidang.web.whence import network_of

PAGE = 50
AN_HOUR, A_DAY = 5, 300
"""So many proposals are taken from one address in an hour, and from everywhere in a day."""


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals that are shown, with their answers."""
    found = Proposal.objects.visible_to(viewer(request)).filter(state__in=SHOWN)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, *became(one)) for one in page]
    return render(request, "desk/proposals.html", {"page": page, "rows": rows})


@require_safe
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """One proposal."""
    one = _found(request, number)
    title, programme = became(one)
    return render(request, "desk/proposal.html", {"one": one, "commitment": title, "programme": programme})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: HttpRequest) -> HttpResponse:
    """Propose something to the city; nobody needs an account, and nobody else sees how one can be reached."""
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["website"]:
            return _thank(request)  # a program filled in what no person sees, and need not learn that it was found out
        origin = _origin(request)
        if _too_many(origin):
            return render(request, "429.html", status=429)
        with transaction.atomic():
            made = Proposal.objects.create(
                title=" ".join(given["title"].split()), text=given["text"], body=" ".join(given["body"].split()),
                contact=given["contact"], origin=origin,
            )  # fmt: skip
            note(viewer(request), "desk.proposal.made", made, title=made.title)
        return _thank(request)
    return render(request, "desk/propose.html", {"form": form})


def _thank(request: HttpRequest) -> HttpResponseRedirect:
    messages.success(request, said("message.proposed"))
    return HttpResponseRedirect(reverse("desk:proposals"))


def _origin(request: HttpRequest) -> str:
    """An address of the net as this site alone knows it, and for this day alone."""
    said_today = f"{timezone.localdate().isoformat()}\n{network_of(request)}"
    return hmac.new(settings.SECRET_KEY.encode(), said_today.encode(), hashlib.sha256).hexdigest()


def _too_many(origin: str) -> bool:
    now = timezone.now()
    hour = Proposal.objects.filter(origin=origin, made__gt=now - timedelta(hours=1)).count()
    return hour >= AN_HOUR or Proposal.objects.filter(made__gt=now - timedelta(days=1)).count() >= A_DAY


@require_safe
def consultation(request: HttpRequest) -> HttpResponse:
    """Every proposal, those that wait first."""
    found = Proposal.objects.visible_to(viewer(request))
    waiting = found.filter(state=Proposal.State.DRAFT).count()
    order = {Proposal.State.DRAFT: 0, Proposal.State.SHOWN: 1}
    rows = sorted(found.defer("text")[:2000], key=lambda one: (order.get(Proposal.State(one.state), 2), -one.pk))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/consultation.html", {"page": page, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, number: int) -> HttpResponse:
    """Show a proposal, answer it, say what became of it."""
    one = _found(request, number)
    may = bool(roles_of(viewer(request)) & RECORDERS)
    first = {
        "state": one.state, "answer": one.answer, "became_commitment": one.became_commitment,
        "became_programme": one.became_programme,
    }  # fmt: skip
    form = ModerateForm(request.POST if request.method == "POST" and may else None, initial=first)
    if request.method == "POST" and may and form.is_valid():
        answer(doer(request), one, form.cleaned_data)
        messages.success(request, said("message.written"))
        return HttpResponseRedirect(reverse("desk:moderate", args=(one.pk,)))
    offered = [(each.id, each.title[language()]) for each in book().tracked.commitments.values()][:500]
    values = {"one": one, "form": form, "may_write": may, "offered": offered}
    return render(request, "desk/moderate.html", values, status=200 if may or request.method != "POST" else 403)


def answer(by: User, one: Proposal, given: Mapping[str, Any]) -> None:
    """Say what the city makes of a proposal, as `ModerateForm` gives it."""
    with transaction.atomic():
        one.state, one.answer = given["state"], given["answer"]
        one.became_commitment, one.became_programme = given["became_commitment"], given["became_programme"]
        if one.state == Proposal.State.ANSWERED:
            one.answered, one.answered_by = timezone.now(), by
        one.save()
        note(
            by, "desk.proposal.moderated", one, state=one.state, became=one.became_commitment,
            programme=one.became_programme,
        )  # fmt: skip


def became(one: Proposal) -> tuple[str, str]:
    """The titles of the promise and the programme that a proposal became; empty where everybody may not see one."""
    commitment = public_book().commitments.get(one.became_commitment)
    programme = pack().programmes.get(one.became_programme)
    return (
        "" if commitment is None else commitment.title[language()],
        "" if programme is None else programme.base.title[language()],
    )


def _found(request: HttpRequest, number: int) -> Proposal:
    """A proposal that this reader may see; one that is hidden and one that is not there look alike."""
    found = Proposal.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
