"""Answers for tests: factories by a few words, and campaigns from them."""

from collections.abc import Mapping
from datetime import date

from haidang.frameworks.assessment import ANSWERS, NOT_ANSWERED, Answer, Campaign, Factory, campaign_of
from tests.frameworks.small import small

IDS = tuple(one.id for one in small().criteria)
ALL_YES = dict.fromkeys(IDS, "yes")


def factory(name: str = "example-1", sector: str = "food", size: str = "medium") -> Factory:
    """An invented factory."""
    return Factory(name, name, sector, size, date(2026, 11, 20), "An assessor")


def answer(text: str, status: int = 0) -> Answer:
    """An answer from its word; an empty one is not answered."""
    return Answer(ANSWERS.index(text) if text else NOT_ANSWERED, status)


def campaign(*given: Mapping[str, str], sector: str = "food") -> Campaign:
    """A campaign of the small framework."""
    return campaign_of(
        small(),
        [
            (factory(f"example-{at}", sector), {name: answer(text) for name, text in own.items()})
            for at, own in enumerate(given)
        ],
    )
