"""A field of forms for an amount of dong."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from haidang.web.dong import dong
from haidang.web.shell import language
from haidang.web.words import words


class DongField(forms.CharField):
    """An amount of dong, as people write it; its value is whole dong, or none where the field is empty."""

    def __init__(self, *, required: bool = True) -> None:
        """A field of one line."""
        super().__init__(max_length=60, required=required, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self, value: object) -> int | None:
        """The amount.

        Raises:
            ValidationError: it cannot be read, or is none where one is needed.
        """
        text = str(super().clean(value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        if not text:
            return None
        try:
            return dong(text, language())
        except ValueError:
            raise ValidationError(words(language()).text("amounts.unread", found=text)) from None
