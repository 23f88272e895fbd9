"""What the library of accounts tells of logins and passwords, written into the log."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from haidang.web.api.models import Token
from haidang.web.ledger.write import note
from haidang.web.people.models import User
from haidang.web.whence import address_of


def listen() -> None:
    """Write down from now on what is heard."""
    user_logged_in.connect(_logged_in)
    user_logged_out.connect(_logged_out)
    user_login_failed.connect(_failed)
    authentication_failed.connect(_code_failed)
    password_changed.connect(_password_changed)
    authenticator_added.connect(_second_added)
    authenticator_removed.connect(_second_removed)


def _logged_in(sender: type[User], request: HttpRequest, user: User, **_: Any) -> None:
    note(user, "people.login.done", user, address=address_of(request))


def _logged_out(sender: type[User], request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        note(user, "people.logout.done", user)


def _failed(sender: str, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # Only for accounts that are there: nobody else's words get into a log that keeps everything.
    given = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=given).first()
    if user is not None:
        note(None, "people.login.failed", user, address=address_of(request) if request else "")


def _code_failed(sender: type[Authenticator], request: HttpRequest, user: User, **_: Any) -> None:
    # Nobody is in yet, so it is not the account's owner who did it.
    note(None, "people.second_factor.failed", user, address=address_of(request))


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    with transaction.atomic():
        note(user, "people.password.changed", user)
        Token.objects.end_all(user)


def _second_added(request: HttpRequest, user: User, **_: Any) -> None:
    note(user, "people.second_factor.added", user)


def _second_removed(request: HttpRequest, user: User, **_: Any) -> None:
    note(user, "people.second_factor.removed", user)
