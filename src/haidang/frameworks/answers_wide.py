"""Answers with a row per factory and a column per criterion: the table of a campaign, of any size.

A cell is empty (not answered), `yes`, `no` or `not_applicable` in either language, with the answer's status behind a
colon where it is not that of the row: `yes:verified`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from haidang.errors import Place
from haidang.frameworks.answers_rows import ABOUT, factory_of
from haidang.frameworks.answers_yaml import same_framework
from haidang.frameworks.assessment import (
    ANSWERS,
    CLAIMED,
    NOT_ANSWERED,
    STATUSES,
    Array,
    AssessmentError,
    Campaign,
    Factory,
    forbid_twice,
    unknown_criterion,
)
from haidang.frameworks.framework import Framework
from haidang.frameworks.rows import LARGEST_CSV, Row, SheetError, said, sheet_rows
from haidang.frameworks.sheets import Cell, Workbook
from haidang.frameworks.words import folded, meanings, words

KEYS = ("framework", "version", "factory", *ABOUT, "status", "evidence")
NEEDED = ("factory", "sector", "size", "date", "assessor")
Placed = Callable[[int, str], Place]


def read_wide_csv(path: Path | str, framework: Framework) -> Campaign:
    """The answers of a campaign in a CSV file, UTF-8.

    Raises:
        HaidangError: a cell is not as it should be, with line and heading.
    """
    heads = header(path)
    where = Place(str(path))
    keys = _keys(heads, framework, lambda key: Place(str(path), 1, key))
    try:
        if Path(path).stat().st_size > LARGEST_CSV:
            raise SheetError(f"expected at most {LARGEST_CSV / 1e6:g} MB, found more", where)
        schema = dict.fromkeys(keys, pl.String)
        table = pl.read_csv(path, has_header=False, skip_rows=1, schema=schema, separator=_separator(Path(path)))
    except pl.exceptions.NoDataError:
        raise AssessmentError("expected factories below the headings, found none", where) from None
    except (OSError, pl.exceptions.PolarsError) as mistake:
        _forbid_torn(Path(path), len(keys))
        raise SheetError(f"expected a text table in UTF-8, found {str(mistake).splitlines()[0][:160]}", where) from None
    if table.is_empty():
        raise AssessmentError("expected factories below the headings, found none", where)
    return _campaign(table, framework, lambda row, key: Place(str(path), row + 2, key))


def read_wide_sheet(book: Workbook, framework: Framework) -> Campaign:
    """The answers of a campaign in the sheet `Campaign` of a workbook.

    Raises:
        HaidangError: a cell is not as it should be, with sheet and cell.
    """
    criteria = [one.id for one in framework.criteria]
    title = book.title("campaign")
    for _, cells in book.rows(title):
        _keys([str(cell) for cell in cells if cell is not None], framework, lambda key: book.place(title, None).at(key))
        break
    rows = list(sheet_rows(book, "campaign", NEEDED, (*KEYS, *criteria)))
    if not rows:
        raise AssessmentError("expected factories below the headings, found none", book.place(title))
    keys = list(rows[0].columns)
    table = pl.DataFrame(
        {key: [_text(row, key) for row in rows] for key in keys}, schema=dict.fromkeys(keys, pl.String)
    )
    return _campaign(table, framework, lambda row, key: rows[row].place(key))


def header(path: Path | str) -> list[str]:
    """The headings of a CSV file as written.

    Raises:
        SheetError: the file cannot be read.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            line = stream.readline(1_000_000)
    except OSError as mistake:
        raise SheetError(
            f"expected a table that can be read: {mistake.strerror or mistake}", Place(str(path))
        ) from None
    except UnicodeDecodeError:
        raise SheetError("expected UTF-8 text, found another encoding", Place(str(path)), "save it as UTF-8") from None
    return [cell for row in csv.reader([line], delimiter=max(",;\t", key=line.count)) for cell in row]


def _separator(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as stream:
        return max(",;\t", key=stream.readline(1_000_000).count)


def _forbid_torn(path: Path, width: int) -> None:
    """Find the line that has more cells than there are headings."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=_separator(path))
        for record in reader:
            if len(record) != width and record:
                where = Place(str(path), reader.line_num)
                raise SheetError(f"expected {width} cells in a row, found {len(record)}", where)


def _keys(heads: list[str], framework: Framework, place: Callable[[str], Place]) -> list[str]:
    """The key of each heading."""
    known = {folded(one.id): one.id for one in framework.criteria}
    known |= {text: key for text, key in meanings("headings").items() if key in KEYS}
    keys: list[str] = []
    for head in heads:
        key = known.get(folded(head))
        if key is None:
            raise unknown_criterion(head, framework, place(head))
        if key in keys:
            raise SheetError(f"expected each heading once, found '{head}' twice", place(head))
        keys.append(key)
    for key in NEEDED:
        if key not in keys:
            texts = words("headings")[key]
            raise SheetError(f"expected the heading '{texts['vi']}' or '{texts['en']}', found none", place(key))
    return keys


def _text(row: Row, key: str) -> str | None:
    value: Cell = row.cells.get(key)
    if value is None or isinstance(value, str):
        return value
    if key == "date":
        found = row.day_or(key, None)
        return None if found is None else found.isoformat()
    if isinstance(value, float) and key in KEYS:
        return repr(int(value)) if value.is_integer() else repr(value)
    raise SheetError(f"expected a text, found {said(value)}", row.place(key))


def _campaign(table: pl.DataFrame, framework: Framework, place: Placed) -> Campaign:
    factories = _factories(table, framework, place)
    forbid_twice(factories)
    usual = _usual_statuses(table, place)
    shape = (table.height, len(framework.criteria))
    answers, statuses = np.full(shape, NOT_ANSWERED, np.int8), np.zeros(shape, np.int8)
    for at, one in enumerate(framework.criteria):
        if one.id in table.columns:
            code = _codes(table[one.id], one.id, place)
            answers[:, at] = np.where(code < 0, NOT_ANSWERED, code // 8)
            statuses[:, at] = np.where(code % 8 == 7, usual, code % 8)
    statuses[answers == NOT_ANSWERED] = CLAIMED
    _require_evidence(table, statuses, place)
    return Campaign(framework, factories, answers, statuses)


def _cell_codes() -> Mapping[str, int]:
    """For every way to write a cell, eight times its answer plus its status, which is seven where it is the row's."""
    answers = {text: ANSWERS.index(key) for text, key in meanings("answers").items()}
    statuses = {text: STATUSES.index(key) for text, key in meanings("statuses").items()}
    plain = {text: 8 * answer + 7 for text, answer in answers.items()}
    pairs = product(answers.items(), statuses.items())
    return plain | {f"{text}:{state}": 8 * answer + status for (text, answer), (state, status) in pairs}


def _codes(column: pl.Series, name: str, place: Placed) -> Array:
    known = _cell_codes()
    found: dict[str, int] = {}
    for text in column.drop_nulls().unique().to_list():
        tidy = ":".join(folded(part) for part in str(text).split(":"))
        if tidy and tidy not in known:
            row = int((column == text).arg_max() or 0)
            problem = f"expected yes, no, not_applicable or nothing, found {said(str(text))}"
            raise AssessmentError(problem, place(row, name), "a status follows a colon: yes:verified")
        found[str(text)] = known[tidy] if tidy else -1
    if not found:
        return np.full(len(column), -1, np.int16)
    return column.replace_strict(found, default=-1, return_dtype=pl.Int16).fill_null(-1).to_numpy()


def _usual_statuses(table: pl.DataFrame, place: Placed) -> Array:
    if "status" not in table.columns:
        return np.zeros(table.height, np.int16)
    known = meanings("statuses")
    found: dict[str, int] = {}
    for text in table["status"].drop_nulls().unique().to_list():
        if folded(text) not in known:
            row = int((table["status"] == text).arg_max() or 0)
            problem = f"expected one of {', '.join(STATUSES)}, found {said(text)}"
            raise AssessmentError(problem, place(row, "status"))
        found[text] = STATUSES.index(known[folded(text)])
    if not found:
        return np.zeros(table.height, np.int16)
    return table["status"].replace_strict(found, default=0, return_dtype=pl.Int16).fill_null(0).to_numpy()


def _require_evidence(table: pl.DataFrame, statuses: Array, place: Placed) -> None:
    """A row with an answer above claimed says where its evidence is kept."""
    above = (statuses > CLAIMED).any(axis=1)
    kept = table["evidence"].is_not_null().to_numpy() if "evidence" in table.columns else np.zeros(table.height, bool)
    wrong = np.flatnonzero(above & ~kept)
    if len(wrong):
        problem = "expected where the evidence is kept, since answers are above claimed, found an empty cell"
        raise AssessmentError(problem, place(int(wrong[0]), "evidence"))


def _factories(table: pl.DataFrame, framework: Framework, place: Placed) -> tuple[Factory, ...]:
    kept = [key for key in table.columns if key in KEYS]
    found: list[Factory] = []
    for at, values in enumerate(table.select(kept).iter_rows()):
        row = _Line("", at, dict(zip(kept, values, strict=True)), {}, None, place)
        same_framework(framework, row.text_or("framework", None), row.text_or("version", None), row.place("framework"))
        found.append(factory_of(row))
    return tuple(found)


class _Line(Row):
    """A row of a wide table that knows its place by its number."""

    __slots__ = ("placed",)

    def __init__(self, path: str, number: int, cells: Mapping[str, Any], columns: Mapping[str, int], sheet: None,
                 placed: Placed) -> None:  # fmt: skip
        super().__init__(path, number, cells, columns, sheet)
        object.__setattr__(self, "placed", placed)

    def place(self, key: str) -> Place:
        placed: Placed = object.__getattribute__(self, "placed")
        return placed(self.number, key)
