"""Accounts and roles, given by whoever runs the site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from haidang.errors import HaidangError, did_you_mean
from haidang.web.ledger.write import note
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.people.names import alike, written
from haidang.web.people.roles import Role

FITS: dict[str, tuple[Role, ...]] = {
    Organisation.Kind.CITY: (Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR, Role.ASSESSOR),
    Organisation.Kind.FACTORY: (Role.FACTORY_OWNER, Role.FACTORY_EDITOR),
    Organisation.Kind.LENDER: (Role.LENDER_OFFICER,),
    Organisation.Kind.EVALUATOR: (Role.ASSESSOR,),
}
"""The roles that people may have in each kind of organisation: what one sees must be its affair."""


class PeopleError(HaidangError):
    """An account or a role that cannot be given."""


class MisfitError(PeopleError):
    """A role that is none for the kind of organisation in which it was to be given."""


def require_fit(role: str, body: Organisation) -> None:
    """Refuse a role in an organisation whose people see other things.

    Raises:
        MisfitError: so it is.
    """
    if role not in FITS[body.kind]:
        fitting = ", ".join(FITS[body.kind])
        raise MisfitError(f"expected a role for an organisation of the kind {body.kind} ({fitting}), found '{role}'")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A role that somebody was given before roles were held against the kind of the organisation.

    Args:
        person: the number of the account.
        email: of the person.
        role: as it was given.
        organisation: in which.
        kind: of the organisation.
        fitting: the roles that people may have there.
    """

    person: int
    email: str
    role: str
    organisation: str
    kind: str
    fitting: tuple[str, ...]

    def __str__(self) -> str:
        where = f"'{self.organisation}', an organisation of the kind {self.kind} ({', '.join(self.fitting)})"
        return f"{self.email}: {self.role} in {where}"


def misfits() -> tuple[Misfit, ...]:
    """The roles that nobody could be given today; what they open is none of their organisation's affair."""
    rows = Membership.objects.select_related("user", "organisation")
    for kind, roles in FITS.items():
        rows = rows.exclude(organisation__kind=kind, role__in=roles)
    return tuple(
        Misfit(
            one.user.pk, one.user.email, one.role, one.organisation.name, one.organisation.kind,
            FITS.get(one.organisation.kind, ()),
        )
        for one in rows.order_by("user__email", "organisation__name", "role")
    )  # fmt: skip


def give_role(
    email: str, role: str, organisation: str, kind: str, name: str, password: Callable[[], str]
) -> bool:  # fmt: skip
    """Give a person a role in an organisation, and an account where there is none. All of it or nothing.

    Args:
        email: the person's address.
        role: a value of `Role`.
        organisation: its name; made where there is none of this name.
        kind: of a new organisation.
        name: the person's name.
        password: asked only where the account is new.

    Returns:
        Whether the account is new.

    Raises:
        PeopleError: a word is not known, the role is none for this kind of organisation, the address is none, the
            password is too weak.
    """
    _among(role, Role.values, "a role")
    _among(kind, Organisation.Kind.values, "a kind of organisation")
    try:
        validate_email(email)
        known = User.objects.filter(email=email.lower()).first()
        secret = None if known else password()
        if secret is not None:
            validate_password(secret, User(email=email, name=name))
    except ValidationError as mistake:
        raise PeopleError(f"{email}: {' '.join(mistake.messages)}") from None
    with transaction.atomic():
        person = known or User.objects.create_user(email, secret, name=name)
        body = _named(organisation) or Organisation.objects.create(name=written(organisation), kind=kind)
        require_fit(role, body)
        Membership.objects.get_or_create(user=person, organisation=body, role=role)
        note(None, "people.role.given", person, email=person.email, role=role, organisation=body.name)
    return known is None


def _named(name: str) -> Organisation | None:
    """The organisation of a name; of several that were taken for two before, the one that is written just so."""
    same = [one for one in Organisation.objects.order_by("pk") if alike(one.name) == alike(name)]
    return next((one for one in same if one.name == name), same[0] if same else None)


def _among(word: str, choices: Sequence[str], what: str) -> None:
    if word not in choices:
        raise PeopleError(f"expected {what} ({', '.join(choices)}), found '{word}'", None, did_you_mean(word, choices))
