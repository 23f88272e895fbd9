"""The middleware that holds the table of who may open which page (`access`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse

from haidang.web.access import DOORS, may_pass
from haidang.web.api.door import PLACE, refusal
from haidang.web.ended import asks_in_the_background, login_ended
from haidang.web.people.models import viewer
from haidang.web.refused import login_needed, only_sent
from haidang.web.ways import SENT, way_back


class AccessMiddleware:
    """Lets nobody through a door that is not theirs; sends who is not logged in to log in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes next."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on: the decision falls when the view is known. An address that takes no such request says so in words."""
        answer = self._next(request)
        return only_sent(request, answer) if answer.status_code == 405 and not _by_program(request) else answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Decide.

        Raises:
            ImproperlyConfigured: nobody has said who may open this page.
            PermissionDenied: it is not for this user.
        """
        match = request.resolver_match
        name = match.view_name if match else None
        if name not in DOORS:
            raise ImproperlyConfigured(f"who may open {name!r}? it has no entry in haidang.web.access.DOORS")
        door = DOORS[name]
        user = viewer(request)
        if not user.is_authenticated and asks_in_the_background(request) and not _by_program(request):
            return login_ended(request)
        if may_pass(user, door):
            return None
        if _by_program(request):
            return refusal(403 if user.is_authenticated else 401)
        if user.is_authenticated:
            raise PermissionDenied
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(way_back(request) if name in SENT else request.get_full_path())
        return login_needed(request)


def _by_program(request: HttpRequest) -> bool:
    return request.path.startswith(PLACE)
