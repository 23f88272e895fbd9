"""The answer in three sentences, right for every case: unused, partly used, spent, nobody eligible, no gain, harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.headline import (
    Headline,
    count_unit,
    headlines,
    lead_outcome,
    priced,
    resource_title,
    resource_unit,
)  # fmt: skip
from haidang.results.manifest import Outcome, Scenario
from haidang.results.numerals import SHARE, percent, quantity, told
from haidang.results.points import Points, points
from haidang.results.run import Run

Sign = Literal["more", "some", "less", "unclear", "none"]
EXHAUSTED = 0.5
"""From this share of draws on, the sentence says that the line is spent."""


@dataclass(frozen=True, slots=True)
class Better:
    """A variant against the programme: how likely it gains more of the lead outcome per VND of public cost."""

    scenario: Scenario
    chance: float


def answer(run: Run, scenario: str, words: Catalogue) -> tuple[str, str, str]:
    """What a director is told first: the money, what it adds, what that costs.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    return (
        money_sentence(run, scenario, words),
        effect_sentence(run, scenario, words),
        price_sentence(run, scenario, words),
    )


def sign(found: Points) -> Sign:
    """Where the 90 % interval of a difference lies: above zero, from zero up, below it, across it, or on it."""
    if found.p5 == found.p95 == 0:
        return "none"
    if found.p5 > 0:
        return "more"
    if found.p5 == 0 and found.p50 > 0:
        return "some"
    return "less" if found.p95 < 0 else "unclear"


def money_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """How much of the largest line is used."""
    units = words.unit(count_unit(run))
    year = str(run.manifest.years[-1])
    named = compare.resources(run, scenario)
    if not named:
        return words.text("answer.money.no_budget")
    used = compare.money_used(run, scenario, named[0])
    unit, called = resource_unit(run, named[0]), resource_title(run, named[0], words.language)
    total = points(used.total)
    line = words.text("answer.no_line") if used.line is None else quantity(used.line, unit, words)
    if _none_eligible(run, scenario):
        return words.text("answer.money.none_eligible", units=units, line=line)
    if total.p5 == total.p95 == 0:
        return words.text("answer.money.unused", units=units, line=line, resource=called)
    values = {"used": told(total, unit, words), "year": year}
    if used.line is None or used.share.points is None:
        return words.text("answer.money.unbounded", resource=called, **values)
    chance = percent(used.exhausted, words.language)
    if used.exhausted >= EXHAUSTED:
        key = "revolving_exhausted" if used.revolving else "exhausted"
        return words.text(f"answer.money.{key}", line=line, chance=chance, resource=called, **values)
    key = "revolving" if used.revolving else "partial"
    share = told(used.share.points, SHARE, words)
    return words.text(f"answer.money.{key}", line=line, share=share, chance=chance, resource=called, **values)


def effect_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """What the programme adds against doing nothing, and what would have happened anyway."""
    outcome = lead_outcome(run, scenario)
    if outcome is None:
        return words.text("answer.effect.no_outcome")
    found = points(compare.horizon_effect(run, scenario, outcome.id))
    unit = compare.horizon_unit(outcome)
    way = sign(found)
    shown = found if way != "less" else Points(-found.p95, -found.p75, -found.p50, -found.p25, -found.p5)
    head = words.text(
        f"answer.effect.{way}",
        gain=told(shown, unit, words),
        named=_named(outcome, words),
    )
    return f"{head}{_anyway(run, scenario, outcome, way, words)}."


def price_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """The public cost, the price of what is added, and whether a variant gives more for the same money."""
    known = {each.id: each for each in headlines(run, scenario)}
    outcome = lead_outcome(run, scenario)
    cost = known.get("public_cost")
    if cost is None or cost.value.points is None:
        return words.text("answer.price.not_recorded")
    if cost.value.points.p5 == cost.value.points.p95 == 0:
        return words.text("answer.price.free")
    head = words.text("answer.price.cost", cost=told(cost.value.points, "VND", words))
    price = "" if outcome is None else _price(outcome, known.get(f"cost_per.{outcome.id}"), words)
    return f"{head}{price}{_variants(run, scenario, outcome, words)}."


def best_variant(run: Run, scenario: str, outcome: Outcome) -> Better | None:
    """The other programme most likely to gain more of an outcome per VND of public cost than this one."""
    if not run.has_outcome(run.manifest.roles.cost):
        return None
    rivals = [
        Better(other, compare.chance_better_per_cost(run, other.id, scenario, outcome.id))
        for other in run.programmes
        if other.id != scenario and _gains(run, other.id, outcome)
    ]
    return max(rivals, key=lambda each: each.chance, default=None)


def _gains(run: Run, scenario: str, outcome: Outcome) -> bool:
    """Whether a scenario has a gain per public cost at all, and more gain than loss."""
    found = compare.gain_per_cost(run, scenario, outcome.id).points
    return found is not None and found.p50 > 0


def _none_eligible(run: Run, scenario: str) -> bool:
    take_up = next((each for each in headlines(run, scenario) if each.id == "take_up"), None)
    return take_up is not None and take_up.value.undefined == "no_eligible"


def _named(outcome: Outcome, words: Catalogue) -> str:
    """The outcome's name in brackets, where its unit does not already tell it."""
    return "" if outcome.unit == "level" else f" ({outcome.title[words.language]})"


def _anyway(run: Run, scenario: str, outcome: Outcome, way: Sign, words: Catalogue) -> str:
    share = compare.additionality(run, scenario, outcome.id).deadweight_share.points
    if share is None or way in {"none", "less"}:
        return ""
    return words.text("answer.anyway", share=told(share, SHARE, words))


def _price(outcome: Outcome, price: Headline | None, words: Catalogue) -> str:
    if price is None:
        return ""
    one = priced(outcome)[words.language]
    if price.value.points is None:
        return words.text(f"answer.price.{price.value.undefined}", one=one)
    money = price.unit.partition("/")[0]
    return words.text("answer.price.each", one=one, price=told(price.value.points, money, words))


def _variants(run: Run, scenario: str, outcome: Outcome | None, words: Catalogue) -> str:
    if outcome is None:
        return ""
    best = best_variant(run, scenario, outcome)
    if best is None:
        return ""
    key = "answer.better" if best.chance > 0.5 else "answer.no_better"
    return words.text(key, variant=best.scenario.title[words.language], chance=percent(best.chance, words.language))
