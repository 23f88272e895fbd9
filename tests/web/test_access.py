"""Every address × every role: who comes in, who is sent to log in, who is refused."""

from __future__ import annotations

import json

import pytest

from tests.web.conftest import PROGRAMME
from tests.web.doors import READ_TOO, address, answered_wrongly
from tests.web.examples import EXAMPLES, NOBODY, POSTED, WRITES, Example, is_of_the_city
from tests.web.site import BODIES, ROLES, Site

DOWNLOADS = ("workbook.xlsx", "headlines.json", "headlines.csv")


def test_every_route_says_who_may_open_it_and_no_rule_is_left_over(table: list[dict[str, object]]) -> None:
    named = [route for route in table if "name" in route]
    assert [route["name"] for route in named if not route["known"]] == []
    (doors,) = [route["doors"] for route in table if "doors" in route]
    assert sorted({str(route["name"]) for route in named}) == doors


def test_the_site_does_not_come_up_where_programs_could_send_something_without_a_scope(
    table: list[dict[str, object]],
) -> None:
    """Two writes lost their scopes and one was added without: all three are named, and none of the others."""
    (told,) = [route["refused"] for route in table if "refused" in route]
    unnamed = "another:tried, api:hooks-end, api:run-publish"
    assert told == f"which scope does a token need to send to {unnamed}? name it in WRITES"


def test_every_table_says_who_sees_its_rows_or_through_what_they_are_reached(table: list[dict[str, object]]) -> None:
    """One `visible_to` for each table, used by pages, exports and programs alike; a new table without one fails."""
    (told,) = [route for route in table if "ruled" in route]
    ruled, through = told["ruled"], told["through"]
    assert isinstance(ruled, dict)
    assert len(ruled) >= 24
    assert sorted(label for label, has in ruled.items() if not has) == through


@pytest.mark.parametrize("person", [None, *BODIES])
def test_every_address_opens_for_whom_it_is_meant_and_for_nobody_else(
    site: Site, city_site: Site, table: list[dict[str, object]], person: str | None
) -> None:
    wrong: list[str] = []
    for route in table:
        if "name" not in route or route["name"] in POSTED:
            continue
        where = city_site if is_of_the_city(str(route["name"])) else site
        wrong += answered_wrongly(where, route, person)
    assert wrong == []


@pytest.mark.parametrize("person", BODIES)
def test_every_address_of_the_interface_opens_to_the_tokens_of_whom_it_is_meant_for(
    site: Site, city_site: Site, table: list[dict[str, object]], person: str
) -> None:
    role, wrong = BODIES[person][0], list[str]()
    for route in table:
        if not str(route.get("route", "")).startswith("api/"):
            continue
        where = city_site if is_of_the_city(str(route["name"])) else site
        status = where.visitor().get(address(where, route), token=where.key(person)).status
        people = EXAMPLES.get(str(route["name"]), Example()).people
        opens = not route["roles"] or role in route["roles"]
        meant = 403 if not opens else 404 if people is not None and person not in people else 200
        only_written = route["name"] in WRITES and route["name"] not in READ_TOO
        if status != (405 if opens and only_written else meant):
            wrong.append(f"{route['name']}: {status}, not {meant}")
    assert wrong == []


@pytest.mark.parametrize("person", [None, *BODIES])
def test_every_address_at_which_programs_write_takes_from_whom_it_is_meant_for(
    site: Site, city_site: Site, table: list[dict[str, object]], person: str | None
) -> None:
    wrong: list[str] = []
    for route in table:
        name = str(route.get("name"))
        if name not in WRITES:
            continue
        body, heard = WRITES[name]
        where = city_site if is_of_the_city(name) else site
        answer = where.visitor().send(address(where, route), body, where.key(person) if person else "")
        meant = heard.get(NOBODY, 401) if person is None else heard.get(person, 403)
        if answer.status != meant:
            wrong.append(f"{name}: {answer.status}, not {meant}: {answer.text[:200]}")
    assert wrong == []


def test_no_key_that_only_reads_writes(site: Site, city_site: Site, table: list[dict[str, object]]) -> None:
    """With the scopes of all rooms to read; what each of them opens is tried in `test_api_scopes`."""
    wrong: list[str] = []
    reads = ("read", *(f"{room}:read" for room in ("factories", "lending", "lab", "pilots", "desk", "office")))
    for route in table:
        name = str(route.get("name", ""))
        if name not in WRITES or name == "api:proposals-receipt":  # which whoever has the number may read
            continue
        where = city_site if is_of_the_city(name) else site
        person = next(one for one in BODIES if BODIES[one][0] in (route["roles"] or [BODIES[one][0]]))
        sent = where.visitor().send(address(where, route), WRITES[name][0], token=where.key(person, *reads)).status
        if sent != 403:
            wrong.append(f"{name}: {sent} with keys that only read")
    assert wrong == []


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_run_that_is_not_published_is_there_for_the_citys_staff_alone(
    site: Site, runs: tuple[int, int], role: str | None
) -> None:
    visitor, hidden = site.visitor(role), runs[1]
    staff = role in {"analyst", "approver", "administrator"}
    paths = [
        f"/en/programmes/{PROGRAMME}/runs/{hidden}/",
        *(f"/en/runs/{hidden}/{name}" for name in DOWNLOADS),
    ]
    assert {visitor.get(path).status for path in paths} == ({200} if staff else {404})
    assert (f"/runs/{hidden}/" in visitor.get(f"/en/programmes/{PROGRAMME}/").text) == staff


def test_a_run_whose_files_are_gone_is_said_to_be_and_nothing_else_breaks(site: Site, runs: tuple[int, int]) -> None:
    """A 410 in both languages and for programs; the city, lists and facts stand, and say what is not there."""
    (folder,) = (one for one in (site.data / "runs").iterdir() if one.name.endswith("-1"))
    away = folder.with_name(".away")
    folder.rename(away)
    try:
        for language, said in (
            ("en", "The files of this run are gone."),
            ("vi", "Các tệp của lần mô phỏng này không còn"),
        ):
            page = site.visitor().get(f"/{language}/programmes/{PROGRAMME}/runs/{runs[0]}/?gone")
            assert (page.status, said in page.text) == (410, True)
            whole = site.visitor("analyst").get(f"/{language}/programmes/{PROGRAMME}/")
            assert (whole.status, said in whole.text, f"/runs/{runs[1]}/" in whole.text) == (200, True, True)
            files = [site.visitor().get(f"/{language}/runs/{runs[0]}/{name}") for name in DOWNLOADS]
            assert {one.status for one in files} == {410}
            assert all(("are gone" if language == "en" else "không còn") in one.text for one in files)
            for path in ("", "facts/", "facts.csv", "programmes/school-bus/"):
                assert site.visitor("approver").get(f"/{language}/{path}?gone").status == 200
        programs = [site.visitor().get(f"/api/v1/runs/{runs[0]}{part}") for part in ("", "/tables", "/report")]
        assert {(one.status, one.text) for one in programs} == {(410, '{"detail": "the files of this are gone"}')}
        listed = json.loads(site.visitor().get("/api/v1/runs").text)["items"]
        assert [(one["number"], one["there"]) for one in listed] == [(runs[0], False)]
        (own,) = json.loads(site.visitor().get("/api/v1/programmes").text)
        assert own["run"] is None
    finally:
        away.rename(folder)
    assert site.visitor().get(f"/en/runs/{runs[0]}/headlines.json").status == 200


@pytest.mark.parametrize("role", [None, *ROLES])
def test_only_who_may_publish_publishes(site: Site, runs: tuple[int, int], role: str | None) -> None:
    if role in {"approver", "administrator"}:
        return
    answer = site.visitor(role).post(f"/en/runs/{runs[1]}/publish/", token_from="/en/account/login/")
    assert answer.status in {302, 403}
    assert answer.status == 403 or "/account/login/" in answer.headers["location"]
    assert site.visitor().get(f"/en/runs/{runs[1]}/headlines.json").status == 404
