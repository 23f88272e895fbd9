"""A run as a workbook: one sheet per table, numbers as numbers, words as words."""

# xlsxwriter leaves some of its parameters untyped.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from haidang.results import compare
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.cited import fact_value, facts_read, sources
from haidang.results.groups import GROUPINGS, by_title, group_shares, paid_outcome
from haidang.results.headline import headlines, lead_outcome
from haidang.results.manifest import Language, Outcome
from haidang.results.numerals import SHARE
from haidang.results.run import Run, replace_bytes
from haidang.results.variance import carriers

Cell = str | float | int | None
POINTS = ("p5", "p25", "p50", "p75", "p95")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def write_workbook(run: Run, path: str | os.PathLike[str], language: Language = "vi") -> Path:
    """Write a run's tables as an Excel workbook.

    Text is written as text, whatever it begins with, so no cell is ever a formula.

    Raises:
        UnknownNameError: the run holds the baseline alone.
        RunWriteError: the file cannot be written; an earlier one is left as it was.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        # The same run gives the same bytes: a workbook otherwise carries the time of its making.
        book.set_properties({"title": run.programme.title[language], "created": datetime.datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for sheet in sheets(run, language):
            page = book.add_worksheet(sheet.name[:31])
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                page.write_string(0, column, name, head)
                page.set_column(column, column, _width(sheet, column))
            for index, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(index, column, cell[:32_767])
                    elif cell is not None and math.isfinite(cell):
                        page.write_number(index, column, cell)
    file = Path(path)
    replace_bytes(file, stream.getvalue())
    return file


def sheets(run: Run, language: Language) -> tuple[Sheet, ...]:
    """The sheets of a workbook: headlines, per year, who, variants, variance, assumptions, sources."""
    words = catalogue(language)
    return (
        _headlines(run, words), _years(run, words), _who(run, words), _variants(run, words), _variance(run, words),
        _assumptions(run, words), _sources(run, words),
    )  # fmt: skip


def _width(sheet: Sheet, column: int) -> float:
    longest = max((len(row[column]) for row in sheet.rows if isinstance(row[column], str)), default=0)  # pyright: ignore[reportArgumentType]
    return min(60, max(12, longest, len(sheet.columns[column])))


def _sheet(name: str, columns: tuple[str, ...], rows: Iterator[tuple[Cell, ...]], words: Catalogue) -> Sheet:
    named = tuple(
        words.text(f"book.{key}") if words.has(f"book.{key}") else words.text(f"column.{key}") for key in columns
    )
    return Sheet(words.text(f"book.{name}"), named, tuple(rows))


def _headlines(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for scenario in run.programmes:
            for each in headlines(run, scenario.id):
                head = (scenario.title[words.language], each.id, each.title[words.language], _unit(each.unit))
                found = each.value.points
                if found is None:
                    yield (*head, *[None] * len(POINTS), each.told(words))
                else:
                    yield (*head, *found.as_dict().values(), None)

    return _sheet("headlines", ("scenario", "id", "headline", "unit", *_points(), "note"), rows(), words)


def _years(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        names = {each.id: each for each in run.manifest.outcomes}
        titles = {each.id: each.title[words.language] for each in run.programmes}
        whole = compare.effects(run).filter((pl.col("by") == compare.ALL) & pl.col("year").is_not_null())
        for row in whole.iter_rows(named=True):
            outcome = names[row["outcome"]]
            head = (titles[row["scenario"]], outcome.title[words.language], outcome.unit, row["year"])
            yield (*head, *(row[point] for point in POINTS))

    return _sheet("years", ("scenario", "outcome", "unit", "year", *_points()), rows(), words)


def _who(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for scenario in run.programmes:
            outcome = paid_outcome(run, scenario.id)
            for by in GROUPINGS if outcome else ():
                for group, shares, size in group_shares(run, scenario.id, outcome or "", by):
                    head = (scenario.title[words.language], by_title(run, by, words), group.title[words.language])
                    yield (*head, *shares.as_dict().values(), size)

    return _sheet("who", ("scenario", "by", "group", *_points(), "of_units"), rows(), words)


def _variants(run: Run, words: Catalogue) -> Sheet:
    lead = lead_outcome(run, run.programme.id)

    def rows(lead: Outcome) -> Iterator[tuple[Cell, ...]]:
        own = run.programme.id
        for scenario in run.programmes:
            known = {each.id: each.value.points for each in headlines(run, scenario.id)}
            cells: list[Cell] = []
            for name in ("public_cost", f"effect.{lead.id}", f"cost_per.{lead.id}", f"deadweight_share.{lead.id}"):
                found = known.get(name)
                cells += [None, None, None] if found is None else [found.p5, found.p50, found.p95]
            chances: tuple[Cell, Cell] = (None, None)
            if scenario.id != own:
                chances = (
                    compare.chance_better(run, scenario.id, own, lead.id),
                    compare.chance_better_per_cost(run, scenario.id, own, lead.id) if "public_cost" in known else None,
                )
            yield (scenario.title[words.language], *cells, *chances)

    told = [words.text(f"column.{name}") for name in ("cost", "gain", "unit_price", "deadweight")]
    columns = [f"{name} · {words.text(f'column.{point}')}" for name in told for point in ("p5", "median", "p95")]
    named = (
        words.text("book.scenario"), *columns, words.text("column.better"), words.text("column.better_per_cost"),
    )  # fmt: skip
    return Sheet(words.text("book.variants"), named, tuple(rows(lead)) if lead else ())


def _variance(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for headline in headlines(run, run.programme.id):
            if headline.value.points is None or not np.isfinite(headline.draws).all():
                continue
            shares = carriers(run, headline.draws)
            title = headline.title[words.language]
            for each in shares.ranked:
                fact = run.facts[each.fact].title[words.language] if each.fact in run.facts else each.fact
                yield (title, each.fact, fact, each.share, each.low, each.high)
            yield (title, None, words.text("figure.variance.rest"), shares.rest, None, None)

    return _sheet("variance", ("headline", "id", "fact", "share", "p5", "p95"), rows(), words)


def _assumptions(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for name, fact in facts_read(run).items():
            if fact.assumption is None:
                continue
            value = fact.value if isinstance(fact.value, float) else fact_value(fact, words)
            low, high = fact.range or (None, None)
            yield (name, fact.title[words.language], value, fact.unit, low, high, fact.assumption[words.language])

    return _sheet("assumptions", ("id", "fact", "value", "unit", "low", "high", "reason"), rows(), words)


def _sources(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for key, (source, facts) in sources(run).items():
            head = (key, source.title, source.publisher, source.date, source.address)
            yield (*head, ", ".join(facts))

    return _sheet("sources", ("id", "title", "publisher", "date", "address", "used_by"), rows(), words)


def _points() -> tuple[str, ...]:
    return tuple("median" if point == "p50" else point for point in POINTS)


def _unit(unit: str) -> str:
    return "1" if unit == SHARE else unit
