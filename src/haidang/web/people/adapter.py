"""How accounts come to be, and what is said where a login goes wrong, in the reader's language."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.functional import lazy

from haidang.web.shell import language
from haidang.web.whence import address_of
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


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up alone: an administrator makes each account."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultAccountAdapter.error_messages, **_MISTAKES}  # pyright: ignore[reportUnknownMemberType]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which logins are counted."""
        return address_of(request)


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
