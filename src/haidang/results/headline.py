"""The headline numbers of a scenario: each with its title, its unit, its points over draws, or why it has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl

from haidang.results import budgets, compare
from haidang.results.catalogue import Catalogue
from haidang.results.compare import Ratio, Undefined
from haidang.results.manifest import LANGUAGES, Outcome, Text
from haidang.results.markets import market_path
from haidang.results.numerals import SHARE, told
from haidang.results.parts import (
    both,
    cost_unit,
    count_unit,
    effect_outcomes,
    hands_out,
    lead_outcome,
    price_unit,
    priced,
    priced_outcomes,
    resource_title,
    resource_unit,
)
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


@lru_cache(maxsize=32)
def headlines(run: Run, scenario: str) -> tuple[Headline, ...]:
    """All headline numbers of a scenario: the main effect, then the others in the order in which a reader asks.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    run.scenario(scenario)
    lead = lead_outcome(run, scenario)
    main = () if lead is None else (lead,)
    others = tuple(each for each in effect_outcomes(run) if each not in main)
    return (
        *_effects(run, scenario, main), *_money(run, scenario), *_capacities(run, scenario), *_market(run, scenario),
        *_use(run, scenario), *_cost(run, scenario), *_effects(run, scenario, others), *_additional(run, scenario),
        *_prices(run, scenario),
    )  # fmt: skip


def _titled(key: str, **names: Text) -> Text:
    return both(f"headline.{key}", **names)


def _plain(name: str, title: Text, unit: str, draws: Draws) -> Headline:
    return Headline(name, title, unit, Ratio(points(draws)), draws)


def _called(run: Run, resource: str) -> Text:
    return Text(vi=resource_title(run, resource, "vi"), en=resource_title(run, resource, "en"))


def _money(run: Run, scenario: str) -> Iterator[Headline]:
    for resource in budgets.resources(run, scenario):
        used = budgets.money_used(run, scenario, resource)
        called, unit = _called(run, resource), resource_unit(run, resource)
        kind = hands_out(run, resource)
        yield _plain(f"{kind}_used.{resource}", _titled(f"{kind}_used", resource=called), unit, used.total)
        if used.line is None and used.fed is None:
            continue
        bound = np.full_like(used.total, used.line or np.nan) if used.fed is None else used.fed
        share = np.divide(used.total, bound, out=np.full_like(used.total, np.nan), where=bound > 0)
        title = _titled(f"{kind}_used_share" if used.fed is None else f"{kind}_fed_share", resource=called)
        yield Headline(f"{kind}_used_share.{resource}", title, SHARE, used.share, share)


def _capacities(run: Run, scenario: str) -> Iterator[Headline]:
    for resource in budgets.resources(run, scenario, "capacity"):
        used, called = budgets.capacity_used(run, scenario, resource), _called(run, resource)
        for name, value, draws in (
            ("capacity_used_share", used.share, used.share_draws),
            ("refused_share", used.refused_share, used.refused_draws),
        ):
            yield Headline(f"{name}.{resource}", _titled(name, resource=called), SHARE, value, draws)


def _market(run: Run, scenario: str) -> Iterator[Headline]:
    market, path = run.manifest.market, market_path(run, scenario)
    if market is None or path is None:
        return
    yield _plain("price", _titled("price", market=market.title), market.price_unit, path.last_price)
    yield _plain("price_mean", _titled("price_mean", market=market.title), market.price_unit, path.mean_price)
    yield _plain("traded", _titled("traded", market=market.title), market.unit, path.all_traded)
    yield _plain("surplus", _titled("surplus", market=market.title), market.unit, path.last_surplus)


def _use(run: Run, scenario: str) -> Iterator[Headline]:
    roles = run.manifest.roles
    if not run.has_outcome(roles.units) or not compare.counts_users(run, scenario):
        return
    count = compare.users(run, scenario, roles.units)[0]
    yield _plain("users", _users_title(run, scenario), count_unit(run), count)
    if run.manifest.stages:
        eligible = _eligible_draws(run, scenario)
        share = np.divide(count, eligible, out=np.full_like(count, np.nan), where=eligible > 0)
        value = Ratio(points(share)) if np.isfinite(share).all() else Ratio(None, "no_eligible")
        yield Headline("take_up", _titled("take_up"), SHARE, value, share)


def _users_title(run: Run, scenario: str) -> Text:
    """Users of the programme; where its budgets give no money, of the instruments that have budgets, by name."""
    own = [line for line in run.manifest.budgets if line.scenario == scenario]
    named = list(dict.fromkeys(line.title for line in own if line.title is not None))
    if not named or any(hands_out(run, line.resource) == "money" for line in own):
        return _titled("users")
    vi, en = (", ".join(f"“{title[language]}”" for title in named) for language in LANGUAGES)
    return _titled("users_of", instruments=Text(vi=vi, en=en))


def eligible(run: Run, scenario: str) -> Headline | None:
    """How many units meet the conditions; none where the model has no funnel. It stands in no report: take-up does."""
    if not run.manifest.stages:
        return None
    return _plain("eligible", _titled("eligible"), count_unit(run), _eligible_draws(run, scenario))


def _eligible_draws(run: Run, scenario: str) -> Draws:
    """Units at the first stage of the funnel, mean over the years, per draw."""
    first = run.manifest.stages[0].id
    rows = run.table("funnel").filter((pl.col("scenario") == scenario) & (pl.col("stage") == first))
    sums = np.zeros(run.manifest.draws)
    np.add.at(sums, rows["draw"].to_numpy(), rows["value"].to_numpy())
    return sums / len(run.manifest.years)


def _cost(run: Run, scenario: str) -> Iterator[Headline]:
    roles = run.manifest.roles
    if run.has_outcome(roles.cost):
        yield _plain("public_cost", _titled("public_cost"), cost_unit(run), compare.public_cost(run, scenario))


def _effects(run: Run, scenario: str, outcomes: tuple[Outcome, ...]) -> Iterator[Headline]:
    for outcome in outcomes:
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
    roles = run.manifest.roles
    for outcome in priced_outcomes(run, scenario):
        one = priced(run, outcome)
        if run.has_outcome(roles.cost):
            yield _price(run, scenario, roles.cost, outcome, f"cost_per.{outcome.id}", _titled("cost_per", unit=one))
        if run.has_outcome(roles.private_cost):
            payers = run.outcome(roles.private_cost).title
            title = _titled("private_cost_per", cost=payers, unit=one)
            yield _price(run, scenario, roles.private_cost, outcome, f"private_cost_per.{outcome.id}", title)


def _price(run: Run, scenario: str, cost: str, outcome: Outcome, name: str, title: Text) -> Headline:
    paid, gain = compare.cost_over(run, scenario, cost), compare.gain(run, scenario, outcome.id)
    draws = np.divide(paid, gain, out=np.full_like(paid, np.nan), where=gain > 0)
    return Headline(
        name, title, price_unit(run, cost, outcome), compare.cost_per(run, scenario, outcome.id, cost), draws
    )


UNDEFINED: tuple[Undefined, ...] = ("zero", "negative", "no_users", "no_line", "not_recorded", "no_eligible")
"""Every reason for which a number is told in words; the catalogues have a sentence for each."""
