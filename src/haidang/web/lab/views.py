"""Designs: the list, the page with the levers, trying, saving, forking, sharing, exporting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from haidang.packs.design_file import write_design
from haidang.programmes import Programme
from haidang.web.city.pack import pack
from haidang.web.lab import kept
from haidang.web.lab.checked import CHECKED, check
from haidang.web.lab.forms import BeginForm, NameForm, ShareForm, SlotsForm, colleagues
from haidang.web.lab.helped import help_of
from haidang.web.lab.models import Design, Share, Trial
from haidang.web.lab.sample import Answer, ask
from haidang.web.lab.shown import Matter, shown
from haidang.web.lab.slots import Board, Slot, board
from haidang.web.mistakes import Said, said
from haidang.web.people.models import doer, roles_of, viewer
from haidang.web.people.roles import CITY_STAFF, SIMULATORS
from haidang.web.shell import language
from haidang.web.words import words


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """One's own designs and those shared with one; beginning a new one."""
    user, spoken = viewer(request), language()
    found = Design.objects.visible_to(user).filter(pack=pack().id).select_related("owner", "parent")
    titles = {name: file.base.title[spoken] for name, file in pack().programmes.items()}
    rows = [(one, titles.get(one.programme, one.programme), _origin_title(one)) for one in found]
    return render(
        request,
        "lab/list.html",
        {"rows": rows, "begins": begins(), "may_edit": may_edit(request), "own": user, "trials": _trials(request)},
    )


def _trials(request: HttpRequest) -> Any:
    return Trial.objects.visible_to(viewer(request)).filter(pack=pack().id).select_related("job")[:20]


def begins() -> list[tuple[str, str]]:
    """What a new design may begin with: each programme and its variants."""
    spoken = language()
    found: list[tuple[str, str]] = []
    for name, file in pack().programmes.items():
        found.append((name, file.base.title[spoken]))
        found += [
            (f"{name}/{one}", f"{file.base.title[spoken]}: {v.title[spoken]}") for one, v in file.variants.items()
        ]
    return found


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a design that is its programme as declared."""
    form = BeginForm(begins(), request.POST)
    if not form.is_valid():
        messages.error(request, words(language()).text("lab.bad_name"))
        return HttpResponseRedirect(reverse("lab:list"))
    made = kept.begin(doer(request), form.cleaned_data["name"], form.cleaned_data["begin"])
    return HttpResponseRedirect(reverse("lab:design", args=(made.pk,)))


@require_safe
def design(request: HttpRequest, number: int) -> HttpResponse:
    """The page with the levers."""
    found = seen(request, number)
    laid = board_of(found)
    return _page(request, found, laid, laid.values(found.changes, found.facts), found.name, {}, None)


def _page(
    request: HttpRequest, found: Design, laid: Board, values: dict[str, str], name: str, mistakes: dict[str, Any],
    answer: Answer | None,
) -> HttpResponse:  # fmt: skip
    user, matter = viewer(request), _matter(request, found)
    first, rest = _ordered_facts(laid, values, [one.fact for one in matter])
    others = Design.objects.visible_to(user).filter(pack=found.pack, programme=found.programme).exclude(pk=found.pk)
    shares = Share.objects.filter(design=found)
    context: dict[str, Any] = {
        "design": found,
        "board": laid,
        "values": values,
        "name": name,
        "mistakes": mistakes,
        "answer": answer,
        "chart": mark_safe(answer.told.chart) if answer and answer.told else "",  # drawn by this program
        "help": help_of(found.programme, language()),
        "title": pack().programmes[found.programme].base.title[language()],
        "origin_title": _origin_title(found),
        "mine": found.owner == user,
        "may_edit": may_edit(request),
        "beside": others,
        "people": colleagues(found.owner),
        "with_people": set(shares.filter(person__isnull=False).values_list("person_id", flat=True)),
        "roles": [str(one) for one in sorted(CITY_STAFF)],
        "with_roles": set(shares.exclude(role="").values_list("role", flat=True)),
        "trials": Trial.objects.visible_to(user).filter(designs=found).select_related("job"),
        "first_facts": first,
        "other_facts": rest,
        "matter": matter,
    }
    return render(request, "lab/design.html", context)


@require_POST
def try_out(request: HttpRequest, number: int) -> HttpResponse:
    """What the design as it stands on the page would do, on the sample; nothing is saved."""
    found = seen(request, number)
    laid = board_of(found)
    form = SlotsForm(laid, request.POST)
    values = form.written
    checked = check(pack(), found.programme, found.origin, laid, values)
    mistakes = {place: [said(one, language()) for one in each] for place, each in checked.mistakes.items()}
    answer = None
    if not mistakes:
        title = {"vi": values["name"] or found.name, "en": values["name"] or found.name}
        text = write_design(CHECKED, title, found.programme, found.origin or None, checked.changes, checked.facts)
        answer = ask(found.programme, [text], language())
    if request.headers.get("HX-Request"):
        shown = {"answer": answer, "mistakes": mistakes, "design": found, "swap": True, "board": laid}
        chart = mark_safe(answer.told.chart) if answer and answer.told else ""  # drawn by this program
        return render(request, "lab/answer.html", {**shown, "chart": chart})
    return _page(request, found, laid, values, values["name"] or found.name, mistakes, answer)


@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Save the design as it stands on the page, unless somebody saved it in between."""
    found = seen(request, number)
    if found.owner != viewer(request):
        raise Http404
    laid = board_of(found)
    form = SlotsForm(laid, request.POST)
    values = form.written
    checked = check(pack(), found.programme, found.origin, laid, values)
    mistakes = {place: [said(one, language()) for one in each] for place, each in checked.mistakes.items()}
    if not form.is_valid():
        mistakes.setdefault("name", []).append(Said(words(language()).text("lab.bad_name"), "", False))
    if mistakes:
        return _page(request, found, laid, values, values["name"], mistakes, None)
    if not kept.save(doer(request), found, form.cleaned_data, checked):
        mistakes[""] = [Said(words(language()).text("lab.stale"), "", False)]
        return _page(request, found, laid, values, values["name"], mistakes, None)
    messages.success(request, words(language()).text("lab.saved"))
    return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))


@require_POST
def fork(request: HttpRequest, number: int) -> HttpResponse:
    """Make a design of one's own that begins where this one stands, and keeps it as its parent."""
    found = seen(request, number)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, words(language()).text("lab.bad_name"))
        return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))
    made = kept.fork(doer(request), found, form.cleaned_data["name"])
    messages.success(request, words(language()).text("lab.forked"))
    return HttpResponseRedirect(reverse("lab:design", args=(made.pk,)))


@require_POST
def share(request: HttpRequest, number: int) -> HttpResponse:
    """Share a design with these people and roles, and with nobody else."""
    found, user = seen(request, number), doer(request)
    if found.owner != user:
        raise Http404
    form = ShareForm(found.owner, request.POST)
    if not form.is_valid():
        raise Http404
    kept.share(user, found, list(form.cleaned_data["people"]), form.cleaned_data["roles"])
    messages.success(request, words(language()).text("lab.shared"))
    return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))


@require_safe
def export(request: HttpRequest, number: int) -> HttpResponse:
    """The design's file, which the command line runs."""
    found = seen(request, number)
    answer = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.yaml"'
    return answer


def seen(request: HttpRequest, number: int) -> Design:
    """A design that this reader may see; one that is hidden and one that is not there look alike."""
    visible = Design.objects.visible_to(viewer(request)).select_related("owner", "parent")
    found = visible.filter(pk=number, pack=pack().id).first()
    if found is None or found.programme not in pack().programmes:
        raise Http404
    return found


def may_edit(request: HttpRequest) -> bool:
    """Whether the reader may make designs."""
    return bool(roles_of(viewer(request)) & SIMULATORS)


def origin_of(found: Design) -> Programme:
    """The programme or variant that a design begins with."""
    file = pack().programmes[found.programme]
    return file.variants.get(found.origin, file.base) if found.origin else file.base


def board_of(found: Design) -> Board:
    """The places of a design's programme."""
    return board(pack(), origin_of(found), language())


def _origin_title(found: Design) -> str:
    return "" if not found.origin or found.programme not in pack().programmes else origin_of(found).title[language()]


def _ordered_facts(
    laid: Board, values: Mapping[str, str], matter: Sequence[str]
) -> tuple[list[Slot], list[Slot]]:  # fmt: skip
    """The facts that matter and those that are set, the most first; then the others."""
    known = {slot.way[-1]: slot for slot in laid.facts}
    given = [name for name, slot in known.items() if values.get(slot.name)]
    first = [known[name] for name in dict.fromkeys((*matter, *given)) if name in known]
    return first, [slot for slot in laid.facts if slot not in first]


def _matter(request: HttpRequest, found: Design) -> Sequence[Matter]:
    """The facts that carry the variance of the newest full run of this design, the most first, with their shares."""
    done = Trial.objects.visible_to(viewer(request)).filter(designs=found, kind=Trial.Kind.RUN).exclude(digest="")
    newest = done.first()
    return () if newest is None else shown(newest, language()).matter.get(found.slug, ())
