"""Which programmes would pay for a step of a factory, with each condition shown as met, not met or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from haidang.errors import HaidangError
from haidang.facts import FactBook
from haidang.frameworks.assessment import Factory
from haidang.programmes import Instrument, Programme


@dataclass(frozen=True, slots=True)
class Met:
    """One condition of a programme.

    Args:
        text: as the programme says it.
        met: whether the factory meets it; none where something that it reads is not known.
        reads: what the factory has in what it reads; none for what is not known.
    """

    text: str
    met: bool | None
    reads: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Payer:
    """An instrument that pays for a step, for whoever meets its conditions.

    Args:
        eligible: whether all conditions are met; none where one is not known and none is missed.
        years: when it runs.
    """

    programme: str
    title: Mapping[str, str]
    instrument: str
    instrument_title: Mapping[str, str]
    step: str
    conditions: tuple[Met, ...]
    eligible: bool | None
    years: tuple[int, ...]


def known_of(factory: Factory, start: Mapping[str, int]) -> Mapping[str, Any]:
    """What is known of a factory under the names of a population's columns."""
    row: dict[str, Any] = {
        "sector": factory.sector, "size": factory.size, "employees": factory.employees, "revenue": factory.revenue,
        "value_added": factory.value_added, "electricity": factory.electricity,
        **{f"level_{area}": level for area, level in start.items()},
    }  # fmt: skip
    if start:
        row["level"] = sum(start.values()) / len(start)
    return {name: value for name, value in row.items() if value is not None}


def payers(
    steps: Iterable[str], programmes: Iterable[Programme], known: Mapping[str, Any], book: FactBook
) -> tuple[Payer, ...]:
    """Every instrument that would pay for one of the steps, with its conditions.

    Args:
        steps: ids of technology groups; an instrument whose lever `pays_<id>` is 0 leaves one out.
        programmes: whose instruments.
        known: what is known of the factory, by column.
        book: facts that conditions may read.
    """
    names = tuple(steps)
    found: list[Payer] = []
    for programme in programmes:
        for instrument in programme.instruments:
            conditions = conditions_of(instrument, known, book)
            for step in names:
                if _pays(instrument, step, book):
                    found.append(
                        Payer(
                            programme=programme.id,
                            title=programme.title,
                            instrument=instrument.id,
                            instrument_title=instrument.title,
                            step=step,
                            conditions=conditions,
                            eligible=all_met(conditions),
                            years=instrument.years or programme.years,
                        )
                    )
    return tuple(found)


def conditions_of(instrument: Instrument, known: Mapping[str, Any], book: FactBook) -> tuple[Met, ...]:
    """The conditions of an instrument, each with whether a factory meets it.

    Args:
        instrument: whose conditions.
        known: what is known of the factory, by column.
        book: facts that conditions may read.
    """
    return tuple(_met(part.text, part, known, book) for part in instrument.eligible.conditions)


def _met(text: str, part: Any, known: Mapping[str, Any], book: FactBook) -> Met:
    row: dict[str, Any] = {name: known.get(name, _fact(book, name)) for name in part.names}
    if any(value is None for value in row.values()):
        return Met(text, None, row)
    (found,) = part.explain(row)
    return Met(text, found.met, row)


def _fact(book: FactBook, name: str) -> float | None:
    return book.value(name) if name in book.facts else None


def _pays(instrument: Instrument, step: str, book: FactBook) -> bool:
    lever = instrument.levers.get(f"pays_{step}")
    if lever is None:
        return True
    try:
        return lever.constant({name: book.value(name) for name in lever.names if name in book.facts}) > 0
    except HaidangError:
        return True  # it depends on the factory: whoever asks sees the instrument and its conditions


def all_met(conditions: tuple[Met, ...]) -> bool | None:
    """Whether all conditions are met; none where one is not known and none is missed."""
    if any(one.met is False for one in conditions):
        return False
    return None if any(one.met is None for one in conditions) else True
