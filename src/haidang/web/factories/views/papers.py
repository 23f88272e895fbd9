"""Programmes, applications and consents of a factory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.web.dong import exact_dong, whole
from haidang.web.factories import applying
from haidang.web.factories.consent import (
    ASKED_FOR,
    ASSESSED,
    LISTED,
    WHO,
    consents_to,
    field_title,
    fields,
    settle,
)
from haidang.web.factories.eligible import Chance, chances
from haidang.web.factories.forms import ApplicationForm
from haidang.web.factories.models import Application, Consent, Factory
from haidang.web.factories.views.found import around, kept_factory, one_of, owned_factory, person, tell
from haidang.web.factories.vocabulary import programme_title, traits
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Organisation, User, viewer
from haidang.web.shell import language


@require_safe
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The programmes that a factory can apply for, each condition met or not and why."""
    factory = kept_factory(request, number)
    standing = {one.programme: one for one in factory.applications.filter(withdrawn__isnull=True)}
    rows = [(one, standing.get(one.id)) for one in chances(factory, language())]
    gone = factory.applications.filter(withdrawn__isnull=False)
    values = around(request, factory, "programmes", rows=rows, gone=gone)
    return render(request, "factories/programmes.html", values)


def chance_of(factory: Factory, name: str) -> Chance:
    """A programme as it stands to a factory.

    Raises:
        Http404: nobody can apply for it.
    """
    found = next((one for one in chances(factory, language()) if one.id == name), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Write an application, or change it as long as it is a draft; what was typed when it was sent stays in sight."""
    factory = kept_factory(request, number)
    chance = chance_of(factory, name)
    draft = applying.standing(factory, name)
    sent = draft is not None and draft.sent is not None
    if draft is not None and sent and request.method != "POST":
        return HttpResponseRedirect(reverse("factories:application", args=(draft.pk,)))
    conflict = sent
    if request.method == "POST":
        form = ApplicationForm(chance.most, request.POST)
        if not sent and form.is_valid():
            kept = applying.draft(factory, name, form.cleaned_data, person(request))
            if kept is not None:
                tell(request, "application.kept")
                return HttpResponseRedirect(reverse("factories:application", args=(kept.pk,)))
            conflict = True
            draft = applying.standing(factory, name)
            sent = draft is not None and draft.sent is not None
            form.data = form.data.copy()
            form.data["version"] = str(draft.version if draft else 0)
    else:
        form = ApplicationForm(chance.most, initial=_initial(draft))
    values = around(
        request, factory, "programmes", chance=chance, form=form, draft=draft, conflict=conflict,
        amount=exact_dong(draft.amount, language()) if draft else "", sent=sent,
    )  # fmt: skip
    return render(request, "factories/apply.html", values, status=409 if sent else 200)


def _initial(draft: Application | None) -> dict[str, Any]:
    if draft is None:
        return {"version": 0}
    text = exact_dong(draft.amount, language())
    return {"amount": text, "purpose": draft.purpose, "version": draft.version}


@require_safe
def application(request: HttpRequest, number: int) -> HttpResponse:
    """An application: what it asks, where it stands, what lenders wrote down of it."""
    rows = Application.objects.filter(factory__in=Factory.objects.kept_by(viewer(request)))
    one = one_of(rows.select_related("factory"), number)
    told = StageRecord.objects.visible_to(viewer(request)).filter(application=one)
    records = list(told.select_related("lender", "corrects").order_by("day", "id"))
    later = {each.corrects.pk for each in records if each.corrects is not None}
    stages = [
        (each, each.pk in later, "" if each.amount is None else whole(each.amount, language())) for each in records
    ]
    values = around(
        request, one.factory, "programmes", application=one, amount=exact_dong(one.amount, language()),
        title=programme_title(one.programme, language()), stages=stages,
        consenting=one.factory.consents.filter(current=True).exists(),
    )  # fmt: skip
    return render(request, "factories/application.html", values)


@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Send an application: from now on the city and consented lenders see it."""
    return _moved(request, number, applying.send, "sent")


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an application back; no lender sees it from now on."""
    return _moved(request, number, applying.withdraw, "withdrawn")


def _moved(request: HttpRequest, number: int, move: Callable[[int, User], Application], how: str) -> HttpResponse:
    """Once more of what was done already, such as a second click, says so and does nothing."""
    try:
        move(number, person(request))
        tell(request, f"application.{how}")
    except applying.AlreadyError:
        tell(request, "application.already")
    return HttpResponseRedirect(reverse("factories:application", args=(number,)))


def _groups() -> list[tuple[str, tuple[str, ...]]]:
    return [("who", (*WHO, *traits())), ("assessed", ASSESSED), ("asked_for", (*ASKED_FOR, LISTED))]


class ConsentForm(forms.Form):
    """The fields that a lender may see."""

    fields_seen = forms.MultipleChoiceField(required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        """The form of every field."""
        super().__init__(*given, **named)
        self.fields["fields_seen"] = forms.MultipleChoiceField(
            choices=[(one, one) for one in fields()], required=False
        )  # fmt: skip


@require_safe
def consents(request: HttpRequest, number: int) -> HttpResponse:
    """Every lender with what it sees of a factory, and what it saw before."""
    factory = kept_factory(request, number)
    lenders = Organisation.objects.lenders_for(viewer(request))
    groups = [(name, [(one, field_title(one, language())) for one in keys]) for name, keys in _groups()]
    rows = [(one, consents_to(factory, one)) for one in lenders]
    past = Consent.objects.visible_to(viewer(request)).filter(factory=factory).select_related("lender", "given_by")
    told = [(one, [field_title(each, language()) for each in one.fields]) for one in past]
    values = around(request, factory, "consents", rows=rows, groups=groups, past=told)
    return render(request, "factories/consents.html", values)


@require_POST
def consent(request: HttpRequest, number: int, lender: int) -> HttpResponse:
    """Give a lender these fields, or none; it holds at once."""
    factory = owned_factory(request, number)
    body = one_of(Organisation.objects.lenders_for(viewer(request)), lender)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        raise Http404
    wanted: list[str] = [] if "withdraw" in request.POST else form.cleaned_data["fields_seen"]
    changed = settle(factory, body, wanted, person(request))
    tell(request, f"consent.{'same' if not changed else 'given' if wanted else 'withdrawn'}", lender=body.name)
    return HttpResponseRedirect(reverse("factories:consents", args=(factory.pk,)))
