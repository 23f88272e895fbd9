"""Logging in where another house vouches: a real provider of OpenID Connect on this machine, in a real browser."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.site import Site, give_accounts, running

CLAIMS = (
    {"sub": "known", "email": "analyst@example.vn", "email_verified": True},
    {"sub": "unproven", "email": "administrator@example.vn", "email_verified": False},
    {"sub": "stranger", "email": "stranger@example.vn", "email_verified": True},
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows three people, and answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claims = [word for one in CLAIMS for word in ("--user-claims", json.dumps(one))]
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *claims]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    place = f"http://localhost:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{place}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield place
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def house(provider: str, tmp_path_factory: pytest.TempPathFactory, pack: str) -> Iterator[Site]:
    """A site that lets the provider vouch."""
    data = tmp_path_factory.mktemp("house") / "data"
    give_accounts(data, pack, "analyst", "administrator")
    told = {"SERVER": provider, "CLIENT": "haidang", "SECRET": "a secret of two houses", "NAME": "Cổng thành phố"}
    with running(data, pack, **{f"HAIDANG_OIDC_{name}": value for name, value in told.items()}) as site:
        yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


def go_through(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.base}/vi/account/login/")
    page.get_by_role("button", name="Đăng nhập bằng Cổng thành phố").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.locator("input[name=sub]").fill(who)
    page.locator("input[name=sub]").press("Enter")
    page.wait_for_url(f"{site.base}/**", wait_until="load")


def test_whoever_has_an_account_of_the_same_proven_address_comes_in(house: Site, page: Page) -> None:
    go_through(page, house, "known")
    page.goto(f"{house.base}/en/people/me/")
    assert "analyst@example.vn" in page.content()


@pytest.mark.parametrize("who", ["unproven", "stranger"])
def test_nobody_comes_in_by_an_address_that_is_not_proven_or_has_no_account(house: Site, page: Page, who: str) -> None:
    go_through(page, house, who)
    assert page.goto(f"{house.base}/en/people/me/")
    assert "/account/login/" in page.url


def test_a_broken_off_login_is_said_so(house: Site) -> None:
    answer = house.visitor().get("/vi/account/house/login/callback/?error=access_denied&state=made-up")
    assert answer.status < 500
    assert "Đăng nhập không thành" in answer.text
