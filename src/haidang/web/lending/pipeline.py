"""The pipeline: applications as a lender may see them, each field shown only where its factory consents to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from haidang.web.dong import exact_dong
from haidang.web.factories.consent import fields as every_field
from haidang.web.factories.consent import held
from haidang.web.factories.models import Application, Assessment, Factory
from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.factories.spoken import value_text
from haidang.web.factories.vocabulary import programmes
from haidang.web.lending.lists import Place, newest, places
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import User, roles_of
from haidang.web.words import Language

SORTS = ("sent", "name", "employees", "level", "amount", "stage")
NUMBERS = ("approved", "disbursed", "repaid")


@dataclass(frozen=True, slots=True)
class Row:
    """An application in the pipeline.

    Args:
        seen: the fields that the reader may see.
        known: what the factory has in them, as values; a field that is not seen is not there.
        stage: the last that stands in the records that the reader may see; empty where there is none.
        sums: VND by stage, of records that stand.
        place: where the newest list that the reader may see puts the factory.
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


def rows(user: User, language: Language) -> list[Row]:
    """Every application that was sent, stands, and that the user may see, with what the user may see of it."""
    found = (
        Application.objects.visible_to(user)
        .filter(sent__isnull=False, withdrawn__isnull=True)
        .select_related("factory")
        .order_by("-sent", "-id")
    )
    return _rows(list(found), user, language)


def one(application: Application, user: User, language: Language) -> Row:
    """One application as the user may see it."""
    return _rows([application], user, language)[0]


def seen_by(user: User) -> Mapping[int, frozenset[str]] | None:
    """By factory the fields that a user may see; none where the user sees every field of all."""
    return None if roles_of(user) & REVIEWERS else held(user)


def _rows(found: list[Application], user: User, language: Language) -> list[Row]:
    opened = seen_by(user)
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
    """The mean level that each factory claims in the assessment that it handed in last."""
    handed_in = Assessment.objects.filter(of__isnull=True, submitted__isnull=False)
    if len(factories) == 1:
        handed_in = handed_in.filter(factory__in=factories)
    return dict(handed_in.order_by("submitted").values_list("factory", "mean"))


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
    if len(found) == 1:
        standing = standing.filter(application=found[0])
    for number, stage, amount in standing.values_list("application", "stage", "amount"):
        told.setdefault(number, []).append((stage, amount or 0))
    return told


def _sums(records: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {name: 0 for name in NUMBERS}
    for stage, amount in records:
        if stage in sums:
            sums[stage] += amount
    return sums


def chosen(found: list[Row], given: Mapping[str, str]) -> list[Row]:
    """The rows that a reader asked for, in the order asked for.

    What is not seen of a row cannot be asked for: a row without the field is in no answer to a question about it.
    """
    wanted = given.get("q", "").strip().casefold()
    kept = [
        row
        for row in found
        if _fits(row, given) and (not wanted or wanted in str(row.known.get("name", "")).casefold())
    ]
    key = given.get("sort", "sent")
    key = key if key in SORTS else "sent"
    down = given.get("order", "down" if key == "sent" else "up") == "down"
    with_value = [row for row in kept if _key(row, key) is not None]
    without = [row for row in kept if _key(row, key) is None]
    return [*sorted(with_value, key=lambda row: _key(row, key), reverse=down), *without]


def _fits(row: Row, given: Mapping[str, str]) -> bool:
    if (programme := given.get("programme", "")) and row.application.programme != programme:
        return False
    if (stage := given.get("stage", "")) and (row.stage or "none") != stage:
        return False
    return all(not (word := given.get(name, "")) or row.known.get(name) == word for name in ("sector", "size"))


def _key(row: Row, name: str) -> Any:
    if name == "sent":
        return row.application.sent
    if name == "stage":
        return row.stage or None
    if name == "level":
        return row.level
    value = row.known.get(name)
    return value.casefold() if isinstance(value, str) else value


def title_of(programme: str, language: Language) -> str:
    """What a programme is called."""
    found = programmes().get(programme)
    return programme if found is None else found.title[language]
