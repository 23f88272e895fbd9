"""What a factory answered, with how much behind it: the raw answers, which nothing later changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

import numpy as np

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.frameworks.framework import Framework

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

ANSWERS = ("no", "yes", "not_applicable")
NO, YES, NOT_APPLICABLE, NOT_ANSWERED = 0, 1, 2, -1
STATUSES = ("claimed", "documented", "verified", "measured")
CLAIMED, DOCUMENTED, VERIFIED, MEASURED = range(4)


class AssessmentError(HaidangError):
    """Answers that do not fit their framework or each other: a criterion that is not there, a factory twice."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer rests on.

    Args:
        kind: photo, record, document, measurement, interview or screen.
        file: where it is kept.
        sha256: the hash of the file, in 64 small hexadecimal digits; none where no file is kept.
        day: when it was made.
        expires: the last day on which it counts; none where it does not expire.
    """

    kind: str
    file: str | None
    sha256: str | None
    day: date | None
    expires: date | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Factory:
    """Who was assessed, when and by whom, and what is known of its business.

    Args:
        employees: persons.
        revenue: VND a year.
        value_added: VND a year.
        electricity: kWh a year.
        costs: for each kind of cost, its share of all costs, 0 to 1.
        results: the results that the factory chose to improve.
    """

    id: str
    name: str
    sector: str
    size: str
    day: date
    assessor: str
    employees: float | None = None
    revenue: float | None = None
    value_added: float | None = None
    electricity: float | None = None
    costs: Mapping[str, float] = field(default_factory=dict[str, float])
    results: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was given."""

    value: int
    status: int = CLAIMED
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Campaign:
    """The raw answers of one factory or of thousands under one framework.

    Args:
        framework: what was asked.
        factories: one a row.
        answers: int8, shape (factories, criteria): -1 not answered, 0 no, 1 yes, 2 not applicable.
        statuses: int8, shape (factories, criteria): 0 claimed, 1 documented, 2 verified, 3 measured.
        evidence: for the row and column of an answer, what it rests on.
        notes: for the row and column of an answer, what the assessor noted.
    """

    framework: Framework
    factories: tuple[Factory, ...]
    answers: Array
    statuses: Array
    evidence: Mapping[tuple[int, int], tuple[Evidence, ...]] = field(default_factory=dict[Any, Any])
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict[Any, Any])

    def __len__(self) -> int:
        return len(self.factories)

    def row(self, factory: str) -> int:
        """The row of a factory.

        Raises:
            AssessmentError: it is not in the campaign.
        """
        for at, one in enumerate(self.factories):
            if one.id == factory:
                return at
        known = [one.id for one in self.factories]
        hint = did_you_mean(factory, known) if len(known) <= 20 else None
        raise AssessmentError(f"expected an assessed factory, found '{factory}'", None, hint)

    def only(self, row: int) -> Campaign:
        """The campaign of one factory."""
        return Campaign(
            self.framework,
            (self.factories[row],),
            self.answers[row : row + 1],
            self.statuses[row : row + 1],
            {(0, column): each for (at, column), each in self.evidence.items() if at == row},
            {(0, column): each for (at, column), each in self.notes.items() if at == row},
        )


def campaign_of(framework: Framework, given: Sequence[tuple[Factory, Mapping[str, Answer]]]) -> Campaign:
    """A campaign from each factory's answers by criterion.

    Raises:
        AssessmentError: a factory is there twice, or a criterion is not in the framework.
    """
    column = {one.id: at for at, one in enumerate(framework.criteria)}
    shape = (len(given), len(column))
    answers, statuses = np.full(shape, NOT_ANSWERED, np.int8), np.zeros(shape, np.int8)
    evidence: dict[tuple[int, int], tuple[Evidence, ...]] = {}
    notes: dict[tuple[int, int], str] = {}
    for row, (factory, own) in enumerate(given):
        for name, answer in own.items():
            if name not in column:
                raise unknown_criterion(name, framework, factory.place)
            cell = row, column[name]
            answers[cell], statuses[cell] = answer.value, answer.status
            if answer.evidence:
                evidence[cell] = answer.evidence
            if answer.note is not None:
                notes[cell] = answer.note
    factories = tuple(factory for factory, _ in given)
    forbid_twice(factories)
    return Campaign(framework, factories, answers, statuses, evidence, notes)


def together(campaigns: Sequence[Campaign]) -> Campaign:
    """Several campaigns under one framework as one.

    Raises:
        AssessmentError: a factory is in two of them.
    """
    if len(campaigns) == 1:
        return campaigns[0]
    evidence: dict[tuple[int, int], tuple[Evidence, ...]] = {}
    notes: dict[tuple[int, int], str] = {}
    start = 0
    for one in campaigns:
        evidence |= {(row + start, column): each for (row, column), each in one.evidence.items()}
        notes |= {(row + start, column): each for (row, column), each in one.notes.items()}
        start += len(one)
    factories = tuple(factory for one in campaigns for factory in one.factories)
    forbid_twice(factories)
    return replace(
        campaigns[0],
        factories=factories,
        answers=np.concatenate([one.answers for one in campaigns]),
        statuses=np.concatenate([one.statuses for one in campaigns]),
        evidence=evidence,
        notes=notes,
    )


def forbid_twice(factories: Sequence[Factory]) -> None:
    """See that each factory is there once.

    Raises:
        AssessmentError: one is there twice, with both places.
    """
    seen: dict[str, Factory] = {}
    for one in factories:
        first = seen.setdefault(one.id, one)
        if first is not one:
            where = "" if first.place is None else f", first at {first.place}"
            raise AssessmentError(f"expected each factory once, found '{one.id}' twice{where}", one.place)


def unknown_criterion(name: str, framework: Framework, place: Place | None) -> AssessmentError:
    """What to say of a criterion that the framework does not have, or no longer has."""
    known = [one.id for one in framework.criteria]
    problem = f"expected a criterion of '{framework.id}' {framework.version}, found '{name}'"
    near = did_you_mean(name, known)
    return AssessmentError(problem, place, near if near.startswith("did you mean") else "it may be of another version")
