"""Users, organisations, and what a user is in each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

from haidang.web.people.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes users, who are known by their address of electronic mail."""

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

    objects: ClassVar[UserManager] = UserManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []  # pyright: ignore[reportIncompatibleVariableOverride]

    def __str__(self) -> str:
        return self.name or self.email

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

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a user is in an organisation; a user may be several things in several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)

    class Meta:
        """A user is a thing once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="a_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.organisation}"
