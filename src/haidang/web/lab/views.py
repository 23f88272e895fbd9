"""Designs: the list, the page with the levers, trying, saving, forking, sharing, exporting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from haidang.web.lab.beyond import all_beyond
from haidang.web.lab.checked import CHECKED, Checked, check
from haidang.web.lab.expected import each_once
from haidang.web.lab.forms import BeginForm, ShareForm, SlotsForm, colleagues
from haidang.web.lab.helped import help_of
from haidang.web.lab.models import Design, Share, Trial
from haidang.web.lab.sample import Answer, ask, prepare
from haidang.web.lab.shown import Matter, shown
from haidang.web.lab.slots import Board, Slot, board
from haidang.web.lab.spelled import read
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
    prepare(each_once(one.programme for one, *_ in rows) or list(pack().programmes))
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
    values = laid.values(found.changes, found.facts)
    return _page(request, found, laid, {"values": values, "name": found.name, "mistakes": {}, "answer": None})


def _page(request: HttpRequest, found: Design, laid: Board, shown: dict[str, Any]) -> HttpResponse:
    """The page with what stands in its places, and what came of it."""
    user, matter = viewer(request), _matter(request, found)
    first, rest = _ordered_facts(laid, shown["values"], [one.fact for one in matter])
    others = Design.objects.visible_to(user).filter(pack=found.pack, programme=found.programme).exclude(pk=found.pk)
    shares = Share.objects.filter(design=found)
    context: dict[str, Any] = {
        "board": laid,
        "help": help_of(found.programme, language()),
        "title": pack().programmes[found.programme].base.title[language()],
        "origin_title": _origin_title(found),
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
    return render(request, "lab/design.html", context | _whose(request, found) | _drawn(shown))


def _whose(request: HttpRequest, found: Design) -> dict[str, Any]:
    own = words(language())
    return {
        "design": found, "mine": found.owner == viewer(request), "may_edit": may_edit(request),
        "simulators": ", ".join(own.text(f"role.{one}") for one in sorted(SIMULATORS)),
    }  # fmt: skip


def _drawn(shown: dict[str, Any]) -> dict[str, Any]:
    answer = shown["answer"]
    chart = mark_safe(answer.told.chart) if answer and answer.told else ""  # drawn by this program
    return shown | {"chart": chart}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent of a design's page: a place that was not sent is as it is saved.

    Args:
        laid: the places.
        form: the name, the version, and the texts of the places.
        checked: whether the texts can be run.
        unsaved: whether they say something else than the saved design.
    """

    laid: Board
    form: SlotsForm
    checked: Checked
    unsaved: bool

    def shown(self, more: dict[str, list[Said]], answer: Answer | None) -> dict[str, Any]:
        """The values of the page that shows it again, with mistakes beside those of its places."""
        mistakes = {place: [said(one, language()) for one in each] for place, each in self.checked.mistakes.items()}
        values = self.form.written
        return {
            "values": values, "name": values["name"], "mistakes": mistakes | more, "answer": answer,
            "unsaved": self.unsaved, "board": self.laid, "cautions": _cautions(self.laid, values),
        }  # fmt: skip


def _cautions(laid: Board, values: Mapping[str, str]) -> list[tuple[Slot, str]]:
    """What stands above the answer of numbers beyond their ranges."""
    return [(one.slot, one.told(language())) for one in all_beyond(laid, values, language())]


def _sent(request: HttpRequest, found: Design) -> _Sent:
    laid = board_of(found)
    saved = laid.values(found.changes, found.facts)
    form = SlotsForm(laid, {"name": found.name} | saved | _typed(laid, saved, request.POST.dict()))
    checked = check(pack(), found.programme, found.origin, laid, form.written, language())
    unsaved = (checked.changes, checked.facts) != (found.changes, found.facts)
    return _Sent(laid, form, checked, unsaved)


def _typed(laid: Board, saved: Mapping[str, str], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with the numbers of the places as files have them."""
    numbers = {
        slot.name: read(str(sent[slot.name]), slot.unit, language(), (saved[slot.name], slot.stated))
        for slot in laid.slots
        if slot.name in sent and slot.kind != "eligible"
    }
    return {**sent, **numbers}


@require_POST
def try_out(request: HttpRequest, number: int) -> HttpResponse:
    """What the design as it stands on the page would do, on the sample; nothing is saved."""
    found = seen(request, number)
    sent, answer = _sent(request, found), None
    if not sent.checked.mistakes:
        name = sent.form.written["name"] or found.name
        given = found.programme, found.origin or None, sent.checked.changes, sent.checked.facts
        answer = ask(found.programme, [write_design(CHECKED, {"vi": name, "en": name}, *given)], language())
    shown = sent.shown({}, answer)
    if request.headers.get("HX-Request"):
        return render(request, "lab/answer.html", _drawn(shown) | _whose(request, found) | {"swap": True})
    return _page(request, found, sent.laid, shown)


@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Save the design as it stands on the page, unless somebody saved it in between."""
    found = seen(request, number)
    if found.owner != viewer(request):
        raise Http404
    sent = _sent(request, found)
    mistakes = _of_the_name(sent)
    if not mistakes and not sent.checked.mistakes:
        if kept.save(doer(request), found, sent.form.cleaned_data, sent.checked):
            messages.success(request, words(language()).text("lab.saved"))
            return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))
        mistakes = {"": [Said(words(language()).text("lab.stale"), "", False)]}
    return _page(request, found, sent.laid, sent.shown(mistakes, None))


@require_POST
def fork(request: HttpRequest, number: int) -> HttpResponse:
    """Make a design of one's own of what stands on the page, with this one as its parent."""
    found = seen(request, number)
    sent = _sent(request, found)
    mistakes = _of_the_name(sent)
    if mistakes or sent.checked.mistakes:
        return _page(request, found, sent.laid, sent.shown(mistakes, None))
    name, (changes, facts) = sent.form.cleaned_data["name"], (sent.checked.changes, sent.checked.facts)
    made = kept.fork(doer(request), found, name, changes, facts)
    messages.success(request, words(language()).text("lab.forked"))
    return HttpResponseRedirect(reverse("lab:design", args=(made.pk,)))


def _of_the_name(sent: _Sent) -> dict[str, list[Said]]:
    return {} if sent.form.is_valid() else {"name": [Said(words(language()).text("lab.bad_name"), "", False)]}


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
