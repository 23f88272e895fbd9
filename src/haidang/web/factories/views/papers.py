"""Programmes, applications and consents of a factory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.web.dong import exact_dong
from haidang.web.factories import applying
from haidang.web.factories.consent import ASKED_FOR, ASSESSED, LISTED, WHO, consents_to, fields, settle
from haidang.web.factories.eligible import Chance, chances
from haidang.web.factories.forms import ApplicationForm, say
from haidang.web.factories.models import Application, Consent, Factory
from haidang.web.factories.views.found import around, kept_factory, one_of, owned_factory, person, tell
from haidang.web.factories.vocabulary import column_title, programmes, traits
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Organisation, viewer
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
    """Write an application, or change it as long as it is a draft."""
    factory = kept_factory(request, number)
    chance = chance_of(factory, name)
    draft = applying.standing(factory, name)
    if draft is not None and draft.sent is not None:
        return HttpResponseRedirect(reverse("factories:application", args=(draft.pk,)))
    conflict = False
    if request.method == "POST":
        form = ApplicationForm(chance.most, request.POST)
        if form.is_valid():
            kept = applying.draft(factory, name, form.cleaned_data, person(request))
            if kept is not None:
                tell(request, "application.kept")
                return HttpResponseRedirect(reverse("factories:application", args=(kept.pk,)))
            conflict = True
            draft = applying.standing(factory, name)
            form.data = form.data.copy()
            form.data["version"] = str(draft.version if draft else 0)
    else:
        form = ApplicationForm(chance.most, initial=_initial(draft))
    values = around(
        request, factory, "programmes", chance=chance, form=form, other=draft if conflict else None
    )  # fmt: skip
    return render(request, "factories/apply.html", values)


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
    programme = programmes().get(one.programme)
    told = StageRecord.objects.visible_to(viewer(request)).filter(application=one)
    stages = told.select_related("lender").order_by("day", "id")
    values = around(
        request, one.factory, "programmes", application=one, amount=exact_dong(one.amount, language()),
        title=programme.title[language()] if programme else one.programme, stages=stages,
        consenting=one.factory.consents.filter(current=True).exists(),
    )  # fmt: skip
    return render(request, "factories/application.html", values)


@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Send an application: from now on the city and consented lenders see it."""
    return _moved(request, applying.send(number, person(request)), "sent")


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an application back; no lender sees it from now on."""
    return _moved(request, applying.withdraw(number, person(request)), "withdrawn")


def _moved(request: HttpRequest, one: Application, how: str) -> HttpResponse:
    tell(request, f"application.{how}")
    return HttpResponseRedirect(reverse("factories:application", args=(one.pk,)))


def field_title(name: str) -> str:
    """What a field of a consent is called."""
    if name in (*ASSESSED, *ASKED_FOR, LISTED):
        return say(f"consent.field.{name}")
    return column_title(name, language())


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
    groups = [(name, [(one, field_title(one)) for one in keys]) for name, keys in _groups()]
    rows = [(one, consents_to(factory, one)) for one in lenders]
    past = Consent.objects.visible_to(viewer(request)).filter(factory=factory).select_related("lender", "given_by")
    told = [(one, [field_title(each) for each in one.fields]) for one in past]
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
