"""What came, opened after the forecast: outcomes and official forecasts in the unit in which they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from haidang.facts import FactBook, canonical_unit, convert
from haidang.facts.units import CURRENCIES
from haidang.learn.backtest_file import Case
from haidang.learn.quantity import Quantity
from haidang.learn.result import Held, Numbers
from haidang.learn.series import SHARE
from haidang.learn.terms import stated_fact
from haidang.programmes import Expression


@dataclass(frozen=True, slots=True)
class Told:
    """In which unit amounts are told, and what a canonical amount is multiplied with to be in it."""

    unit: str
    factor: float


def told_in(book: FactBook, came: Expression) -> Told:
    """The unit of what came: money in its own currency, percentages as shares, else as the fact is stated."""
    unit = stated_fact(book, came).unit
    root = canonical_unit(unit)
    if root == "1":
        return Told(SHARE if "%" in unit else "1", 1.0)
    if any(currency in root for currency in CURRENCIES):
        return Told(root, 1.0)
    return Told(unit, convert(1.0, root, unit))


def held_against(
    book: FactBook, quantity: Quantity, case: Case | None, forecast: Numbers, naive: float, told: Told, cutoff: date
) -> list[Held]:
    """A forecast beside each outcome that it is held against.

    Args:
        book: the pack's whole book.
        quantity: what was forecast.
        case: of which case; none where there are none.
        forecast: by draw, canonical.
        naive: the naive forecast, canonical.
        told: the unit of the result.
        cutoff: of the backtest; a case has its own.
    """
    official = quantity.official if case is None else case.official
    return [
        Held(
            id=came.text if case is None else case.id,
            title=stated_fact(book, came).title if case is None or case.title is None else case.title,
            draws=forecast * told.factor,
            outcome=stated_fact(book, came).canonical * told.factor,
            outcome_source=_source(book, came),
            official=None if official is None else book.value(official) * told.factor,
            naive=naive * told.factor,
            cutoff=cutoff if case is None else case.cutoff,
            fitted=case is not None and case.fitted,
        )
        for came in (quantity.came if case is None else (case.came,))
    ]


def _source(book: FactBook, came: Expression) -> Mapping[str, str | None] | None:
    """The document behind what came, as a report cites it; none where it is assumed."""
    found = stated_fact(book, came).source
    if not found:
        return None
    document = book.sources[found[0]]
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "date": document.date,
        "address": document.address,
    }
