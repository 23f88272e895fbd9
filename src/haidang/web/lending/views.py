"""The pages of lenders and of the fund. Each is whole without JavaScript."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from haidang.allocate.factory_report.wording import Wording
from haidang.frameworks.framework import SIZES
from haidang.results.numerals import number
from haidang.web.dong import whole
from haidang.web.factories.consent import field_title
from haidang.web.factories.models import Application, Assessment
from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.factories.scored import newest as newest_assessment
from haidang.web.factories.scored import read
from haidang.web.factories.views.found import one_of, person
from haidang.web.factories.vocabulary import framework, programme_title, programmes, sector_choices, word_title
from haidang.web.lending import choice, pipeline, records
from haidang.web.lending.models import StageRecord
from haidang.web.lending.records import say
from haidang.web.people.models import User, bodies_of, roles_of
from haidang.web.people.roles import Role
from haidang.web.shell import language
from haidang.web.tables import csv_answer, workbook_answer

PAGE = 50
ASKED = ("programme", "sector", "size", "stage", "q", "sort", "order")


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:200] for name in ASKED if request.GET.get(name)}


def around(request: HttpRequest, here: str, **values: Any) -> dict[str, Any]:
    """What every page of the room stands in."""
    staff = bool(roles_of(person(request)) & REVIEWERS)
    return {"rooms": ("pipeline", "records", "use", "lists"), "here_room": here, "staff": staff, **values}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The applications that the reader may see, chosen and sorted."""
    user, spoken, given = person(request), language(), _given(request)
    pages = Paginator(choice.asked_for(user, given), PAGE)
    page = pages.get_page(request.GET.get("page"))
    filters = {
        "programme": [(name, one.title[spoken]) for name, one in programmes().items()],
        "sector": sector_choices(spoken),
        "size": [(one, word_title("size", one, spoken)) for one in SIZES],
        "stage": [
            (one, say(f"stage.{one}")) for one in ("none", "applied", "approved", "disbursed", "repaid", "refused")
        ],
        "sort": [(one, say(f"sort.{one}")) for one in choice.SORTS],
        "order": [(one, say(f"order.{one}")) for one in ("up", "down")],
    }
    first = {"sort": "sent", "order": "down" if given.get("sort", "sent") == "sent" else "up"}
    looks = [
        (name, say(f"look.{name}"), choices, given.get(name, first.get(name, ""))) for name, choices in filters.items()
    ]
    told = [
        (row, programme_title(row.application.programme, spoken), _shown(row))
        for row in pipeline.rows(page, user, spoken)
    ]
    values = around(
        request, "pipeline", page=page, rows=told, looks=looks, given=given, query=urlencode(given),
        every=choice.sent_to(user).count(), found=pages.count, heads=_heads(),
    )  # fmt: skip
    return render(request, "lending/pipeline.html", values)


TABLE = ("district", "sector", "employees", "level", "amount")
COUNTED = ("employees", "amount")
"""Columns of whole numbers, whose unit stands in their head."""


def _heads() -> list[str]:
    titles = [say("column.level") if name == "level" else field_title(name, language()) for name in TABLE]
    return [
        f"{title} ({say(f'unit.{name}')})" if name in COUNTED else title
        for name, title in zip(TABLE, titles, strict=True)
    ]


def _shown(row: pipeline.Row) -> list[tuple[str, bool]]:
    """The cells of a row: its text, and whether the factory lets it be seen."""
    cells: list[tuple[str, bool]] = []
    texts = row.texts(language())
    for name in TABLE:
        key = "levels" if name == "level" else name
        text = texts.get(name, "")
        if name == "level":
            text = Wording(language()).level(None) if row.level is None else number(row.level, language(), 2)
        elif name in COUNTED and name in row.known:
            text = whole(int(row.known[name]), language())
        cells.append((text or "–", key in row.seen))
    return cells


def _table(user: User, given: dict[str, str]) -> tuple[list[str], list[list[Any]]]:
    """The pipeline as a table to take away: what is not seen is an empty cell."""
    spoken = language()
    names = ("name", "tax_code", *TABLE, "purpose")
    head = ["application", "programme", "sent", *names, "stage", *pipeline.NUMBERS, "list", "reason"]
    table: list[list[Any]] = []
    for row in pipeline.rows(choice.asked_for(user, given), user, spoken):
        cells: list[Any] = [row.application.pk, row.application.programme, _day(row.application.sent)]
        cells += [row.level if name == "level" else row.known.get(name, "") for name in names]
        place = row.place
        cells += [row.stage, *(row.sums[name] for name in pipeline.NUMBERS)]
        cells += ["", ""] if place is None else [place.standing, place.why]
        table.append(cells)
    return head, table


def _day(moment: Any) -> str:
    return "" if moment is None else timezone.localdate(moment).isoformat()


@require_GET
def listed_csv(request: HttpRequest) -> HttpResponse:
    """The pipeline as CSV."""
    return csv_answer("pipeline.csv", *_table(person(request), _given(request)))


@require_GET
def listed_xlsx(request: HttpRequest) -> HttpResponse:
    """The pipeline as a workbook."""
    return workbook_answer("pipeline", *_table(person(request), _given(request)))


def seen_application(user: User, number_: int) -> tuple[Application, bool]:
    """An application and whether the reader sees it as its factory consents; else only its own records of it.

    Raises:
        Http404: neither.
    """
    visible = Application.objects.visible_to(user).filter(sent__isnull=False)
    if not roles_of(user) & REVIEWERS:
        visible = visible.filter(withdrawn__isnull=True, factory__in=list(choice.seen_by(user) or {}))
    found = visible.select_related("factory").filter(pk=number_).first()
    if found is not None:
        return found, True
    own = Application.objects.filter(stages__in=StageRecord.objects.visible_to(user)).distinct()
    return one_of(own.select_related("factory"), number_), False


@require_safe
def application(request: HttpRequest, number: int) -> HttpResponse:
    """One application: what its factory lets be seen, what became of it, and a form for what became of it next."""
    user = person(request)
    found, consented = seen_application(user, number)
    lenders = records.lenders_of(user, found)
    form = records.RecordForm(found, lenders, initial={"day": timezone.localdate()}) if lenders else None
    return _detail(request, found, consented, form)


def _detail(request: HttpRequest, found: Application, consented: bool, form: Any) -> HttpResponse:
    user, spoken = person(request), language()
    row = pipeline.one(found, user, spoken) if consented else None
    seen = row.seen if row else frozenset[str]()
    own = StageRecord.objects.visible_to(user).filter(application=found).select_related("lender", "corrects")
    own = own.order_by("day", "id")
    later = {one.corrects.pk: one.pk for one in own if one.corrects is not None}
    stages = [(one, later.get(one.pk), "" if one.amount is None else whole(one.amount, spoken)) for one in own]
    last = newest_assessment(found.factory)
    values = around(
        request, "pipeline", application=found, row=row, form=form, stages=stages,
        title=programme_title(found.programme, spoken),
        fields=_fields(row) if row else (),
        areas=_levels(last) if last and "levels" in seen else (),
        answers=_answers(last) if last and "answers" in seen else (),
        files=last.evidence.all() if last and "evidence" in seen else (),
        several=bodies_of(user, Role.LENDER_OFFICER).count() > 1,
        hidden=[field_title(name, spoken) for name in pipeline.every_field() if name not in seen] if row else (),
    )  # fmt: skip
    return render(request, "lending/application.html", values)


def _fields(row: pipeline.Row) -> list[tuple[str, str]]:
    texts = row.texts(language())
    return [(field_title(name, language()), text) for name, text in texts.items() if name not in {"name", "size"}]


def _levels(last: Assessment) -> list[tuple[str, str, str]]:
    """The level of each area, claimed and verified."""
    found, spoken = read(last), language()
    say_ = Wording(spoken)
    return [
        (
            area.title[spoken], say_.level(float(found.scores.claimed.area_mean[0, at])),
            say_.level(float(found.scores.verified.area_mean[0, at])),
        )
        for at, area in enumerate(framework().areas)
    ]  # fmt: skip


def _answers(last: Assessment) -> list[tuple[str, str]]:
    from haidang.frameworks.words import word

    spoken = language()
    texts = {one.id: one.text[spoken] for one in framework().criteria}
    names = {0: "no", 1: "yes", 2: "not_applicable"}
    rows = last.answers.filter(value__in=names).order_by("id")
    return [(texts.get(one.criterion, one.criterion), word("answers", names[one.value], spoken)) for one in rows]


@require_POST
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what became of an application at one of one's own organisations."""
    user = person(request)
    found, consented = seen_application(user, number)
    lenders = records.lenders_of(user, found)
    if not lenders:
        raise Http404
    form = records.RecordForm(found, lenders, request.POST)
    if not form.is_valid():
        return _detail(request, found, consented, form)
    records.write(found, form.cleaned_data["lender"], form.cleaned_data, user)
    messages.success(request, say("record.kept"))
    return HttpResponseRedirect(reverse("lending:application", args=(found.pk,)))


@require_safe
def recorded(request: HttpRequest) -> HttpResponse:
    """Every record that the reader may see, the newest first."""
    user, spoken = person(request), language()
    rows = StageRecord.objects.visible_to(user).select_related("application", "lender", "corrects").order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    later = set(StageRecord.objects.filter(corrects__in=[one.pk for one in page]).values_list("corrects", flat=True))
    told = [
        (one, one.pk in later, "" if one.amount is None else whole(one.amount, spoken),
         programme_title(one.application.programme, spoken))
        for one in page
    ]  # fmt: skip
    return render(request, "lending/records.html", around(request, "records", page=page, rows=told, query=""))


@require_safe
def recorded_csv(request: HttpRequest) -> HttpResponse:
    """The records as CSV."""
    return csv_answer("records.csv", records.RECORDS, records.record_rows(person(request)))


@require_safe
def recorded_xlsx(request: HttpRequest) -> HttpResponse:
    """The records as a workbook."""
    return workbook_answer("records", records.RECORDS, records.record_rows(person(request)))
