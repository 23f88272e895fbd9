"""Going through everything that a site shows once people wrote payloads into it; runs inside it (`planted`)."""

from __future__ import annotations

import gc
import json
import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.test.client import Client, ClientHandler
from django.urls import get_resolver

import haidang.web
from haidang.web.access import DOORS, may_pass
from haidang.web.city.standing import draw_today
from haidang.web.people.models import User
from tests.web import planting, trespass
from tests.web.doors import ASKED
from tests.web.fuzzing import fuzz
from tests.web.planted import BORN, EVIL, SEEN, Somebody, born, look, route, sends, text_fields, thorough, undone, watch
from tests.web.planting import CREDIT, PEOPLE
from tests.web.programs import writes
from tests.web.site import PASSWORD

NAMES = {
    "/api/v1/assessments/{number}/parts/{name}": "standard-work",
    "/api/v1/factories/{number}/programmes/{name}": CREDIT,
    "/api/v1/lending/use/{programme}": CREDIT,
}
"""By address of the interface, what is there under a name."""
MOST = 3
"""So many addresses of one route does one person open."""
RICHEST = 40
"""So many pages are built as a browser builds them, which takes longer than all else."""
KEPT = "account_logout"
"""Where nobody goes who is still needed."""


def main(folder: str) -> None:
    """Plant, go everywhere, spoil every form; print what came of it."""
    logging.disable()  # refusals are what is wanted here
    gc.freeze()  # what was imported stays
    _prepare_once()
    watch()
    more = trespass.begin(PEOPLE, planting.at_a_browser)
    planting.people()
    trespass.join_factory(more)
    planting.factories()
    planting.pilots()
    planting.laboratory()
    planting.desk()
    draw_today()
    for who in PEOPLE.values():
        for where, form in _walk(who):
            who.spoil(where, form)
    keys = planting.keys()
    _by_programs(keys)
    SEEN.asked.clear()
    readable = _ask()
    asked = sorted(SEEN.asked)
    written = writes(keys, trespass.by_keys({**more, **PEOPLE}, {**keys, **trespass.keys(more)}))
    fuzzed, tried = fuzz(keys, NAMES)
    trespass.the_rest(PEOPLE, more)
    taken = _taken()
    richest = sorted(SEEN.pages.items(), key=lambda each: -each[1]["count"])
    SEEN.wrong |= {f"{name}: {one}" for name, page in richest[:RICHEST] for one in born(thorough(page["text"]))}
    for name, page in richest:
        Path(folder, f"{name.replace(':', '-') or 'none'}.json").write_text(json.dumps(page), encoding="utf-8")
    fields = {one for each in _form_classes() for one in text_fields(each)}
    shown = {SEEN.names[one] for one in SEEN.shown if one in SEEN.names}
    told = {
        "wrong": sorted(SEEN.wrong),
        "written": written,
        "hashed": _hashed(),
        "fuzzed": fuzzed,
        "tried": tried,
        "not_sent": sorted(fields - SEEN.sent),
        "not_held": sorted(fields - SEEN.held),
        "not_shown": sorted(set(SEEN.names.values()) - shown),
        "unbound": sorted(each.__name__ for each in set(_form_classes()) - SEEN.classes if list(text_fields(each))),
        "unread": sorted(readable - SEEN.routes),
        "trespassed": trespass.TRIED.wrong,
        "untried": sorted((taken | _written(keys)) - trespass.TRIED.routes),
        "attempts": [trespass.TRIED.refused, trespass.TRIED.acted],
        "unwritten": sorted(taken - {one[0] for one in SEEN.spoiled}),
        "asked": sorted(set(asked) - set(ASKED)),
        "born": BORN,
    }
    print(json.dumps(told))


def _prepare_once() -> None:
    """Have all clients go through one chain of middleware: each chain first looks at every file that is served."""
    handler = ClientHandler()
    handler.load_middleware()
    ClientHandler._middleware_chain = staticmethod(handler._middleware_chain)


def _form_classes() -> Iterator[type]:
    """Every form of the site's own code."""
    for module in walk_packages(haidang.web.__path__, "haidang.web."):
        if "migrations" not in module.name and not module.name.endswith((".settings", ".wsgi")):
            import_module(module.name)

    def below(kind: type) -> Iterator[type]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    own = (one for one in below(BaseForm) if one.__module__.startswith("haidang.web"))
    yield from (one for one in own if one in SEEN.classes or not one.__subclasses__())


def _patterns() -> Iterator[tuple[str, str]]:
    """Each route of the site with its address in English."""

    def walk(patterns: Any, prefix: str, space: list[str]) -> Iterator[tuple[str, str]]:
        for one in patterns:
            path = prefix + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, path, space + ([one.namespace] if one.namespace else []))
            else:
                yield ":".join([*space, one.name]), f"/{path}".replace("/vi/", "/en/", 1)

    yield from walk(get_resolver().url_patterns, "", [])


def _opens(name: str, who: Somebody) -> bool:
    return may_pass(who.user or AnonymousUser(), DOORS[name])


def _goes(name: str, who: Somebody) -> bool:
    """Whether somebody goes to a page: what everybody sees, the public and two of the staff look at."""
    return _opens(name, who) and (bool(DOORS[name].roles) or who.name in {"public", "analyst", "administrator"})


def _walk(who: Somebody) -> Iterator[tuple[str, Any]]:
    """Follow each link from where somebody may begin; the forms that are met, each with where it is sent."""
    plain = [path for name, path in _patterns() if "<" not in path and _goes(name, who)]
    begun = [one for each in PEOPLE.values() for one in each.pages]
    waiting = deque([*begun, *(one for one in plain if not one.startswith("/api/"))])
    opened, counted = set[str](), Counter[str]()
    while waiting:
        path = urlsplit(waiting.popleft())
        where = f"{path.path}?{path.query}" if path.query else path.path
        name = route(path.path)
        if where in opened or not name or name == KEPT or name.startswith("openid") or not _goes(name, who):
            continue
        opened.add(where)
        counted[name] += 1
        if counted[name] > MOST:
            continue
        answer = who.get(where)
        if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.status_code != 200:
            continue
        shown = lxml.html.fromstring(answer.content.decode())
        waiting += [urljoin(where, one) for one in shown.xpath("//a/@href") if urljoin(where, one).startswith("/en/")]
        for target, form in sends(where, shown):
            if route(target) != KEPT:
                yield target, form


def _by_programs(found: dict[str, str]) -> None:
    """What the interface answers, of each object that there is."""
    from haidang.web.desk.book import book

    promise = next(one for one in book().tracked.commitments if "javascript" in one)
    texts = {"<slug:programme>": CREDIT, "<str:name>": promise, "<slug:name>": "files"}
    for name, path in _patterns():
        if not name.startswith("api:"):
            continue
        for number in "123" if "<int:number>" in path else "1":
            full = path.replace("<int:number>", number)
            for argument, text in texts.items():
                full = full.replace(argument, text)
            key = next((key for role, key in found.items() if _opens(name, PEOPLE[role])), "")
            look(full, PEOPLE["public"].client.get(full, HTTP_AUTHORIZATION=f"Bearer {key}"))
            SEEN.routes.add(name)


def _ask() -> set[str]:
    """Open each address with a payload in every parameter; the routes that anybody may open at all."""
    found: set[str] = set()
    for name, path in _patterns():
        full = re.sub(r"<\w+:\w+>|\^\(.*?\)/", "1", path)
        who = next(one for one in PEOPLE.values() if _opens(name, one))
        if name != KEPT:
            answer = who.client.get(full, dict.fromkeys(ASKED, EVIL))
            look(full, answer)
            if answer.status_code != 405:
                found.add(name)
    return found


def _hashed() -> dict[str, int]:
    """How many hashes a login with a wrong password costs, of an account, of nobody's, of one that is locked."""
    User.objects.create_user("known@example.vn", PASSWORD)
    User.objects.create_user("locked@example.vn", PASSWORD, is_active=False)
    made, found = list[str](), dict[str, int]()

    def counting(name: str) -> None:
        own = getattr(Argon2PasswordHasher, name)

        def act(*given: Any, **named: Any) -> Any:
            made.append(name)
            return own(*given, **named)

        setattr(Argon2PasswordHasher, name, act)

    counting("encode")
    counting("verify")
    for who in ("known", "nobody", "locked"):
        made.clear()
        told = {"login": f"{who}@example.vn", "password": "sai mat khau roi ban oi"}
        assert Client(HTTP_HOST="localhost").post("/en/account/login/", told).status_code == 200
        found[who] = len(made)
    return found


def _taken() -> set[str]:
    """The routes that take a form."""
    found: set[str] = set()
    for name, path in _patterns():
        if name.startswith("api") or name == KEPT:
            continue
        who = next(one for one in PEOPLE.values() if _opens(name, one))
        with undone(who):
            if who.client.post(_nobodys(path)).status_code != 405:
                found.add(name)
    return found


def _written(keys: dict[str, str]) -> set[str]:
    """The addresses of the interface at which programs write: what each says to a request that it does not know."""
    found: set[str] = set()
    for name, path in _patterns():
        if name.startswith("api:"):
            key = next((key for role, key in keys.items() if _opens(name, PEOPLE[role])), "")
            client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {key}")
            answer = client.put(_nobodys(path))
            if answer.status_code != 405 or "POST" in answer.headers["Allow"]:
                found.add(name)
    return found


def _nobodys(path: str) -> str:
    """An address of something that is not there."""
    return re.sub(r"<\w+:\w+>|\^\(.*?\)/", "x", re.sub(r"<int:\w+>", "987654", path))
