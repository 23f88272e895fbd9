"""Who applies: a file of the model's own columns, every row of it either a unit or named with what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haidang.errors import HaidangError, Place, did_you_mean, nearest
from haidang.facts import UnitError, convert, same_dimension
from haidang.population import Column, RegisterMapping
from haidang.population.register_source import Raw, open_register

FARTHEST = 100.0
"""A number so many times beyond all units of the population is taken for one in another unit of measure."""
SCHEMA = {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}
_TRUE = ("true", "1", "yes", "có")
_FALSE = ("false", "0", "no", "không")
_WITH_UNIT = re.compile(r"^(?P<name>.+?)\s*[\[(](?P<unit>[^\])]+)[\])]$")
_MOST_ID = 2**62

Cell = float | int | bool | str


class ApplicantsError(HaidangError):
    """A file of applicants that cannot be used as a whole."""


class _BadCellError(Exception):
    """A cell that cannot be read, with the reason."""


@dataclass(frozen=True, slots=True)
class Applicants:
    """What became of a file.

    Args:
        table: the rows that are units: id, weight and the model's columns.
        rejected: one line for each problem: row (as a spreadsheet counts), column, value, reason.
        rows: how many rows the file has.
    """

    table: pl.DataFrame
    rejected: pl.DataFrame
    rows: int

    @property
    def lost(self) -> int:
        """How many rows are no units."""
        return self.rejected["row"].n_unique()


def read_applicants(
    path: str, columns: Mapping[str, Column], like: pl.DataFrame | None = None, *, sheet: str | None = None
) -> Applicants:
    """Read applicants from CSV, Parquet or Excel.

    A heading may name its unit of measure, as in `revenue [million VND/year]`; without one a number is in the column's
    own. `weight` may be left out: each row is then one real unit.

    Args:
        path: the file.
        columns: the columns that the model reads.
        like: units of the model's population, by which a number in the wrong unit of measure is known.
        sheet: of a workbook; the first unless given.

    Raises:
        ApplicantsError: the file lacks a column, or a heading's unit of measure does not fit.
        RegisterError: it cannot be opened, or is empty.
    """
    raw = open_register(path, _plain_mapping(path, sheet))
    headings = _headings(raw, columns)
    lines: list[tuple[int, str, str | None, str]] = [(row, "", text, reason) for row, text, reason in raw.torn]
    cells: dict[str, list[Cell | None]] = {}
    for name, (heading, factor) in headings.items():
        read = _reader(name, columns.get(name), factor, _span(name, columns, like))
        cells[name] = []
        for row, text in zip(raw.row.tolist(), raw.table[heading].to_list(), strict=True):
            try:
                cells[name].append(read(text))
            except _BadCellError as mistake:
                cells[name].append(None)
                lines.append((row, heading, text, str(mistake)))
    lines += _repeated(raw, headings["id"][0], cells["id"])
    bad = {row for row, _, _, _ in lines}
    keep = [row not in bad for row in raw.row.tolist()]
    table = _table(cells, columns, keep)
    rejected = pl.DataFrame(lines, schema=SCHEMA, orient="row").sort("row", maintain_order=True)
    return Applicants(table, rejected, len(raw.row) + len(raw.torn))


def _plain_mapping(path: str, sheet: str | None) -> RegisterMapping:
    """How a file of the model's own columns is opened."""
    return RegisterMapping(
        id="applicants",
        title={},
        population="",
        numbers="plain",
        encoding="utf-8",
        sheet=sheet,
        query=None,
        fields={},
        unit_id="id",
        latest=None,
        rules={},
        place=Place(path),
    )


def _headings(raw: Raw, columns: Mapping[str, Column]) -> dict[str, tuple[str, float]]:
    """For each column its heading, and what one of the heading's units of measure is in the column's own."""
    found: dict[str, tuple[str, float]] = {}
    for heading in raw.table.columns:
        match = _WITH_UNIT.match(heading)
        name = heading if match is None or heading in columns else match["name"]
        if name not in columns and name not in ("id", "weight"):
            continue
        if name in found:
            raise ApplicantsError(f"expected the column '{name}' once, found '{heading}' too", Place(raw.name, 1))
        factor = 1.0 if match is None or name == heading else _factor(match["unit"], columns.get(name), heading, raw)
        found[name] = (heading, factor)
    for name in ("id", *columns):
        if name not in found:
            hint = did_you_mean(name, [one for one in raw.table.columns if one not in found])
            raise ApplicantsError(f"expected the column '{name}', found none", Place(raw.name, 1), hint)
    return found


def _factor(unit: str, column: Column | None, heading: str, raw: Raw) -> float:
    wanted = "1" if column is None else column.unit or "1"
    try:
        fits = column is not None and column.kind == "number" and same_dimension(unit, wanted)
        factor = convert(1.0, unit, wanted) if fits else math.nan
    except UnitError as mistake:
        raise ApplicantsError(f"heading '{heading}': {mistake.problem}", Place(raw.name, 1), mistake.hint) from None
    if not fits:
        raise ApplicantsError(f"heading '{heading}': expected {wanted}, found {unit}", Place(raw.name, 1))
    return factor


def _span(name: str, columns: Mapping[str, Column], like: pl.DataFrame | None) -> tuple[float, float] | None:
    """The numbers that a column may hold: far beyond all of the population's is another unit of measure."""
    if like is None or name not in like.columns or name not in columns or columns[name].kind != "number":
        return None
    positive = like[name].filter(like[name] > 0).cast(pl.Float64).to_numpy()
    if not len(positive):
        return None
    return float(positive.min()) / FARTHEST, float(positive.max()) * FARTHEST


def _reader(
    name: str, column: Column | None, factor: float, span: tuple[float, float] | None
) -> Callable[[str | None], Cell]:
    """What turns the text of a cell into a value, or says why it cannot."""

    def read(text: str | None) -> Cell:
        if text is None or not text.strip():
            raise _BadCellError("expected a value, found none")
        plain = text.strip()
        if plain.startswith("="):
            raise _BadCellError("a formula, not a value: save the sheet as values")
        if name == "id":
            return _id(plain)
        if column is None:
            return _positive(plain)
        if column.kind == "category":
            return _word(plain, column.categories)
        if column.kind == "flag":
            return _flag(plain)
        return _number(plain, column, factor, span)

    return read


def _id(text: str) -> int:
    number = _float(text)
    if number != math.floor(number) or not 0 <= number < _MOST_ID:
        raise _BadCellError("expected a whole number that is not negative")
    return int(text) if text.isdigit() else int(number)


def _positive(text: str) -> float:
    number = _float(text)
    if number <= 0:
        raise _BadCellError("expected a weight above zero")
    return number


def _word(text: str, words: Sequence[str]) -> str:
    if text not in words:
        near = nearest(text, words)
        told = f"did you mean '{near}'?" if near else f"known are: {', '.join(words)}"
        raise _BadCellError(f"no such word; {told}")
    return text


def _flag(text: str) -> bool:
    if text.casefold() not in (*_TRUE, *_FALSE):
        raise _BadCellError("expected true or false")
    return text.casefold() in _TRUE


def _number(text: str, column: Column, factor: float, span: tuple[float, float] | None) -> float:
    number = _float(text) * factor
    unit = "" if column.unit in (None, "1") else f" {column.unit}"
    if column.kind == "level" and (number != math.floor(number) or not 0 <= number <= 5):
        raise _BadCellError("expected a level from 0 to 5")
    if column.least is not None and number < column.least:
        raise _BadCellError(f"expected at least {column.least:g}{unit}")
    if column.most is not None and number > column.most:
        raise _BadCellError(f"expected at most {column.most:g}{unit}")
    if span is not None and number and not span[0] <= number <= span[1]:
        side = "below" if number < span[0] else "above"
        raise _BadCellError(
            f"{number:g}{unit} is far {side} every unit of the population: is it in another unit of measure?"
        )
    return number


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise _BadCellError("expected a number such as 1500.5") from None
    if not math.isfinite(number):
        raise _BadCellError("expected a finite number")
    return number


def _repeated(raw: Raw, heading: str, ids: Sequence[Cell | None]) -> list[tuple[int, str, str | None, str]]:
    """Every row whose unit stands in another row too: which of them is meant cannot be known."""
    rows: dict[Cell, list[int]] = {}
    for row, one in zip(raw.row.tolist(), ids, strict=True):
        if one is not None:
            rows.setdefault(one, []).append(row)
    return [
        (row, heading, str(one), f"this applicant is in rows {', '.join(map(str, many))}")
        for one, many in rows.items()
        if len(many) > 1
        for row in many
    ]


def _table(cells: Mapping[str, list[Cell | None]], columns: Mapping[str, Column], keep: Sequence[bool]) -> pl.DataFrame:
    kinds = {"category": pl.String, "flag": pl.Boolean, "number": pl.Float64, "level": pl.Float64}
    kept = {name: [cell for cell, stays in zip(one, keep, strict=True) if stays] for name, one in cells.items()}
    weight = kept.get("weight", [1.0] * sum(keep))
    return pl.DataFrame(
        {"id": kept["id"], "weight": weight, **{name: kept[name] for name in columns}},
        schema={"id": pl.Int64, "weight": pl.Float64, **{name: kinds[one.kind] for name, one in columns.items()}},
    )
