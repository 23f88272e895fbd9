"""Factories: each year a factory with an occasion to invest may adopt one technology group, or nothing.

How it decides is estimated on plants' real decisions (facts `decision_*`), shifted so that the city's factories reach
the published rates of process innovation and energy measures (facts `shift_*`). A preferential loan or a grant lowers
what it pays, and the response to that is a fact of its own (`price_response`). Firms that cannot borrow are held by
their own funds, and for them a loan opens what was closed. Between a factory and the loan stands the funnel.
"""

from __future__ import annotations

from collections.abc import Mapping

from haidang.models import Columns, Model, Option, Scene, Taken
from haidang.models import arrays as np
from haidang.models.diffusion import peer_utility
from haidang.models.energy import emissions_of_electricity, saving_left
from haidang.models.finance import interest_on_equal_principal
from haidang.models.funnel import apply_probability, pass_stages, raise_share
from haidang.models.logit import adoption_utility, occasion_probability
from haidang.models.model import Array
from haidang.packs.hcmc.models.card import CARD
from haidang.packs.hcmc.models.technologies import AREAS, TECHNOLOGIES, Technology, bit

_MOST_PAID = 0.95
"""No programme pays more than this share of a cost: the log of what is left would have no bound."""
_SMALLEST_SAVING_USD = 1.0
"""A yearly saving below one dollar counts as one: the logit is linear in its log."""


class Factories(Model):
    """The model of the pack's factories."""

    card = CARD

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """A factory has every technology group whose area stands at its level or above."""
        del fact
        had = sum(np.where(units[f"level_{one.area}"] >= one.level, np.int32(bit(one.id)), 0) for one in TECHNOLOGIES)
        return {"had": had, "new": np.zeros_like(had)}

    def prepare(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """What each technology group costs, and how it appeals before any offer; neither changes by year."""
        appeals = {
            f"appeal_{one.id}": _appeal(units, fact, one) - _typical_appeal(fact, one.kind) + fact[f"shift_{one.kind}"]
            for one in TECHNOLOGIES
        }
        scale = np.exp(_log_scale(units, fact))
        return {"cost_scale": scale, "cost_scale_inverse": 1.0 / scale, **appeals}

    def derive(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """The mean level over areas, and how many technology groups are in place."""
        levels = _levels(units, state["new"])
        have = state["had"] | state["new"]
        return {
            "level": sum(levels.values()) / len(AREAS),
            "technologies": sum(np.where(_has(have, one.id), 1.0, 0.0) for one in TECHNOLOGIES),
        }

    def observe(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """Who has each technology group: others of the sector see the share."""
        del units
        have = state["had"] | state["new"]
        return {f"peers_{one.id}": _has(have, one.id) for one in TECHNOLOGIES}

    def options(self, scene: Scene) -> Mapping[str, Option]:
        """Each technology group not yet in place, with its utility and what it would take of loan and subsidy."""
        occasion = _occasion(scene)
        offer = _Offer(scene)
        options = {one.id: _option(scene, offer, one, occasion) for one in TECHNOLOGIES}
        nothing = Option(True, 0.0, {"subsidy": offer.advice_cost})
        return {"nothing": nothing, **options}

    def stages(self, scene: Scene) -> Mapping[str, Array]:
        """The funnel between a factory and a preferential loan or a grant."""
        return _Offer(scene).stages

    def rank(self, scene: Scene, choice: Array, names: tuple[str, ...]) -> Mapping[str, Array]:
        """Level steps that the choice would bring, and its cost in VND."""
        del names
        levels = _levels(scene.units, scene.state["new"])
        gain = cost = 0.0 * scene.units["employees"]
        for code, one in enumerate(TECHNOLOGIES, start=1):
            gain = np.where(choice == code, np.maximum(one.level - levels[one.area], 0.0), gain)
            cost = np.where(choice == code, _cost(scene, one), cost)
        return {"expected_level_gain": gain, "cost": cost}

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """What was adopted is in place from now on."""
        new = scene.state["new"]
        for one in TECHNOLOGIES:
            new = np.where(taken.chose(one.id), new | bit(one.id), new)
        return {"had": scene.state["had"], "new": new}

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the year brought, per factory."""
        investment = sum(np.where(taken.chose(one.id), _cost(scene, one), 0.0) for one in TECHNOLOGIES)
        before, now = _levels(scene.units, scene.state["new"]), _levels(scene.units, after["new"])
        saved = _electricity_saved(scene, after)
        return {
            "adoptions": np.where(taken.something, 1.0, 0.0),
            "investment": investment,
            "loan": taken.uses["loan"],
            "subsidy": taken.uses["subsidy"],
            "level_gain": sum(now[area] - before[area] for area in AREAS),
            "level": sum(now.values()) / len(AREAS),
            "value_added_gain": scene.units["value_added"] * _productivity(scene, after),
            "electricity_saved": saved,
            "emissions_avoided": emissions_of_electricity(saved, scene.fact["grid_factor"]),
        }


def _has(bits: Array, name: str) -> Array:
    return (bits & bit(name)) != 0


def _levels(units: Columns, new: Array) -> dict[str, Array]:
    """The level of each area: where the factory began, raised by what it adopted."""
    levels = {area: units[f"level_{area}"] for area in AREAS}
    for one in TECHNOLOGIES:
        reached = np.maximum(levels[one.area], float(one.level))
        levels[one.area] = np.where(_has(new, one.id), reached, levels[one.area])
    return levels


def _log_scale(units: Mapping[str, Array], fact: Mapping[str, Array]) -> Array:
    """Log of what multiplies a middling factory's costs: they rise less than in proportion to revenue."""
    return fact["cost_elasticity"] * np.log(units["revenue"] / fact["reference_revenue"])


def _middling_cost(fact: Mapping[str, Array], one: Technology) -> Array:
    """What the technology group costs a middling factory once, VND (scalar)."""
    return fact[f"{one.id}_cost"] * fact["reference_revenue"]


def _cost(scene: Scene, one: Technology) -> Array:
    """What it costs a factory once, VND."""
    return _middling_cost(scene.fact, one) * scene.units["cost_scale"]


def _yearly_saving(units: Mapping[str, Array], fact: Mapping[str, Array], one: Technology) -> Array:
    """What it brings a year, VND: electricity and value added, less its running cost."""
    saving = (
        units["electricity"] * fact["electricity_price"] * fact[f"{one.id}_energy"]
        + units["value_added"] * fact[f"{one.id}_productivity"]
    )
    running = f"{one.id}_running"
    return saving - units["revenue"] * fact[running] if running in fact else saving


def _appeal(units: Mapping[str, Array], fact: Mapping[str, Array], one: Technology) -> Array:
    """Utility of the technology group without peers, offers or advice, as plants' decisions tell it."""
    saving = _yearly_saving(units, fact, one) / fact["exchange_rate"]
    return adoption_utility(
        np.log(_middling_cost(fact, one) / fact["exchange_rate"]) + _log_scale(units, fact),
        np.log(np.maximum(saving, _SMALLEST_SAVING_USD)),
        np.log(np.maximum(units["employees"], 1.0)),
        cost=fact["decision_log_cost"],
        saving=fact["decision_log_saving"],
        size=fact["decision_log_size"],
        constant=fact[f"decision_intercept_{one.id}"],
    )


def _typical_appeal(fact: Mapping[str, Array], kind: str) -> Array:
    """Log-sum of the appeals, to a typical factory, of the technology groups of a kind that need none before them.

    Appeals are taken from here, so that how often factories adopt is what `shift_process` and `shift_energy` say,
    which published rates fix, and not what the draw of a cost or an intercept happens to be (scalar).
    """
    typical = {name: fact[f"typical_{name}"] for name in ("employees", "revenue", "value_added", "electricity")}
    first = (one for one in TECHNOLOGIES if one.kind == kind and not one.after)
    return np.log(sum(np.exp(_appeal(typical, fact, one)) for one in first))


def _occasion(scene: Scene) -> Array:
    """Whether the factory buys fixed assets at all this year, at the published rate of its size."""
    size, fact = scene.units, scene.fact
    rate = np.where(
        size.among("size", "small"),
        fact["invest_small"],
        np.where(size.among("size", "medium"), fact["invest_medium"], fact["invest_large"]),
    )
    return occasion_probability(rate, scene.chance["occasion"])


class _Offer:
    """What the levers offer a factory, and whether it gets through the funnel to take it."""

    def __init__(self, scene: Scene) -> None:
        fact, lever, units, chance = scene.fact, scene.lever, scene.units, scene.chance
        self.advised = chance["advice"] < lever["advisory"]
        self.advice_cost = np.where(self.advised, fact["advisory_cost"], 0.0)
        self.gap = np.maximum(fact["market_rate"] - lever["loan_rate"], 0.0)
        self.worth = self.gap * interest_on_equal_principal(fact["discount_rate"], lever["loan_years"])
        self.loan_share, self.grant_share = lever["loan_share"], lever["grant_share"]
        offered = (self.loan_share > 0) | (self.grant_share > 0)
        heard = np.where(
            self.advised, raise_share(fact["aware_share"], fact["advisory_awareness"]), fact["aware_share"]
        )
        benefit = np.where(self.loan_share > 0, self.worth, 0.0) + self.grant_share
        applying = apply_probability(
            fact["applies_share"], benefit / fact["reference_benefit"], fact["application_response"]
        )
        self.guaranteed = ~units["collateral"] & (chance["guarantee"] < lever["guarantee_share"])
        unsecured = chance["pledge"] >= fact["collateral_required"]
        self.stages = pass_stages(
            (
                ("offered", offered & (units["employees"] > 0)),
                ("aware", chance["aware"] < heard),
                ("needs", ~units["no_need"] | (self.grant_share > 0)),
                ("applies", chance["applies"] < applying),
                ("collateral", units["collateral"] | self.guaranteed | unsecured | (self.loan_share <= 0)),
                ("approved", chance["approval"] < fact["approval_share"]),
            )
        )
        self.open = self.stages["approved"]


def _option(scene: Scene, offer: _Offer, one: Technology, occasion: Array) -> Option:
    """One technology group as it looks to each factory."""
    fact = scene.fact
    cost = _cost(scene, one)
    helped = offer.open & (scene.lever[f"pays_{one.id}"] > 0)
    loan = np.where(helped, np.minimum(offer.loan_share * cost, scene.lever["loan_cap"]), 0.0)
    grant = np.where(helped, offer.grant_share * cost, 0.0)
    support = loan * offer.worth + grant
    paid = support * scene.units["cost_scale_inverse"] / _middling_cost(fact, one)
    have = scene.state["had"] | scene.state["new"]
    ready = ~_has(have, one.id)
    for before in one.after:
        ready = ready & _has(have, before)
    utility = (
        scene.units[f"appeal_{one.id}"]
        - fact["price_response"] * np.log(1.0 - np.minimum(paid, _MOST_PAID))
        + fact["plant_effect_sd"] * scene.chance["plant"]
        + peer_utility(scene.peers[f"peers_{one.id}"], fact["peer_effect"])
        + np.where(offer.advised, _push_of_advice(fact), 0.0)
    )
    affordable = _within_means(scene, cost, loan, grant)
    losses = np.where(offer.guaranteed, loan * scene.lever["guarantee_share"] * fact["guarantee_loss"], 0.0)
    uses = {"loan": loan, "subsidy": support + losses + offer.advice_cost}
    return Option(occasion & ready & affordable, utility, uses)


def _push_of_advice(fact: Mapping[str, Array]) -> Array:
    """What an adviser adds to utility: the operations manager's attention, and the best step moved up the list.

    A share of adoptions p moved by d moves the logit by d / (p (1 - p)), which is 4 d where half adopt.
    """
    return 4.0 * fact["management_attention"] - fact["advisory_rank_effect"] * fact["advisory_places"]


def _within_means(scene: Scene, cost: Array, loan: Array, grant: Array) -> Array:
    """Whether the factory can pay: one that cannot borrow is held by its own funds, with what the programme brings."""
    fact, units = scene.fact, scene.units
    own = fact["own_funds_share"] * units["revenue"]
    outlay = cost - loan - grant
    partly = outlay * (1.0 - fact["bank_share_investment"]) <= own
    fully, some = _constrained(scene)
    return ~(fully | some) | (some & partly) | (outlay <= own)


def _constrained(scene: Scene) -> tuple[Array, Array]:
    """Which factories are fully, and which partially, credit-constrained in this draw.

    The population holds the surveyed share. Where the draw's share is smaller, some are freed by their own random
    number; where it is larger, some of those that need a loan and were free are partially constrained.
    """
    fact, units = scene.fact, scene.units
    ratio = fact["constrained_share"] / fact["constrained_share_surveyed"]
    random = scene.chance["constraint"]
    held = random < ratio
    added = (fact["constrained_share"] - fact["constrained_share_surveyed"]) / fact["needing_share_surveyed"]
    joins = units.among("constrained", "none") & ~units["no_need"] & (random < added)
    return units.among("constrained", "full") & held, (units.among("constrained", "partial") & held) | joins


def _productivity(scene: Scene, after: Mapping[str, Array]) -> Array:
    """Share of value added gained by what was adopted since the start."""
    return sum(np.where(_has(after["new"], one.id), scene.fact[f"{one.id}_productivity"], 0.0) for one in TECHNOLOGIES)


def _electricity_saved(scene: Scene, after: Mapping[str, Array]) -> Array:
    """Electricity of the year that is saved by what was adopted since the start, kWh; savings act on what is left."""
    saved = 0.0 * scene.units["electricity"]
    for one in TECHNOLOGIES:
        share = np.where(_has(after["new"], one.id), scene.fact[f"{one.id}_energy"], 0.0)
        saved = saved + saving_left(share, saved)
    return saved * scene.units["electricity"]
