"""A site to talk to: a real server and worker in a folder of their own, and visitors with cookies."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

HAIDANG = str(Path(sys.executable).parent / "haidang")
PASSWORD = "mot mat khau that dai 2030"
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

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self.base + path))

    def post(self, path: str, token_from: str | None = None, **fields: str | list[str]) -> Answer:
        """Send a form, with the token that a page holds; without one where none is named."""
        found = TOKEN.search(self.get(token_from).text) if token_from else None
        if found:
            fields["csrfmiddlewaretoken"] = found.group(1)
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._open(urllib.request.Request(self.base + path, data=data, headers={"Referer": self.base}))

    def send(self, path: str, token_from: str, name: str, content: bytes, **fields: str) -> Answer:
        """Send a form with one file, which the form calls `file`."""
        found = TOKEN.search(self.get(token_from).text)
        assert found
        fields["csrfmiddlewaretoken"] = found.group(1)
        edge = "----------a-part-of-a-form"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        data = "".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Referer": self.base, "Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._open(urllib.request.Request(self.base + path, data=data, headers=headers))

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


def _answer(reply: urllib.error.HTTPError | urllib.request.addinfourl) -> Answer:
    text = reply.read().decode("utf-8", errors="replace")
    return Answer(reply.status or 0, text, {k.lower(): v for k, v in reply.headers.items()}, reply.url)


@dataclass(frozen=True)
class Site:
    """A running site."""

    base: str
    data: Path
    server: subprocess.Popen[str]
    known: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, role: str | None = None) -> Visitor:
        """A new visitor; where a role is named, that of the role, logged in once: logins are counted and limited."""
        if role is None:
            return Visitor(self.base)
        if role not in self.known:
            found = Visitor(self.base)
            assert found.log_in(role).status == 302
            self.known[role] = found
        return self.known[role]

    def worker(self) -> int:
        """The process of the worker, of whom the foreman has one."""
        (foreman,) = _children(self.server.pid, b"haidang.web.jobs.foreman")
        (found,) = _children(foreman, b"haidang.web.jobs.work")
        return found


def _children(parent: int, running: bytes) -> list[int]:
    """The processes that a process began and that run this."""
    threads = Path(f"/proc/{parent}/task").iterdir()
    began = [int(one) for thread in threads for one in (thread / "children").read_text().split()]
    return [one for one in began if running in Path(f"/proc/{one}/cmdline").read_bytes()]


def surroundings(data: Path, pack: str) -> dict[str, str]:
    """The environment of a site's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAIDANG_", "DJANGO_"))}
    return {**kept, "HAIDANG_DATA": str(data), "HAIDANG_PACK": pack}


def command(data: Path, pack: str, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """One command of whoever runs the site."""
    return subprocess.run(
        [HAIDANG, *words], input=given, env=surroundings(data, pack), capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def add_people(data: Path, pack: str) -> None:
    """A site's database, with everybody in it, made in one process."""
    code = """
import json, sys
from pathlib import Path
from haidang.web.serve import prepare_environment, update_database
data, pack, password, bodies = json.load(sys.stdin)
prepare_environment(Path(data), pack)
update_database()
from haidang.web.people.give import give_role
for person, (role, body, kind) in bodies.items():
    give_role(f"{person}@example.vn", role, body, kind, "", lambda: password)
"""
    subprocess.run(
        [sys.executable, "-c", code], input=json.dumps([str(data), pack, PASSWORD, BODIES]),
        env=surroundings(data, pack), text=True, check=True,
    )  # fmt: skip


@contextmanager
def running(data: Path, pack: str) -> Iterator[Site]:
    """A site that answers, until the test is done with it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", "--port", str(port), "--no-example"]
    server = subprocess.Popen([HAIDANG, *words], env=surroundings(data, pack), text=True)
    site = Site(f"http://127.0.0.1:{port}", data, server)
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
print(json.dumps({"routes": found, "doors": sorted(DOORS)}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(data, pack), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    return [*told["routes"], {"doors": told["doors"]}]
