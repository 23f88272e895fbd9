"""How often somebody may ask or guess: programs by key, whoever has none by the address that is to be believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.home import HomeError, home_of
from haidang.web.whence import believed
from tests.web.site import inside

NEAR = "192.0.2.200"
"""The address of the server in front, or of whoever asks where there is none."""


@pytest.mark.parametrize("said", ["-1", "10", "one", "1.0"])
def test_a_number_of_servers_in_front_that_is_none_is_named(said: str) -> None:
    with pytest.raises(HomeError, match="HAIDANG_PROXIES"):
        home_of({"HAIDANG_PROXIES": said})
    assert home_of({}).proxies == 0
    assert home_of({"HAIDANG_PROXIES": "2"}).proxies == 2


@pytest.mark.parametrize("said", ["0", "-1", "many", "1.5", "99999999"])
@pytest.mark.parametrize(
    "name", ["HAIDANG_API_RATE", "HAIDANG_API_RATE_WITHOUT_KEY", "HAIDANG_PROPOSALS", "HAIDANG_SAMPLES"]
)
def test_a_limit_that_is_none_is_named(name: str, said: str) -> None:
    with pytest.raises(HomeError, match=name):
        home_of({name: said})


@pytest.mark.parametrize(
    ("passed", "proxies", "address"),
    [
        ("", 0, NEAR),
        ("198.51.100.1", 0, NEAR),
        ("", 1, NEAR),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1,10.0.0.1", 2, "198.51.100.1"),
        ("198.51.100.1", 2, NEAR),  # it did not come by both servers
        ("198.51.100.1:4711", 1, "198.51.100.1"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("::ffff:198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.9, unknown", 1, NEAR),
        ("203.0.113.9,", 1, NEAR),
    ],
)
def test_of_the_addresses_that_a_request_names_the_one_is_believed_that_a_server_in_front_saw(
    passed: str, proxies: int, address: str
) -> None:
    assert believed(NEAR, passed, proxies) == address


@given(st.text(alphabet=".:[],% 0123456789abcdef", max_size=40), st.integers(0, 3))
def test_nobody_chooses_the_address_by_which_he_is_counted(written: str, proxies: int) -> None:
    seen = ["198.51.100.1", "10.0.0.1", "10.0.0.2"][:proxies]
    assert believed(NEAR, ", ".join([written, *seen]), proxies) == (seen[0] if seen else NEAR)


KNOCK = """
from datetime import timedelta
from unittest.mock import patch
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from haidang.web.api import models
from haidang.web.api.models import Token
from haidang.web.people.models import User
from tests.web import limited

found = {"at once": limited.at_once(), "long ago": limited.long_ago(), "together": limited.together()}
limited.in_no_minute_are_more_than_twice_as_many_answered_and_a_wait_is_enough()
user = User.objects.create_user("a@example.vn")
_, good = Token.objects.make(user, "key", ["read"], timedelta(days=1))
_, other = Token.objects.make(user, "other", ["read"], timedelta(days=1))

client = Client(HTTP_HOST="localhost")

def ask(text, **more):
    said = {"HTTP_AUTHORIZATION": f"Bearer {text}"} if text is not None else {}
    answer = client.get("/api/v1/programmes", **said, **more)
    return [answer.status_code, answer.headers.get("Retry-After", "")]

number, secret = good.split("_")[1], other.split("_", 2)[2]
texts = {"made up": "x", "no number": "hd_x_y", "nobody's": "hd_99_y", "wrong": f"hd_{number}_y",
         "another's": f"hd_{number}_{secret}", "large": f"hd_{'9' * 30}_y"}
found["work"] = {}
for name, text in texts.items():
    with CaptureQueriesContext(connection) as asked, patch.object(models, "_digest", wraps=models._digest) as hashed:
        assert Token.objects.holder(text) is None
    found["work"][name] = [len(asked), hashed.call_count]
found["without"] = [ask(None) for _ in range(4)]
found["wrong"] = [ask("hd_1_wrong", REMOTE_ADDR="192.0.2.1") for _ in range(4)]
found["one network"] = [ask(None, REMOTE_ADDR=f"2001:db8::{one}") for one in range(1, 5)]
found["another"] = ask(None, REMOTE_ADDR="2001:db8:0:1::1")
found["key"] = [ask(good) for _ in range(6)]  # from the address that may not ask without
found["other key"] = ask(other)
found |= limited.behind_a_server()
found["kept out"] = limited.kept_out()
found["pages"] = client.get("/health").status_code
print(json.dumps(found))
"""


def test_programs_wait_by_key_and_without_one_by_address_and_a_good_key_is_never_held_back_by_others(
    tmp_path: Path, pack: str
) -> None:
    told = json.loads(
        inside(
            tmp_path / "data", pack, KNOCK, HAIDANG_API_RATE="5", HAIDANG_API_RATE_WITHOUT_KEY="3",
            HAIDANG_PROPOSALS="5",
        )
    )  # fmt: skip
    assert told["at once"] == [[0, 0, 0, 20], 0, 1, [0, 20], [0, 0, 0, 20]]
    assert told["long ago"] == [1000, 1]
    assert told["together"] == [20, 1, 5]
    assert len({tuple(each) for each in told["work"].values()}) == 1, told["work"]
    assert told["without"] == [[200, ""]] * 3 + [[429, "20"]]
    assert told["wrong"] == [[401, ""]] * 3 + [[429, "20"]]
    assert told["one network"] == [[200, ""]] * 3 + [[429, "20"]]
    assert told["another"] == told["other key"] == [200, ""]
    assert told["key"] == [[200, ""]] * 5 + [[429, "12"]]
    assert told["pages"] == 200
    # Whoever guesses keeps out himself, not the owner; one who guesses from everywhere is held everywhere.
    assert told["kept out"] == {
        "one address": ["wrong"] * 5 + ["held"] * 3,
        "with the password": "held",
        "one network": ["wrong"] * 5 + ["held"] * 3,
        "owner": ["in", "in"],
        "many": ["wrong"] * 20 + ["held"] * 2,
        "then": "held",
        "most": "300/h/key",  # from one address 60 get so far
        "another": "in",
    }
    # Whatever anybody writes into the header: it is one address, and without a server in front that of all.
    for proxies, another in ((0, True), (1, False)):
        assert told[f"asked, {proxies}"] == [[200] * 3 + [429], 429 if another else 200]
        assert told[f"proposed, {proxies}"] == [[302] * 5 + [429], 429 if another else 302]
        assert told[f"guessed, {proxies}"] == [[False] * 10 + [True] * 2, another]
