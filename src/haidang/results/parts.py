"""Which outcomes play which part in a report, and what resources, units and prices are called."""

from __future__ import annotations

from typing import Literal

from haidang.results import compare
from haidang.results.catalogue import catalogue, words_of
from haidang.results.manifest import LANGUAGES, Language, Outcome, Text
from haidang.results.numerals import SHARE
from haidang.results.run import Run

_MONEY = frozenset({"VND", "USD", "EUR", "GBP", "JPY", "CNY", "KRW", "SGD"})


def lead_outcome(run: Run, scenario: str) -> Outcome | None:
    """The outcome that the answer is about.

    The model's main one; else the levels gained; else the first good flow that users' sums hold; else the first
    outcome of which the model says that more or less of it is good.
    """
    roles = run.manifest.roles
    for name in (roles.main, roles.levels):
        if run.has_outcome(name):
            return run.outcome(name)
    good = (each for each in effect_outcomes(run) if each.good != "neutral")
    return next(iter(compare.divisible(run, scenario)), None) or next(good, None)


def effect_outcomes(run: Run) -> tuple[Outcome, ...]:
    """Outcomes whose effect is told: all but the count of units and the programme's own money, the main one first."""
    roles = run.manifest.roles
    own = [each for each in run.manifest.outcomes if each.id not in {roles.units, roles.money, roles.cost}]
    return tuple(sorted(own, key=lambda each: each.id != roles.main))


SHOWN = 8
"""So many outcomes at most get a chart of their own."""


def ordered_outcomes(run: Run, scenario: str) -> tuple[Outcome, ...]:
    """Outcomes as a report shows them: the main one, those with a part of their own, the good and bad, the others."""
    roles = run.manifest.roles
    lead = lead_outcome(run, scenario)
    named = (roles.level, roles.levels, roles.value_added, roles.electricity, roles.emissions)
    known = {each.id: each for each in effect_outcomes(run) if each.id != roles.investment}
    judged = [each.id for each in known.values() if each.good != "neutral"]
    order = [lead.id if lead else "", *named, *judged, *known]
    return tuple(known[name] for name in dict.fromkeys(order) if name in known)


def shown_outcomes(run: Run, scenario: str) -> tuple[Outcome, ...]:
    """Outcomes that get a chart of their own; the others stand in a table."""
    return ordered_outcomes(run, scenario)[:SHOWN]


def priced_outcomes(run: Run, scenario: str) -> tuple[Outcome, ...]:
    """Outcomes that have a price: the main one, levels and emissions; a mean has none."""
    roles = run.manifest.roles
    lead = lead_outcome(run, scenario)
    names = dict.fromkeys((lead.id if lead else "", roles.levels, roles.emissions))
    return tuple(run.outcome(name) for name in names if run.has_outcome(name) and run.outcome(name).kind != "mean")


def priced(run: Run, outcome: Outcome) -> Text:
    """What one pays for, in words: an additional level, a tonne avoided, a vehicle-kilometre less."""
    base = outcome.unit.removesuffix("/year")

    def said(language: Language) -> str:
        words = words_of(run.manifest, language)
        if words.has(f"priced.{base}"):
            return words.text(f"priced.{base}")
        return words.text("priced.less" if outcome.good == "less" else "priced.other", one=words.per(base))

    return Text(vi=said("vi"), en=said("en"))


def price_unit(run: Run, cost: str, outcome: Outcome) -> str:
    """The unit of a cost per unit of an outcome; a share where both are the same money."""
    paid, base = run.outcome(cost).unit.removesuffix("/year"), outcome.unit.removesuffix("/year")
    return SHARE if paid == base else f"{paid}/{base}"


def cost_unit(run: Run) -> str:
    """The unit of the public cost over the horizon, VND where the model does not record it."""
    name = run.manifest.roles.cost
    return run.outcome(name).unit.removesuffix("/year") if run.has_outcome(name) else "VND"


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


def is_money(unit: str) -> bool:
    """Whether a unit is one of money."""
    return unit.partition("/")[0] in _MONEY


def raises_money(run: Run) -> bool:
    """Whether money is what the programme is for, so that its budgets bound what comes in and hand nothing out."""
    roles = run.manifest.roles
    own = {roles.value_added, roles.investment}
    return run.has_outcome(roles.main) and roles.main not in own and is_money(run.outcome(roles.main).unit)


def hands_out(run: Run, resource: str) -> Literal["money", "amount"]:
    """What a budget of a resource gives: money, or another quantity (also money that units themselves bring)."""
    return "money" if is_money(resource_unit(run, resource)) and not raises_money(run) else "amount"


def count_unit(run: Run) -> str:
    """The unit in which units are counted."""
    name = run.manifest.roles.units
    return run.outcome(name).unit if run.has_outcome(name) else "unit"


def by_title(run: Run, by: str, language: Language) -> str:
    """How a grouping is called."""
    if by in run.manifest.columns:
        return run.manifest.columns[by][language]
    words = catalogue(language)
    return words.text(f"by.{by}") if words.has(f"by.{by}") else by


def both(key: str, **names: Text) -> Text:
    """A text of the catalogues in both languages."""
    vi, en = (
        catalogue(language).text(key, **{name: words[language] for name, words in names.items()})
        for language in LANGUAGES
    )
    return Text(vi=vi, en=en)
