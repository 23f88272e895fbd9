"""What a token opens: with `read` alone what everybody sees, and with a room's scope what its owner sees there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

import pytest

from tests.web.doors import address
from tests.web.examples import READERS, STAFF, WRITES, is_of_the_city
from tests.web.site import BODIES, Answer, Site

ROOMS = {
    "runs:read": {"run", "runs"},
    "jobs:read": {"jobs"},
    "factories:read": {"factories"},
    "lending:read": {"lending"},
    "lab:read": {"lab"},
    "pilots:read": {"pilots"},
    "desk:read": {"desk", "commitment", "commitments", "indicators", "proposal", "proposals"},
    "office:read": {"backups", "health", "hooks", "log", "organisations", "people"},
}
"""By a room's scope how the routes in it begin."""
BESIDES = {
    **dict.fromkeys(("api:runs", "api:run", "api:run-tables", "api:run-report"), STAFF),
    **dict.fromkeys(("api:commitments", "api:commitment", "api:proposals", "api:proposal"), STAFF),
    **dict.fromkeys(("api:pilots", "api:pilots-one", "api:pilots-file"), READERS),
}
"""Routes that are open to everybody, and who sees there what not everybody sees: what the site began with."""
Route = dict[str, object]


def interface(table: list[Route]) -> list[Route]:
    """The routes of programs."""
    return [route for route in table if str(route.get("name", "")).startswith("api:")]


def addresses(site: Site, city_site: Site, routes: list[Route]) -> Iterator[tuple[str, bool, Site, str]]:
    """Each route with each object that is there, one's own or not: its name, whether it is open, where, its address."""
    for route in routes:
        name, path = str(route["name"]), str(route["route"])
        where = city_site if is_of_the_city(name) else site
        made = {one for one in where.objects.values() if one.isdecimal()}
        for number in sorted({"1", "2", *made}) if "<int:number>" in path else [""]:
            found = address(where, {**route, "route": path.replace("<int:number>", number)})
            yield name, not route["account"], where, found


def room_of(name: str) -> str:
    """The scope of a route's room; empty where its route shows everybody the same."""
    begins = name.removeprefix("api:").partition("-")[0]
    return next((scope for scope, rooms in ROOMS.items() if begins in rooms), "")


def others(room: str) -> list[str]:
    """Scopes of other rooms: six of the seven, since a token is named by its scopes and a name has an end."""
    return [scope for scope in ROOMS if scope != room][:6]


def plain(answer: Answer) -> tuple[int, str]:
    """What is the same for whoever sees the same."""
    return answer.status, answer.text


@pytest.fixture(scope="module")
def anonymous(site: Site, city_site: Site, table: list[Route]) -> dict[str, tuple[int, str]]:
    """By address that is open to everybody, what is answered to somebody without a token."""
    asked = addresses(site, city_site, interface(table))
    return {path: plain(where.visitor().get(path)) for _, public, where, path in asked if public}


@pytest.mark.parametrize("person", BODIES)
def test_a_token_that_only_reads_is_answered_as_nobody_and_tells_its_owners_account(
    site: Site, city_site: Site, table: list[Route], anonymous: dict[str, tuple[int, str]], person: str
) -> None:
    wrong: list[str] = []
    for name, public, where, path in addresses(site, city_site, interface(table)):
        answer = where.visitor().get(path, token=where.key(person, "read"))
        if name == "api:me":
            told = {"email": f"{person}@example.vn", "roles": [BODIES[person][0]], "scopes": ["read"]}
            held = answer.status == 200 and json.loads(answer.text) == told
        elif public:
            held = plain(answer) == anonymous[path]
        else:
            held = plain(answer) == (403, '{"detail": "not for this token"}')
        if not held:
            wrong.append(f"{name} {path}: {answer.status} {answer.text[:200]}")
    assert wrong == []


@pytest.mark.parametrize("person", BODIES)
def test_a_token_with_a_rooms_scope_reads_there_as_its_owner_does_and_nowhere_else(
    site: Site, city_site: Site, table: list[Route], anonymous: dict[str, tuple[int, str]], person: str
) -> None:
    """Beside the whole of the owner's: what is public to the word, what stands behind a door by its status."""
    wrong, more = list[str](), set[str]()
    doors = {route["name"]: cast("list[str]", route["roles"]) for route in interface(table)}
    for name, public, where, path in addresses(site, city_site, interface(table)):
        room, roles = room_of(name), doors[name]
        if not room or (roles and BODIES[person][0] not in roles):
            continue
        whole = where.visitor().get(path, token=where.key(person))
        within = where.visitor().get(path, token=where.key(person, "read", room))
        without = where.visitor().get(path, token=where.key(person, "read", *others(room)))
        if public:
            held = plain(within) == plain(whole) and plain(without) == anonymous[path]
            more |= {name} if plain(whole) != anonymous[path] else set()
        else:
            held = (within.status, without.status) == (whole.status, 403)
        if not held:
            wrong.append(f"{name} {path}: {whole.status} with all, {within.status} with {room}, else {without.status}")
    assert wrong == []
    assert more == {name for name, people in BESIDES.items() if person in people}


@pytest.mark.parametrize("person", BODIES)
def test_a_token_that_only_reads_sends_nothing_but_the_number_of_a_proposal(
    site: Site, city_site: Site, table: list[Route], person: str
) -> None:
    wrong: list[str] = []
    for name, _, where, path in addresses(site, city_site, interface(table)):
        if name not in WRITES:
            continue
        answer = where.visitor().send(path, WRITES[name][0], where.key(person, "read"))
        meant = plain(where.visitor().send(path, WRITES[name][0])) if name == "api:proposals-receipt" else None
        if plain(answer) != (meant or (403, '{"detail": "not for this token"}')):
            wrong.append(f"{name} {path}: {answer.status} {answer.text[:200]}")
    assert wrong == []


def test_each_request_is_described_with_the_scopes_that_open_it(site: Site) -> None:
    told = json.loads(site.visitor().get("/api/v1/openapi.json").text)
    assert "With `read` alone a token reads what everybody sees, and one's own account." in told["info"]["description"]
    said = {
        (path.removeprefix("/api/v1"), method): [each.get("token", [""])[0] for each in one["security"]]
        for path, ways in told["paths"].items()
        for method, one in ways.items()
    }
    assert said["/facts", "get"] == ["", "read"]
    assert said["/runs/{number}/report", "get"] == ["", "read", "runs:read"]
    assert said["/pilots/{number}/files/{name}", "get"] == ["", "read", "pilots:read"]
    assert said["/me", "get"] == ["read"]
    assert said["/jobs", "get"] == ["jobs:read"]
    assert said["/jobs", "post"] == ["jobs:write"]
    assert said["/proposals", "get"] == ["", "read", "desk:read"]
    assert said["/proposals", "post"] == ["proposals:write"]
    assert all(said.values())
