"""The city's allocation lists: taken in, looked at, shown to lenders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.web.factories.views.found import one_of, person
from haidang.web.factories.vocabulary import programme_title, programmes
from haidang.web.lending import lists, pipeline
from haidang.web.lending.models import REVIEWERS, AllocationList
from haidang.web.lending.records import say
from haidang.web.lending.views import PAGE, around
from haidang.web.people.models import User, roles_of
from haidang.web.shell import language
from haidang.web.tables import csv_answer
from haidang.web.uploads import UploadError, content_of
from haidang.web.words import words


class ListForm(forms.Form):
    """An allocation list."""

    title = forms.CharField(max_length=200)
    programme = forms.ChoiceField()
    file = forms.FileField()

    def __init__(self, *given: Any, **named: Any) -> None:
        """The form of the pack's programmes."""
        super().__init__(*given, **named)
        choices = [(name, one.title[language()]) for name, one in programmes().items()]
        self.fields["programme"] = forms.ChoiceField(choices=choices)
        for name in ("title", "programme", "file"):
            self.fields[name].label = say(f"list.{name}")
        self.fields["file"].help_text = say("list.help")
        self.order_fields(["title", "programme", "file"])
        self.taken: lists.Taken | None = None

    def clean_file(self) -> None:
        """The table, once it is one."""
        try:
            self.taken = lists.take_in(content_of(self.cleaned_data["file"]))
        except UploadError as refused:
            raise forms.ValidationError(words(language()).text(f"uploads.{refused}")) from None


@require_http_methods(["GET", "HEAD", "POST"])
def all_lists(request: HttpRequest) -> HttpResponse:
    """The city's allocation lists, and taking one in."""
    user = person(request)
    if request.method == "POST" and not _staff(user):
        raise PermissionDenied
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid() and form.taken is not None:
        given = form.cleaned_data
        made = lists.keep_list(user, given["title"], given["programme"], form.taken)
        messages.success(request, say("list.kept"))
        return HttpResponseRedirect(reverse("lending:list", args=(made.pk,)))
    rows = [(one, programme_title(one.programme, language())) for one in AllocationList.objects.visible_to(user)]
    return render(request, "lending/lists.html", around(request, "lists", rows=rows, form=form))


@require_safe
def one_list(request: HttpRequest, number: int) -> HttpResponse:
    """A list: the factories that it holds and that the reader may see, each with where it stands and why."""
    user, spoken = person(request), language()
    found = one_of(AllocationList.objects.visible_to(user), number)
    rows = pipeline.on_list(found, user, spoken)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = around(
        request, "lists", found=found, page=page, known=len(rows), query="",
        title=programme_title(found.programme, spoken),
    )  # fmt: skip
    return render(request, "lending/list.html", values)


@require_safe
def list_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The same as a table to take away; to a lender a factory is known by its application."""
    user = person(request)
    found = one_of(AllocationList.objects.visible_to(user), number)
    rows = pipeline.on_list(found, user, language())
    known = "tax_code" if _staff(user) else "application"
    table = [
        (one.factory.tax_code if one.factory else one.application, one.name, one.place.standing, one.place.title,
         one.place.why, one.place.certainty)
        for one in rows
    ]  # fmt: skip
    return csv_answer(f"list-{found.pk}.csv", (known, "name", "standing", "place", "reason", "certainty"), table)


def _staff(user: User) -> bool:
    return bool(roles_of(user) & REVIEWERS)


@require_POST
def publish_list(request: HttpRequest, number: int) -> HttpResponse:
    """Show lenders the reasons of a list for factories that consent, or take it back."""
    user = person(request)
    found = one_of(AllocationList.objects.visible_to(user), number)
    lists.show_list(user, found, published=found.published is None)
    messages.success(request, say("list.published" if found.published else "list.taken_back"))
    return HttpResponseRedirect(reverse("lending:list", args=(found.pk,)))
