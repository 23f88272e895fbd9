"""What the log holds of a factory's own papers."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from haidang.web.factories.models import Factory
from haidang.web.ledger.models import Entry


def entries(factory: Factory) -> QuerySet[Entry]:
    """The log's entries about a factory, its assessments, applications and consents, the newest first.

    A factory sees these as its own although others wrote some of them; nothing else of the log.
    """
    assessments = list(factory.assessments.filter(of__isnull=True))
    readings = list(factory.assessments.filter(of__isnull=False, submitted__isnull=False))
    own: list[Model] = [factory, *assessments, *readings, *factory.applications.all(), *factory.consents.all()]
    return Entry.objects.filter(subject__in=[f"{one._meta.label_lower}:{one.pk}" for one in own])
