"""Turning on the second factor: the code that does it is used by then, like one that lets somebody in."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm


class ActivateForm(ActivateTOTPForm):
    """The library's form, which holds a code against its secret and does not remember that it was used."""

    def clean_code(self) -> str:
        """A code of the new secret that nobody used.

        Raises:
            ValidationError: it is none, or it was used.
        """
        code, adapter = super().clean_code(), cast("Any", get_adapter())
        sealed = {"secret": adapter.encrypt(self.secret)}
        new: Any = Authenticator(user=cast("Any", self).user, type=Authenticator.Type.TOTP, data=sealed)
        if not new.wrap().validate_code(code):
            raise adapter.validation_error("incorrect_code")
        return code
