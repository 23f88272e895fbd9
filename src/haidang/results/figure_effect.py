"""Figures of effect: what was additional, what changed against the baseline, and the variants side by side."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.results import charts, compare
from haidang.results.catalogue import Catalogue
from haidang.results.figure import Figure
from haidang.results.manifest import Outcome
from haidang.results.numerals import SHARE, percent, quantity, told
from haidang.results.parts import cost_unit, lead_outcome, shown_outcomes
from haidang.results.points import Points, points, yearly_points
from haidang.results.run import Run
from haidang.results.tables import points_table, shared_scale
from haidang.results.wording import best_variant, sign


def effect_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """The split of users' outcomes, effects by year, and variants."""
    yield from _split(run, scenario, words)
    for outcome in shown_outcomes(run, scenario):
        yield _effect(run, scenario, outcome, words)
    if len(run.designs) > 1:
        yield from _variants(run, scenario, words)


def _split(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    rows: list[tuple[str, Points]] = []
    for outcome in compare.divisible(run, scenario):
        share = compare.additionality(run, scenario, outcome.id).additional_share.points
        if share is not None:
            rows.append((outcome.title[words.language], share))
    if not rows:
        return
    lead = lead_outcome(run, scenario)
    name, share = next((row for row in rows if lead and row[0] == lead.title[words.language]), rows[0])
    yield Figure(
        "additional", "additional", words.text("figure.additional.title"),
        words.text("figure.additional.sentence", outcome=name, share=told(share, SHARE, words)),
        charts.split_bars(
            [(label, each.scaled(100)) for label, each in rows],
            (words.text("figure.additional.additional"), words.text("figure.additional.deadweight")),
            words.text("figure.additional.axis"), words.language,
        ),
        points_table(words.text("figure.additional.table"), words.text("column.outcome"), rows, SHARE, words),
    )  # fmt: skip


def _effect(run: Run, scenario: str, outcome: Outcome, words: Catalogue) -> Figure:
    each = yearly_points(compare.effect(run, scenario, outcome.id))
    chosen = shared_scale(each, outcome.unit, words)
    whole = points(compare.horizon_effect(run, scenario, outcome.id))
    way = "some_less" if whole.p95 == 0 > whole.p50 else sign(whole)
    period = words.text("figure.effect.sum" if outcome.kind == "flow" else "figure.effect.end")
    title = outcome.title[words.language]
    # A band needs two years.
    draw = charts.year_band if len(each) > 1 else charts.year_bars
    return Figure(
        f"effect_{outcome.id}", "effects", title,
        words.text(
            f"figure.effect.{way}", period=period, told=told(whole, compare.horizon_unit(outcome), words),
            most=quantity(whole.p95, compare.horizon_unit(outcome), words),
        ),
        draw(run.manifest.years, [year.scaled(1 / chosen.factor) for year in each], chosen.label, words.language),
        points_table(
            words.text("figure.effect.table", outcome=title), words.text("column.year"),
            [(str(year), year_points) for year, year_points in zip(run.manifest.years, each, strict=True)],
            outcome.unit, words,
        ),
    )  # fmt: skip


def _variants(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    lead = lead_outcome(run, scenario)
    own = run.scenario(scenario).title[words.language]
    if lead is None:
        return
    unit = compare.horizon_unit(lead)
    gains = [
        (other.title[words.language], points(compare.horizon_effect(run, other.id, lead.id))) for other in run.designs
    ]
    best = max(gains, key=lambda row: -row[1].p50 if lead.good == "less" else row[1].p50)
    yield _side_by_side(
        "variants_gain", gains, unit, own, words,
        words.text("figure.variants_gain.title", outcome=lead.title[words.language]),
        words.text(
            "figure.variants_gain.largest" if lead.good == "neutral" else "figure.variants_gain.sentence",
            variant=best[0], told=told(best[1], unit, words),
        ),
    )  # fmt: skip
    if not run.has_outcome(run.manifest.roles.cost):
        return
    costs = [(other.title[words.language], points(compare.public_cost(run, other.id))) for other in run.designs]
    yield _side_by_side(
        "variants_cost", costs, cost_unit(run), own, words, words.text("figure.variants_cost.title"),
        words.text("figure.variants_cost.sentence"),
    )  # fmt: skip
    per_money = [
        (other.title[words.language], found.scaled(1e9))
        for other in run.designs
        if (found := compare.gain_per_cost(run, other.id, lead.id).points) is not None
    ]
    if not per_money:
        return
    ahead = best_variant(run, scenario, lead)
    yield _side_by_side(
        "variants_price", per_money, lead.unit.removesuffix("/year"), own, words,
        words.text("figure.variants_price.title", outcome=lead.title[words.language]),
        words.text("figure.variants_price.sentence")
        + ("" if ahead is None else words.text(
            "figure.variants_price.best", variant=ahead.scenario.title[words.language],
            chance=percent(ahead.chance, words.language),
        )), "figure.variants_price.unit",
    )  # fmt: skip


def _side_by_side(
    name: str, rows: list[tuple[str, Points]], unit: str, own: str, words: Catalogue, title: str, sentence: str,
    axis: str | None = None,
) -> Figure:  # fmt: skip
    """Programmes side by side; `axis` names the axis' words where they are more than the unit."""
    chosen = shared_scale([each for _, each in rows], unit, words)
    shown = [(row, each.scaled(1 / chosen.factor)) for row, each in rows]
    label = chosen.label if axis is None else words.text(axis, unit=chosen.label)
    return Figure(
        name, "variants", title, sentence,
        charts.intervals(shown, label, words.language, emphasis=own),
        points_table(title, words.text("column.variant"), rows, unit, words),
    )  # fmt: skip
