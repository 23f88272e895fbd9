"""What a page is told that asks in the background after its reader's login ended."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

ASK_NO_MORE = 286
"""htmx takes it for an answer after which nothing is asked again."""


def asks_in_the_background(request: HttpRequest) -> bool:
    """Whether a page asks, not its reader. Only pages of people with an account do, whoever else may open them."""
    return "Hx-Request" in request.headers


def login_ended(request: HttpRequest) -> HttpResponse:
    """That the login ended, with the way to the next one and back: beside what the page holds, which stays.

    Somebody may be in the middle of something that the page alone knows, so it is not left for the login.
    """
    here = HtmxDetails(request).current_url_abs_path
    address = reverse("account_login")
    answer = render(
        request, "ended.html", {"address": f"{address}?{urlencode({'next': here})}" if here else address},
        status=ASK_NO_MORE,
    )  # fmt: skip
    answer["HX-Retarget"], answer["HX-Reselect"], answer["HX-Reswap"] = "#ended", "#again", "innerHTML"
    answer["Cache-Control"] = "no-store"
    return answer
