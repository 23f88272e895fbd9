"""Every address opened as somebody, and whether it answered as the table of doors says."""

from __future__ import annotations

from haidang.web.ways import SENT
from tests.web.examples import EXAMPLES, VALUES, Example
from tests.web.site import BODIES, Site

ASKED = (
    "q", "page", "programme", "sector", "size", "stage", "sort", "order", "body", "late", "on", "design", "draft",
    "action", "who", "subject", "limit", "offset", "budget", "goal", "to", "next",
    "state", "kind", "organisation", "remove",
)  # fmt: skip
"""Every parameter that some address reads; `test_planted` finds one that is missing."""

READ_TOO = {
    "api:jobs",
    "api:desk-documents",
    "api:lab-designs",
    "api:factories-assessments",
    "api:hooks",
    "api:backups",
    "api:lending-lists",
    "api:lending-records",
    "api:organisations",
    "api:proposals",
    "api:factories",
}
"""Addresses at which programs read as well as write: whose role only reads there hears that, whatever is sent."""


def address(site: Site, route: dict[str, object]) -> str:
    """A route's address with an example of what stands in it."""
    path = str(route["route"]).replace("vi/", "en/", 1)
    own = EXAMPLES.get(str(route["name"]), Example())
    for argument, value in (VALUES | dict(own.values)).items():
        path = path.replace(argument, value.format(**site.objects) if "{" in value else value)
    assert "<" not in path, f"no example of what stands in {path}"
    return f"/{path}{own.query.format(**site.objects)}"


def answered_wrongly(site: Site, route: dict[str, object], person: str | None) -> list[str]:
    """What an address answered to a person, where it should have answered something else.

    Args:
        site: where it is opened.
        route: from `site.routes`.
        person: of `BODIES`; none for somebody without an account.
    """
    role = BODIES[person][0] if person else None
    answer = site.visitor(person).get(address(site, route))
    people = EXAMPLES.get(str(route["name"]), Example()).people
    opens = not route["account"] or (role is not None and (not route["roles"] or role in route["roles"]))
    for_programs = str(route["route"]).startswith("api/")
    if for_programs and route["account"]:
        held = answer.status == 401  # cookies open nothing to programs
    elif opens and people is not None and (None if for_programs else person) not in people:
        held = answer.status == 404
    elif opens:
        held = answer.status not in {401, 403, 404} and answer.status < 500
        held = held and not (role is not None and "/account/login/" in answer.headers.get("location", ""))
        held = held and (for_programs or (answer.status == 405) == (route["name"] in SENT))
    elif role is None:
        held = answer.status == 302 and "/account/login/" in answer.headers["location"]
    else:
        held = answer.status == 403
    return [] if held else [f"{route['name']}: {answer.status} {answer.headers.get('location', '')}"]
