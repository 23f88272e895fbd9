"""The one sign that no text of this site holds: NUL, which PostgreSQL refuses and nobody types."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from haidang.web.refused import unreadable

NUL = "\0"
_IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""Written out in JSON, and not as the text of these six signs."""


class NulMiddleware:
    """Says that it cannot read a request with NUL in its address, its cookies or what it sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes next."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address and at what the browser keeps."""
        query = request.META.get("QUERY_STRING", "")
        held = "%00" in query or NUL in query or any(NUL in each for each in (request.path, *request.COOKIES.values()))
        return unreadable(request) if held else self._next(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Look at what is sent, where files are not taken in before somebody knows who sends them."""
        if request.content_type == "application/json":
            held = _IN_JSON.search(request.body) is not None
        else:
            held = any(NUL in each for name, texts in request.POST.lists() for each in (name, *texts))
        return unreadable(request) if held else None
