"""The answer in a few sentences, right for every case: unused, partly used, spent, nobody eligible, no gain, harm.

Which sentences there are depends on what the model has: budgets, capacities, a market, a public cost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from haidang.results import budgets, compare
from haidang.results.budgets import MoneyUsed
from haidang.results.catalogue import Catalogue
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import Feed, Outcome, Scenario
from haidang.results.markets import MarketPath, market_path
from haidang.results.numerals import SHARE, percent, quantity, told
from haidang.results.parts import (
    by_title,
    count_unit,
    hands_out,
    lead_outcome,
    priced,
    raises_money,
    resource_title,
    resource_unit,
)
from haidang.results.points import Points, points
from haidang.results.run import Run

Sign = Literal["more", "some", "perhaps", "less", "unclear", "none"]
EXHAUSTED = 0.5
"""From this share of draws on, the sentence says that the line is spent."""

ROOM = 0.005
"""Where fewer than this share of the requests are turned away in nearly all draws, there is room for everybody."""


PLENTY = 0.5
"""Where no more than this share of a capacity is used there is plenty of it on the whole, whoever is turned away."""


@dataclass(frozen=True, slots=True)
class Better:
    """A variant against the programme: how likely it gains more of the lead outcome per VND of public cost."""

    scenario: Scenario
    chance: float


def answer(run: Run, scenario: str, words: Catalogue) -> tuple[str, ...]:
    """What a director is told first: the money, what it adds, whether there is room, the price, what it costs.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    return tuple(sentence for sentence, _ in answer_by_part(run, scenario, words))


def answer_by_part(run: Run, scenario: str, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """The same, each sentence with the part of the report that holds its numbers.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    run.scenario(scenario)
    found = (
        (effect_sentence(run, scenario, words), "effects"),
        (capacity_sentence(run, scenario, words), "capacity"),
        (market_sentence(run, scenario, words), "market"),
        (price_sentence(run, scenario, words), "price"),
    )
    first = budgets.resources(run, scenario)[:1]
    # Whether its money is used is the first question about a credit line; other bounds matter less than the effect.
    hands_money = not first or hands_out(run, first[0]) == "money"
    at = 0 if hands_money else 3
    used = (money_sentence(run, scenario, words), "money" if hands_money else "amount")
    return tuple(each for each in (*found[:at], used, *found[at:]) if each[0])


def scenario_note(run: Run, scenario: str, words: Catalogue) -> str:
    """What the programme's file says that its reader should know: what is supposed, what is not published."""
    note = run.scenario(scenario).note
    return " ".join(note[words.language].split()) if note else ""


def shortened(text: str, most: int = 320) -> str:
    """The first sentences of a text, as many as fit into `most` characters, and never less than one."""
    sentences = re.split(r"(?<=[.!?…])\s+(?=\W*[^\W\d_a-zà-ỹ])", text)
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + 1 + len(sentence) > most:
            return f"{kept} …"
        kept = f"{kept} {sentence}"
    return kept


def sign(found: Points) -> Sign:
    """Where the 90 % interval of a difference lies: above zero, from zero up, below it, across it, or on it.

    From zero up it is *some* where the median is above zero, and *perhaps* where most draws have no difference.
    """
    if found.p5 == found.p95 == 0:
        return "none"
    if found.p5 > 0:
        return "more"
    if found.p5 == 0:
        return "some" if found.p50 > 0 else "perhaps"
    return "less" if found.p95 < 0 else "unclear"


def money_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """How much of the largest line is used; nothing where the model moves no money."""
    units = words.unit(count_unit(run))
    named = budgets.resources(run, scenario)
    if not named:
        moves = run.has_outcome(run.manifest.roles.money) and not raises_money(run)
        return words.text("answer.money.no_budget") if moves else ""
    used = budgets.money_used(run, scenario, named[0])
    unit, called = resource_unit(run, named[0]), resource_title(run, named[0], words.language)
    total = points(used.total)
    line = words.text("answer.no_line") if used.line is None else quantity(used.line, unit, words)
    if _none_eligible(run, scenario):
        return words.text("answer.money.none_eligible", units=units, line=line)
    if total.p5 == total.p95 == 0:
        return words.text("answer.money.unused", units=units, line=line, resource=called)
    return _money_used(used, unit, called, line, words)


def _money_used(used: MoneyUsed, unit: str, called: str, line: str, words: Catalogue) -> str:
    """Money that is used: from another programme, without a line, in part, or all of it."""
    values = {
        "used": told(points(used.total), unit, words), "year": str(used.years[-1]), "resource": called, "line": line,
        "chance": percent(used.exhausted, words.language),
    }  # fmt: skip
    origin = "".join(f" {feed_sentence(each, words)}" for each in used.feeds)
    if used.share.points is None:
        return words.text("answer.money.unbounded", **values) + origin
    share = told(used.share.points, SHARE, words)
    if used.fed is not None:
        return words.text("answer.money.fed", there=told(points(used.fed), unit, words), share=share, **values) + origin
    kind = "revolving" if used.revolving else ""
    if used.exhausted >= EXHAUSTED:
        return words.text("answer.money.revolving_exhausted" if kind else "answer.money.exhausted", **values)
    return words.text("answer.money.revolving" if kind else "answer.money.partial", share=share, **values)


def feed_sentence(feed: Feed, words: Catalogue) -> str:
    """Where the money of a budget comes from that another programme fills."""
    programme = feed.title[words.language] if feed.title else feed.programme
    outcome = feed.outcome_title[words.language] if feed.outcome_title else feed.outcome
    key = "now" if feed.lag == 0 else "next" if feed.lag == 1 else "later"
    when = words.text(f"answer.feed.{key}", years=str(feed.lag))
    share = percent(feed.share, words.language)
    return words.text("answer.feed.origin", programme=programme, outcome=outcome, share=share, when=when)


def effect_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """What the programme changes against doing nothing, and what would have happened anyway."""
    outcome = lead_outcome(run, scenario)
    if outcome is None:
        return words.text("answer.effect.no_outcome")
    effect = points(compare.horizon_effect(run, scenario, outcome.id))
    gain = _turned(effect) if outcome.good == "less" else effect
    way, unit = sign(gain), compare.horizon_unit(outcome)
    shown = effect if way == "unclear" else _turned(gain) if way == "less" and outcome.good != "neutral" else gain
    head = words.text(
        f"answer.effect.{outcome.good}.{way}",
        gain=told(shown, unit, words), named=_named(run, outcome, words), outcome=outcome.title[words.language],
        when=_when(run, outcome, words), most=quantity(shown.p95, unit, words),
    )  # fmt: skip
    return f"{head}{_anyway(run, scenario, outcome, way, words)}."


def _turned(found: Points) -> Points:
    """The points of the negative."""
    return Points(-found.p95, -found.p75, -found.p50, -found.p25, -found.p5)


def capacity_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """How much of the capacity is used and how many find no room; of several, where most are turned away."""
    found = [budgets.capacity_used(run, scenario, name) for name in budgets.resources(run, scenario, "capacity")]
    asked = [each for each in found if each.share.points is not None and each.refused_share.points is not None]
    if not found:
        return ""
    if not asked:
        return words.text("answer.capacity.unused", resource=resource_title(run, found[0].resource, words.language))
    tight = max(asked, key=lambda each: float(each.refused_draws.mean()))
    share, refused = tight.share.points, tight.refused_share.points
    assert share is not None
    assert refused is not None
    key = "answer.capacity.tightest" if len(found) > 1 else "answer.capacity.used"
    if refused.p95 < ROOM:
        tight = max(asked, key=lambda each: float(each.share_draws.mean()))
        share, key = tight.share.points or share, "answer.capacity.room"
    elif share.p50 <= PLENTY:
        key = "answer.capacity.plenty"
    called = resource_title(run, tight.resource, words.language)
    return words.text(
        key,
        places=places_told(run, tight.by, words),
        resource=called,
        share=told(share, SHARE, words),
        refused=told(refused, SHARE, words),
        count=str(len(found)),
    )


def places_told(run: Run, by: Sequence[str], words: Catalogue) -> str:
    """The columns whose every combination has its own capacity, by their titles."""
    return " × ".join(by_title(run, name, words.language) for name in by)


def market_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """The price that the market finds, what is traded at it, and what finds no other side."""
    market, path = run.manifest.market, market_path(run, scenario)
    if market is None:
        return ""
    if path is None:
        return words.text("answer.market.none", market=market.title[words.language])
    head = words.text(
        "answer.market.price", market=market.title[words.language], year=str(path.years[-1]),
        price=told(path.price[-1], market.price_unit, words),
        traded=told(points(path.all_traded), market.unit, words),
    )  # fmt: skip
    return " ".join(part for part in (head, bound_sentence(path, words), left_sentence(run, path, words)) if part)


def bound_sentence(path: MarketPath, words: Catalogue) -> str:
    """How often the price stands at its floor or at its ceiling, where it does at all."""
    parts = [
        words.text(f"answer.market.{name}", share=percent(share, words.language))
        for name, share in (("at_floor", path.at_floor), ("at_ceiling", path.at_ceiling))
        if share
    ]
    return " ".join(parts)


def left_sentence(run: Run, path: MarketPath, words: Catalogue) -> str:
    """What is left over when the last period ends: offers without a buyer, or bids without a seller."""
    market, left = run.manifest.market, path.surplus[-1]
    if market is None or left.p5 == left.p95 == 0:
        return ""
    way = sign(left)
    key = "surplus" if way in {"more", "some"} else "shortage" if way == "less" else "either"
    shown = _turned(left) if key == "shortage" else left
    return words.text(f"answer.market.{key}", left=told(shown, market.unit, words), year=str(path.years[-1]))


def price_sentence(run: Run, scenario: str, words: Catalogue) -> str:
    """What it costs the public and those who take part, the price of what is added, and the best variant per cost."""
    known = {each.id: each for each in headlines(run, scenario)}
    outcome = lead_outcome(run, scenario)
    sentences = [_public(run, scenario, outcome, known, words), _private(run, scenario, outcome, known, words)]
    return " ".join(each for each in sentences if each)


def _public(run: Run, scenario: str, outcome: Outcome | None, known: dict[str, Headline], words: Catalogue) -> str:
    cost = known.get("public_cost")
    if cost is None or cost.value.points is None:
        return ""
    found = cost.value.points
    if found.p5 == found.p95 == 0:
        unused = known["users"].value.points if "users" in known else None
        nobody = unused is not None and unused.p95 == 0
        return words.text("answer.price.free" if nobody else "answer.price.nothing")
    if found.p95 < 0:
        return words.text("answer.price.earns", cost=told(_turned(found), cost.unit, words))
    head = words.text("answer.price.cost", cost=told(found, cost.unit, words))
    price = "" if outcome is None else _price(run, outcome, known.get(f"cost_per.{outcome.id}"), words)
    return f"{head}{price}{_variants(run, scenario, outcome, words)}."


def _private(run: Run, scenario: str, outcome: Outcome | None, known: dict[str, Headline], words: Catalogue) -> str:
    name = run.manifest.roles.private_cost
    if not run.has_outcome(name):
        return ""
    cost = points(compare.cost_over(run, scenario, name))
    title, unit = run.outcome(name).title[words.language], run.outcome(name).unit.removesuffix("/year")
    price = "" if outcome is None else _price(run, outcome, known.get(f"private_cost_per.{outcome.id}"), words)
    return f"{words.text('answer.price.private', title=title, cost=told(cost, unit, words))}{price}."


def best_variant(run: Run, scenario: str, outcome: Outcome) -> Better | None:
    """The other design most likely to gain more of an outcome per VND of public cost than this one.

    What is said of each is what the table of designs says. None where no other design can be compared by its cost.
    """
    chances = (
        (other, compare.chance_better_per_cost(run, other.id, scenario, outcome.id))
        for other in run.designs
        if other.id != scenario
    )
    rivals = [Better(other, chance.better) for other, chance in chances if chance is not None]
    return max(rivals, key=lambda each: each.chance, default=None)


def _none_eligible(run: Run, scenario: str) -> bool:
    take_up = next((each for each in headlines(run, scenario) if each.id == "take_up"), None)
    return take_up is not None and take_up.value.undefined == "no_eligible"


def _named(run: Run, outcome: Outcome, words: Catalogue) -> str:
    """The outcome's name in brackets, where its unit does not already tell it, and when it stands so."""
    name = "" if outcome.unit == "level" else outcome.title[words.language]
    told_parts = [part for part in (name, _when(run, outcome, words).removeprefix(", ")) if part]
    return f" ({', '.join(told_parts)})" if told_parts else ""


def _when(run: Run, outcome: Outcome, words: Catalogue) -> str:
    """When an outcome that does not add up stands so."""
    return "" if outcome.kind == "flow" else words.text("answer.at_end", year=str(run.manifest.years[-1]))


def _anyway(run: Run, scenario: str, outcome: Outcome, way: Sign, words: Catalogue) -> str:
    if outcome not in compare.divisible(run, scenario):
        return ""
    share = compare.additionality(run, scenario, outcome.id).deadweight_share.points
    if share is None or way in {"none", "less"}:
        return ""
    return words.text("answer.anyway", share=told(share, SHARE, words))


def _price(run: Run, outcome: Outcome, price: Headline | None, words: Catalogue) -> str:
    if price is None:
        return ""
    one = priced(run, outcome)[words.language]
    if price.value.points is None:
        share = "share_" if price.unit == SHARE else ""
        return words.text(f"answer.price.{share}{price.value.undefined}", one=one)
    if price.unit == SHARE:
        return words.text("answer.price.share", price=told(price.value.points, SHARE, words))
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
