"""How often programs may ask: by key, and by address without one; then they wait, and are told how long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.api.limit import MOST, Limit
from haidang.web.home import HomeError, home_of
from tests.web.site import inside


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_one_at_the_pace() -> None:
    clock = Clock()
    limit = Limit(3, clock)
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 20]
    assert limit.wait("b") == 0
    clock.now = 19.0
    assert limit.wait("a") == 1
    clock.now = 20.0
    assert [limit.wait("a"), limit.wait("a")] == [0, 20]
    clock.now = 300.0
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 20]


@given(st.integers(1, 20), st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_in_no_minute_are_more_than_twice_as_many_answered_and_a_wait_is_enough(rate: int, steps: list[float]) -> None:
    clock = Clock()
    limit, answered = Limit(rate, clock), list[float]()
    for step in steps:
        clock.now += step
        wait = limit.wait("a")
        if wait:
            clock.now += wait
            assert limit.wait("a") == 0
        answered.append(clock.now)
        assert sum(one > clock.now - 60 for one in answered) <= 2 * rate


def test_whoever_asks_from_many_addresses_neither_fills_the_memory_nor_is_forgotten() -> None:
    clock = Clock()
    limit = Limit(1, clock)
    assert [limit.wait("a"), limit.wait("a")] == [0, 60]
    for one in range(MOST + 10):
        clock.now += 1e-6
        limit.wait(str(one))
    assert len(limit._even) <= MOST
    clock.now += 120
    for one in range(MOST + 10):
        limit.wait(str(one))
    assert len(limit._even) <= MOST


@pytest.mark.parametrize("said", ["0", "-1", "many", "1.5", "99999999"])
@pytest.mark.parametrize("name", ["HAIDANG_API_RATE", "HAIDANG_API_RATE_WITHOUT_KEY"])
def test_a_limit_that_is_none_is_named(name: str, said: str) -> None:
    with pytest.raises(HomeError, match=name):
        home_of({name: said})


KNOCK = """
from datetime import timedelta
from unittest.mock import patch
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from haidang.web.api import models
from haidang.web.api.models import Token
from haidang.web.people.models import User

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
found = {"work": {}}
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
found["pages"] = client.get("/health").status_code
print(json.dumps(found))
"""


def test_programs_wait_by_key_and_without_one_by_address_and_a_good_key_is_never_held_back_by_others(
    tmp_path: Path, pack: str
) -> None:
    told = json.loads(
        inside(tmp_path / "data", pack, KNOCK, HAIDANG_API_RATE="5", HAIDANG_API_RATE_WITHOUT_KEY="3")
    )  # fmt: skip
    assert len({tuple(each) for each in told["work"].values()}) == 1, told["work"]
    assert told["without"] == [[200, ""]] * 3 + [[429, "20"]]
    assert told["wrong"] == [[401, ""]] * 3 + [[429, "20"]]
    assert told["one network"] == [[200, ""]] * 3 + [[429, "20"]]
    assert told["another"] == told["other key"] == [200, ""]
    assert told["key"] == [[200, ""]] * 5 + [[429, "12"]]
    assert told["pages"] == 200
