"""The rooms on PostgreSQL: people fill them as on SQLite, and every address answers as the table of doors says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import postgres_server
from tests.web import desk
from tests.web.city import furnish
from tests.web.doors import answered_wrongly
from tests.web.examples import POSTED, is_of_the_city, make_pilot
from tests.web.site import Site, Visitor, command, give_accounts, routes, running

PEOPLE = ("factory_owner", "other_lender_officer", "lender_officer", "analyst", "approver", "administrator")
ROOMS = ("desk", "office", "pilots", "people", "jobs", "lab")
"""Beside the city's own: rooms whose every page is opened, whoever's object it shows."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A site of the city on a server of PostgreSQL, with what a factory, lenders, the desk and a pilot have done."""
    data = tmp_path_factory.mktemp("postgres") / "data"
    with postgres_server("rooms") as where:
        give_accounts(data, "hcmc", *PEOPLE, "other_factory_owner", database=where)
        with running(data, "hcmc", HAIDANG_DATABASE=where) as found:
            furnish(found)
            desk.make_examples(found)
            make_pilot(found)
            yield found, where


@pytest.fixture(scope="module")
def table(served: tuple[Site, str]) -> list[dict[str, object]]:
    return routes(served[0].data, "hcmc")


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_of_factories_and_lenders_opens_on_postgresql_for_whom_it_is_meant(
    served: tuple[Site, str], table: list[dict[str, object]], person: str
) -> None:
    named = [one for one in table if "name" in one and one["name"] not in POSTED and is_of_the_city(str(one["name"]))]
    assert len(named) > 40
    assert [wrong for route in named for wrong in answered_wrongly(served[0], route, person)] == []


@pytest.mark.parametrize("person", ["analyst", "administrator"])
def test_no_page_of_the_other_rooms_fails_on_postgresql(
    served: tuple[Site, str], table: list[dict[str, object]], person: str
) -> None:
    site, _ = served
    pages = [
        str(one["route"]).replace("vi/", "en/", 1)
        for one in table
        if "name" in one and one["name"] not in POSTED and str(one["name"]).partition(":")[0] in ROOMS
    ]
    plain = [page.replace("<int:number>", "1") for page in pages]
    seen = {page: site.visitor(person).get(f"/{page}").status for page in plain if "<" not in page}
    assert len(seen) > 20
    assert {page: status for page, status in seen.items() if status >= 500} == {}
    assert sum(status == 200 for status in seen.values()) > 10


def test_the_log_of_what_was_done_is_whole_on_postgresql(served: tuple[Site, str]) -> None:
    site, where = served
    found = command(site.data, "hcmc", "web", "verify", HAIDANG_DATABASE=where)
    assert found.returncode == 0, found.stderr
    assert Visitor(site.base).get("/en/").status == 200
