"""The interface itself. Who comes through is decided before, in `haidang.web.access` and by the token's scopes."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.openapi.schema import OpenAPISchema
from ninja.pagination import paginate

from haidang import __version__
from haidang.web.api import shapes
from haidang.web.api.answers import MISTAKES, WRITTEN, Pages, RefusedError, held, one_of, owner
from haidang.web.api.door import refusal, told_at
from haidang.web.api.rooms import (
    city,
    desk_writes,
    factories_writes,
    hooks,
    jobs,
    lab_writes,
    lending_writes,
    office,
    pilots_writes,
)
from haidang.web.api.rooms.lending_shapes import Published
from haidang.web.api.scopes import require_scopes
from haidang.web.api.told import fact_plain, run_numbers, run_plain, standing_plain
from haidang.web.city.given import GivenError
from haidang.web.city.keep import show
from haidang.web.city.models import ShownRun
from haidang.web.city.moving import newest_runs
from haidang.web.city.pack import fact_rows, pack
from haidang.web.desk.book import visible_to
from haidang.web.desk.plain import commitment_plain, commitments_plain, indicators_plain
from haidang.web.gone import GoneError
from haidang.web.ledger.models import Entry
from haidang.web.ledger.told import looked_for
from haidang.web.mistakes import said
from haidang.web.office.forms import LogForm
from haidang.web.office.health import look
from haidang.web.people.models import Membership, User, viewer

DESCRIBED: dict[str, OpenAPISchema] = {}
"""The descriptions that were asked for, by what was asked."""

SAID = {"application/json": {"schema": {"$ref": "#/components/schemas/Mistake"}}}
TOO_MANY = {
    "description": "Too many requests.",
    "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds until one may ask again."}},
    "content": SAID,
}
GONE = {"description": "What the site had and has no more: its files are gone.", "content": SAID}
REFUSED = {
    "description": "What was sent holds a sign that no text has (NUL).",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}},
}
UNREAD = {"description": "What was sent does not fit the description."}


class Described(NinjaAPI):
    """An interface whose description says which key its doors take: who comes in is decided before it is asked."""

    def taken(self) -> list[tuple[str, list[str]]]:
        """Each way of asking with the route by which its address is found: the first of those that share it."""
        views = [view for _, router in self._routers for view in router.path_operations.values()]
        return [
            (f"{self.urls_namespace}:{view.operations[0].url_name}", list(operation.methods))
            for view in views
            for operation in view.operations
        ]

    def _doors(self) -> dict[str, list[dict[str, list[str]]]]:
        """By operation what opens it: nothing at all, or a token with a scope."""
        return {
            self.get_openapi_operation_id(one): told_at(f"{self.urls_namespace}:{view.operations[0].url_name}", method)
            for _, router in self._routers
            for view in router.path_operations.values()
            for one in view.operations
            for method in one.methods
        }

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """The description in OpenAPI, made once: it takes a quarter of a second, and anybody may ask for it."""
        named = str(sorted(asked.items()))
        if named not in DESCRIBED:
            told = super().get_openapi_schema(**asked)
            told["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            told["security"] = [{}, {"token": []}]
            paths, doors = cast("dict[str, dict[str, dict[str, Any]]]", told["paths"]), self._doors()
            for operation in (one for each in paths.values() for one in each.values()):
                operation["security"] = doors[operation["operationId"]]
                operation["responses"].setdefault(429, TOO_MANY)
                if operation.get("parameters"):
                    operation["responses"].setdefault(410, GONE)
                if operation.get("parameters") or "requestBody" in operation:
                    operation["responses"].setdefault(400, REFUSED)
                    operation["responses"].setdefault(422, UNREAD)
            DESCRIBED[named] = told
        return DESCRIBED[named]


api = Described(
    title="Haidang",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    description="What the pages of the laboratory show. Public data needs no token. With `read` alone a token reads "
    "what everybody sees, and one's own account. What its owner sees besides, in a room that is open to everybody or "
    "in one behind a door, needs the room's own scope, which stands at each request. Every number has its source or is "
    "called an assumption.",
)


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, mistake: RefusedError) -> HttpResponse:
    """What was sent is not taken, and why."""
    return api.create_response(request, mistake.answer, status=400)


@api.exception_handler(GoneError)
def gone(request: HttpRequest, mistake: GoneError) -> HttpResponse:
    """What the site had is not there any more."""
    return refusal(410)


api.add_router("", factories_writes.router, tags=["factories"])
api.add_router("/lending", lending_writes.router, tags=["lending"])
api.add_router("/lab", lab_writes.router, tags=["laboratory"])
api.add_router("/pilots", pilots_writes.router, tags=["pilots"])
api.add_router("", desk_writes.router, tags=["desk"])
api.add_router("", city.router, tags=["city"])
api.add_router("/jobs", jobs.router, tags=["jobs"])
api.add_router("", office.router, tags=["administration"])
api.add_router("/hooks", hooks.router, tags=["administration"])


@api.get("/programmes", response=list[shapes.Programme], url_name="programmes", tags=["city"])
def programmes(request: HttpRequest) -> list[dict[str, Any]]:
    """The city's programmes, each with its newest published run."""
    newest = {name: shown.pk for name, shown in newest_runs().items()}
    return [{"id": name, "title": file.base.title, "run": newest.get(name)} for name, file in pack().programmes.items()]


@api.get("/runs", response=list[shapes.Run], url_name="runs", tags=["city"])
@paginate(Pages)
def runs(request: HttpRequest) -> list[dict[str, Any]]:
    """Runs, the newest first: the published ones, and for the city's staff, with runs:read, all."""
    return [run_plain(each) for each in ShownRun.objects.visible_to(viewer(request)).filter(pack=pack().id)]


@api.get("/runs/{int:number}", response={200: shapes.RunNumbers, **MISTAKES}, url_name="run", tags=["city"])
def run(request: HttpRequest, number: int) -> dict[str, Any]:
    """A run with its headline numbers."""
    return run_numbers(one_of(ShownRun.objects.visible_to(viewer(request)), number))


@api.post("/runs/{int:number}/publish", response={200: shapes.Run, **WRITTEN}, url_name="run-publish", tags=["city"])
def publish(request: HttpRequest, number: int, sent: Published) -> dict[str, Any]:
    """Show a run to everybody, or take it back."""
    shown = one_of(ShownRun.objects.visible_to(viewer(request)), number)
    try:
        show(owner(request), shown, published=sent.published)
    except GivenError as mistake:
        raise RefusedError(said(mistake, "en").whole) from mistake
    return run_plain(shown)


@api.get("/facts", response=list[shapes.Fact], url_name="facts", tags=["city"])
@paginate(Pages)
def facts(request: HttpRequest) -> list[dict[str, Any]]:
    """Every fact that the models read."""
    return [fact_plain(name) for name in fact_rows("en")]


@api.get("/facts/{slug:name}", response={200: shapes.Fact, **MISTAKES}, url_name="fact", tags=["city"])
def fact(request: HttpRequest, name: str) -> dict[str, Any]:
    """One fact."""
    if name not in fact_rows("en"):
        raise HttpError(404, "no such fact")
    return fact_plain(name)


@api.get("/standing", response={200: dict[str, Any], **MISTAKES}, url_name="standing", tags=["city"])
def standing(request: HttpRequest) -> dict[str, Any]:
    """Promises, indicators and targets: where they stand today, how likely, on whose word."""
    found = standing_plain()
    if found is None:
        raise HttpError(404, "this pack tracks nothing")
    return found


# Promises, indicators, targets and proposals.


@api.get("/commitments", response=list[shapes.Commitment], url_name="commitments", tags=["tracking"])
@paginate(Pages)
def commitments(request: HttpRequest) -> list[dict[str, Any]]:
    """Promises: those that everybody may see, and for the city's staff, with desk:read, all."""
    return commitments_plain(visible_to(viewer(request)))


@api.get(
    "/commitments/{str:name}", response={200: shapes.Commitment, **MISTAKES}, url_name="commitment", tags=["tracking"]
)
def commitment(request: HttpRequest, name: str) -> dict[str, Any]:
    """One promise, with what documents say of it."""
    tracked = visible_to(viewer(request))
    if name not in tracked.commitments:
        raise HttpError(404, "no such commitment")
    return commitment_plain(tracked, tracked.commitments[name])


@api.get("/indicators", response=list[shapes.Indicator], url_name="indicators", tags=["tracking"])
@paginate(Pages)
def indicators(request: HttpRequest) -> list[dict[str, Any]]:
    """Series with every published value, revisions and other methods included."""
    return indicators_plain(visible_to(viewer(request)))


@api.get("/targets", response=list[dict[str, Any]], url_name="targets", tags=["tracking"])
@paginate(Pages)
def targets(request: HttpRequest) -> list[dict[str, Any]]:
    """Targets with how likely each is, or why nothing can be told."""
    found = standing_plain()
    return [] if found is None else found["targets"]


@api.get("/me", response={200: shapes.Me, **MISTAKES}, url_name="me", tags=["accounts"])
def me(request: HttpRequest) -> dict[str, Any]:
    """Whose token it is."""
    by = owner(request)
    token: Any = getattr(request, "token", None)
    return {"email": by.email, "roles": sorted(by.roles), "scopes": sorted(token.may)}


@api.get("/log", response={200: list[shapes.Entry], **WRITTEN}, url_name="log", tags=["administration"])
@paginate(Pages)
def log(request: HttpRequest, who: str = "", action: str = "", subject: str = "") -> Any:
    """What was done on the site, the newest first; by words of who did it, of what was done and to what."""
    given = held(LogForm({"who": who, "action": action, "subject": subject}))
    return Entry.objects.visible_to(viewer(request)).filter(looked_for(**given))


@api.get("/people", response={200: list[shapes.Person], **MISTAKES}, url_name="people", tags=["administration"])
@paginate(Pages)
def people(request: HttpRequest) -> list[dict[str, Any]]:
    """Everybody with an account."""
    roles: dict[int, list[str]] = {}
    for one in Membership.objects.visible_to(viewer(request)).select_related("user", "organisation"):
        roles.setdefault(one.user.pk, []).append(f"{one.role}|{one.organisation}")
    return [
        {
            "number": each.pk,
            "email": each.email,
            "name": each.name,
            "active": each.is_active,
            "chosen": each.has_usable_password(),
            "roles": roles.get(each.pk, []),
        }
        for each in User.objects.visible_to(viewer(request)).order_by("email")
    ]


@api.get("/health", response={200: shapes.Health, **MISTAKES}, url_name="health", tags=["administration"])
def health(request: HttpRequest) -> Any:
    """How the site is."""
    return look()


require_scopes(api.taken())
