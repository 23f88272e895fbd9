"""The interface for programs: by tokens and their scopes alone, typed, and never with a server's mistake."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections import Counter
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.web.conftest import PROGRAMME
from tests.web.site import Site

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
    assert site.visitor().get(f"{API}/jobs", token=reading).status == 403
    assert site.visitor().get(f"{API}/jobs", token=site.key("administrator", "jobs:read")).status == 200
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


def test_a_server_that_wants_it_is_told_with_our_signature_and_no_other_can_be(
    site: Site, runs: tuple[int, int], listener: ThreadingHTTPServer
) -> None:
    place, admin, page = f"127.0.0.1:{listener.server_port}", site.visitor("administrator"), "/en/office/hooks/"
    for other in ("http://169.254.169.254/", f"http://127.0.0.1:{listener.server_port + 1}/", f"http://u:p@{place}/"):
        refused = admin.post(page, token_from=page, address=other, events=["run.published"])
        assert "does not name this server" in refused.text
    made = admin.post(page, token_from=page, address=f"http://{place}/haidang", events=["run.published"])
    secret = re.search(r'class="copied hash" readonly value="([^"]+)"', made.text)
    assert secret
    for published in (False, True):  # taken back nobody is told
        sent = {"published": published}
        assert site.visitor().send(f"{API}/runs/{runs[0]}/publish", sent, site.key("approver")).status == 200
    assert "arrived" in wait_for(admin, page, "arrived")
    ((headers, body),) = listener.heard  # type: ignore[attr-defined]
    for end in re.findall(r"/en/office/hooks/\d+/end/", admin.get(page).text)[-1:]:
        admin.post(end, token_from=page)
    message = json.loads(body)
    assert (message["event"], message["programme"], message["run"]) == ("run.published", PROGRAMME, runs[0])
    seal = hmac.new(secret.group(1).encode(), body, hashlib.sha256).hexdigest()
    assert headers["Haidang-Signature"] == f"sha256={seal}"


def wait_for(visitor, page: str, word: str) -> str:  # type: ignore[no-untyped-def]
    for _ in range(200):
        text = visitor.get(page).text
        if word in text:
            return text
        time.sleep(0.1)
    return ""


def test_no_two_shapes_have_one_name(root: Path) -> None:
    # In the description of the interface the second of them would take the place of the first.
    texts = [file.read_text(encoding="utf-8") for file in (root / "src" / "haidang" / "web" / "api").rglob("*.py")]
    names = Counter(name for text in texts for name in re.findall(r"^class (\w+)\(\w*Schema\):", text, re.MULTILINE))
    assert len(names) > 50
    assert [name for name, count in names.items() if count > 1] == []
