"""One site for all tests of the room: the tutorial's pack, runs of it made by the worker, a user of every role."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.browsing import chromium
from tests.web.city import furnish
from tests.web.listening import listening
from tests.web.site import BODIES, SECRET, Site, give_accounts, routes, running

PROGRAMME = "school-bus"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file: while one is open, nothing else in this process may wait for anything."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def pack(root: Path) -> str:
    """The pack that the site shows."""
    return str(root / "docs" / "tutorial" / "my-city")


@pytest.fixture(scope="session")
def promised(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site of a small city that has promised something, with some of its staff."""
    from tests.web.desk import small_city

    home = tmp_path_factory.mktemp("desk")
    pack = small_city(root, home / "pack")
    give_accounts(home / "data", pack, "analyst", "approver", "administrator", "assessor")
    with running(home / "data", pack) as found:
        yield found


@pytest.fixture(scope="session")
def listener() -> Iterator[ThreadingHTTPServer]:
    """A server to which the site may send messages."""
    with listening() as found:
        yield found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, pack: str, listener: ThreadingHTTPServer) -> Iterator[Site]:
    """A running site with users."""
    data = tmp_path_factory.mktemp("site") / "data"
    give_accounts(data, pack)
    told = {"HAIDANG_HOOK_HOSTS": f"told.example,127.0.0.1:{listener.server_port}", "HAIDANG_SECRET_KEY": SECRET}
    with running(data, pack, **told) as found:
        for person in BODIES:
            found.visitor(person)  # now, so that no test finds its role's login held back by failed ones of another
        for seed in ("1", "2"):  # now, so that they are the first two whatever other jobs come
            ask = f"/en/jobs/simulate/{PROGRAMME}/", f"/en/programmes/{PROGRAMME}/"
            assert found.visitor("analyst").post(*ask, draws="2", seed=seed).status == 302
        yield found


@pytest.fixture(scope="session")
def runs(site: Site) -> tuple[int, int]:
    """Two runs that the worker made: one that everybody may see, one for the city's staff."""
    analyst, approver = site.visitor("analyst"), site.visitor("approver")
    page = f"/en/programmes/{PROGRAMME}/"
    for _ in range(1200):
        text = analyst.get("/en/jobs/").text
        if "/runs/1/" in text and "/runs/2/" in text:
            break
        time.sleep(0.2)
    assert "/runs/2/" in text, text
    published = approver.post("/en/runs/1/publish/", token_from=page)
    assert published.status == 302
    return 1, 2


@pytest.fixture(scope="session")
def city_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with the city's pack, where factories, lenders and the city have done a few things already."""
    data = tmp_path_factory.mktemp("city") / "data"
    give_accounts(data, "hcmc")
    with running(data, "hcmc") as found:
        for person in (*BODIES, "travelling_owner"):
            found.visitor(person)
        furnish(found)
        yield found


@pytest.fixture(scope="session")
def table(site: Site, pack: str) -> list[dict[str, object]]:
    """Every route of the site, and last the names of all doors."""
    return routes(site.data, pack)


@pytest.fixture(scope="session")
def examples(site: Site, runs: tuple[int, int]) -> None:
    """What the examples speak of, on the tutorial's site."""
    from tests.web.examples import MAKERS

    for make in MAKERS:
        make(site)
