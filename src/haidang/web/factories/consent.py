"""Consent: which fields of a factory a lender sees now, and writing down what changes."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from haidang.web.factories.models import Consent, Factory
from haidang.web.factories.vocabulary import column_title, traits
from haidang.web.ledger.write import note
from haidang.web.people.models import Organisation, User, bodies_of
from haidang.web.people.roles import Role
from haidang.web.words import Language, words

WHO = ("name", "tax_code", "district", "sector", "employees", "revenue", "value_added", "electricity")
"""Fields of the profile that every factory has; the pack's further columns come after them."""
ASSESSED = ("levels", "answers", "evidence")
ASKED_FOR = ("amount", "purpose")
LISTED = "listed"
"""Where an allocation list of the city puts the factory, and why."""


def fields() -> tuple[str, ...]:
    """Every field that a consent may name, in the order of the form."""
    return (*WHO, *traits(), *ASSESSED, *ASKED_FOR, LISTED)


def field_title(name: str, language: Language) -> str:
    """What a field of a consent is called."""
    if name in (*ASSESSED, *ASKED_FOR, LISTED):
        return words(language).text(f"factories.consent.field.{name}")
    return column_title(name, language)


def held(user: User | AnonymousUser, factories: Iterable[int] | None = None) -> dict[int, frozenset[str]]:
    """By factory the fields that a user's lenders see now; a factory without a consent that stands is not there.

    Args:
        user: of the lenders.
        factories: numbers of those that are asked for; none for all.
    """
    found: dict[int, frozenset[str]] = {}
    rows = Consent.objects.filter(lender__in=bodies_of(user, Role.LENDER_OFFICER), current=True)
    if factories is not None:
        rows = rows.filter(factory__in=list(factories))
    for number, given in rows.values_list("factory", "fields"):
        found[number] = found.get(number, frozenset()) | frozenset(given)
    return found


def opened(user: User | AnonymousUser, field: str) -> list[int]:
    """The factories of which a user's lenders see a field now."""
    return [number for number, given in held(user).items() if field in given]


def consents_to(factory: Factory, lender: Organisation) -> frozenset[str]:
    """The fields of a factory that one lender sees now."""
    found = Consent.objects.filter(factory=factory, lender=lender, current=True).first()
    return frozenset() if found is None else frozenset(found.fields)


def settle(factory: Factory, lender: Organisation, wanted: Iterable[str], who: User) -> bool:
    """Let a lender see these fields from now on and no others; none withdraws the consent.

    Returns:
        Whether anything changed.
    """
    given = [field for field in fields() if field in frozenset(wanted)]
    with transaction.atomic():
        Factory.objects.select_for_update().get(pk=factory.pk)
        if frozenset(given) == consents_to(factory, lender):
            return False
        Consent.objects.filter(factory=factory, lender=lender, current=True).update(current=False)
        row = Consent.objects.create(
            factory=factory, lender=lender, fields=given, current=bool(given), given_by=who
        )  # fmt: skip
        note(
            who, "factories.consent.given" if given else "factories.consent.withdrawn", row,
            factory=factory.pk, lender=lender.name, fields=given,
        )  # fmt: skip
    return True
