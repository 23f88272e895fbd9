"""What the log holds of a factory's own papers, in words."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Model, QuerySet

from haidang.web.factories.consent import field_title
from haidang.web.factories.models import Factory
from haidang.web.factories.vocabulary import framework, programme_title
from haidang.web.ledger import told
from haidang.web.ledger.models import Entry
from haidang.web.words import Language, words


def entries(factory: Factory) -> QuerySet[Entry]:
    """The log's entries about a factory, its assessments, applications and consents, the newest first.

    With them what lenders wrote down of its applications. A factory sees these as its own although others wrote some
    of them; nothing else of the log.
    """
    assessments = list(factory.assessments.filter(of__isnull=True))
    readings = list(factory.assessments.filter(of__isnull=False, submitted__isnull=False))
    applications = list(factory.applications.prefetch_related("stages"))
    stages = [stage for one in applications for stage in one.stages.all()]
    own: list[Model] = [factory, *assessments, *readings, *applications, *factory.consents.all(), *stages]
    return Entry.objects.filter(subject__in=[f"{one._meta.label_lower}:{one.pk}" for one in own])


def who_of(entry: Entry) -> str:
    """Who did it: a lender by its name, since a factory deals with the lender and not with its officer."""
    return str(json.loads(entry.details)["lender"]) if entry.action.startswith("lending.") else entry.who


def details_of(entry: Entry, language: Language) -> str:
    """The details of an entry in words; what the page says already, whose it is, is left out."""
    found: dict[str, Any] = json.loads(entry.details)
    found.pop("factory", None)
    if entry.action.startswith("lending."):
        found.pop("lender")
    if "programme" in found:
        found["programme"] = programme_title(found["programme"], language)
    if "capability" in found:
        titles = {one.id: one.title[language] for one in framework().capabilities}
        found["capability"] = titles.get(found["capability"], found["capability"])
    texts = {one.id: one.text[language] for one in framework().criteria}
    if "criterion" in found:
        found["criterion"] = str(texts.get(found["criterion"], found["criterion"])).rstrip(".")
    if "criteria" in found:
        found["criteria"] = words(language).text("factories.history.criteria", count=len(found["criteria"]))
    if "fields" in found:
        found["fields"] = [field_title(name, language) for name in found["fields"]]
    return told.details(json.dumps(found), language)
