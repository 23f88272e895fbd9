"""A site to talk to: a real server and worker in a folder of their own, and visitors with cookies."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar
from pathlib import Path

from tests.once import once

DATABASE, RECORDS = "haidang.sqlite3", "records.sqlite3"
HAIDANG = str(Path(sys.executable).parent / "haidang")
PROGRAMME = "school-bus"
"""Of the tutorial's pack."""
PASSWORD = "mot mat khau that dai 2030"
SECRET = "khong ai thay khoa nay o dau ca " + "7q" * 20
"""By which the site signs sessions and links."""
ROLES = (
    "factory_owner", "factory_editor", "assessor", "lender_officer", "analyst", "approver", "administrator",
)  # fmt: skip
BODIES = {
    "factory_owner": ("factory_owner", "Nhà máy Một", "factory"),
    "factory_editor": ("factory_editor", "Nhà máy Một", "factory"),
    "other_factory_owner": ("factory_owner", "Nhà máy Hai", "factory"),
    "lender_officer": ("lender_officer", "Ngân hàng Một", "lender"),
    "other_lender_officer": ("lender_officer", "Ngân hàng Hai", "lender"),
    "assessor": ("assessor", "Đơn vị đánh giá", "evaluator"),
    "analyst": ("analyst", "Sở thử nghiệm", "city"),
    "approver": ("approver", "Sở thử nghiệm", "city"),
    "administrator": ("administrator", "Sở thử nghiệm", "city"),
}
"""By the name before the @: the person's role, organisation, and its kind. Two factories and two lenders, so that one
can be tried on what is the other's."""
TRAVELLERS = {
    "travelling_owner": ("factory_owner", "Nhà máy Ba", "factory"),
    **{f"with_a_code_{number}": ("assessor", "Đơn vị đánh giá", "evaluator") for number in (1, 2, 3)},
}
"""Whose papers and second factors no other test leans on."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]
    address: str


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Visitor:
    """Somebody with a browser's cookies."""

    base: str
    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, token: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._open(urllib.request.Request(self.base + path, headers=headers))

    def send(self, path: str, body: object, token: str = "") -> Answer:
        """Send JSON, as a program does."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return self._open(urllib.request.Request(self.base + path, json.dumps(body).encode(), headers))

    def fetch(self, path: str) -> bytes:
        """The bytes of a download."""
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.jar))
        with opener.open(self.base + path, timeout=60) as reply:
            return reply.read()

    def post(self, path: str, token_from: str | None = None, **fields: str | list[str]) -> Answer:
        """Send a form, with the token that a page holds; without one where none is named."""
        found = TOKEN.search(self.get(token_from).text) if token_from else None
        if found:
            fields["csrfmiddlewaretoken"] = found.group(1)
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._open(urllib.request.Request(self.base + path, data=data, headers={"Referer": self.base}))

    def upload(
        self, path: str, token_from: str, field_name: str, file_name: str, content: str | bytes, **fields: str
    ) -> Answer:
        """Send a form with a file, as a browser does."""
        found = TOKEN.search(self.get(token_from).text)
        assert found
        mark, body = "7f3c9d", content.encode() if isinstance(content, str) else content
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**fields, "csrfmiddlewaretoken": found.group(1)}.items()
        ]
        head = f'Content-Disposition: form-data; name="{field_name}"; filename="{file_name}"'
        parts.append(f"--{mark}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode() + body)
        data = b"".join(parts) + f"\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Referer": self.base}
        return self._open(urllib.request.Request(self.base + path, data=data, headers=headers))

    def send_file(self, path: str, token_from: str, name: str, content: bytes, **fields: str) -> Answer:
        """Send a form with one file, which the form calls `file`."""
        return self.upload(path, token_from, "file", name, content, **fields)

    def log_in(self, role: str, password: str = PASSWORD) -> Answer:
        page = "/en/account/login/"
        return self.post(page, token_from=page, login=f"{role}@example.vn", password=password)

    def _open(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=60) as reply:
                return _answer(reply)
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused)


def signed_in(base: str, session: str) -> Visitor:
    """Somebody whose session was begun before."""
    visitor = Visitor(base)
    host, more = base.partition("//")[2].partition(":")[0], (None, False, None, None, {})
    visitor.jar.set_cookie(Cookie(0, "sessionid", session, None, False, host, False, False, "/", True, False, *more))
    return visitor


def _answer(reply: urllib.error.HTTPError | urllib.request.addinfourl) -> Answer:
    text = reply.read().decode("utf-8", errors="replace")
    return Answer(reply.status or 0, text, {k.lower(): v for k, v in reply.headers.items()}, reply.url)


@dataclass(frozen=True)
class Site:
    """A running site."""

    base: str
    data: Path
    server: subprocess.Popen[str]
    sessions: Mapping[str, str] = field(default_factory=dict)
    known: dict[str, Visitor] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)

    def visitor(self, role: str | None = None) -> Visitor:
        """A new visitor; where a role is named, that of the role, logged in once: logins are counted and limited."""
        if role is None:
            return Visitor(self.base)
        if role not in self.known:
            session = self.sessions.get(role)
            found = Visitor(self.base) if session is None else signed_in(self.base, session)
            assert session or found.log_in(role).status == 302
            self.known[role] = found
        return self.known[role]

    def key(self, person: str, *scopes: str) -> str:
        """A token of a person, made on its page; with every scope where none is named."""
        name = f"{person} {' '.join(scopes)}"
        if name not in self.keys:
            visitor, page = self.visitor(person), "/en/people/tokens/"
            wanted = list(scopes) or re.findall(r'name="scopes" value="([^"]+)"', visitor.get(page).text)
            text = visitor.post(page, token_from=page, token_name=name, scopes=wanted, days="1").text
            found = re.search(r'value="(hd_[^"]+)"', text)
            assert found, text
            self.keys[name] = found.group(1)
        return self.keys[name]

    def worker(self) -> int:
        """The process of the worker, of whom the foreman has one."""
        return self._kept(b"haidang.web.jobs.work")

    def sampler(self) -> int:
        """The process that answers on a sample, of which the foreman has one."""
        return self._kept(b"haidang.web.lab.sampler")

    def foreman(self) -> int:
        """The process that begins another worker or sampler where one falls."""
        (found,) = _children(self.server.pid, b"haidang.web.jobs.foreman")
        return found

    def _kept(self, running: bytes) -> int:
        (found,) = _children(self.foreman(), running)
        return found


def _children(parent: int, running: bytes) -> list[int]:
    """The processes that a process began and that run this."""
    threads = Path(f"/proc/{parent}/task").iterdir()
    began = [int(one) for thread in threads for one in (thread / "children").read_text().split()]
    return [one for one in began if running in Path(f"/proc/{one}/cmdline").read_bytes()]


def surroundings(data: Path, pack: str, **more: str) -> dict[str, str]:
    """The environment of a site's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAIDANG_", "DJANGO_"))}
    freely = {name: "1000000" for name in ("HAIDANG_API_RATE", "HAIDANG_API_RATE_WITHOUT_KEY", "HAIDANG_PROPOSALS")}
    few = {"HAIDANG_SAMPLES": "2"}  # what nobody is about to ask is not compiled either
    return {**kept, "HAIDANG_DATA": str(data), "HAIDANG_PACK": pack, **freely, **few, **more}


def command(data: Path, pack: str, *words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """One command of whoever runs the site."""
    return subprocess.run(
        [HAIDANG, *words], input=given, env=surroundings(data, pack, **more), capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


PREPARED = """
import json, os, pathlib, sys
from haidang.web.serve import prepare_environment, update_database
prepare_environment(pathlib.Path(os.environ["HAIDANG_DATA"]), os.environ["HAIDANG_PACK"])
import django
django.setup()
"""


def inside(data: Path, pack: str, code: str, given: object = None, **more: str) -> str:
    """Run code inside a site that nobody serves, once its database is as it should be; see `ran`."""
    if not (data / DATABASE).exists() and "HAIDANG_DATABASE" not in more:
        data.mkdir(parents=True, exist_ok=True)
        for one in (DATABASE, RECORDS):
            shutil.copyfile(once("empty", _make_empty) / one, data / one)
    return ran(data, pack, f"update_database()\n{code}", given, **more)


def _make_empty(folder: Path) -> None:
    """The databases of a site that has just begun: made once, since every migration takes a while."""
    ran(folder, "hcmc", "update_database()\nfrom django.db import connections\nconnections.close_all()")


def ran(data: Path, pack: str, code: str, given: object = None, **more: str) -> str:
    """Run code in the environment of a site that nobody serves, in a process of its own; what it printed last.

    Args:
        data: the site's folder, made where there is none.
        pack: what it shows.
        code: Python; `given` is read from the standard input.
        given: JSON values for it.
        more: of its environment.
    """
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + code], input=json.dumps(given), env=surroundings(data, pack, **more),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout else ""


ACCOUNTS = """
from functools import cache
from django.contrib.auth import base_user
base_user.make_password = cache(base_user.make_password)  # one password, a quarter second each time
from haidang.web.people.give import give_role
password, *rows = json.load(sys.stdin)
for email, role, body, kind in rows:
    give_role(email, role, body, kind, "", lambda: password)
"""


def give_accounts(data: Path, pack: str, *people: str, then: str = "", **more: str) -> str:
    """Accounts for these people, for all where none is named: in one process, since each takes a while.

    Args:
        data: the site's folder.
        pack: what it shows.
        people: of `BODIES` and `TRAVELLERS`.
        then: code that runs afterwards.
        more: of the environment.

    Returns:
        What that printed last.
    """
    known = BODIES | TRAVELLERS
    rows = [(f"{person}@example.vn", *known[person]) for person in people or known]
    return inside(data, pack, ACCOUNTS + then, [PASSWORD, *rows], **more)


def begin(folder: Path, pack: str, maker: str, **more: str) -> None:
    """A site's folder as people leave it who do what a function does, before anybody serves it.

    Args:
        folder: for it.
        pack: what it shows.
        maker: the function's module and name; it is given the site, and runs inside it (`within`).
        more: of its environment.
    """
    module, name = maker.split(":")
    then = f"from tests.web.within import begin_with\nfrom {module} import {name}\nbegin_with({name})"
    told = give_accounts(folder / "data", pack, then=then, HAIDANG_SECRET_KEY=SECRET, **more)
    (folder / "begun.json").write_text(told, encoding="utf-8")


@contextmanager
def begun(folder: Path, data: Path, pack: str, **more: str) -> Iterator[Site]:
    """A site that answers, begun as a folder of `begin` holds it: everybody is logged in.

    Args:
        folder: of `begin`.
        data: a new folder for what is done on it from now on.
        pack: what it shows.
        more: of its environment.
    """
    shutil.copytree(folder / "data", data)
    told = json.loads((folder / "begun.json").read_text(encoding="utf-8"))
    with running(data, pack, told["sessions"], HAIDANG_SECRET_KEY=SECRET, **more) as site:
        site.objects.update(told["objects"])
        yield site


@contextmanager
def running(data: Path, pack: str, sessions: Mapping[str, str] | None = None, **more: str) -> Iterator[Site]:
    """A site that answers, until the test is done with it; who has a session there needs no login."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", "--port", str(port), "--no-example"]
    server = subprocess.Popen([HAIDANG, *words], env=surroundings(data, pack, **more), text=True)
    site = Site(f"http://127.0.0.1:{port}", data, server, sessions or {})
    try:
        _until_it_answers(site)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)


def _until_it_answers(site: Site) -> None:
    for _ in range(600):
        try:
            if Visitor(site.base).get("/health").status == 200:
                return
        except OSError:
            if site.server.poll() is not None:
                break
        time.sleep(0.1)
    raise AssertionError("the site never answered")


def routes(data: Path, pack: str) -> list[dict[str, object]]:
    """Every route of the site, asked of Django in a process of its own: name, address, and who may open it."""
    code = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "haidang.web.settings"
import django; django.setup()
from django.urls import get_resolver
from haidang.web.access import DOORS
found = []
def walk(patterns, prefix, space):
    for one in patterns:
        route = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            walk(one.url_patterns, route, space + ([one.namespace] if one.namespace else []))
        else:
            name = ":".join([*space, one.name])
            door = DOORS.get(name)
            found.append({"name": name, "route": route, "known": door is not None,
                          "account": bool(door and door.account), "roles": sorted(door.roles) if door else []})
walk(get_resolver().url_patterns, "", [])
from django.apps import apps
from haidang.web.access import THROUGH
models = [one for one in apps.get_models() if one.__module__.startswith("haidang.web.")]
ruled = {one._meta.label: hasattr(one._default_manager, "visible_to") for one in models}
from haidang.web.api.scopes import WRITES, UnscopedError, require_scopes
from haidang.web.api.site import api
del WRITES["api:hooks-end"], WRITES["api:run-publish"]
another = type(api)(urls_namespace="another", docs_url=None)
@another.post("/tried", url_name="tried")
def tried(request): ...
try:
    require_scopes([*api.taken(), *another.taken()])
    refused = ""
except UnscopedError as mistake:
    refused = str(mistake)
told = {"routes": found, "doors": sorted(DOORS), "ruled": ruled, "through": sorted(THROUGH), "refused": refused}
print(json.dumps(told))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(data, pack), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    return [*told.pop("routes"), told]
