"""Figures of trust: the facts that carry the variance, and what the model said about programmes already over."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from haidang.results import charts
from haidang.results.catalogue import Catalogue
from haidang.results.charts import Mark
from haidang.results.figure import Figure
from haidang.results.headline import Headline, headlines, lead_outcome
from haidang.results.manifest import Backtest
from haidang.results.numerals import Scale, day, percent, quantity, scale, told
from haidang.results.points import Points, points
from haidang.results.run import Run
from haidang.results.tables import Table, points_table, shown
from haidang.results.theme import GREEN, GREY, PINK
from haidang.results.variance import ENOUGH, Shares, carriers

SHOWN = 10
"""So many facts at most stand in a chart; the workbook has them all."""


def trust_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """One figure of variance for each main headline, and one for each backtest."""
    for headline in explained(run, scenario):
        figure = _variance(run, headline, shares_of(run, headline), words)
        if figure is not None:
            yield figure
    for index, backtest in enumerate(run.backtests):
        figure = _backtest(index, backtest, words)
        if figure is not None:
            yield figure


def explained(run: Run, scenario: str) -> tuple[Headline, ...]:
    """The headlines whose variance is told: money used, the lead outcome's effect, and its deadweight."""
    known = {each.id: each for each in headlines(run, scenario)}
    lead = lead_outcome(run, scenario)
    wanted = [name for name in known if name.startswith("money_used.")][:1]
    wanted += [f"effect.{lead.id}", f"deadweight_share.{lead.id}"] if lead else []
    return tuple(known[name] for name in wanted if name in known)


def shares_of(run: Run, headline: Headline) -> Shares:
    """Shares of variance of a headline; none where it has no meaning in some draw."""
    if not np.isfinite(headline.draws).all():
        return Shares((), 1.0, 1.0, (), int(np.isfinite(headline.draws).sum()))
    return carriers(run, headline.draws)


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
                    (name, *(percent(value, words.language) for value in (each.p50, each.p5, each.p95)))
                    for name, each in rows
                ),
                (rest, percent(shares.rest, words.language), "", ""),
            ),
        ),
    )  # fmt: skip


def no_ranking(run: Run, headline: Headline, words: Catalogue) -> str | None:
    """Why a headline has no ranking of facts, in words; none where it has one."""
    shares = shares_of(run, headline)
    if shares.ranked:
        return None
    key = "few" if shares.draws < ENOUGH else "flat" if not np.ptp(headline.draws) > 0 else "noise"
    return words.text(f"figure.variance.{key}", title=headline.title[words.language])


def fact_title(run: Run, fact: str, words: Catalogue) -> str:
    """A fact's title in the reader's language, its identifier where it has none."""
    return run.facts[fact].title[words.language] if fact in run.facts else fact


def forecast(backtest: Backtest) -> Points | None:
    """The five points of a backtest's forecast, from its quantiles or its draws."""
    wanted = ("5", "25", "50", "75", "95")
    if all(name in backtest.quantiles for name in wanted):
        return Points(*(backtest.quantiles[name] for name in wanted))
    return points(np.array(backtest.draws)) if backtest.draws else None


def _backtest(index: int, backtest: Backtest, words: Catalogue) -> Figure | None:
    found = forecast(backtest)
    if found is None:
        return None
    unit = backtest.unit
    known = {"outcome": backtest.outcome, "official": backtest.official, "naive": backtest.naive}
    values = {kind: value for kind, value in known.items() if value is not None}
    every = [found.p5, found.p50, found.p95, *values.values()]
    chosen = scale(unit, every, words)
    label = words.text("figure.backtest.model")
    kinds = {
        words.text(f"figure.backtest.{kind}"): look
        for kind, look in {
            "outcome": (PINK, "diamond"),
            "official": (GREEN, "square"),
            "naive": (GREY, "triangle-up"),
        }.items()
    }
    marks = [
        Mark(label, value / chosen.factor, words.text(f"figure.backtest.{kind}")) for kind, value in values.items()
    ]
    # One axis must hold a naive forecast fifty times the outcome: then it runs in powers of ten.
    wide = min(every) > 0 and max(every) > 15 * min(every)
    low = 10 ** math.floor(math.log10(min(every) / chosen.factor)) if wide else None
    title = f"{chosen.label}{words.text('figure.backtest.log')}" if wide else chosen.label
    return Figure(
        f"backtest_{index + 1}", "backtest", f"{backtest.title[words.language]} · {backtest.quantity[words.language]}",
        _verdict(backtest, found, unit, words),
        charts.intervals(
            [(label, found.scaled(1 / chosen.factor))], title, words.language, marks=marks, kinds=kinds, logarithmic=low
        ),
        _with(
            points_table(words.text("figure.backtest.table"), "", [(label, found)], unit, words, chosen),
            values, unit, chosen, words,
        ),
    )  # fmt: skip


def _with(table: Table, values: dict[str, float], unit: str, chosen: Scale, words: Catalogue) -> Table:
    """The single values under the forecast, in its scale."""
    more = tuple(
        (words.text(f"figure.backtest.{kind}"), shown(value, unit, chosen, words), "", "", "", "")
        for kind, value in values.items()
    )
    return Table(table.caption, table.columns, table.rows + more)


def _verdict(backtest: Backtest, found: Points, unit: str, words: Catalogue) -> str:
    """What was forecast, what came, and who was nearer; a model worse than the naive forecast says so."""
    parts = [words.text("figure.backtest.sentence", cutoff=day(backtest.cutoff, words), told=told(found, unit, words))]
    if backtest.outcome is not None:
        inside = found.p5 <= backtest.outcome <= found.p95 if backtest.covered90 is None else backtest.covered90
        key = "inside" if inside else "outside"
        parts.append(words.text(f"figure.backtest.{key}", outcome=quantity(backtest.outcome, unit, words)))
    scores = backtest.crps
    if scores.model is not None and scores.naive is not None:
        key = "better" if scores.model < scores.naive else "worse"
        parts.append(
            words.text(
                f"figure.backtest.{key}",
                model=quantity(scores.model, unit, words),
                naive=quantity(scores.naive, unit, words),
            )
        )
    if scores.model is not None and scores.official is not None:
        key = "official_better" if scores.model < scores.official else "official_worse"
        parts.append(words.text(f"figure.backtest.{key}", official=quantity(scores.official, unit, words)))
    return " ".join(parts)
