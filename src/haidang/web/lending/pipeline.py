"""The pipeline: applications as a lender may see them, each field shown only where its factory consents to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from haidang.web.dong import exact_dong
from haidang.web.factories.consent import fields as every_field
from haidang.web.factories.models import Application, Factory
from haidang.web.factories.spoken import value_text
from haidang.web.lending.choice import handed_in, seen_by, sent_to
from haidang.web.lending.lists import Place, newest, places
from haidang.web.lending.models import AllocationList, StageRecord
from haidang.web.people.models import User
from haidang.web.words import Language

NUMBERS = ("approved", "disbursed", "repaid")
FEW = 500
"""So many applications are asked for by their numbers; of more it is quicker to read all that there are."""


@dataclass(frozen=True, slots=True)
class Row:
    """An application in the pipeline.

    Args:
        seen: the fields that the reader may see.
        known: what the factory has in them, as values; a field that is not seen is not there.
        stage: the last that stands in the records that the reader may see; empty where there is none.
        sums: VND by stage, of records that stand.
        place: where the newest list that the reader may see puts the factory.
        level: the mean level that the factory claimed last; none where it is not known or may not be seen.
    """

    application: Application
    seen: frozenset[str]
    known: Mapping[str, Any]
    stage: str
    sums: Mapping[str, int]
    place: Place | None
    level: float | None = None

    def texts(self, language: Language) -> dict[str, str]:
        """The values in words: for the rows that are shown, since putting them in words is most of the work."""
        return {name: _text(name, value, language) for name, value in self.known.items()}


def rows(numbers: Iterable[int], user: User, language: Language) -> list[Row]:
    """Applications by number, in that order, with what a user may see of each; where that is nothing, not at all."""
    wanted = list(numbers)
    found = sent_to(user).select_related("factory")
    known = {each.pk: each for each in (found.filter(pk__in=wanted) if len(wanted) <= FEW else found)}
    return _rows([known[number] for number in wanted if number in known], user, language)


@dataclass(frozen=True, slots=True)
class Listed:
    """A factory on a list of the city, as a reader may see it.

    Args:
        factory: none for a lender.
        application: of the programme, by which a lender knows the factory; none for the city's people.
        name: of the factory; empty where it lets the reader not see that.
        place: where the list puts it, and why.
    """

    factory: Factory | None
    application: int | None
    name: str
    place: Place


def on_list(found: AllocationList, user: User, language: Language) -> list[Listed]:
    """The factories that a list holds, by name: the city's people see all on the site.

    A lender sees those that applied under the programme and let it see their place.
    """
    opened = seen_by(user)
    if opened is None:
        by_unit = {each.unit: each for each in Factory.objects.visible_to(user)}
        told = places(found, by_unit, language)
        made = [Listed(by_unit[unit], None, by_unit[unit].name, place) for unit, place in told.items()]
    else:
        sent = sent_to(user).filter(programme=found.programme, factory__in=opened).select_related("factory")
        shown = [each for each in sent if "listed" in opened[each.factory.pk]]
        told = places(found, {each.factory.unit for each in shown}, language)
        made = [
            Listed(
                None, each.pk, each.factory.name if "name" in opened[each.factory.pk] else "", told[each.factory.unit]
            )
            for each in shown
            if each.factory.unit in told
        ]  # fmt: skip
    return sorted(made, key=lambda one: (one.name, one.application or 0))


def one(application: Application, user: User, language: Language) -> Row:
    """One application as the user may see it."""
    return _rows([application], user, language)[0]


def _rows(found: list[Application], user: User, language: Language) -> list[Row]:
    opened = seen_by(user, [each.factory.pk for each in found] if len(found) <= FEW else None)
    whole = frozenset(every_field())
    records = _records(found, user)
    levels = _levels([each.factory.pk for each in found])
    standing = _places(found, opened, language)
    made: list[Row] = []
    for each in found:
        factory = each.factory
        seen = whole if opened is None else opened.get(factory.pk, frozenset())
        own = records.get(each.pk, [])
        known = _known(each, factory, seen)
        made.append(
            Row(
                each, seen, known, own[-1][0] if own else "", _sums(own),
                standing.get((each.programme, factory.unit)) if "listed" in seen else None,
                levels.get(factory.pk) if "levels" in seen else None,
            )
        )  # fmt: skip
    return made


def _known(application: Application, factory: Factory, seen: frozenset[str]) -> dict[str, Any]:
    """The values of the fields that are seen, and of no others."""
    values: dict[str, Any] = {
        "name": factory.name, "tax_code": factory.tax_code, "district": factory.district, **factory.known,
        "amount": application.amount, "purpose": application.purpose,
    }  # fmt: skip
    # A size says within which bounds the employees are, so it is seen with them and not without.
    return {name: value for name, value in values.items() if ("employees" if name == "size" else name) in seen}


def _text(name: str, value: Any, language: Language) -> str:
    if name == "amount":
        return exact_dong(int(value), language)
    if name in {"name", "tax_code", "district", "purpose"}:
        return str(value)
    return value_text(name, value, language)


def _levels(factories: list[int]) -> dict[int, float | None]:
    """The mean level that each factory claims in the assessment that it handed in last; none where it is not known."""
    found = handed_in()
    if len(factories) <= FEW:
        found = found.filter(factory__in=factories)
    return dict(found.values_list("factory", "mean"))


def _places(
    found: list[Application], opened: Mapping[int, frozenset[str]] | None, language: Language
) -> dict[tuple[str, int], Place]:
    told: dict[tuple[str, int], Place] = {}
    for programme in {each.programme for each in found}:
        made = newest(programme, published=opened is not None)
        if made is None:
            continue
        units = {each.factory.unit for each in found if each.programme == programme}
        told |= {(programme, unit): place for unit, place in places(made, units, language).items()}
    return told


def _records(found: list[Application], user: User) -> dict[int, list[tuple[str, int]]]:
    """By application the stages that stand and that the user may see, with their VND, by day."""
    told: dict[int, list[tuple[str, int]]] = {}
    standing = StageRecord.objects.standing(user)
    if len(found) <= FEW:
        standing = standing.filter(application__in=found)
    for number, stage, amount in standing.values_list("application", "stage", "amount"):
        told.setdefault(number, []).append((stage, amount or 0))
    return told


def _sums(records: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {name: 0 for name in NUMBERS}
    for stage, amount in records:
        if stage in sums:
            sums[stage] += amount
    return sums
