"""The headline numbers of a scenario: each with its title, its unit, its points over draws, or why it has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from haidang.results import compare
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.compare import Ratio, Undefined
from haidang.results.manifest import LANGUAGES, Language, Outcome, Text
from haidang.results.numerals import SHARE, told
from haidang.results.points import Draws, points
from haidang.results.run import Run


@dataclass(frozen=True, slots=True)
class Headline:
    """One number of the answer.

    `draws` holds one number per draw in `unit`, NaN in a draw where the number has no meaning. `value` is its points,
    or the reason why it is told in words.
    """

    id: str
    title: Text
    unit: str
    value: Ratio
    draws: Draws = field(repr=False, compare=False)

    def told(self, words: Catalogue) -> str:
        """Median and interval, or the reason in words."""
        if self.value.points is None:
            return words.text(f"undefined.{self.value.undefined}")
        return told(self.value.points, self.unit, words)


def headlines(run: Run, scenario: str) -> tuple[Headline, ...]:
    """All headline numbers of a scenario, in the order in which a reader asks for them.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    run.scenario(scenario)
    return (
        *_money(run, scenario), *_use(run, scenario), *_cost(run, scenario), *_effects(run, scenario),
        *_additional(run, scenario), *_prices(run, scenario),
    )  # fmt: skip


def lead_outcome(run: Run, scenario: str) -> Outcome | None:
    """The outcome that the answer is about: levels gained, else the first good flow that users' sums hold."""
    if run.has_outcome(run.manifest.roles.levels):
        return run.outcome(run.manifest.roles.levels)
    return next(iter(compare.divisible(run, scenario)), None)


def effect_outcomes(run: Run) -> tuple[Outcome, ...]:
    """Outcomes whose effect is told: all but the count of units and the programme's own money."""
    roles = run.manifest.roles
    return tuple(each for each in run.manifest.outcomes if each.id not in {roles.units, roles.money, roles.cost})


def priced_outcomes(run: Run) -> tuple[Outcome, ...]:
    """Outcomes that have a price in public money: levels and emissions."""
    roles = run.manifest.roles
    return tuple(run.outcome(name) for name in (roles.levels, roles.emissions) if run.has_outcome(name))


def priced(outcome: Outcome) -> Text:
    """What one pays for, in words: an additional level, a tonne avoided."""
    base = outcome.unit.removesuffix("/year")
    vi, en = (
        words.text(f"priced.{base}") if words.has(f"priced.{base}") else words.text("priced.other", one=words.per(base))
        for words in map(catalogue, LANGUAGES)
    )
    return Text(vi=vi, en=en)


def resource_title(run: Run, resource: str, language: Language) -> str:
    """How a resource is called: by the manifest, else by the catalogue, else by its identifier."""
    for known in run.manifest.resources:
        if known.id == resource and known.title[language] != resource:
            return known.title[language]
    words = catalogue(language)
    return words.text(f"resource.{resource}") if words.has(f"resource.{resource}") else resource


def resource_unit(run: Run, resource: str) -> str:
    """The unit of a resource, VND where the manifest is silent."""
    return next((known.unit for known in run.manifest.resources if known.id == resource), "VND")


def count_unit(run: Run) -> str:
    """The unit in which units are counted."""
    name = run.manifest.roles.units
    return run.outcome(name).unit if run.has_outcome(name) else "unit"


def _titled(key: str, **names: Text) -> Text:
    vi, en = (
        catalogue(language).text(f"headline.{key}", **{name: words[language] for name, words in names.items()})
        for language in LANGUAGES
    )
    return Text(vi=vi, en=en)


def _plain(name: str, title: Text, unit: str, draws: Draws) -> Headline:
    return Headline(name, title, unit, Ratio(points(draws)), draws)


def _money(run: Run, scenario: str) -> Iterator[Headline]:
    for resource in compare.resources(run, scenario):
        used = compare.money_used(run, scenario, resource)
        called = Text(vi=resource_title(run, resource, "vi"), en=resource_title(run, resource, "en"))
        unit = resource_unit(run, resource)
        yield _plain(f"money_used.{resource}", _titled("money_used", resource=called), unit, used.total)
        share = used.total / used.line if used.line else np.full_like(used.total, np.nan)
        yield Headline(
            f"money_used_share.{resource}", _titled("money_used_share", resource=called), SHARE, used.share, share
        )


def _use(run: Run, scenario: str) -> Iterator[Headline]:
    roles = run.manifest.roles
    if not run.has_outcome(roles.units):
        return
    count = compare.users(run, scenario, roles.units)[0]
    yield _plain("users", _titled("users"), count_unit(run), count)
    if run.manifest.stages:
        eligible = _eligible(run, scenario)
        share = np.divide(count, eligible, out=np.full_like(count, np.nan), where=eligible > 0)
        value = Ratio(points(share)) if np.isfinite(share).all() else Ratio(None, "no_eligible")
        yield Headline("take_up", _titled("take_up"), SHARE, value, share)


def _eligible(run: Run, scenario: str) -> Draws:
    """Units at the first stage of the funnel, mean over the years, per draw."""
    first = run.manifest.stages[0].id
    rows = run.table("funnel").filter((pl.col("scenario") == scenario) & (pl.col("stage") == first))
    sums = np.zeros(run.manifest.draws)
    np.add.at(sums, rows["draw"].to_numpy(), rows["value"].to_numpy())
    return sums / len(run.manifest.years)


def _cost(run: Run, scenario: str) -> Iterator[Headline]:
    if run.has_outcome(run.manifest.roles.cost):
        yield _plain("public_cost", _titled("public_cost"), "VND", compare.public_cost(run, scenario))


def _effects(run: Run, scenario: str) -> Iterator[Headline]:
    for outcome in effect_outcomes(run):
        draws = compare.horizon_effect(run, scenario, outcome.id)
        title = _titled("effect_flow" if outcome.kind == "flow" else "effect_end", outcome=outcome.title)
        yield _plain(f"effect.{outcome.id}", title, compare.horizon_unit(outcome), draws)


def _additional(run: Run, scenario: str) -> Iterator[Headline]:
    for outcome in compare.divisible(run, scenario):
        found = compare.additionality(run, scenario, outcome.id)
        with_it, without = compare.users(run, scenario, outcome.id)
        share = np.divide(without, with_it, out=np.full_like(without, np.nan), where=with_it > 0)
        for name, value, draws in (
            ("additional_share", found.additional_share, 1 - share),
            ("deadweight_share", found.deadweight_share, share),
        ):
            yield Headline(f"{name}.{outcome.id}", _titled(name, outcome=outcome.title), SHARE, value, draws)


def _prices(run: Run, scenario: str) -> Iterator[Headline]:
    for outcome in priced_outcomes(run):
        value = compare.cost_per(run, scenario, outcome.id)
        unit = f"VND/{outcome.unit.removesuffix('/year')}"
        if value.undefined == "not_recorded":
            draws = np.full(run.manifest.draws, np.nan)
        else:
            cost = compare.public_cost(run, scenario)
            gain = compare.accumulated(outcome, compare.effect(run, scenario, outcome.id))
            draws = np.divide(cost, gain, out=np.full_like(cost, np.nan), where=gain > 0)
        yield Headline(f"cost_per.{outcome.id}", _titled("cost_per", unit=priced(outcome)), unit, value, draws)


UNDEFINED: tuple[Undefined, ...] = ("zero", "negative", "no_users", "no_line", "not_recorded", "no_eligible")
"""Every reason for which a number is told in words; the catalogues have a sentence for each."""
