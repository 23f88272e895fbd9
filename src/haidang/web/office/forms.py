"""What an administrator fills in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from haidang.web.office.accounts import is_unused
from haidang.web.people.give import FITS, MisfitError, require_fit
from haidang.web.people.models import Organisation, User
from haidang.web.people.names import alike, written
from haidang.web.people.roles import Role
from haidang.web.search import folded
from haidang.web.shell import language
from haidang.web.words import words

OFFERED = 20
"""Names of organisations that are offered at a time."""


def _said(key: str, **values: str) -> str:
    return words(language()).text(key, **values)


def _roles() -> list[tuple[str, str]]:
    return [("", ""), *((each, _said(f"role.{each}")) for each in Role.values)]


def _kinds() -> list[tuple[str, str]]:
    return [(each, _said(f"office.kind.{each}")) for each in Organisation.Kind.values]


class OrganisationField(forms.CharField):
    """An organisation by its name: there may be ten thousand, so names are offered while one types."""

    def __init__(self) -> None:
        """A line of text."""
        offered = {
            "list": "bodies",
            "autocomplete": "off",
            "hx-get": reverse_lazy("office:organisation-names"),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#bodies",
        }
        super().__init__(max_length=300, widget=forms.TextInput(attrs=offered))

    def clean(self, value: Any) -> Organisation:
        """The organisation of that name, whatever its capitals and marks.

        Raises:
            ValidationError: there is none, or more than one; some whose names hold the words are told.
        """
        name = super().clean(value)
        names = dict(Organisation.objects.order_by("name").values_list("name", "pk"))
        same = [name] if name in names else [one for one in names if folded(one) == folded(name)]
        if len(same) != 1:
            near = [one for one in names if folded(name) in folded(one)][:OFFERED]
            told = _said("office.near", near="; ".join(near)) if near else _said("office.no_organisation")
            raise ValidationError(told)
        return Organisation.objects.get(pk=names[same[0]])


class RoleForm(forms.Form):
    """One more thing that a person is; nothing is chosen beforehand, so that nobody gets a role by oversight."""

    organisation = OrganisationField()
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
                self.add_error("role", misfit_said(body.name, body.kind))
        return given


def misfit_said(body: str, kind: str) -> str:
    """What people may be in a body of this kind, to who gives or finds another role there."""
    fitting = ", ".join(_said(f"role.{one}") for one in FITS[kind])
    return _said("office.misfit", body=body, kind=_said(f"office.kind.{kind}"), fitting=fitting)


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
        return _free(self.cleaned_data["email"])


def _free(email: str, but: int | None = None) -> str:
    lower = email.lower()
    if User.objects.filter(email=lower).exclude(pk=but).exists():
        raise ValidationError(_said("office.taken"))
    return lower


class CorrectionForm(forms.Form):
    """A person's name, and the address of an account that nobody used yet."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(max_length=254)

    def __init__(self, person: User, *args: Any, **more: Any) -> None:
        """Begin with what is there."""
        super().__init__(*args, initial={"name": person.name, "email": person.email}, **more)
        self._person = person
        if not is_unused(person):
            del self.fields["email"]

    def clean_email(self) -> str:
        """An address that no other account has.

        Raises:
            ValidationError: one has it.
        """
        return _free(self.cleaned_data["email"], self._person.pk)


class NameForm(forms.Form):
    """What an organisation is called."""

    organisation_name = forms.CharField(max_length=300)

    def __init__(self, *args: Any, but: Organisation | None = None, **more: Any) -> None:
        """Begin with the name of an organisation that is there, where it is to be another."""
        super().__init__(*args, **more)
        self._own = but.pk if but else None

    def clean_organisation_name(self) -> str:
        """A name that no other organisation has, as it is kept.

        Raises:
            ValidationError: one has it.
        """
        name = written(str(self.cleaned_data["organisation_name"]))
        others = Organisation.objects.exclude(pk=self._own).values_list("name", flat=True)
        if alike(name) in map(alike, others):
            raise ValidationError(_said("office.taken"))
        return name


class OrganisationForm(NameForm):
    """A new organisation."""

    kind = forms.ChoiceField(choices=_kinds)


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
