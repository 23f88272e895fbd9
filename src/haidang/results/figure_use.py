"""Figures of use: the money against its line, the capacities, the funnel, and who got it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import polars as pl

from haidang.facts.few import FEWEST
from haidang.results import budgets, charts
from haidang.results.catalogue import Catalogue
from haidang.results.charts import Mark
from haidang.results.figure import Figure
from haidang.results.groups import divided, group_shares, group_title, is_given, shown_groupings
from haidang.results.manifest import Named
from haidang.results.numerals import SHARE, percent, quantity, told
from haidang.results.parts import by_title, count_unit, hands_out, resource_title, resource_unit
from haidang.results.points import Draws, Points, points
from haidang.results.run import Run
from haidang.results.tables import points_table, shared_scale
from haidang.results.theme import PINK
from haidang.results.wording import feed_sentence, places_told

Steps = list[tuple[Named, Points]]


def use_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """Money used since the start and in each year, capacities, the funnel, and the money or the gain by group."""
    for resource in budgets.resources(run, scenario):
        yield from _money(run, scenario, resource, words)
    for resource in budgets.resources(run, scenario, "capacity"):
        yield _capacity(run, scenario, resource, words)
    yield from _funnel(run, scenario, words)
    yield from _who(run, scenario, words)


def _money(run: Run, scenario: str, resource: str, words: Catalogue) -> Iterator[Figure]:
    used = budgets.money_used(run, scenario, resource)
    unit = resource_unit(run, resource)
    called = resource_title(run, resource, words.language)
    chosen = shared_scale(used.cumulative, unit, words)
    line = None
    if used.line is not None:
        label = words.text("figure.line", line=quantity(used.line, unit, words))
        line = (used.line / chosen.factor, label)
    last = str(run.manifest.years[-1])
    share = used.share.points
    bound = "share" if used.fed is None else "fed_share"
    kind = hands_out(run, resource)
    title = "title" if used.line is not None else "title_alone"
    yield Figure(
        f"{kind}_used_{resource}", kind, words.text(f"figure.{kind}_used.{title}", resource=called),
        words.text("figure.money_used.sentence", year=last, used=told(used.cumulative[-1], unit, words))
        + ("" if share is None else words.text(f"figure.money_used.{bound}", share=told(share, SHARE, words)))
        + (words.text("figure.money_used.revolving") if used.revolving else "")
        + "".join(f" {feed_sentence(feed, words)}" for feed in used.feeds),
        charts.year_band(
            used.years, [each.scaled(1 / chosen.factor) for each in used.cumulative], chosen.label, words.language, line
        ),
        points_table(
            words.text(f"figure.{kind}_used.table"), words.text("column.year"), _named(used.years, used.cumulative),
            unit, words,
        ),
    )  # fmt: skip
    best = max(range(len(used.years)), key=lambda index: used.spent[index].p50)
    chosen = shared_scale(used.spent, unit, words)
    yield Figure(
        f"{kind}_yearly_{resource}", kind, words.text(f"figure.{kind}_yearly.title", resource=called),
        words.text(
            "figure.money_yearly.sentence", year=str(used.years[best]), used=told(used.spent[best], unit, words)
        ) if used.spent[best].p50 > 0 else words.text(f"figure.{kind}_yearly.none"),
        charts.year_bars(
            used.years, [each.scaled(1 / chosen.factor) for each in used.spent], chosen.label, words.language
        ),
        points_table(
            words.text(f"figure.{kind}_yearly.table"), words.text("column.year"), _named(used.years, used.spent), unit,
            words,
        ),
    )  # fmt: skip


def _capacity(run: Run, scenario: str, resource: str, words: Catalogue) -> Figure:
    used = budgets.capacity_used(run, scenario, resource)
    called = resource_title(run, resource, words.language)
    share, refused = used.share.points, used.refused_share.points
    if share is None or refused is None:
        sentence = words.text("figure.capacity.unused")
    else:
        sentence = words.text(
            "figure.capacity.sentence", share=told(share, SHARE, words), refused=told(refused, SHARE, words)
        )
    places = places_told(run, used.by, words)
    rows = _named(used.years, used.used_share)
    return Figure(
        f"capacity_{resource}", "capacity", words.text("figure.capacity.title", resource=called),
        sentence + (words.text("figure.capacity.by", places=places) if places else ""),
        charts.year_bars(
            used.years, [each.scaled(100) for each in used.used_share], words.text("figure.capacity.axis"),
            words.language,
        ),
        points_table(words.text("figure.capacity.table"), words.text("column.year"), rows, SHARE, words),
    )  # fmt: skip


def _named(years: tuple[int, ...], values: tuple[Points, ...]) -> list[tuple[str, Points]]:
    return [(str(year), each) for year, each in zip(years, values, strict=True)]


def _funnel(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    steps = [(stage, points(_stage(run, scenario, stage))) for stage in run.manifest.stages]
    if not steps:
        return
    shown = _told_steps(steps) if is_given(run) else steps
    told_rows = [(stage.title[words.language], each) for stage, each in shown]
    unit = count_unit(run)
    first, last = told_rows[0][1].p50, told_rows[-1][1].p50
    if first > 0:
        key = "sentence" if shown[-1][0] == steps[-1][0] else "in_part"
        sentence = words.text(
            f"figure.funnel.{key}", first=quantity(first, unit, words), last=quantity(last, unit, words),
            share=percent(last / first, words.language), loss=_largest_loss(shown, words),
        )  # fmt: skip
    else:
        sentence = words.text("figure.funnel.none")
    chosen = shared_scale([each for _, each in told_rows], unit, words)
    yield Figure(
        "funnel", "funnel", words.text("figure.funnel.title"), sentence,
        charts.bars(told_rows, words.text("figure.funnel.axis", unit=chosen.label), words.language),
        points_table(words.text("figure.funnel.table"), words.text("column.stage"), told_rows, unit, words),
        words.text("figure.funnel.few") if len(shown) < len(steps) else "",
    )  # fmt: skip


def _told_steps(steps: Steps) -> Steps:
    """Of units that somebody gave, the steps that none or five reach, and that none or five leave out.

    Who passes a step may be read off the units' own columns, so a step divides those who came to it as groups do.
    """
    kept = steps[:1]
    for stage, each in steps[1:]:
        lost = kept[-1][1].p50 - each.p50
        if not 0 < each.p50 < FEWEST and not 0 < lost < FEWEST:
            kept.append((stage, each))
    return kept


def _largest_loss(shown: Steps, words: Catalogue) -> str:
    """Between which two stages most of those who came so far are lost."""
    steps = [
        (before[0], after[0], after[1].p50 / before[1].p50)
        for before, after in itertools.pairwise(shown)
        if before[1].p50 > 0
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
    found = divided(run, scenario)
    if found is None:
        return
    kind = "who" if found.is_money else "where"
    outcome, units = found.outcome.title[words.language], words.unit(count_unit(run))
    for by in shown_groupings(run):
        shares = group_shares(run, scenario, found.outcome.id, by)
        if not shares:
            return
        rows = [(group.title[words.language], each) for group, each, _ in shares]
        most = max(shares, key=lambda each: each[1].p50)
        mark = words.text("figure.who.units", unit=units)
        called = by_title(run, by, words.language)
        yield Figure(
            f"who_{by}", kind, called,
            words.text(
                f"figure.{kind}.sentence", group=group_title(run, by, most[0], words.language),
                share=told(most[1], SHARE, words), size=percent(most[2], words.language), units=units, outcome=outcome,
            ),
            charts.intervals(
                [(name, each.scaled(100)) for name, each in rows],
                words.text(f"figure.{kind}.axis", outcome=charts.wrap(outcome, 60)), words.language,
                marks=[Mark(group.title[words.language], 100 * size, mark) for group, _, size in shares],
                kinds={mark: (PINK, "diamond")},
            ),
            points_table(
                words.text(f"figure.{kind}.table", by=called, outcome=outcome), words.text("column.group"), rows, SHARE,
                words,
            ),
        )  # fmt: skip
