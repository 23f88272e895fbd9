"""Applications: drafted, sent, withdrawn, each with its entry in the log, whoever asks for it, a page or a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from haidang.web.factories.models import Application, Factory
from haidang.web.ledger.write import note
from haidang.web.people.models import User

if TYPE_CHECKING:
    from haidang.web.lending.models import StageRecord

DEEDS = {"sent": "factories.application.sent", "withdrawn": "factories.application.withdrawn"}
"""What the log calls it when a moment of an application is set."""


def standing(factory: Factory, programme: str) -> Application | None:
    """A factory's application to a programme that is not withdrawn."""
    return factory.applications.filter(programme=programme, withdrawn__isnull=True).first()


def draft(factory: Factory, programme: str, given: Mapping[str, Any], who: User) -> Application | None:
    """Write a draft where it is still as its writer saw it; none where somebody else wrote in between.

    Args:
        factory: whose it is.
        programme: to which.
        given: as `ApplicationForm` gives it: the amount, the purpose, the version that was read.
        who: writes.
    """
    seen, told = given["version"], {key: given[key] for key in ("amount", "purpose")}
    with transaction.atomic():
        Factory.objects.select_for_update().get(pk=factory.pk)
        found = standing(factory, programme)
        if (0 if found is None else found.version) != seen or (found is not None and found.sent is not None):
            return None
        if found is None:
            found = Application.objects.create(factory=factory, programme=programme, made_by=who, **told)
            note(who, "factories.application.drafted", found, programme=programme, amount=found.amount)
            return found
        found.amount, found.purpose, found.version = told["amount"], told["purpose"], seen + 1
        found.save(update_fields=["amount", "purpose", "version"])
        note(who, "factories.application.changed", found, programme=programme, amount=found.amount)
    return found


class AlreadyError(Http404):
    """An application was to be sent that was sent, or taken back that was taken back."""


def send(number: int, who: User) -> Application:
    """Send an application: from now on the city and consented lenders see it.

    Raises:
        Http404: it is not one's own.
        AlreadyError: it was sent, or taken back.
    """
    return _move(number, who, "sent")


def withdraw(number: int, who: User) -> Application:
    """Take an application back; no lender sees it from now on.

    Raises:
        Http404: it is not one's own.
        AlreadyError: it was taken back.
    """
    return _move(number, who, "withdrawn")


def course(one: Application) -> list[StageRecord]:
    """Where an application stands: of each lender that wrote anything down, the last that no record corrects."""
    standing = one.stages.filter(corrected_by__isnull=True).exclude(stage="void").select_related("lender")
    return list({record.lender.pk: record for record in standing.order_by("day", "id")}.values())


def _move(number: int, who: User, field: str) -> Application:
    rows = Application.objects.filter(factory__in=Factory.objects.owned_by(who))
    with transaction.atomic():
        one = rows.select_for_update(of=("self",)).filter(pk=number).first()
        if one is None:
            raise Http404
        if one.withdrawn is not None or getattr(one, field) is not None:
            raise AlreadyError
        setattr(one, field, timezone.now())
        one.save(update_fields=[field])
        note(who, DEEDS[field], one, programme=one.programme, amount=one.amount)
    return one
