"""Proposals: from anybody, read by the staff before they are shown, answered, followed to what became of them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haidang.web.city.pack import pack
from haidang.web.desk.book import book, public_book
from haidang.web.desk.deeds import DeedError
from haidang.web.desk.forms import said
from haidang.web.desk.models import SHOWN, Proposal
from haidang.web.desk.proposal_forms import ModerateForm, ProposalForm
from haidang.web.desk.receipts import kept, new_receipt
from haidang.web.ledger.models import Entry
from haidang.web.ledger.write import note
from haidang.web.people.models import User, bodies_of, doer, roles_of, viewer
from haidang.web.people.roles import RECORDERS, Role
from haidang.web.shell import language
from haidang.web.whence import network_of

PAGE = 50
DEED = "desk.proposal.moderated"
LONGEST_NUMBER = 9
A_DAY = 300
"""So many proposals are taken from everywhere in a day."""


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
    form = ProposalForm(request.POST or None, initial={"body": next(iter(_bodies(request)), "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["website"]:
            # A program filled in what no person sees, and need not learn that it was found out.
            return _thank(request, new_receipt())
        taken = take_in(request, given)
        return render(request, "429.html", status=429) if taken is None else _thank(request, taken[1])
    return render(request, "desk/propose.html", {"form": form})


def take_in(request: HttpRequest, given: Mapping[str, Any]) -> tuple[Proposal, str] | None:
    """Keep a proposal, in the name of an organisation confirmed where a member of it is logged in.

    Args:
        request: by which it came.
        given: as `ProposalForm` gives it.

    Returns:
        The proposal and its receipt; none where too many came from there, or in all.
    """
    origin = _origin(request)
    if _too_many(origin):
        return None
    receipt, body = new_receipt(), " ".join(given["body"].split())
    own = {each.casefold(): each for each in _bodies(request)}.get(body.casefold())
    with transaction.atomic():
        made = Proposal.objects.create(
            title=" ".join(given["title"].split()), text=given["text"], body=own or body, confirmed=own is not None,
            contact=given["contact"], origin=origin, receipt=kept(receipt),
        )  # fmt: skip
        note(viewer(request), "desk.proposal.made", made, title=made.title)
    return made, receipt


def _bodies(request: HttpRequest) -> list[str]:
    """The organisations in whose name a reader may speak: those whose member is logged in."""
    return list(bodies_of(viewer(request), *Role).order_by("name").values_list("name", flat=True))


def _thank(request: HttpRequest, receipt: str) -> HttpResponseRedirect:
    messages.success(request, said("message.proposed", receipt=receipt))
    return HttpResponseRedirect(reverse("desk:proposals"))


def _origin(request: HttpRequest) -> str:
    """An address of the net as this site alone knows it, and for this day alone."""
    said_today = f"{timezone.localdate().isoformat()}\n{network_of(request)}"
    return hmac.new(settings.SECRET_KEY.encode(), said_today.encode(), hashlib.sha256).hexdigest()


def _too_many(origin: str) -> bool:
    now = timezone.now()
    hour = Proposal.objects.filter(origin=origin, made__gt=now - timedelta(hours=1)).count()
    return hour >= settings.HOME.proposals or Proposal.objects.filter(made__gt=now - timedelta(days=1)).count() >= A_DAY


@require_safe
def consultation(request: HttpRequest) -> HttpResponse:
    """Every proposal, those that wait first."""
    found = Proposal.objects.visible_to(viewer(request))
    waiting = found.filter(state=Proposal.State.DRAFT).count()
    first = [models.When(state=state, then=place) for place, state in enumerate(("draft", "shown"))]
    turn = models.Case(*first, default=len(first), output_field=models.IntegerField())
    rows = found.defer("text", "answer").annotate(turn=turn).order_by("turn", "-pk")
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
        try:
            answer(doer(request), one, form.cleaned_data, _seen(request))
        except DeedError as mistake:
            form.add_error(None, mistake.problem)
        else:
            messages.success(request, said("message.written"))
            return HttpResponseRedirect(reverse("desk:moderate", args=(one.pk,)))
    offered = [(each.id, each.title[language()]) for each in book().tracked.commitments.values()][:500]
    title, programme = became(one)
    values = {
        "one": one, "form": form, "may_write": may, "offered": offered, "history": history(one),
        "commitment": title, "programme": programme,
    }  # fmt: skip
    return render(request, "desk/moderate.html", values, status=200 if may or request.method != "POST" else 403)


def _seen(request: HttpRequest) -> int | None:
    """The version of a proposal that the page with the form showed; none where it did not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


def answer(by: User, one: Proposal, given: Mapping[str, Any], seen: int | None) -> None:
    """Say what the city makes of a proposal, as `ModerateForm` gives it; the log keeps every answer with its words.

    Args:
        by: who says it.
        one: the proposal.
        given: what is said.
        seen: the version that it was said of; that which was just read unless given.

    Raises:
        DeedError: somebody else answered in the meantime; nothing is changed, and the proposal is read anew.
    """
    version = one.version if seen is None else seen
    changes = {key: given[key] for key in ("state", "answer", "became_commitment", "became_programme")}
    if given["state"] == Proposal.State.ANSWERED:
        changes |= {"answered": timezone.now(), "answered_by": by}
    with transaction.atomic():
        there = Proposal.objects.filter(pk=one.pk, version=version)
        changed = there.update(version=version + 1, **changes)
        one.refresh_from_db()
        if changed:
            note(
                by, DEED, one, state=one.state, answer=one.answer, became=one.became_commitment,
                programme=one.became_programme, version=one.version,
            )  # fmt: skip
    if not changed:
        raise DeedError(said("error.answered_meanwhile"))


def history(one: Proposal) -> list[dict[str, Any]]:
    """Everything that was said of a proposal, the last first, from the log that only grows."""
    found = Entry.objects.filter(action=DEED, subject=f"{one._meta.label_lower}:{one.pk}")
    return [{"at": each.at, "who": each.who, **json.loads(each.details)} for each in found]


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
