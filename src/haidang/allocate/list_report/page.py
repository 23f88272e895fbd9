"""The list's report as one self-contained page in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from haidang.allocate.list_report.say import Say
from haidang.frameworks.framework import Language
from haidang.results import charts, points, theme
from haidang.results.chart_points import frontier
from haidang.results.points import Points

SHOWN = 25
"""How many rows the page shows of each end; the files hold them all."""


def list_html(says: Sequence[Say]) -> str:
    """The report as HTML that loads nothing and runs no script; the first language is shown first."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("haidang.allocate.list_report")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = PackageLoader("haidang.allocate.factory_report").get_source(environment, "report.css")[0]
    pages = [_page(one) for one in says]
    return environment.get_template("report.html.j2").render(
        pages=pages,
        style=Markup(f"{style}\n@media (prefers-color-scheme: dark) {{ {theme.dark_rules()} }}"),
        drawn=Markup,
    )


def _page(say: Say) -> dict[str, Any]:
    units = say.made.units
    top = units.filter(pl.col("standing") == "listed").sort("expected", descending=True).head(SHOWN)
    edge = (
        units.filter(pl.col("standing").is_in(["priced_out", "no_room"]))
        .sort("next_worth_per_charge", descending=True, nulls_last=True)
        .head(SHOWN)
    )
    return {
        "language": say.language,
        "say": say,
        "word": say.word,
        "figures": [_ways(say), _years(say)],
        "curve": _curve(say) if say.found.curve else "",
        "top": _rows(say, top, ("offers", "expected"), "expected_", say.found.resources),
        "edge": _rows(say, edge, ("next", "next_expected"), "next_", say.found.resources),
    }


def _rows(
    say: Say, table: pl.DataFrame, named: tuple[str, str], prefix: str, resources: Sequence[Any]
) -> tuple[list[str], list[list[str]]]:
    offers, added = named
    ratio = "worth_per_charge" if prefix == "expected_" else "next_worth_per_charge"
    of = "expected_of" if prefix == "expected_" else "next_of"
    heads = [say.word(key) for key in ("id", "weight", offers, added)]
    heads += [say.word(of, name=say.resource(one.id)) for one in resources]
    heads += [say.word(key) for key in (ratio, "share_in")]
    rows: list[list[str]] = []
    for row in table.iter_rows(named=True):
        worth = "" if row[ratio] is None else say.number(row[ratio])
        cells = [str(row["id"]), say.number(row["weight"]), say.offer(row[offers]), say.number(row[added])]
        cells += [say.amount(row[f"{prefix}{one.id}"], one.id) for one in resources]
        rows.append([*cells, worth, "" if row["share_in"] is None else say.percent(row["share_in"])])
    if prefix == "next_":
        heads.append(say.word("held_by"))
        for cells, name in zip(rows, table["held_by"].to_list(), strict=True):
            cells.append(_held(say, name))
    return heads, rows


def _held(say: Say, name: str) -> str:
    first, _, year = name.partition(" ")
    return f"{say.resource(first)} {year}".strip() if first in say.found.card.resources else name


def _ways(say: Say) -> str:
    rows = [(say.way(name), points(say.found.judged.trials[name].added[say.found.goal])) for name in say.ways]
    chart = charts.intervals(rows, say.unit, say.language, emphasis=rows[0][0])
    return theme.inline(theme.svg(chart), f"{say.language}-ways", say.word("figure_ways", unit=say.unit))


def _years(say: Say) -> str:
    by_year = say.made.whole["by_year"]
    years = [int(year) for year in by_year]
    counts = [Points(*[float(count)] * 5) for count in by_year.values()]
    chart = charts.year_bars(years, counts, say.word("figure_years"), say.language)
    return theme.inline(theme.svg(chart), f"{say.language}-years", say.word("figure_years"))


def _curve(say: Say) -> str:
    drawn = [(one.second, one.first, True, at == 0) for at, one in enumerate(say.found.curve)]
    across, up, *_ = say.against[0]
    chart = frontier(drawn, across, up, say.language)
    return theme.inline(theme.svg(chart), f"{say.language}-curve", say.figure_against)


def languages(first: Language) -> tuple[Language, ...]:
    """Both languages, the one asked for first."""
    return ("vi", "en") if first == "vi" else ("en", "vi")
