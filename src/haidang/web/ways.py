"""Ways from a page: to the same page in the other language, and back from an address that only takes forms."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from haidang.web.words import LANGUAGES, Language

SENT = frozenset({
    "city:publish", "jobs:simulate", "jobs:cancel", "jobs:again", "tokens:end", "hooks:end",
    *(f"lab:{act}" for act in ("begin", "try", "save", "fork", "share", "run", "allocate")),
    *(f"factories:{act}" for act in ("start", "submit", "second", "remove-file", "send", "withdraw", "consent")),
    *(f"lending:{act}" for act in ("record", "publish-list", "hand-over")),
    *(f"pilots:{act}" for act in ("register", "lots", "site-lots", "reports", "outcomes", "power", "decide")),
    *(f"desk:{act}" for act in ("correct", "reread", "reject", "confirm", "advance", "milestone", "done", "step")),
    *(f"office:{act}" for act in ("invite", "correct", "give", "take", "lock", "drop-second-factor")),
    *(f"office:{act}" for act in ("back-up", "backup-check", "backup-file")),
})  # fmt: skip
"""Routes that take what a form sends and are no page to open; the test of access holds each address against it."""


def in_language(address: str, code: Language) -> str:
    """The same page in a language, with what follows in its address; the first page where the address is no page's."""
    path, mark, query = address.partition("?")
    _, own, *rest = path.split("/", 2)
    if own not in LANGUAGES or not rest:
        return f"/{code}/"
    # The page to which a login leads is in the language in which one logs in.
    query = re.sub(rf"(^|&)next=(%2F|/){own}(%2F|/)", rf"\1next=\2{code}\3", query)
    return f"/{code}/{rest[0]}{mark}{query}"


def to_read(request: HttpRequest) -> str:
    """Where what a request was answered with is read again: its own address, or whence its form was sent."""
    own = request.method in {"GET", "HEAD"} or _opens(request.path)
    return request.get_full_path() if own else way_back(request)


def way_back(request: HttpRequest) -> str:
    """The page from which a form was sent: by what the browser says, or else the next page above the form's address."""
    if sent_from_here(request):
        said = urlsplit(_referer(request))
        if _opens(unquote(said.path)):
            return f"{said.path}?{said.query}" if said.query else said.path
    above = request.path
    while above.count("/") > 1:
        if _opens(above):
            return above
        above = above.rstrip("/").rpartition("/")[0] + "/"
    return reverse("city:glance")


def sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it here."""
    said = urlsplit(_referer(request)).netloc
    return bool(said) and said == request.headers.get("Host")


def came_from(request: HttpRequest, code: Language) -> ResolverMatch | None:
    """The page of this site from which the browser says that one comes, in a language; none where it says no such."""
    if not sent_from_here(request):
        return None
    try:
        return resolve(in_language(urlsplit(_referer(request)).path, code))
    except Resolver404:
        return None


def _referer(request: HttpRequest) -> str:
    return str(request.headers.get("Referer", ""))


def _opens(path: str) -> bool:
    """Whether a page is at an address of the request's language."""
    try:
        return resolve(path).view_name not in SENT
    except Resolver404:
        return False
