"""Pages for what is not there, and for what is not for this reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haidang.web.api.door import PLACE, refusal


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is for others."""
    if request.path.startswith(PLACE):
        return refusal(403)
    return render(request, "refused.html", {"what": "forbidden"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there, or that this reader may not know of."""
    if request.path.startswith(PLACE):
        return refusal(404)
    return render(request, "refused.html", {"what": "not_found"}, status=404)
