"""Counting with a clock that goes on when it is told to; runs inside a site that nobody serves (`test_limit`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client, RequestFactory, override_settings
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from haidang.web.counts.limit import SWEPT, Limit
from haidang.web.counts.models import Asked
from haidang.web.people.models import User

CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Where it is counted how often somebody guesses and not what a guess costs."""


class Clock:
    """A clock that goes on when it is told to."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


def at_once() -> list[object]:
    """So many at once and then one at the pace, for each who asks."""
    clock = Clock()
    limit = Limit("at once", 3, clock)
    found: list[object] = [[limit.wait("a") for _ in range(4)], limit.wait("b")]
    clock.now += 19
    found.append(limit.wait("a"))
    clock.now += 1
    found.append([limit.wait("a"), limit.wait("a")])
    clock.now += 280
    return [*found, [limit.wait("a") for _ in range(4)]]


@trying(max_examples=25, deadline=None, database=None)
@given(st.integers(1, 20), st.lists(st.floats(0, 30), min_size=1, max_size=80))
def in_no_minute_are_more_than_twice_as_many_answered_and_a_wait_is_enough(rate: int, steps: list[float]) -> None:
    """Whoever waits as long as was said is answered; and nobody is answered more than was agreed."""
    clock = Clock()
    limit, answered = Limit("a minute", rate, clock), list[float]()
    Asked.objects.filter(who="a minute a").delete()
    for step in steps:
        clock.now += step
        wait = limit.wait("a")
        if wait:
            clock.now += wait
            assert limit.wait("a") == 0
        answered.append(clock.now)
        assert sum(one > clock.now - 60 for one in answered) <= 2 * rate


def long_ago() -> list[int]:
    """Whoever asks from many addresses does not fill the table: how many there are before and after the sweeping."""
    clock = Clock()
    limit = Limit("long ago", 60, clock)
    Asked.objects.bulk_create([Asked(who=f"long ago {one}", even=clock.now) for one in range(SWEPT - 1)])
    clock.now += 1
    limit._made = SWEPT - 2
    limit.wait("new")
    mine = Asked.objects.filter(who__startswith="long ago ")
    found = [mine.count()]
    clock.now += 60
    limit.wait("newest")
    return [*found, mine.count()]


def together() -> list[int]:
    """How many of each several processes let through together.

    Of requests twenty were agreed; a code is used once; of failed logins of one account five are suffered (allauth).
    """
    limit, request = Limit("together", 20, Clock()), RequestFactory().post("/")
    failed = {"action": "login_failed", "key": "guessed"}
    return [
        _by_processes(lambda: sum(limit.wait("a") == 0 for _ in range(40))),
        _by_processes(lambda: cache.add("a code", "used")),
        _by_processes(lambda: sum(ratelimit.consume(request, **failed) for _ in range(4))),
    ]


def behind_a_server() -> dict[str, object]:
    """What becomes of knocks from one address under the names of many, with and without a server in front."""
    client, found = Client(HTTP_HOST="localhost"), dict[str, object]()

    def ask(passed: str) -> int:
        told = {"HTTP_X_FORWARDED_FOR": passed, "REMOTE_ADDR": "192.0.2.200"}
        return client.get("/api/v1/programmes", **told).status_code

    def guess(who: str, passed: str) -> bool:
        told = {"HTTP_X_FORWARDED_FOR": passed, "REMOTE_ADDR": "192.0.2.200"}
        page = client.post("/en/account/login/", {"login": who, "password": "doan mo"}, **told)
        return "Too many failed attempts" in page.content.decode()

    def propose(passed: str) -> int:
        told = {"HTTP_X_FORWARDED_FOR": passed, "REMOTE_ADDR": "192.0.2.200"}
        return client.post("/en/proposals/new/", {"title": "Cây", "text": "Thêm cây."}, **told).status_code

    for proxies in (0, 1):
        with override_settings(HOME=replace(settings.HOME, proxies=proxies), PASSWORD_HASHERS=CHEAP):
            cache.clear()
            made_up = [f"203.0.113.{one}" for one in range(12)]
            found[f"asked, {proxies}"] = [
                [ask(f"{one}, 198.51.100.{proxies}") for one in made_up[:4]], ask("198.51.100.7"),
            ]  # fmt: skip
            found[f"proposed, {proxies}"] = [
                [propose(f"{one}, 198.51.100.{proxies}") for one in made_up[:6]], propose("198.51.100.7"),
            ]  # fmt: skip
            found[f"guessed, {proxies}"] = [
                [guess(f"nobody-{at}@example.vn", f"{one}, 198.51.100.{proxies}") for at, one in enumerate(made_up)],
                guess("another@example.vn", "198.51.100.7"),
            ]
    return found


def kept_out() -> dict[str, object]:
    """What comes of passwords for one account: guessed from one address, its owner's from another, from very many."""
    owner = User.objects.create_user("owner@example.vn", "")
    own, guesses = "mat khau cua chinh chu", [f"doan lan {one}" for one in range(8)]

    def knock(password: str, address: str) -> str:
        given = {"login": owner.email.upper(), "password": password}
        page = Client(HTTP_HOST="localhost").post("/en/account/login/", given, REMOTE_ADDR=address)
        return "in" if page.status_code == 302 else "held" if "Too many failed" in page.content.decode() else "wrong"

    with override_settings(HOME=replace(settings.HOME, proxies=0), PASSWORD_HASHERS=CHEAP):
        owner.set_password(own)
        owner.save()
        cache.clear()
        found: dict[str, object] = {
            "one address": [knock(one, "192.0.2.66") for one in guesses],
            "with the password": knock(own, "192.0.2.66"),
            "one network": [knock(one, f"2001:db8::{at}") for at, one in enumerate(guesses)],
            "owner": [knock(own, "192.0.2.7"), knock(own, "2001:db8:0:1::1")],
        }
        few = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_everywhere": "20/h/key"}
        found["most"] = settings.ACCOUNT_RATE_LIMITS["login_failed_everywhere"]
        with override_settings(ACCOUNT_RATE_LIMITS=few):
            cache.clear()
            found["many"] = [knock("doan mo", f"198.51.100.{one}") for one in range(22)]
            found["then"] = knock(own, "192.0.2.8")
        found["another"] = knock(own, "192.0.2.9")
    return found


def _by_processes(count: Callable[[], int]) -> int:
    """What three processes count in all."""
    connections.close_all()
    own = [_forked(count) for _ in range(3)]
    return sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in own)


def _forked(count: Callable[[], int]) -> int:
    pid = os.fork()
    if not pid:
        os._exit(count())
    return pid
