"""Pages for what is not there, and for what is not for this reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haidang.web.api.door import PLACE, refusal
from haidang.web.gone import GoneError


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is for others."""
    if request.path.startswith(PLACE):
        return refusal(403)
    return render(request, "refused.html", {"what": "forbidden"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there, or that this reader may not know of; or one whose files are gone."""
    status, what = (410, "gone") if isinstance(exception, GoneError) else (404, "not_found")
    if request.path.startswith(PLACE):
        return refusal(status)
    return render(request, "refused.html", {"what": what}, status=status)
