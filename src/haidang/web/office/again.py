"""The link of an invitation, for its maker once more: when the page that shows it is read in the other language.

Kept is when it was made and for whom, in the maker's session, and a mark by which it is known. The link itself is
written nowhere: its token is made again from that moment with the site's secret, and it is the same only as long as
nobody used it.
"""

from __future__ import annotations

import hashlib
import time

from django.http import HttpRequest
from django.utils.http import base36_to_int

from haidang.web.office import accounts
from haidang.web.people.models import User
from haidang.web.shell import language
from haidang.web.ways import came_from

KEPT = "invitation"
"""Under which name a session has it."""
SHOWN = 600
"""Seconds for which its maker may see a link again."""
PAGES = frozenset({"office:person", "office:invite"})
"""The page of an account, as it is opened and as a new link stands on it."""


class _Tokens(accounts.InvitationTokens):
    """The same tokens as an invitation's own, made for a moment that was."""

    def of(self, person: User, moment: int) -> str:
        """The token that was made for a person then; another one once the person has chosen a password or come in."""
        return str(self._make_token_with_timestamp(person, moment, self.secret))  # pyright: ignore


def keep(request: HttpRequest, person: User, link: str) -> None:
    """Remember that a link was just made, and not the link."""
    token = link.rstrip("/").rpartition("/")[2]
    moment, until = base36_to_int(token.partition("-")[0]), int(time.time()) + SHOWN
    request.session[KEPT] = {"person": person.pk, "moment": moment, "mark": _mark(token), "until": until}


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def shown_again(request: HttpRequest, person: User) -> str:
    """The link that was just made for a person, to who comes from the page that shows it; forgotten by others."""
    kept = request.session.get(KEPT)
    if kept is None:
        return ""
    if kept["person"] == person.pk and time.time() < kept["until"] and _from_its_page(request, person):
        token = _Tokens().of(person, kept["moment"])
        if _mark(token) == kept["mark"]:
            return accounts.invitation_address(person, token)
    del request.session[KEPT]
    return ""


def _from_its_page(request: HttpRequest, person: User) -> bool:
    """Whether the browser says that one comes from the person's own page, in either language."""
    found = came_from(request, language())
    return found is not None and found.view_name in PAGES and found.kwargs.get("number") == person.pk
