"""What programs change in pilots: by the room's own hand, one at a time, with its entries in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils import timezone

from haidang.errors import HaidangError
from haidang.web.api.answers import WRITTEN, RefusedError, held, owner
from haidang.web.api.rooms import pilots_shapes as shapes
from haidang.web.api.rooms.pilots import found_pilot, pilot_plain, plainly, router, work_plain
from haidang.web.people.models import User, viewer
from haidang.web.pilots import desk
from haidang.web.pilots.forms import DecisionForm, PlanForm, PowerForm, RegisterForm
from haidang.web.pilots.lots import draw_lots, draw_site_lots
from haidang.web.pilots.models import Evaluated, Pilot

V = TypeVar("V")


def _done(request: HttpRequest, number: int, act: Callable[[User, Pilot], V]) -> tuple[Pilot, V]:
    one = found_pilot(request, number)
    try:
        return one, act(owner(request), one)
    except HaidangError as mistake:
        raise plainly(one, mistake) from mistake


@router.post("/declarations", response={201: shapes.Pilot, **WRITTEN}, url_name="pilots-declare")
def declare(request: HttpRequest, sent: shapes.Declared) -> tuple[int, dict[str, Any]]:
    """Lay down a new pilot by its declaration."""
    content = held(PlanForm(sent.dict()))["declaration"].encode()
    try:
        return 201, pilot_plain(desk.declare(owner(request), content))
    except HaidangError as mistake:
        raise RefusedError(desk.plainly(None, mistake, "en")) from mistake


@router.post("/{int:number}/plan", response={200: shapes.Pilot, **WRITTEN}, url_name="pilots-change")
def change(request: HttpRequest, number: int, sent: shapes.Declared) -> dict[str, Any]:
    """Put another declaration in the place of a pilot's; a registered one then waits for its amendment."""
    content = held(PlanForm(sent.dict()))["declaration"].encode()
    return pilot_plain(_done(request, number, lambda by, one: desk.change_plan(by, one, content))[0])


@router.post("/{int:number}/registrations", response={200: shapes.Pilot, **WRITTEN}, url_name="pilots-register")
def register(request: HttpRequest, number: int, sent: shapes.Amended) -> dict[str, Any]:
    """Register a pilot's plan as it stands, or amend the registered one with a reason."""
    given, today = held(RegisterForm(sent.dict())), timezone.localdate()
    after = given["after_lots"]
    return pilot_plain(
        _done(
            request, number,
            lambda by, one: desk.register_plan(by, one, given["amendment"], today, after_lots=after),
        )[0]
    )  # fmt: skip


@router.post("/{int:number}/lots", response={200: shapes.Pilot, **WRITTEN}, url_name="pilots-lots")
def lots(request: HttpRequest, number: int, sent: shapes.Lots) -> dict[str, Any]:
    """Give every unit its arm; once."""
    return pilot_plain(_done(request, number, lambda by, one: draw_lots(by, one, sent.table.encode(), sent.salt))[0])


@router.post("/{int:number}/lots/site", response={200: shapes.Pilot, **WRITTEN}, url_name="pilots-site-lots")
def site_lots(request: HttpRequest, number: int, sent: shapes.SiteLots) -> dict[str, Any]:
    """Give each factory of this site its arm, by the table of units that the site gives; once."""
    one, _ = _done(request, number, lambda by, one: draw_site_lots(by, one, sent.salt, sent.units))
    return pilot_plain(one)


@router.post("/{int:number}/reports", response={201: shapes.Seen, **WRITTEN}, url_name="pilots-reports")
def reports(request: HttpRequest, number: int, sent: shapes.Reports) -> tuple[int, dict[str, Any]]:
    """Send every report so far; what was seen of them is kept, and what was seen before may not change."""
    _, days = _done(request, number, lambda by, one: desk.watch(by, one, sent.table.encode()))
    return 201, {"days": days}


@router.post("/{int:number}/outcomes", response={201: shapes.Work, **WRITTEN}, url_name="pilots-outcomes")
def outcomes(request: HttpRequest, number: int, sent: shapes.Reports) -> tuple[int, dict[str, Any]]:
    """Have a pilot evaluated as registered, by these outcomes."""
    _, job = _done(request, number, lambda by, one: desk.ask_evaluation(by, one, sent.table.encode()))
    return 201, work_plain(job)


@router.post("/{int:number}/simulations", response={201: shapes.Work, **WRITTEN}, url_name="pilots-ask-power")
def power(request: HttpRequest, number: int, sent: shapes.PowerAsked) -> tuple[int, dict[str, Any]]:
    """Have simulated what a pilot and its other designs can find."""
    pilots = held(PowerForm(sent.dict()))["pilots_simulated"]
    _, job = _done(request, number, lambda by, one: desk.ask(by, one, "pilot-power", pilots=pilots))
    return 201, work_plain(job)


@router.post("/{int:number}/decisions", response={201: shapes.Pilot, **WRITTEN}, url_name="pilots-decide")
def decide(request: HttpRequest, number: int, sent: shapes.Decided) -> tuple[int, dict[str, Any]]:
    """Write down what is to become of a pilot's programme, and why."""
    seen = Evaluated.objects.visible_to(viewer(request))
    evaluated = seen.filter(pilot=found_pilot(request, number)).exists()
    given = held(DecisionForm(sent.dict(), evaluated=evaluated))
    one, _ = _done(request, number, lambda by, one: desk.decide(by, one, given["what"], given["reason"]))
    return 201, pilot_plain(one)
