"""The interface for programs: by tokens and their scopes alone, typed, and never with a server's mistake."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.web.conftest import PROGRAMME
from tests.web.site import Site, give_accounts, running

API = "/api/v1"


def test_public_data_needs_no_token(site: Site, runs: tuple[int, int]) -> None:
    visitor = site.visitor()
    (programme,) = [one for one in json.loads(visitor.get(f"{API}/programmes").text) if one["id"] == PROGRAMME]
    assert programme["run"] == runs[0]
    assert programme["title"].keys() == {"vi", "en"}
    found = json.loads(visitor.get(f"{API}/runs/{runs[0]}").text)
    assert found["headlines"]
    assert [one["number"] for one in json.loads(visitor.get(f"{API}/runs").text)["items"]] == [runs[0]]
    assert visitor.get(f"{API}/runs/{runs[1]}").status == 404
    assert json.loads(visitor.get(f"{API}/runs/{runs[1]}", token=site.key("analyst")).text)["number"] == runs[1]


def test_numbers_are_those_of_the_page(site: Site, runs: tuple[int, int]) -> None:
    page = json.loads(site.visitor().get(f"/en/runs/{runs[0]}/headlines.json").text)
    assert json.loads(site.visitor().get(f"{API}/runs/{runs[0]}").text)["headlines"] == page


@pytest.mark.parametrize(
    "said", ["hd_1_wrong", "hd_0_x", "hd_999999999999_x", "hd__", "", "hd_x_y", "hd_99999999999999999999_x"]
)
def test_a_token_that_is_made_up_opens_not_even_what_is_public(site: Site, said: str) -> None:
    answer = site.visitor().get(f"{API}/programmes", token=said or " ")
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_may_only_what_its_scopes_name(site: Site) -> None:
    reading = site.key("administrator", "read")
    assert site.visitor().get(f"{API}/jobs", token=reading).status == 200
    assert site.visitor().get(f"{API}/log", token=reading).status == 403
    asked = {"programme": PROGRAMME, "draws": 2}
    assert site.visitor().send(f"{API}/jobs", asked, token=reading).status == 403
    assert site.visitor().send(f"{API}/jobs", asked).status == 401


def test_a_token_never_may_more_than_its_owner(site: Site) -> None:
    asked = {"programme": PROGRAMME, "draws": 2}
    key = site.key("approver")  # may see jobs, may not ask for one
    assert site.visitor().get(f"{API}/jobs", token=key).status == 200
    assert site.visitor().send(f"{API}/jobs", asked, token=key).status == 403


def test_an_ended_token_opens_nothing(site: Site) -> None:
    visitor, page = site.visitor("assessor"), "/en/people/tokens/"
    text = visitor.post(page, token_from=page, token_name="short", scopes=["read"], days="1").text
    key = re.search(r'value="(hd_[^"]+)"', text)
    end = re.search(r"/en/people/tokens/\d+/end/", text)
    assert key
    assert end
    assert site.visitor().get(f"{API}/me", token=key.group(1)).status == 200
    assert site.visitor("analyst").post(end.group(), token_from=page).status == 404
    assert site.visitor().get(f"{API}/me", token=key.group(1)).status == 200
    visitor.post(end.group(), token_from=page)
    assert site.visitor().get(f"{API}/me", token=key.group(1)).status == 401
    assert key.group(1) not in visitor.get(page).text


def test_the_database_does_not_hold_a_tokens_text(site: Site) -> None:
    secret = site.key("analyst").split("_", 2)[2].encode()
    assert not any(secret in file.read_bytes() for file in site.data.glob("haidang.sqlite3*"))


class Heard(http.server.BaseHTTPRequestHandler):
    """A server that is told; at first it is out of order."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quietly."""


@contextmanager
def listening() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    server.heard = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_a_server_that_wants_it_is_told_with_our_signature_and_no_other_can_be(tmp_path: Path, pack: str) -> None:
    data = tmp_path / "data"
    give_accounts(data, pack, "administrator", "approver", "analyst")
    with listening() as server:
        place = f"127.0.0.1:{server.server_port}"
        with running(data, pack, HAIDANG_HOOK_HOSTS=place) as site:
            admin, page = site.visitor("administrator"), "/en/office/hooks/"
            for other in (
                "http://169.254.169.254/",
                f"http://127.0.0.1:{server.server_port + 1}/",
                f"http://u:p@{place}/",
            ):
                refused = admin.post(page, token_from=page, address=other, events=["run.published"])
                assert "does not name this server" in refused.text
            made = admin.post(page, token_from=page, address=f"http://{place}/haidang", events=["run.published"])
            secret = re.search(r'class="copied hash" readonly value="([^"]+)"', made.text)
            assert secret
            analyst, programme = site.visitor("analyst"), f"/en/programmes/{PROGRAMME}/"
            analyst.post(f"/en/jobs/simulate/{PROGRAMME}/", token_from=programme, draws="2")
            for _ in range(600):
                if ">done</td>" in analyst.get("/en/jobs/").text:
                    break
                time.sleep(0.2)
            site.visitor("approver").post("/en/runs/1/publish/", token_from=programme)
            for _ in range(100):
                if server.heard:  # type: ignore[attr-defined]
                    break
                time.sleep(0.1)
            assert "arrived" in wait_for(admin, page, "arrived")
        ((headers, body),) = server.heard  # type: ignore[attr-defined]
    told = json.loads(body)
    assert (told["event"], told["programme"], told["run"]) == ("run.published", PROGRAMME, 1)
    seal = hmac.new(secret.group(1).encode(), body, hashlib.sha256).hexdigest()
    assert headers["Haidang-Signature"] == f"sha256={seal}"


def wait_for(visitor, page: str, word: str) -> str:  # type: ignore[no-untyped-def]
    for _ in range(50):
        text = visitor.get(page).text
        if word in text:
            return text
        time.sleep(0.1)
    return ""
