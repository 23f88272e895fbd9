"""What the public fills in to propose something, and the city's staff to answer it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from haidang.web.city.pack import pack
from haidang.web.desk.book import public_book
from haidang.web.desk.forms import EMPTY, lines, own, said
from haidang.web.shell import language


class ProposalForm(forms.Form):
    """What somebody proposes. Nobody needs an account for it."""

    title = forms.CharField(max_length=200)
    text = forms.CharField(max_length=5000, widget=lines(8))
    body = forms.CharField(max_length=200, required=False)
    contact = forms.CharField(max_length=200, required=False)
    website = forms.CharField(
        required=False, max_length=500, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    """No person sees this field; who fills it in is a program."""


class ReceiptForm(forms.Form):
    """The number by which whoever made a proposal finds it again."""

    receipt = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class ModerateForm(forms.Form):
    """What the city makes of a proposal."""

    state = forms.ChoiceField(choices=lambda: own("proposal_state", ("draft", "shown", "answered", "hidden")))
    answer = forms.CharField(max_length=5000, required=False, widget=lines(6))
    became_commitment = forms.CharField(
        max_length=100, required=False, widget=forms.TextInput(attrs={"list": "records"})
    )
    became_programme = forms.ChoiceField(required=False, choices=lambda: EMPTY + _programmes())

    def clean_became_commitment(self) -> str:
        """A promise that everybody may see.

        Raises:
            ValidationError: there is none.
        """
        given = str(self.cleaned_data["became_commitment"]).strip().removeprefix("commitment/")
        if given and given not in public_book().commitments:
            raise ValidationError(said("error.no_commitment"))
        return given

    def clean(self) -> dict[str, Any]:
        """An answer has words."""
        given = super().clean() or {}
        if given.get("state") == "answered" and not given.get("answer"):
            self.add_error("answer", said("error.needed_here"))
        return given


def _programmes() -> list[tuple[str, str]]:
    return [(name, file.base.title[language()]) for name, file in pack().programmes.items()]
