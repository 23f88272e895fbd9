"""Figures of use: the money against its line, the funnel, and who got it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import polars as pl

from haidang.results import charts, compare
from haidang.results.catalogue import Catalogue
from haidang.results.charts import Mark
from haidang.results.figure import Figure
from haidang.results.groups import GROUPINGS, by_title, group_shares, paid_outcome
from haidang.results.headline import count_unit, resource_title, resource_unit
from haidang.results.manifest import Named
from haidang.results.numerals import SHARE, percent, quantity, told
from haidang.results.points import Draws, Points, points
from haidang.results.run import Run
from haidang.results.tables import points_table, shared_scale
from haidang.results.theme import PINK


def use_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """Money used since the start and in each year, the funnel, and the users by group."""
    for resource in compare.resources(run, scenario):
        yield from _money(run, scenario, resource, words)
    yield from _funnel(run, scenario, words)
    yield from _who(run, scenario, words)


def _money(run: Run, scenario: str, resource: str, words: Catalogue) -> Iterator[Figure]:
    used = compare.money_used(run, scenario, resource)
    unit = resource_unit(run, resource)
    called = resource_title(run, resource, words.language)
    chosen = shared_scale(used.cumulative, unit, words)
    line = None
    if used.line is not None:
        label = words.text("figure.line", line=quantity(used.line, unit, words))
        line = (used.line / chosen.factor, label)
    last = str(run.manifest.years[-1])
    share = used.share.points
    yield Figure(
        f"money_used_{resource}", "money", words.text("figure.money_used.title", resource=called),
        words.text("figure.money_used.sentence", year=last, used=told(used.cumulative[-1], unit, words))
        + ("" if share is None else words.text("figure.money_used.share", share=told(share, SHARE, words)))
        + (words.text("figure.money_used.revolving") if used.revolving else ""),
        charts.year_band(
            used.years, [each.scaled(1 / chosen.factor) for each in used.cumulative], chosen.label, words.language, line
        ),
        points_table(
            words.text("figure.money_used.table"), words.text("column.year"), _named(used.years, used.cumulative), unit,
            words,
        ),
    )  # fmt: skip
    best = max(range(len(used.years)), key=lambda index: used.spent[index].p50)
    chosen = shared_scale(used.spent, unit, words)
    yield Figure(
        f"money_yearly_{resource}", "money", words.text("figure.money_yearly.title", resource=called),
        words.text(
            "figure.money_yearly.sentence", year=str(used.years[best]), used=told(used.spent[best], unit, words)
        ) if used.spent[best].p50 > 0 else words.text("figure.money_yearly.none"),
        charts.year_bars(
            used.years, [each.scaled(1 / chosen.factor) for each in used.spent], chosen.label, words.language
        ),
        points_table(
            words.text("figure.money_yearly.table"), words.text("column.year"), _named(used.years, used.spent), unit,
            words,
        ),
    )  # fmt: skip


def _named(years: tuple[int, ...], values: tuple[Points, ...]) -> list[tuple[str, Points]]:
    return [(str(year), each) for year, each in zip(years, values, strict=True)]


def _funnel(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    rows = [(stage, _stage(run, scenario, stage)) for stage in run.manifest.stages]
    if not rows:
        return
    told_rows = [(stage.title[words.language], points(draws)) for stage, draws in rows]
    unit = count_unit(run)
    first, last = told_rows[0][1].p50, told_rows[-1][1].p50
    if first > 0:
        sentence = words.text(
            "figure.funnel.sentence", first=quantity(first, unit, words), last=quantity(last, unit, words),
            share=percent(last / first, words.language), loss=_largest_loss(run, scenario, words),
        )  # fmt: skip
    else:
        sentence = words.text("figure.funnel.none")
    chosen = shared_scale([each for _, each in told_rows], unit, words)
    yield Figure(
        "funnel", "funnel", words.text("figure.funnel.title"), sentence,
        charts.bars(told_rows, words.text("figure.funnel.axis", unit=chosen.label), words.language),
        points_table(words.text("figure.funnel.table"), words.text("column.stage"), told_rows, unit, words),
    )  # fmt: skip


def _largest_loss(run: Run, scenario: str, words: Catalogue) -> str:
    """Between which two stages most of those who came so far are lost."""
    sizes = [(stage, points(_stage(run, scenario, stage)).p50) for stage in run.manifest.stages]
    steps = [
        (before[0], after[0], after[1] / before[1]) for before, after in itertools.pairwise(sizes) if before[1] > 0
    ]
    if not steps:
        return ""
    before, after, kept = min(steps, key=lambda step: step[2])
    return words.text(
        "figure.funnel.loss", before=before.title[words.language], after=after.title[words.language],
        lost=percent(1 - kept, words.language),
    )  # fmt: skip


def _stage(run: Run, scenario: str, stage: Named) -> Draws:
    """Weighted units that reach a stage, mean over the years, per draw."""
    rows = run.table("funnel").filter((pl.col("scenario") == scenario) & (pl.col("stage") == stage.id))
    sums = np.zeros(run.manifest.draws)
    np.add.at(sums, rows["draw"].to_numpy(), rows["value"].to_numpy())
    return sums / len(run.manifest.years)


def _who(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    outcome = paid_outcome(run, scenario)
    if outcome is None:
        return
    for by in (name for name in GROUPINGS if run.manifest.groups.get(name)):
        found = group_shares(run, scenario, outcome, by)
        if not found:
            return
        rows = [(group.title[words.language], shares) for group, shares, _ in found]
        most = max(found, key=lambda each: each[1].p50)
        kind = words.text("figure.who.units", unit=words.unit(count_unit(run)))
        called = by_title(run, by, words)
        yield Figure(
            f"who_{by}", "who", called,
            words.text(
                "figure.who.sentence", group=most[0].title[words.language], share=told(most[1], SHARE, words),
                size=percent(most[2], words.language), units=words.unit(count_unit(run)),
            ),
            charts.intervals(
                [(name, shares.scaled(100)) for name, shares in rows], words.text("figure.who.axis"), words.language,
                marks=[Mark(group.title[words.language], 100 * size, kind) for group, _, size in found],
                kinds={kind: (PINK, "diamond")},
            ),
            points_table(words.text("figure.who.table", by=called), words.text("column.group"), rows, SHARE, words),
        )  # fmt: skip
