"""Answers with a row per criterion: the filled template, or a long table of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haidang.errors import Place, did_you_mean
from haidang.frameworks.answers_yaml import accepted, factory_id, hashed, in_order, same_framework
from haidang.frameworks.assessment import (
    ANSWERS,
    CLAIMED,
    NOT_ANSWERED,
    STATUSES,
    Answer,
    AssessmentError,
    Campaign,
    Evidence,
    Factory,
    campaign_of,
    unknown_criterion,
)
from haidang.frameworks.framework import Criterion, Framework
from haidang.frameworks.rows import Row, SheetError, csv_rows, said, sheet_rows
from haidang.frameworks.sheets import Cell, Workbook
from haidang.frameworks.template import ASKED, FACTORY_KEYS, GIVEN
from haidang.frameworks.words import folded, meanings, words

LONG = ("factory", "criterion", "answer")
ABOUT = tuple(key for key in FACTORY_KEYS if key not in {"framework", "version", "factory"})
SHOWN = (*(key for key in ASKED if key not in {"text", "criterion"}), "text_vi", "text_en")


def read_filled_template(book: Workbook, framework: Framework) -> Campaign:
    """The answers in a filled template.

    Raises:
        HaidangError: a cell is not as it should be, with sheet and cell.
    """
    about = _about(book)
    same_framework(
        framework, about.text_or("framework", None), about.text_or("version", None), about.place("framework")
    )
    given: dict[str, list[Row]] = {}
    for row in sheet_rows(book, "answers", ("criterion", "answer"), (*SHOWN, *GIVEN)):
        given.setdefault(row.safe_text("criterion"), []).append(row)
    return campaign_of(framework, [(factory_of(about), _answers(given, framework))])


def read_long(path: Path | str, framework: Framework) -> Campaign:
    """The answers of many factories in a CSV file with a row for each factory and criterion.

    What is known of a factory is read from its first row, and must be the same wherever it is written again.

    Raises:
        HaidangError: a cell is not as it should be, with line and heading.
    """
    rows: dict[str, dict[str, list[Row]]] = {}
    first: dict[str, Row] = {}
    for row in csv_rows(path, LONG, (*FACTORY_KEYS, *SHOWN, *GIVEN)):
        name = row.safe_text("factory")
        _agree(first.setdefault(name, row), row)
        rows.setdefault(name, {}).setdefault(row.safe_text("criterion"), []).append(row)
    for row in first.values():
        same_framework(framework, row.text_or("framework", None), row.text_or("version", None), row.place("framework"))
    return campaign_of(framework, [(factory_of(first[name]), _answers(own, framework)) for name, own in rows.items()])


def _agree(first: Row, row: Row) -> None:
    for key in ABOUT:
        if key != "date" and row.cells.get(key) is not None and row.cells[key] != first.cells.get(key):
            problem = f"expected {said(first.cells.get(key))} as in line {first.number}, found {said(row.cells[key])}"
            raise AssessmentError(problem, row.place(key))


@dataclass(frozen=True, slots=True)
class _About(Row):
    """The sheet about the factory as one row, whose cells stand below each other."""

    places: Mapping[str, Place]

    def place(self, key: str) -> Place:
        return self.places.get(key, Place(self.path, None, self.sheet))


def _about(book: Workbook) -> Row:
    cells: dict[str, Cell] = {}
    places: dict[str, Place] = {}
    known = meanings("headings")
    for row in sheet_rows(book, "factory", ("key", "value"), ("note",)):
        key = known.get(folded(row.text("key")))
        if key not in FACTORY_KEYS:
            problem = f"expected a known key, found {said(row.cells.get('key'))}"
            raise SheetError(problem, row.place("key"), did_you_mean(row.text("key"), list(known)))
        if key in cells:
            raise SheetError(f"expected each key once, found {said(row.cells.get('key'))} twice", row.place("key"))
        cells[key], places[key] = row.cells.get("value"), row.place("value")
    return _About(str(book.path), 0, cells, {}, book.title("factory"), places)


def factory_of(row: Row) -> Factory:
    """A factory from what a row says about it.

    Raises:
        HaidangError: a cell is missing or wrong.
    """
    name = row.safe_text("factory")
    day = row.day_or("date", None)
    if day is None:
        raise SheetError("expected a date, found an empty cell", row.place("date"))
    return Factory(
        id=factory_id(name, row.place("factory")),
        name=row.safe_text_or("name", name),
        sector=_one_of(row, "sector"),
        size=_one_of(row, "size"),
        day=day,
        assessor=row.safe_text("assessor"),
        employees=_positive(row, "employees"),
        revenue=_positive(row, "revenue"),
        value_added=_positive(row, "value_added"),
        electricity=_positive(row, "electricity"),
        costs=cost_shares(row.text_or("costs", ""), row.place("costs")),
        results=chosen_results(row.text_or("results", ""), row.place("results")),
        place=row.place("factory"),
    )


def _one_of(row: Row, key: str) -> str:
    found = row.choice_or(key, f"{key}s", None)
    if found is None:
        raise SheetError(f"expected one of {', '.join(words(f'{key}s'))}, found an empty cell", row.place(key))
    return found


def _positive(row: Row, key: str) -> float | None:
    found = row.number_or(key, None)
    if found is not None and found <= 0:
        raise SheetError(f"expected more than 0, found {found:g}", row.place(key))
    return found


def cost_shares(text: str, place: Place) -> Mapping[str, float]:
    """Shares of all costs from a text such as `energy 12; labour 25`, in per cent.

    Raises:
        SheetError: a name is unknown or a number is no share.
    """
    shares: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        name, _, number = part.rpartition(" ")
        key = meanings("costs").get(folded(name))
        if key is None or key in shares:
            raise SheetError(
                f"expected each kind of cost once, found '{part}'", place, did_you_mean(name, words("costs"))
            )
        try:
            shares[key] = float(number.rstrip("%")) / 100
        except ValueError:
            raise SheetError(f"expected a kind of cost and its per cent, found '{part}'", place) from None
    if any(not 0 <= one <= 1 for one in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise SheetError(f"expected shares of at most 100 % together, found '{text}'", place)
    return shares


def chosen_results(text: str, place: Place) -> tuple[str, ...]:
    """Results from a text such as `quality; delivery`.

    Raises:
        SheetError: one is unknown.
    """
    found: list[str] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        key = meanings("results").get(folded(part))
        if key is None:
            raise SheetError(f"expected a result, found '{part}'", place, did_you_mean(part, words("results")))
        found.append(key)
    return tuple(dict.fromkeys(found))


def _answers(given: Mapping[str, Iterable[Row]], framework: Framework) -> Mapping[str, Answer]:
    criteria = {one.id: one for one in framework.criteria}
    found: dict[str, Answer] = {}
    for name, rows in given.items():
        first, *more = rows
        if name not in criteria:
            raise unknown_criterion(name, framework, first.place("criterion"))
        evidence = tuple(one for row in (first, *more) if (one := _evidence(row, criteria[name])) is not None)
        for row in more:
            if row.cells.get("answer") is not None:
                where = first.place("criterion")
                problem = f"expected one answer to '{name}', found a second one, first at {where}"
                raise AssessmentError(problem, row.place("answer"), "a row that only adds evidence has no answer")
        found[name] = _answer(first, evidence)
    return found


def _answer(row: Row, evidence: tuple[Evidence, ...]) -> Answer:
    value = row.choice_or("answer", "answers", None)
    status = STATUSES.index(row.choice_or("status", "statuses", "claimed"))
    if value is None:
        return Answer(NOT_ANSWERED, CLAIMED, evidence, row.safe_text_or("note", None))
    if status > CLAIMED and not evidence:
        problem = f"expected evidence behind an answer that is {STATUSES[status]}, found none"
        raise AssessmentError(problem, row.place("status"), "fill in the kind of evidence")
    return Answer(ANSWERS.index(value), status, evidence, row.safe_text_or("note", None))


def _evidence(row: Row, criterion: Criterion) -> Evidence | None:
    kind = row.choice_or("evidence_kind", "evidence_kinds", None)
    file, stated = row.safe_text_or("file", None), row.safe_text_or("sha256", None)
    day: date | None = row.day_or("evidence_date", None)
    expires: date | None = row.day_or("expires", None)
    if kind is None:
        if file is not None or stated is not None or day is not None or expires is not None:
            raise SheetError("expected the kind of the evidence, found an empty cell", row.place("evidence_kind"))
        return None
    accepted(kind, criterion, row.place("evidence_kind"))
    in_order(day, expires, row.place("expires"))
    digest = hashed(stated, file, Path(row.path).parent, row.place("sha256"))
    return Evidence(kind, file, digest, day, expires)
