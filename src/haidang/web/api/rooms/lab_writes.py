"""What programs change in the laboratory: by the forms of the pages, with their entries in the log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError

from haidang.packs.design_file import write_design
from haidang.web.api.answers import WRITTEN, RefusedError, held, nothing, owner, storable
from haidang.web.api.rooms import lab_shapes as shapes
from haidang.web.api.rooms.lab import design_whole, router, sample_plain
from haidang.web.city.pack import pack
from haidang.web.lab import kept
from haidang.web.lab.checked import CHECKED, Checked, check
from haidang.web.lab.forms import BeginForm, ShareForm, SlotsForm, colleagues
from haidang.web.lab.models import Design
from haidang.web.lab.sample import ask
from haidang.web.lab.slots import Board
from haidang.web.lab.views import begins, board_of, seen
from haidang.web.mistakes import said
from haidang.web.people.models import User
from haidang.web.people.roles import SIMULATORS
from haidang.web.shell import language


@router.post("/designs", response={201: shapes.DesignWhole, **WRITTEN}, url_name="lab-designs")
def begin(request: HttpRequest, sent: shapes.DesignBegun) -> tuple[int, dict[str, Any]]:
    """Begin a design that is its programme as declared."""
    by = owner(request)
    if not by.roles & SIMULATORS:
        raise HttpError(403, "not for this role")
    given = held(BeginForm(begins(), sent.dict()))
    return 201, design_whole(request, kept.begin(by, given["name"], given["begin"]))


@router.post("/designs/{int:number}/fork", response={201: shapes.DesignWhole, **WRITTEN}, url_name="lab-fork")
def fork(request: HttpRequest, number: int, sent: shapes.DesignForked) -> tuple[int, dict[str, Any]]:
    """Make a design of one's own that begins where this one stands."""
    found = seen(request, storable(number))
    name = held(SlotsForm(board_of(found), sent.dict()))["name"]
    return 201, design_whole(request, kept.fork(owner(request), found, name, found.changes, found.facts))


@router.post("/designs/{int:number}/save", response={200: shapes.DesignWhole, **WRITTEN}, url_name="lab-save")
def save(request: HttpRequest, number: int, sent: shapes.DesignSaved) -> dict[str, Any]:
    """Save one's own design; each mistake comes back under the name of its place."""
    found, by = _own(request, number)
    laid = board_of(found)
    given = held(SlotsForm(laid, {"name": sent.name, "version": sent.version}))
    checked = _checked(found, laid, sent.places)
    if not kept.save(by, found, given, checked):
        raise RefusedError("somebody has saved this design since", {"version": ["it is another now"]})
    return design_whole(request, seen(request, found.pk))


@router.post("/designs/{int:number}/sample", response={200: shapes.Told, **WRITTEN}, url_name="lab-try")
def try_out(request: HttpRequest, number: int, sent: shapes.DesignTried) -> dict[str, Any]:
    """What a design would do as it is sent, on the sample, beside its programme as declared; nothing is saved."""
    found = seen(request, storable(number))
    laid = board_of(found)
    checked = _checked(found, laid, laid.values(found.changes, found.facts) | sent.places)
    given = found.programme, found.origin or None, checked.changes, checked.facts
    text = write_design(CHECKED, {"vi": found.name, "en": found.name}, *given)
    return sample_plain(ask(found.programme, [text], language()))


@router.post("/designs/{int:number}/share", response={200: shapes.DesignWhole, **WRITTEN}, url_name="lab-share")
def share(request: HttpRequest, number: int, sent: shapes.DesignShared) -> dict[str, Any]:
    """Share one's own design with these people and roles, and with nobody else."""
    found, by = _own(request, number)
    known = {one.email: one.pk for one in colleagues(by)}
    # One who is not among them is no number of anybody, which the form refuses like the page's.
    people = [known.get(one.lower(), 0) for one in sent.people]
    given = held(ShareForm(by, {"people": people, "roles": sent.roles}))
    kept.share(by, found, list(given["people"]), given["roles"])
    return design_whole(request, seen(request, found.pk))


def _checked(found: Design, laid: Board, places: dict[str, str]) -> Checked:
    """What was sent of a design's places, which can be run; each mistake stands under the name of its place."""
    unknown = set(places) - {slot.name for slot in laid.slots}
    if unknown:
        raise RefusedError("what was sent is not taken", {name: ["there is no such place"] for name in sorted(unknown)})
    held(form := SlotsForm(laid, {"name": found.name, **places}))
    checked = check(pack(), found.programme, found.origin, laid, form.written, language())
    if checked.mistakes:
        told = {place: [said(one, language()).text for one in each] for place, each in checked.mistakes.items()}
        raise RefusedError("what was sent is not taken", told)
    return checked


def _own(request: HttpRequest, number: int) -> tuple[Design, User]:
    found, by = seen(request, storable(number)), owner(request)
    if found.owner != by:
        raise nothing()
    return found, by
