"""Pages for what is not there, not for this reader, not taken, or gone wrong: what happened, and how to go on.

None of them says more of a mistake than what its reader can do about it. Where what somebody filled in was not taken,
the page shows it once more, to be copied: it is kept nowhere.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_from_request, override

from haidang.web.api.door import PLACE, refusal
from haidang.web.gone import GoneError
from haidang.web.shell import frame, language
from haidang.web.ways import sent_from_here, way_back
from haidang.web.words import words

NOT_SHOWN = re.compile(r"csrfmiddlewaretoken|next|version|.*(password|secret|token|website).*")
"""Fields that a page never repeats: what opens a door, and what no person fills in."""
MOST_SHOWN = 200


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is for others."""
    if request.path.startswith(PLACE):
        return refusal(403)
    return refusal_page(request, "forbidden", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there, or that this reader may not know of; or one whose files are gone."""
    status, what = (410, "gone") if isinstance(exception, GoneError) else (404, "not_found")
    if request.path.startswith(PLACE):
        return refusal(status)
    return refusal_page(request, what, status)


def login_needed(request: HttpRequest) -> HttpResponse:
    """A form whose sender is not logged in any more: it was not taken, and the login leads back to its page."""
    login = f"{reverse('account_login')}?{urlencode({'next': way_back(request)})}"
    return refusal_page(request, "ended", 403, login=login, typed=_typed(request))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this login: from a page that is older than it, or from elsewhere."""
    typed = _typed(request) if sent_from_here(request) else ()
    return refusal_page(request, "forged", 403, back=way_back(request), typed=typed)


def only_sent(request: HttpRequest, answer: HttpResponseBase) -> HttpResponse:
    """An address that somebody opens and that only takes forms, or the other way round."""
    told = refusal_page(request, "only_sent", 405, back=way_back(request))
    told["Allow"] = answer.get("Allow", "")
    return told


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the site cannot read; nobody knows yet who asks."""
    return _bare(request, "unreadable", 400)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of the site, perhaps of its database: so it is told without one."""
    return _bare(request, "failed", 500)


def refusal_page(request: HttpRequest, what: str, status: int, **values: Any) -> HttpResponse:
    """What happened, by its name among the words, with the ways on."""
    answer = render(request, "refused.html", {"what": what, **values}, status=status)
    if values.get("typed"):
        answer["Cache-Control"] = "no-store"
    return answer


def _bare(request: HttpRequest, what: str, status: int) -> HttpResponse:
    """The same without anything for which a database is asked, at whatever point of a request."""
    if request.path.startswith(PLACE):
        return refusal(status)
    with override(get_language_from_request(request, check_path=True)):
        return HttpResponse(render_to_string("refused.html", {**frame(request), "what": what}), status=status)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was filled in, each with its field's name in words where it has some; nothing of accounts."""
    match = request.resolver_match
    if match is None or not match.namespaces or match.view_name == "office:invitation":
        return []
    known, room = words(language()).texts, match.namespaces[0]
    return [
        (known.get(f"{room}.field.{name}", known.get(f"field.{name}", name)), text)
        for name, texts in list(request.POST.lists())[:MOST_SHOWN]
        if not NOT_SHOWN.fullmatch(name)
        for text in texts
        if text.strip()
    ]
