"""A new token, or the secret of a new server, for its maker once more: when its page is read in the other language.

The maker's session has for which it is and until when. A token's secret is made with the site's own out of a seed,
which the session has too: the token itself is written nowhere, and neither the database, where its digest and the
seed are, nor the site's secret gives it away alone. A server's secret is read where its messages are signed by it.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from haidang.web.api.models import Hook, Token
from haidang.web.office.again import SHOWN
from haidang.web.people.models import viewer
from haidang.web.shell import language
from haidang.web.ways import came_from

TOKENS, HOOKS = "tokens:list", "hooks:list"
"""The pages that show what was made, and the names under which a session has it."""
PURPOSE = "haidang.web.api.token"
"""So that nothing else that is made with the site's secret is ever a token."""


def new_seed() -> str:
    """Of a token that is to be made."""
    return secrets.token_urlsafe(32)


def secret_of(seed: str) -> str:
    """The secret that this site makes out of a seed, of 256 bits."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"{PURPOSE} {seed}".encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def keep_token(request: HttpRequest, made: Token, seed: str) -> None:
    """Remember which token was just made, and not its text."""
    _keep(request, TOKENS, number=made.pk, seed=seed)


def keep_hook(request: HttpRequest, made: Hook) -> None:
    """Remember which server was just added, and not its secret."""
    _keep(request, HOOKS, number=made.pk)


def token(request: HttpRequest) -> str:
    """The token that was just made, to who comes from its page; empty once it has ended."""

    def text(kept: Mapping[str, Any]) -> str:
        own = Token.objects.visible_to(viewer(request)).filter(pk=kept["number"]).first()
        made = own.text(secret_of(kept["seed"])) if own else ""
        return made if Token.objects.holder(made) else ""

    return _shown(request, TOKENS, text)


def secret_of_hook(request: HttpRequest) -> str:
    """The secret of the server that was just added, to who comes from its page; empty once it is told no more."""

    def text(kept: Mapping[str, Any]) -> str:
        own = Hook.objects.visible_to(viewer(request)).filter(pk=kept["number"]).first()
        return own.secret if own else ""

    return _shown(request, HOOKS, text)


def _keep(request: HttpRequest, page: str, **known: Any) -> None:
    request.session[page] = {**known, "until": int(time.time()) + SHOWN}


def _shown(request: HttpRequest, page: str, text_of: Callable[[Mapping[str, Any]], str]) -> str:
    """What a session has for a page, as long as it may be shown to who comes from that page; forgotten after."""
    kept = request.session.get(page)
    if kept is None:
        return ""
    found = came_from(request, language())
    text = text_of(kept) if found and found.view_name == page and time.time() < kept["until"] else ""
    if not text:
        del request.session[page]
    return text
