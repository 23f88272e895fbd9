"""Figures along time: the price that the market finds, and the outcomes month by month."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.chart_paths import Bound, Series, paths
from haidang.results.figure import Figure
from haidang.results.manifest import MarketText, Outcome, Scenario
from haidang.results.markets import MarketPath, market_path
from haidang.results.months import MonthlyPath, has_months, monthly_path
from haidang.results.numerals import Scale, told
from haidang.results.parts import shown_outcomes
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.tables import points_table, shared_scale
from haidang.results.wording import bound_sentence

MONTHLY = 3
"""So many outcomes at most are shown month by month; the workbook has them all."""


def time_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """The market's price and what is left over at it, and the main outcomes by month."""
    yield from _market(run, scenario, words)
    if has_months(run):
        for outcome in shown_outcomes(run, scenario)[:MONTHLY]:
            yield from _months(run, scenario, outcome, words)


def _market(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    market, own = run.manifest.market, market_path(run, scenario)
    if market is None or own is None:
        return
    found = [(each, path) for each in _ordered(run, scenario) if (path := market_path(run, each.id)) is not None]
    known = [(each, path) for each, path in found if path.periods == own.periods]
    chosen = shared_scale([point for _, path in known for point in path.prices], market.price_unit, words)
    series = [
        Series(each.title[words.language], _scaled(path.prices, chosen), each.id == scenario, each == run.baseline)
        for each, path in known
    ]
    bounds = [
        Bound(words.text(f"figure.market.{name}"), tuple(None if v is None else v / chosen.factor for v in values))
        for name, values in (("floor", own.floor), ("ceiling", own.ceiling))
    ]
    title = market.title[words.language]
    last = told(own.price[-1], market.price_unit, words)
    sentence = words.text("figure.market.sentence", year=str(own.years[-1]), price=last)
    rows = [(_month(period, own.periods), each) for period, each in zip(own.periods, own.prices, strict=True)]
    yield Figure(
        "market_price", "market", words.text("figure.market.title", market=title),
        " ".join(part for part in (sentence, bound_sentence(own, words)) if part),
        paths(own.periods, series, chosen.label, words.language, bounds),
        points_table(
            words.text("figure.market.table"), words.text("column.period"), rows, market.price_unit, words, chosen
        ),
    )  # fmt: skip
    yield _left(market, own, words)


def _left(market: MarketText, own: MarketPath, words: Catalogue) -> Figure:
    """Offers less bids left over at the end of each year."""
    chosen = shared_scale(own.surplus, market.unit, words)
    rows = [(str(year), each) for year, each in zip(own.years, own.surplus, strict=True)]
    series = [Series(words.text("figure.left.line"), _scaled(own.surplus, chosen), True)]
    last = own.surplus[-1]
    way = "none" if last.p5 == last.p95 == 0 else "more" if last.p5 >= 0 else "less" if last.p95 <= 0 else "unclear"
    return Figure(
        "market_left", "market", words.text("figure.left.title"),
        words.text(f"figure.left.{way}", year=str(own.years[-1]), left=told(last, market.unit, words)),
        paths([(year, 1) for year in own.years], series, chosen.label, words.language),
        points_table(words.text("figure.left.table"), words.text("column.year"), rows, market.unit, words, chosen),
    )  # fmt: skip


def _months(run: Run, scenario: str, outcome: Outcome, words: Catalogue) -> Iterator[Figure]:
    own = monthly_path(run, scenario, outcome)
    if own is None:
        return
    found = [(each, path) for each in _ordered(run, scenario) if (path := monthly_path(run, each.id, outcome))]
    known = [(each, path) for each, path in found if path.months == own.months]
    unit = compare.horizon_unit(outcome)
    chosen = shared_scale([point for _, path in known for point in path.values], unit, words)
    series = [
        Series(
            each.title[words.language], _scaled(path.values, chosen), each == run.baseline or each.id == scenario,
            each == run.baseline,
        )
        for each, path in known
    ]  # fmt: skip
    rows = [(_month(month, own.months), each) for month, each in zip(own.months, own.values, strict=True)]
    title = outcome.title[words.language]
    yield Figure(
        f"months_{outcome.id}", "months", words.text("figure.months.title", outcome=title),
        _told_months(outcome, own, monthly_path(run, run.baseline.id, outcome), words),
        paths(own.months, series, chosen.label, words.language),
        points_table(
            words.text("figure.months.table", scenario=run.scenario(scenario).title[words.language]),
            words.text("column.month"), rows, unit, words, chosen,
        ),
    )  # fmt: skip


def _told_months(outcome: Outcome, own: MonthlyPath, beside: MonthlyPath | None, words: Catalogue) -> str:
    """Of a stock or a mean where it ends; of a flow its mean month, or its strongest where there is none without it."""
    unit = compare.horizon_unit(outcome)
    if outcome.kind != "flow":
        month = _month(own.months[-1], own.months)
        return words.text("figure.months.last", month=month, told=told(own.values[-1], unit, words))
    if beside is not None and beside.mean.p50 != 0:
        return words.text("figure.months.mean", told=told(own.mean, unit, words), base=told(beside.mean, unit, words))
    best = max(range(len(own.months)), key=lambda place: own.values[place].p50)
    if not own.values[best].p50 > 0:
        return words.text("figure.months.none")
    month = _month(own.months[best], own.months)
    return words.text("figure.months.strongest", month=month, told=told(own.values[best], unit, words))


def _ordered(run: Run, scenario: str) -> tuple[Scenario, ...]:
    """The baseline, the programme of the report, then the others."""
    own = run.scenario(scenario)
    return (run.baseline, own, *(each for each in run.programmes if each != own))


def _scaled(values: tuple[Points, ...], chosen: Scale) -> tuple[Points, ...]:
    return tuple(each.scaled(1 / chosen.factor) for each in values)


def _month(period: tuple[int, int], periods: tuple[tuple[int, int], ...]) -> str:
    """A period as it is written: its year where a year has but one, else month and year."""
    year, month = period
    return f"{month}/{year}" if len({one for one, _ in periods}) < len(periods) else str(year)
