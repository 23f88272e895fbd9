"""What an assessment comes to: levels against peers, priorities, a second reading, the roadmap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_safe

from haidang.allocate.factory_report.view import View
from haidang.allocate.factory_report.wording import Wording
from haidang.allocate.roadmap import GOALS as KINDS
from haidang.allocate.roadmap import Goal, GoalKind
from haidang.errors import HaidangError
from haidang.frameworks.framework import LANGUAGES
from haidang.web.amounts import DongField
from haidang.web.factories.drafts import readers_of
from haidang.web.factories.forms import ReaderForm, say
from haidang.web.factories.models import Assessment, Factory
from haidang.web.factories.scored import advice, agree, newest, planned
from haidang.web.factories.views.found import around, kept_factory, one_of
from haidang.web.factories.vocabulary import column_title, framework
from haidang.web.people.models import User, bodies_of, viewer
from haidang.web.people.roles import Role
from haidang.web.shell import language

GOALS = ("npv", "level", "level:2", "level:3", "level:4", "carbon")
MOST_YEARS, DEFAULT_BUDGET = 10, 2_000_000_000


def handed_in(request: HttpRequest, number: int) -> Assessment:
    """A self-assessment that was handed in and that the reader may see."""
    rows = Assessment.objects.visible_to(viewer(request)).filter(of__isnull=True, submitted__isnull=False)
    return one_of(rows.select_related("factory"), number)


@require_safe
def result(request: HttpRequest, number: int) -> HttpResponse:
    """Where a factory stands, beside its peers where they are five or more, and what comes next."""
    assessment, user = handed_in(request, number), viewer(request)
    told, spoken = advice(assessment), language()
    page = View(spoken, Wording(spoken), told)
    readings = Assessment.objects.visible_to(user).filter(of=assessment).select_related("reader")
    compared = [(one, _agreement(assessment, one)) for one in readings.filter(submitted__isnull=False)]
    bodies = readers_of(assessment, user) if isinstance(user, User) else []
    values = around(
        request, assessment.factory, "assessments", assessment=assessment, page=page, drawing=_drawn(page.profile),
        compared=compared, readers=ReaderForm(bodies) if bodies else None, areas=_areas(page),
        mine=readings.filter(submitted__isnull=True, reader__in=bodies_of(user, Role.ASSESSOR)),
    )  # fmt: skip
    return render(request, "factories/result.html", values)


def _areas(page: View) -> list[tuple[str, str, str, str]]:
    """The drawing's numbers: each area, claimed, verified, and the quartiles of peers."""
    scores, row, say_ = page.advice.scores, page.advice.row, page.say
    found: list[tuple[str, str, str, str]] = []
    for at, area in enumerate(page.framework.areas):
        key = (area.id, page.advice.factory.sector, page.advice.factory.size)
        one = None if page.advice.peers is None else page.advice.peers.get(key)
        peers = " – ".join(say_.level(each.value) for each in one.quantiles) if one and one.quantiles else ""
        found.append(
            (
                area.title[page.language], say_.level(float(scores.claimed.area_mean[row, at])),
                say_.level(float(scores.verified.area_mean[row, at])), peers,
            )
        )  # fmt: skip
    return found


def _agreement(assessment: Assessment, reading: Assessment) -> dict[str, Any]:
    """How far an assessor agrees, and on which criteria not."""
    from haidang.frameworks.words import word

    found, spoken = agree(assessment, reading), language()
    if found is None:
        return {"none": True}
    texts = {one.id: one.text[spoken] for one in framework().criteria}
    names = {0: word("answers", "no", spoken), 1: word("answers", "yes", spoken),
             2: word("answers", "not_applicable", spoken), -1: say("section.open")}  # fmt: skip
    rows = [
        (texts[one.id], names[one.first], names[one.second])
        for one in found.disagreements
        if one.part == "criterion" and one.second != -1
    ]
    kappa = found.answers.value
    shown = "" if kappa != kappa else f"{kappa:.2f}".replace(".", "," if spoken == "vi" else ".")
    return {"pairs": found.answers.pairs, "same": round(100 * found.answers.same), "kappa": shown, "rows": rows}


class RoadmapForm(forms.Form):
    """The budget, the goal and the last year of a roadmap."""

    budget = DongField()
    goal = forms.ChoiceField()
    to = forms.TypedChoiceField(coerce=int)

    def __init__(self, *given: Any, **named: Any) -> None:
        """The form of this year."""
        super().__init__(*given, **named)
        first = timezone.localdate().year
        self.fields["goal"] = forms.ChoiceField(
            choices=[(one, say(f"roadmap.goal.{one.replace(':', '_')}")) for one in GOALS], label=say("roadmap.goal_is")
        )
        years = range(first, first + MOST_YEARS)
        self.fields["to"] = forms.TypedChoiceField(
            choices=[(one, str(one)) for one in years], coerce=int, label=say("roadmap.to")
        )
        self.fields["budget"].label = say("roadmap.budget")
        self.fields["budget"].help_text = say("help.amount")


@require_GET
def roadmap(request: HttpRequest, number: int) -> HttpResponse:
    """The best order of steps under a budget, for a goal."""
    factory, spoken = kept_factory(request, number), language()
    last = newest(factory)
    missing = [column_title(name, language()) for name in missing_of(factory)]
    start = timezone.localdate().year
    begins = {"budget": "2 tỷ" if spoken == "vi" else "2 billion", "goal": "npv", "to": start + 4}
    form = RoadmapForm(request.GET if "budget" in request.GET else begins)
    values = around(request, factory, "roadmap", form=form, last=last, missing=missing)
    if last is not None and not missing and form.is_valid():
        values |= _plan(last, form)
    return render(request, "factories/roadmap.html", values)


def missing_of(factory: Factory) -> list[str]:
    """Columns that a roadmap reads and the profile does not say."""
    return [name for name in ("revenue", "value_added", "electricity") if getattr(factory, name) is None]


def _asked(form: RoadmapForm) -> tuple[tuple[int, ...], float, Goal]:
    years = tuple(range(timezone.localdate().year, form.cleaned_data["to"] + 1))
    return years, float(form.cleaned_data["budget"]), goal_of(form.cleaned_data["goal"])


def goal_of(word: str) -> Goal:
    """The goal that one of `GOALS` names."""
    kind, _, level = word.partition(":")
    return Goal(_kind(kind), int(level) if level else None)


def _kind(word: str) -> GoalKind:
    return next(one for one in KINDS if one == word)


def _plan(last: Assessment, form: RoadmapForm) -> dict[str, Any]:
    spoken = language()
    try:
        told = planned(last, *_asked(form))
    except HaidangError:
        # What the pack lacks: its facts of cost and effect, or all levels of the factory.
        return {"unable": True}
    page = View(spoken, Wording(spoken), told)
    plan = page.roadmap
    drawing = _drawn(plan["drawing"]) if plan["plan"] else ""
    steps: list[tuple[str, str, str, str]] = []
    if told.roadmap is not None and told.roadmap.best is not None:
        ordered = sorted(told.roadmap.best.taken.items(), key=lambda one: (one[1], one[0]))
        for name, year in ordered:
            step = told.roadmap.question.step(name)
            steps.append((str(year), step.title[spoken], page.say.millions(step.cost), page.say.millions(step.saving)))
    return {"page": page, "plan": plan, "drawing": drawing, "steps": steps}


@require_safe
def report(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """What a factory takes away of an assessment: the report as one page, or a workbook."""
    from haidang.allocate.factory_report import factory_html, factory_workbook

    told, spoken = advice(handed_in(request, number)), language()
    if kind == "xlsx":
        answer = HttpResponse(factory_workbook(told, spoken), content_type=_WORKBOOK)
    else:
        ordered: Any = (spoken, *(one for one in LANGUAGES if one != spoken))
        answer = HttpResponse(factory_html(told, ordered), content_type="text/html; charset=utf-8")
    # Saved, never shown from here: it carries a style of its own, which this site's pages may not.
    answer["Content-Disposition"] = f'attachment; filename="assessment-{number}.{kind}"'
    return answer


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _drawn(svg: str) -> str:
    """A drawing that this program made, in which every text is escaped."""
    return mark_safe(svg)
