"""One site for all tests of the room: the tutorial's pack, runs of it made by the worker, a user of every role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.once import once
from tests.postgres import another
from tests.web.browsing import chromium
from tests.web.listening import listening
from tests.web.site import PROGRAMME, Site, begin, begun, give_accounts, inside, routes, running

__all__ = ["PROGRAMME"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file: while one is open, nothing else in this process may wait for anything."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def pack(root: Path) -> str:
    """The pack that the site shows."""
    return str(root / "docs" / "tutorial" / "my-city")


@pytest.fixture(scope="package")
def promised(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site of a small city that has promised something, with some of its staff."""
    from tests.web.desk import small_city

    home = tmp_path_factory.mktemp("desk")
    pack = small_city(root, home / "pack")
    give_accounts(home / "data", pack, "analyst", "approver", "administrator", "assessor")
    with running(home / "data", pack) as found:
        yield found


@pytest.fixture(scope="package")
def listener() -> Iterator[ThreadingHTTPServer]:
    """A server to which the site may send messages."""
    with listening() as found:
        yield found


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, pack: str, listener: ThreadingHTTPServer) -> Iterator[Site]:
    """A running site of the tutorial's pack with users, two runs, and what the examples speak of."""
    folder = once("tutorial", lambda folder: begin(folder, pack, "tests.web.examples:begin_tutorial"))
    hosts = f"told.example,127.0.0.1:{listener.server_port}"
    with begun(folder, tmp_path_factory.mktemp("site") / "data", pack, HAIDANG_HOOK_HOSTS=hosts) as found:
        yield found


@pytest.fixture(scope="package")
def runs(site: Site) -> tuple[int, int]:
    """Its two runs: one that everybody may see, one for the city's staff."""
    return 1, 2


@pytest.fixture(scope="package")
def city_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with the city's pack, where factories, lenders and the city have done a few things already."""
    folder = once("city", lambda folder: begin(folder, "hcmc", "tests.web.city:furnish"))
    with begun(folder, tmp_path_factory.mktemp("city") / "data", "hcmc") as found:
        yield found


@pytest.fixture(scope="session")
def migrated(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database beside `postgres` as a site begins with: made once, since migrations take a while."""
    address = another(postgres, "migrated")
    inside(tmp_path_factory.mktemp("migrated"), "hcmc", "", HAIDANG_DATABASE=address)
    return "migrated"


@pytest.fixture(scope="session")
def table() -> list[dict[str, object]]:
    """Every route of the site, and last the names of all doors."""
    folder = once("routes", lambda folder: (folder / "routes.json").write_text(json.dumps(routes(folder, "hcmc"))))
    return json.loads((folder / "routes.json").read_text(encoding="utf-8"))
