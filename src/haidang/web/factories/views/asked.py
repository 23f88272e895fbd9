"""Applications in a few words: what was asked of which programme, and how far each lender is with it."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.web.dong import exact_dong
from haidang.web.factories.applying import course
from haidang.web.factories.models import Application, Factory
from haidang.web.factories.vocabulary import programme_title
from haidang.web.lending.models import StageRecord
from haidang.web.words import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """An application of a factory.

    Args:
        title: of its programme.
        amount: asked for, in words.
        course: of each lender that wrote anything down, the last that stands, with its amount in words.
    """

    application: Application
    title: str
    amount: str
    course: list[tuple[StageRecord, str]]


def asked(factory: Factory, language: Language) -> list[Asked]:
    """The applications of a factory, the newest first."""
    return [
        Asked(
            one, programme_title(one.programme, language), exact_dong(one.amount, language),
            [(each, "" if each.amount is None else exact_dong(each.amount, language)) for each in course(one)],
        )
        for one in factory.applications.all()
    ]  # fmt: skip
