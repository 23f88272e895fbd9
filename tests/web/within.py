"""People at Django's own client on a site that nobody serves; runs inside it (`site.begin`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.request import Request

from django.conf import settings
from django.test import Client

from haidang.web.city.pace import Worker
from haidang.web.jobs.queue import claim
from haidang.web.jobs.work import tend, work_on
from haidang.web.serve import begin_records
from tests.web.site import BODIES, Answer, Site, Visitor

BASE = "http://localhost"


class Within(Visitor):
    """Somebody whose forms need the token of a page as a browser's do; what waits for the worker is done at once."""

    def __init__(self) -> None:
        """Nobody is logged in."""
        super().__init__(BASE)
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    def _open(self, request: Request) -> Answer:
        headers, method = dict(request.header_items()), request.get_method()
        kind = headers.pop("Content-type", "application/x-www-form-urlencoded")
        reply = self.client.generic(method, request.selector, request.data or b"", kind, headers=headers)  # type: ignore[arg-type]
        if method == "POST":
            work()
        body = b"".join(reply.streaming_content) if reply.streaming else reply.content
        told = {name.lower(): value for name, value in reply.headers.items()}
        return Answer(reply.status_code, body.decode(errors="replace"), told, BASE + request.selector)


class Unserved(Site):
    """The site in whose process this runs."""

    def visitor(self, role: str | None = None) -> Visitor:
        """As on a site that answers."""
        if role is None:
            return Within()
        if role not in self.known:
            found = self.known[role] = Within()
            assert found.log_in(role).status == 302
        return self.known[role]


def work() -> None:
    """Do what waits for the worker."""
    while (job := claim()) is not None:
        work_on(job)
        job.refresh_from_db()
        assert job.state == "done", job.mistake


def begin_with(make: Callable[[Site], None]) -> None:
    """Log everybody in, have them do something, draw the pages; print the sessions and what the site keeps."""
    begin_records()
    site = Unserved(BASE, settings.HOME.data, None)  # type: ignore[arg-type]
    people = {person: site.visitor(person) for person in BODIES}
    make(site)
    tend(Worker())
    sessions = {name: one.client.cookies["sessionid"].value for name, one in people.items()}  # type: ignore[attr-defined]
    print(json.dumps({"sessions": sessions, "objects": site.objects}))
