"""What is filled in about keys of programs and servers that are told."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from haidang.web.api.hooks import EVENTS, may_be_told
from haidang.web.api.scopes import Scope
from haidang.web.shell import language
from haidang.web.words import words


def _scopes() -> list[tuple[str, str]]:
    return [(each, words(language()).text(f"api.scope.{each}")) for each in Scope.values]


def _events() -> list[tuple[str, str]]:
    return [(each, words(language()).text(f"api.event.{each}")) for each in EVENTS]


class TokenForm(forms.Form):
    """A new token."""

    token_name = forms.CharField(max_length=100)
    scopes = forms.MultipleChoiceField(choices=_scopes, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(min_value=1, max_value=365, initial=90)


class HookForm(forms.Form):
    """A server to be told."""

    address = forms.URLField(max_length=500, assume_scheme="https")  # pyright: ignore[reportCallIssue]
    events = forms.MultipleChoiceField(choices=_events, widget=forms.CheckboxSelectMultiple)

    def clean_address(self) -> str:
        """An address on a server that the environment names.

        Raises:
            ValidationError: it is on another.
        """
        address = str(self.cleaned_data["address"])
        if not may_be_told(address):
            raise ValidationError(words(language()).text("api.not_allowed"))
        return address
