"""How accounts come to be, and what is said where a login goes wrong, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.functional import lazy

from haidang.web.shell import language
from haidang.web.whence import address_of, network_of
from haidang.web.words import words


def _said(key: str) -> str:
    return words(language()).text(f"account.mistake.{key}")


_later = lazy(_said, str)
_MISTAKES: dict[str, Any] = {
    key: _later(key)
    for key in (
        "account_inactive",
        "email_password_mismatch",
        "enter_current_password",
        "incorrect_code",
        "incorrect_password",
        "invalid_login",
        "too_many_login_attempts",
        "rate_limited",
    )
}

EVERYWHERE = "login_failed_everywhere"
"""The limit of passwords that failed for one account, from all addresses together."""


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up alone: an administrator makes each account."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultAccountAdapter.error_messages, **_MISTAKES}  # pyright: ignore[reportUnknownMemberType]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which logins are counted."""
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a password unseen where too many failed: from this address, for the account from it, or everywhere.

        Raises:
            ValidationError: so it is.
        """
        super().pre_authenticate(request, **credentials)
        if not cast("Any", ratelimit).consume(request, action=EVERYWHERE, key=_account(credentials), dry_run=True):
            raise cast("Any", self).validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password that failed for its account, whencesoever it came."""
        cast("Any", ratelimit).consume(request, action=EVERYWHERE, key=_account(credentials))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{_account(credentials)} from {network_of(request)}"


def _account(credentials: Mapping[str, Any]) -> str:
    return str(credentials.get("email", "")).lower()


class KnownPeopleAdapter(DefaultSocialAccountAdapter):
    """Whom another house vouches for comes in where an account with the same, verified address is here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor, in the reader's language."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,  # pyright: ignore[reportUnknownMemberType]
        "incorrect_code": _later("incorrect_code"),
    }
