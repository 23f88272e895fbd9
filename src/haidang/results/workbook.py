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
from haidang.results.backtest import forecast
from haidang.results.catalogue import Catalogue, words_of
from haidang.results.cited import fact_value, facts_read, sources
from haidang.results.groups import divided, group_shares, groupings
from haidang.results.headline import headlines
from haidang.results.manifest import Backtest, Case, Language
from haidang.results.markets import market_path
from haidang.results.months import monthly_path
from haidang.results.numerals import SHARE
from haidang.results.parts import by_title, lead_outcome
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
    """The sheets of a workbook, those without rows left out.

    Headlines, per year, per month, market, who, variants, variance, backtests, assumptions, sources.
    """
    words = words_of(run.manifest, language)
    made = (
        _headlines(run, words), _years(run, words), _months(run, words), _market(run, words), _who(run, words),
        _variants(run, words), _variance(run, words), _backtests(run, words), _assumptions(run, words),
        _sources(run, words),
    )  # fmt: skip
    return tuple(sheet for sheet in made if sheet.rows)


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


def _months(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for scenario in run.manifest.scenarios:
            for outcome in run.manifest.outcomes:
                path = monthly_path(run, scenario.id, outcome)
                if path is None:
                    continue
                head = (scenario.title[words.language], outcome.title[words.language], compare.horizon_unit(outcome))
                for (year, month), found in zip(path.months, path.values, strict=True):
                    yield (*head, year, month, *found.as_dict().values())

    return _sheet("months", ("scenario", "outcome", "unit", "year", "month", *_points()), rows(), words)


def _market(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        market = run.manifest.market
        for scenario in run.manifest.scenarios if market else ():
            path = market_path(run, scenario.id)
            if market is None or path is None:
                continue
            for key, unit, values in (
                ("market_price", market.price_unit, path.price), ("traded", market.unit, path.traded),
                ("left", market.unit, path.surplus),
            ):  # fmt: skip
                head = (scenario.title[words.language], words.text(f"book.{key}"), unit)
                for year, found in zip(path.years, values, strict=True):
                    yield (*head, year, *found.as_dict().values())

    return _sheet("market", ("scenario", "headline", "unit", "year", *_points()), rows(), words)


def _who(run: Run, words: Catalogue) -> Sheet:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for scenario in run.programmes:
            found = divided(run, scenario.id)
            for by in groupings(run) if found else ():
                for group, shares, size in group_shares(run, scenario.id, found.outcome.id if found else "", by):
                    called = by_title(run, by, words.language)
                    head = (scenario.title[words.language], called, group.title[words.language])
                    yield (*head, *shares.as_dict().values(), size)

    return _sheet("who", ("scenario", "by", "group", *_points(), "of_units"), rows(), words)


def _variants(run: Run, words: Catalogue) -> Sheet:
    lead = lead_outcome(run, run.programme.id)
    if lead is None:
        return Sheet(words.text("book.variants"), (), ())
    known = {each.id: {one.id: one.value.points for one in headlines(run, each.id)} for each in run.programmes}
    asked = {
        f"effect.{lead.id}": "gain", "public_cost": "cost", f"cost_per.{lead.id}": "unit_price",
        f"private_cost_per.{lead.id}": "unit_private", f"deadweight_share.{lead.id}": "deadweight",
        "price": "market_alone",
    }  # fmt: skip
    names = {name: key for name, key in asked.items() if any(name in each for each in known.values())}
    priced = "public_cost" in names

    def rows() -> Iterator[tuple[Cell, ...]]:
        own = run.programme.id
        for scenario in run.programmes:
            cells: list[Cell] = []
            for name in names:
                found = known[scenario.id].get(name)
                cells += [None, None, None] if found is None else [found.p5, found.p50, found.p95]
            more = per_cost = None
            if scenario.id != own:
                more = compare.chance_better(run, scenario.id, own, lead.id)
                per_cost = compare.chance_better_per_cost(run, scenario.id, own, lead.id)
            chances = (*_both(more), *(_both(per_cost) if priced else ()))
            kind = words.text(f"cell.{'supposition' if scenario in run.suppositions else 'design'}")
            note = scenario.note[words.language] if scenario.note else None
            yield (scenario.title[words.language], kind, *cells, *chances, note)

    told = [words.text(f"column.{key}") for key in names.values()]
    columns = [f"{name} · {words.text(f'column.{point}')}" for name in told for point in ("p5", "median", "p95")]
    better = ("better", "same", "better_per_cost", "same_per_cost")[: 4 if priced else 2]
    heads = (*columns, *(words.text(f"column.{key}") for key in better), words.text("book.note"))
    named = (words.text("book.scenario"), words.text("book.kind"), *heads)
    return Sheet(words.text("book.variants"), named, tuple(rows()))


def _both(chance: compare.Chance | None) -> tuple[Cell, Cell]:
    return (None, None) if chance is None else (chance.better, chance.same)


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


def _backtests(run: Run, words: Catalogue) -> Sheet:
    """One row for each forecast, and one for each case that a forecast is held against."""

    def row(backtest: Backtest, one: Backtest | Case, case: str | None) -> tuple[Cell, ...]:
        found = forecast(one) or forecast(backtest)
        points = tuple(found.as_dict().values()) if found else (None,) * len(POINTS)
        return (
            backtest.title[words.language], backtest.quantity[words.language], case, backtest.unit, backtest.cutoff,
            *points, one.outcome, one.official, one.naive, one.crps.model, one.crps.naive,
        )  # fmt: skip

    def rows() -> Iterator[tuple[Cell, ...]]:
        for backtest in run.backtests:
            yield row(backtest, backtest, None)
            for case in backtest.cases:
                yield row(backtest, case, case.title[words.language])

    columns = (
        "headline", "quantity", "case", "unit", "cutoff", *_points(), "came", "official", "naive", "score",
        "naive_score",
    )  # fmt: skip
    return _sheet("backtests", columns, rows(), words)


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
