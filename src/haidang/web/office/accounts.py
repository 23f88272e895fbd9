"""What an administrator does to accounts: each at once with its entry in the log, or not at all."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from haidang.web.api.models import Token
from haidang.web.ledger.write import note
from haidang.web.people.give import require_fit
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.people.roles import Role


class InvitationTokens(PasswordResetTokenGenerator):
    """The secret parts of links: the library's own, which end with what else of the account is ended."""

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        assert isinstance(user, User), "links are made for accounts"
        known = super()._make_hash_value(user, timestamp)
        return f"{known}:{user.ended}" if user.ended else known


_TOKENS = InvitationTokens()


class LastAdministratorError(Exception):
    """Without this administrator nobody could administer the site."""


def add_organisation(by: User, name: str, kind: str) -> Organisation:
    """A body whose people use the site."""
    with transaction.atomic():
        made = Organisation.objects.create(name=name, kind=kind)
        note(by, "people.organisation.made", made, name=name, kind=kind)
    return made


def rename_organisation(by: User, body: Organisation, name: str) -> None:
    """Give an organisation another name, which it has everywhere at once; the log keeps the one before."""
    with transaction.atomic():
        was = Organisation.objects.select_for_update().get(pk=body.pk).name
        if was == name:
            return
        body.name = name
        body.save(update_fields=["name"])
        note(by, "people.organisation.renamed", body, name=name, was=was)


def correct_person(by: User, person: User, name: str, email: str) -> None:
    """Correct a person's name, and the address as long as nobody used it; the log keeps what was there before.

    An address is what a person's deeds stand under in the log and in the records, where whoever entered a claim may
    not confirm it: once used it stays, and a person with another gets another account.
    """
    with transaction.atomic():
        was = User.objects.select_for_update().get(pk=person.pk)
        changes = {"name": name, **({"email": email} if is_unused(was) else {})}
        before = {key: getattr(was, key) for key, value in changes.items() if getattr(was, key) != value}
        if before:
            User.objects.filter(pk=person.pk).update(**changes)
            now = {key: changes[key] for key in before}
            note(by, "people.account.corrected", person, **now, was=[before[key] for key in sorted(before)])


def is_unused(person: User) -> bool:
    """Whether nobody has chosen the account's password or come in yet."""
    return not person.has_usable_password() and person.last_login is None


def open_account(by: User, email: str, name: str, organisation: Organisation, role: str) -> User:
    """An account without a password: its owner chooses one, by a link that works once."""
    with transaction.atomic():
        person = User.objects.create_user(email, None, name=name)
        note(by, "people.account.opened", person, email=email)
        add_role(by, person, organisation, role)
    return person


def add_role(by: User, person: User, organisation: Organisation, role: str) -> None:
    """Make a person something in an organisation.

    Raises:
        MisfitError: the role is none for this kind of organisation.
    """
    require_fit(role, organisation)
    with transaction.atomic():
        _, new = Membership.objects.get_or_create(user=person, organisation=organisation, role=role)
        if new:
            note(by, "people.role.given", person, email=person.email, role=role, organisation=organisation.name)


def take_role(by: User, held: Membership) -> None:
    """Take a role away.

    Raises:
        LastAdministratorError: it is the last administrator's.
    """
    with transaction.atomic():
        person, role, body = held.user, held.role, held.organisation.name
        held.delete()
        note(by, "people.role.taken", person, email=person.email, role=role, organisation=body)
        _some_administrator_is_left()


def lock(by: User, person: User) -> None:
    """Lock an account: whoever is logged in with it is out for good, people and programs.

    Raises:
        LastAdministratorError: it is the last administrator's.
    """
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=False)
        note(by, "people.account.locked", person, email=person.email)
        _end_all(by, person)
        _some_administrator_is_left()


def unlock(by: User, person: User) -> None:
    """Open a locked account again: to its password, and to nothing that was opened with it before."""
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=True)
        note(by, "people.account.unlocked", person, email=person.email)
        _end_all(by, person)  # what an account has that was locked before locking ended it, or began in that moment


def _end_all(by: User, person: User) -> None:
    """End every session, link and token of an account. The password stays."""
    User.objects.filter(pk=person.pk).update(ended=F("ended") + 1)
    Token.objects.end_all(person, by)


def drop_second_factor(by: User, person: User) -> None:
    """For somebody who lost the telephone: the password alone is enough until a new one is set up."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        note(by, "people.second_factor.dropped", person, email=person.email)


def invite(by: User, person: User) -> str:
    """The address at which a person chooses a password: for three days, and until it is used."""
    note(by, "people.invitation.made", person, email=person.email)
    return invitation_address(person, _TOKENS.make_token(person))


def invitation_address(person: User, token: str) -> str:
    """Where a token of a person's is used."""
    return reverse("office:invitation", args=(urlsafe_base64_encode(force_bytes(person.pk)), token))


def invited(code: str, token: str) -> User | None:
    """Whose invitation it is; nobody's where it was used, is too old or was made up."""
    try:
        number = int(urlsafe_base64_decode(code).decode())
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None
    person = User.objects.filter(pk=number, is_active=True).first()
    return person if person and _TOKENS.check_token(person, token) else None


def choose_password(person: User, password: str) -> None:
    """Give an account the password that its owner chose; who was let in by another, people and programs, is out."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        note(person, "people.password.chosen", person)
        Token.objects.end_all(person)


def _some_administrator_is_left() -> None:
    if not Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
        raise LastAdministratorError
