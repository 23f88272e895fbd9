"""Pages for what is not there, and for what is not for this reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is for others."""
    return render(request, "refused.html", {"what": "forbidden"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there, or that this reader may not know of."""
    return render(request, "refused.html", {"what": "not_found"}, status=404)
