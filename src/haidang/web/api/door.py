"""Who a program is: its token says so, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse

from haidang.web.access import DOORS, EVERYBODY
from haidang.web.api.models import Token
from haidang.web.api.scopes import Needed, needed
from haidang.web.counts.limit import Limit
from haidang.web.whence import network_of

PLACE = "/api/"


class TokenMiddleware:
    """For addresses of the interface: the user is nobody, or the token's owner where its scopes say so.

    A cookie is sent by a browser without anybody meaning it; so here it opens nothing, and no request can be forged.
    Whatever an address shows is what its user may see: to a token without the room's scope, what everybody sees.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes next."""
        self._next = get_response
        self._with_key = Limit("key", settings.HOME.rate)
        self._without = Limit("address", settings.HOME.rate_without)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say who asks, that the token is none, or that too much was asked."""
        if not request.path.startswith(PLACE):
            return self._next(request)
        request.user = AnonymousUser()
        said = request.headers.get("Authorization", "")
        kind, _, text = said.partition(" ")
        token = Token.objects.holder(text.strip() if kind.lower() == "bearer" else "") if said else None
        wait = self._with_key.wait(str(token.pk)) if token else self._without.wait(network_of(request))
        if wait:
            return refusal(429, wait)
        if token is not None:
            request.token = token  # pyright: ignore[reportAttributeAccessIssue]
        elif said:
            return refusal(401)
        return self._next(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Refuse what the token's scopes do not name, and say as whom the rest is answered."""
        token: Token | None = getattr(request, "token", None)
        match = request.resolver_match
        if token is None or match is None or not request.path.startswith(PLACE):
            return None
        door = needed_at(match.view_name, request.method or "GET")
        if door.owner in token.may:
            request.user = token.owner  # pyright: ignore[reportAttributeAccessIssue]
            return None
        return None if door.everybody in token.may else refusal(403)


def needed_at(route: str, method: str) -> Needed:
    """What a token needs at a route of the interface, which is open to everybody or is not."""
    return needed(route, method, public=DOORS.get(route) == EVERYBODY)


def told_at(route: str, method: str) -> list[dict[str, list[str]]]:
    """What opens a route, as OpenAPI says it: nothing at all where it is open to everybody, or a token with a scope."""
    door = needed_at(route, method)
    named = [{"token": [scope.value]} for scope in (door.everybody, door.owner) if scope]
    return [{}, *named] if door.everybody else named


def refusal(status: int, wait: int = 0) -> JsonResponse:
    """What a program hears that may not come in, or not yet: `wait` are the seconds until it may."""
    said = {
        400: "this cannot be read: it holds the sign NUL, or is not as it should be",
        401: "expected a token that is valid in the header Authorization: Bearer",
        403: "not for this token",
        404: "there is no such thing",
        410: "the files of this are gone",
        429: "too many requests; ask again after the seconds of the header Retry-After",
        500: "the site made a mistake, which stands in its log",
    }
    told = {"detail": said[status]}
    answer = JsonResponse({**told, "fields": {}} if status == 400 else told, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if wait:
        answer["Retry-After"] = str(wait)
    return answer
