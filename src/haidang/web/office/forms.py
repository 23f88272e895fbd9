"""What an administrator fills in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from haidang.web.people.give import FITS, MisfitError, require_fit
from haidang.web.people.models import Organisation, User
from haidang.web.people.roles import Role
from haidang.web.shell import language
from haidang.web.words import words


def _said(key: str) -> str:
    return words(language()).text(key)


def _roles() -> list[tuple[str, str]]:
    return [("", ""), *((each, _said(f"role.{each}")) for each in Role.values)]


def _kinds() -> list[tuple[str, str]]:
    return [(each, _said(f"office.kind.{each}")) for each in Organisation.Kind.values]


class RoleForm(forms.Form):
    """One more thing that a person is; nothing is chosen beforehand, so that nobody gets a role by oversight."""

    organisation = forms.ModelChoiceField(Organisation.objects.order_by("name"), empty_label="")
    role = forms.ChoiceField(choices=_roles)

    def clean(self) -> dict[str, Any]:
        """A role that the organisation's people may have.

        Raises:
            ValidationError: it is none for this kind of organisation.
        """
        given = super().clean() or {}
        role, body = given.get("role"), given.get("organisation")
        if role and body:
            try:
                require_fit(role, body)
            except MisfitError:
                fitting = ", ".join(_said(f"role.{one}") for one in FITS[body.kind])
                told = {"body": body.name, "kind": _said(f"office.kind.{body.kind}"), "fitting": fitting}
                self.add_error("role", words(language()).text("office.misfit", **told))
        return given


class PersonForm(RoleForm):
    """A new account, with what the person is at first."""

    email = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=200)
    field_order: ClassVar[list[str]] = ["email", "name", "organisation", "role"]  # pyright: ignore[reportIncompatibleVariableOverride]

    def clean_email(self) -> str:
        """An address that no account has.

        Raises:
            ValidationError: one has it.
        """
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_said("office.taken"))
        return email


class OrganisationForm(forms.Form):
    """A new organisation."""

    organisation_name = forms.CharField(max_length=300)
    kind = forms.ChoiceField(choices=_kinds)

    def clean_organisation_name(self) -> str:
        """A name that no organisation has.

        Raises:
            ValidationError: one has it.
        """
        name = " ".join(str(self.cleaned_data["organisation_name"]).split())
        if Organisation.objects.filter(name__iexact=name).exists():
            raise ValidationError(_said("office.taken"))
        return name


class LogForm(forms.Form):
    """What to look for in the log."""

    who = forms.CharField(max_length=254, required=False)
    action = forms.CharField(max_length=60, required=False)
    subject = forms.CharField(max_length=200, required=False)


class InvitationForm(forms.Form):
    """The password that a person chooses for a new account."""

    password1 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)
    password2 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)

    def __init__(self, person: User, *args: Any, **more: Any) -> None:
        """Hold the password against what is known of the person."""
        super().__init__(*args, **more)
        self._person = person

    def clean(self) -> dict[str, Any]:
        """A strong password, given twice alike.

        Raises:
            ValidationError: it is weak, or the two differ.
        """
        given = super().clean() or {}
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            raise ValidationError(_said("office.passwords_differ"))
        if first:
            validate_password(first, self._person)
        return given
