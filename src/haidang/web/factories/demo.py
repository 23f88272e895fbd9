"""Example factories, lenders and applications, clearly made up, so that an office can look round an empty site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from haidang.errors import HaidangError
from haidang.web.factories.consent import fields, settle
from haidang.web.factories.drafts import hand_in
from haidang.web.factories.models import Answer, Application, Assessment, Factory
from haidang.web.factories.tax import check_digit
from haidang.web.factories.vocabulary import framework, programmes, traits
from haidang.web.ledger.write import note
from haidang.web.people.models import Organisation, User

EXAMPLES = "Ví dụ · Example"
"""How the name of everything that is made up begins, in both languages."""


class DemoError(HaidangError):
    """A site that examples must not be mixed into."""


@dataclass(frozen=True, slots=True)
class _Made:
    """One example: what is said of it, the level up to which it answers yes, and what it asks for in million VND."""

    name: str
    district: str
    sector: str
    employees: int
    revenue: int
    level: int
    asked: int
    zone: bool | None
    collateral: bool | None


MADE = (
    _Made("Nhà máy thực phẩm A · Food A", "Khu công nghiệp ví dụ 1", "food", 64, 92, 1, 4_500, True, True),
    _Made("Nhà máy thực phẩm B · Food B", "Xã ví dụ 2", "food", 23, 21, 0, 1_200, False, False),
    _Made("Nhà máy may C · Garments C", "Khu công nghiệp ví dụ 1", "garments", 480, 310, 2, 12_000, True, True),
    _Made("Nhà máy may D · Garments D", "Phường ví dụ 3", "garments", 150, 88, 1, 6_000, False, None),
    _Made("Xưởng cơ khí E · Metal E", "Phường ví dụ 3", "metal", 14, 12, 1, 900, False, False),
    _Made("Xưởng cơ khí F · Metal F", "Khu công nghiệp ví dụ 4", "metal", 85, 74, 2, 0, True, True),
    _Made("Nhà máy nhựa G · Plastics G", "Khu công nghiệp ví dụ 4", "other", 230, 265, 3, 0, True, True),
)
MILLION, BILLION = 10**6, 10**9


def make_examples() -> int:
    """Put the examples on an empty site.

    Returns:
        How many factories.

    Raises:
        DemoError: the site has factories already, or somebody's organisation is a lender.
    """
    with transaction.atomic():
        if Factory.objects.exists():
            raise DemoError(
                "expected a site without factories, found some", None, "examples are never mixed with others"
            )
        if Organisation.objects.filter(kind=Organisation.Kind.LENDER).exists():
            raise DemoError(
                "expected a site without lenders, found some", None, "no lender shall take examples for real"
            )
        who = User.objects.create_user("vi-du@example.invalid", None, name=EXAMPLES, is_active=False)
        lenders = [
            Organisation.objects.create(name=f"{EXAMPLES}: {name}", kind=Organisation.Kind.LENDER)
            for name in ("Ngân hàng Một · Bank One", "Quỹ Hai · Fund Two")
        ]
        for at, one in enumerate(MADE):
            _make(at, one, lenders, who)
        note(None, "factories.examples.made", "site", factories=len(MADE))
    return len(MADE)


def example_code(at: int) -> str:
    """A tax code that fits its own check and that nobody has: the first three digits 000 are given to no province."""
    for number in range(at * 20, at * 20 + 20):
        stem = f"0009{number:05d}"
        if check_digit(stem) < 10:
            return f"{stem}{check_digit(stem)}"
    raise AssertionError("one in twenty numbers has a check digit")


def _make(at: int, one: _Made, lenders: list[Organisation], who: User) -> None:
    body = Organisation.objects.create(name=f"{EXAMPLES}: {one.name}", kind=Organisation.Kind.FACTORY)
    said = {"zone": one.zone, "collateral": one.collateral}
    factory = Factory.objects.create(
        body=body, name=f"{EXAMPLES}: {one.name}", tax_code=example_code(at), district=one.district, sector=one.sector,
        employees=one.employees, revenue=one.revenue * BILLION, value_added=one.revenue * BILLION // 4,
        electricity=one.employees * 15_000, example=True, changed_by=who,
        traits={name: value for name, value in said.items() if value is not None and name in traits()},
    )  # fmt: skip
    assessment = Assessment.objects.create(
        factory=factory, framework=framework().id, framework_version=framework().version, begun_by=who
    )
    Answer.objects.bulk_create(
        Answer(assessment=assessment, criterion=each.id, value=_answer(at, place, each.level, one.level), given_by=who)
        for place, each in enumerate(framework().criteria)
    )
    hand_in(assessment, who)
    for programme in programmes() if one.asked else ():
        Application.objects.create(
            factory=factory, programme=programme, amount=one.asked * MILLION, made_by=who,
            purpose="Ví dụ: thay máy cũ và lắp đồng hồ đo. Example: replace old machines and fit meters.",
            sent=timezone.now() - timedelta(days=10 - at),
        )  # fmt: skip
        settle(factory, lenders[at % 2], fields() if at != 1 else ("name", "sector", "amount", "purpose"), who)


def _answer(at: int, place: int, level: int, reached: int) -> int:
    """Yes up to the level reached, and here and there one above; no for the rest."""
    return int(level <= reached or (level == reached + 1 and (place + at) % 3 == 0))
