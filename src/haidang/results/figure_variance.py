"""Figures of trust: the facts that carry the variance of what the programme is for."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.results import charts
from haidang.results.catalogue import Catalogue
from haidang.results.figure import Figure
from haidang.results.headline import Headline
from haidang.results.numerals import SHARE, apart, pasted, percent
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.tables import Table
from haidang.results.variance import Shares
from haidang.results.why import explained, fact_title, shares_of

SHOWN = 10
"""So many facts at most stand in a chart; the workbook has them all."""


def variance_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """One figure of variance for each main headline whose facts stand out from chance."""
    for headline in explained(run, scenario):
        figure = _variance(run, headline, shares_of(run, headline), words)
        if figure is not None:
            yield figure


def _variance(run: Run, headline: Headline, shares: Shares, words: Catalogue) -> Figure | None:
    if not shares.ranked:
        return None
    rows = [
        (fact_title(run, each.fact, words), Points(each.low, each.low, each.share, each.high, each.high))
        for each in shares.ranked[:SHOWN]
    ]
    rest = words.text("figure.variance.rest")
    whole = [*rows, (rest, Points(*[shares.rest] * 5))]
    first = rows[0]
    return Figure(
        f"variance_{headline.id.replace('.', '_')}", "variance", headline.title[words.language],
        words.text(
            "figure.variance.sentence", fact=first[0], share=percent(first[1].p50, words.language),
            rest=percent(shares.rest, words.language),
        ),
        charts.bars(
            [(name, each.scaled(100)) for name, each in whole], words.text("figure.variance.axis"), words.language,
            grey=rest,
        ),
        Table(
            words.text("figure.variance.table"),
            (words.text("column.fact"), words.text("column.share"), words.text("column.p5"), words.text("column.p95")),
            (
                *(
                    (name, *apart(each, SHARE, words)[:3])
                    for name, each in rows
                ),
                (rest, pasted(percent(shares.rest, words.language), shares.rest, words.language), "", ""),
            ),
            facts=(*(each.fact for each in shares.ranked[:SHOWN]), ""),
        ),
    )  # fmt: skip
