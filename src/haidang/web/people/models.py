"""Users, organisations, and what a user is in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

from haidang.web.people.roles import FACTORY_PEOPLE, Role


class UserManager(BaseUserManager["User"]):
    """Makes users, who are known by their address of electronic mail."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[User]:
        """For an administrator all; for others themselves."""
        if Role.ADMINISTRATOR in roles_of(user):
            return self.all()
        return self.filter(pk=user.pk) if isinstance(user, User) else self.none()

    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:
        """A new user, whose password is hashed with Argon2; without one nobody can log in.

        Raises:
            ValueError: there is no address.
        """
        if not email:
            raise ValueError("a user needs an address of electronic mail")
        user = self.model(email=self.normalize_email(email).lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    ended = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []  # pyright: ignore[reportIncompatibleVariableOverride]

    def __str__(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this account's: another one after a new password, and after each ending."""
        return self._of_now(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secrets that the site had before."""
        for seal in super().get_session_auth_fallback_hash():  # pyright: ignore
            yield self._of_now(str(seal))  # pyright: ignore

    def _of_now(self, seal: str) -> str:
        # Nothing is added as long as nothing was ended, so that sessions outlive the column's coming.
        return f"{seal}:{self.ended}" if self.ended else seal

    @cached_property
    def roles(self) -> frozenset[Role]:
        """What the person is in any organisation, asked once for each request: its user is read anew."""
        found = Membership.objects.filter(user=self).values_list("role", flat=True)
        return frozenset(Role(each) for each in found)


def viewer(request: HttpRequest) -> User | AnonymousUser:
    """Who asks for a page."""
    user = request.user
    return user if isinstance(user, User) else AnonymousUser()


def doer(request: HttpRequest) -> User:
    """Who does what a page does, where its door lets nobody in without an account."""
    found = viewer(request)
    assert isinstance(found, User), "the door of this page lets nobody in without an account"
    return found


def bodies_of(user: User | AnonymousUser, *roles: Role) -> models.QuerySet[Organisation]:
    """The organisations in which a user is one of these; none where nobody is logged in or the account is locked."""
    if not isinstance(user, User) or not user.is_active:
        return Organisation.objects.none()
    held = Membership.objects.filter(user=user, role__in=roles)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """What a user is in any organisation; nothing where nobody is logged in."""
    return user.roles if isinstance(user, User) and user.is_active else frozenset()


class OrganisationManager(models.Manager["Organisation"]):
    """Organisations, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Organisation]:
        """For an administrator all; for others their own, and for a factory's people the lenders besides."""
        if Role.ADMINISTRATOR in roles_of(user):
            return self.all()
        own = models.Q(pk__in=bodies_of(user, *Role).values("pk"))
        return self.filter(own | models.Q(pk__in=self.lenders_for(user).values("pk")))

    def lenders_for(self, user: User | AnonymousUser) -> models.QuerySet[Organisation]:
        """The lenders and funds to which a factory's people may show something of it."""
        lenders = self.filter(kind=Organisation.Kind.LENDER).order_by("name")
        return lenders if roles_of(user) & FACTORY_PEOPLE else lenders.none()


class Organisation(models.Model):
    """A body whose people use the laboratory."""

    class Kind(models.TextChoices):
        """What kind of body it is."""

        CITY = "city"
        FACTORY = "factory"
        LENDER = "lender"
        EVALUATOR = "evaluator"

    name = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)

    objects: ClassVar[OrganisationManager] = OrganisationManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    def __str__(self) -> str:
        return self.name


class MembershipManager(models.Manager["Membership"]):
    """What people are, and of whom somebody may see it."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Membership]:
        """For an administrator of all; for others of themselves."""
        return self.filter(user__in=User.objects.visible_to(user).values("pk"))


class Membership(models.Model):
    """What a user is in an organisation; a user may be several things in several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)

    objects: ClassVar[MembershipManager] = MembershipManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """A user is a thing once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="a_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"
