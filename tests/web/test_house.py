"""Logging in where another house vouches: allauth's own provider of OpenID Connect, run here, in a real browser."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.site import Site, give_accounts, running

PEOPLE = (("analyst@example.vn", True), ("administrator@example.vn", False), ("stranger@example.vn", True))
"""Whom the provider knows, and whose address is proven there."""
HOUSE, SECRET, THEIRS = "haidang", "a secret of two houses", "another password than here"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def providing(folder: Path, port: int, *redirects: str) -> Iterator[str]:
    """A provider that knows three people and one house, and answers."""
    told = {"client": HOUSE, "secret": SECRET, "redirects": redirects, "password": THEIRS, "people": PEOPLE}
    words = [sys.executable, "-m", "tests.web.provider", str(folder), str(port)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, text=True)
    assert process.stdin
    with process.stdin as given:
        json.dump(told, given)
    place = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{place}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, "the provider ended"
                time.sleep(0.1)
        yield place
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, pack: str) -> Iterator[Site]:
    """A site that lets the provider vouch."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    data = folder / "data"
    give_accounts(data, pack, "analyst", "administrator")
    told = {"SERVER": f"http://localhost:{port}", "CLIENT": HOUSE, "SECRET": SECRET, "NAME": "Cổng thành phố"}
    with running(data, pack, **{f"HAIDANG_OIDC_{name}": value for name, value in told.items()}) as site:
        back = [f"{site.base}/{language}/account/house/login/callback/" for language in ("vi", "en")]
        with providing(folder, port, *back):
            yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


def go_through(page: Page, site: Site, who: str, answer: str = "grant") -> None:
    """Ask to log in, log in at the provider, and answer whether this house may know who it was."""
    page.goto(f"{site.base}/vi/account/login/")
    page.get_by_role("button", name="Đăng nhập bằng Cổng thành phố").click()
    page.locator("input[name=login]").fill(f"{who}@example.vn")
    page.locator("input[name=password]").fill(THEIRS)
    page.locator("input[name=password]").press("Enter")
    page.locator(f"button[value={answer}]").click()
    page.wait_for_url(f"{site.base}/**", wait_until="load")


def test_whoever_has_an_account_of_the_same_proven_address_comes_in(house: Site, page: Page) -> None:
    go_through(page, house, "analyst")
    page.goto(f"{house.base}/en/people/me/")
    assert "analyst@example.vn" in page.content()


@pytest.mark.parametrize("who", ["administrator", "stranger"])
def test_nobody_comes_in_by_an_address_that_is_not_proven_or_has_no_account(house: Site, page: Page, who: str) -> None:
    go_through(page, house, who)
    assert page.goto(f"{house.base}/en/people/me/")
    assert "/account/login/" in page.url


def test_who_does_not_agree_at_the_provider_comes_in_nowhere_and_is_told_so(house: Site, page: Page) -> None:
    go_through(page, house, "analyst", answer="cancel")
    assert "Đăng nhập không thành" in page.content()
    page.goto(f"{house.base}/en/people/me/")
    assert "/account/login/" in page.url


def test_a_broken_off_login_is_said_so(house: Site) -> None:
    answer = house.visitor().get("/vi/account/house/login/callback/?error=access_denied&state=made-up")
    assert answer.status < 500
    assert "Đăng nhập không thành" in answer.text
