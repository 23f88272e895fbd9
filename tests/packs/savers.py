"""A few remitting households before the model, with facts of round numbers: what hand-computed cases stand on."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.remittances import CARD, Remittances

MODEL = Remittances()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in CARD.alternatives)
MILLION = 1e6
USES = ("saving", "property", "business")

FACTS = {
    "exchange_rate": 25_000.0,
    "remit_growth": 0.04,
    "remit_use_business": 0.0,
    "remit_banks_business": 0.72,
    "remit_banks_property": 0.22,
    "remit_survey_property": 0.52,
    "remit_survey_saving": 0.24,
    "remit_property_invested": 0.25,
    "remit_deposit_short": 0.05,
    "remit_deposit_long": 0.07,
    "remit_saves_dollars": 0.35,
    "remit_dollar_rate": 0.0,
    "remit_depreciation": 0.025,
    "remit_return_property": 0.08,
    "remit_return_business": 0.15,
    "remit_take_at_par": 0.2,
    "remit_yield_response": float(np.log(2.0)),
    "remit_asked_customers": 0.5,
    "remit_asked_others": 0.1,
    "remit_trust": 0.4,
    "remit_trust_reporting": 0.5,
    "remit_placed_share": 1.0,
    "remit_risk_bond": 0.01,
    "remit_risk_fund": 0.03,
    "remit_loss_bond": 0.01,
    "remit_loss_fund": 0.05,
    "remit_city_rate": 0.03,
    "remit_borrow_rate": 0.045,
}
# A household that is asked and trusts, keeps dong, and means to save the year's money under the survey's shares.
CHANCE = {"asked": 0.01, "trust": 0.01, "dollars": 0.9, "purpose": 0.6}
HOUSEHOLD = {"region": "asia", "amount": "medium", "bank": True, "remittance": 10_000.0}
BOND = {"bond_yield": 0.075, "ticket": 100 * MILLION, "channel": 1.0}


def scene(*households, levers=None, chance=None, facts=None, year=2025, lent=0) -> Scene:
    """What these households see; each names what differs from `HOUSEHOLD`.

    Two to eight households are always eight, the last one over and over: each new length is compiled anew.
    """
    rows = _padded([HOUSEHOLD | one for one in households or ({},)])
    columns = {}
    for name, attribute in CARD.attributes.items():
        values = [row[name] for row in rows]
        if attribute.kind == "category":
            columns[name] = jnp.array([attribute.categories.index(value) for value in values], jnp.int8)
        else:
            columns[name] = jnp.array(values, bool if attribute.kind == "flag" else jnp.float32)
    fact = {name: jnp.float32((FACTS | (facts or {}))[name]) for name in CARD.facts}

    def spread(value):
        numbers = _padded(np.asarray(value).tolist()) if np.ndim(value) else value
        return jnp.broadcast_to(jnp.asarray(numbers, jnp.float32), (len(rows),))

    defaults = {
        name: fact[one.default] if isinstance(one.default, str) else one.default for name, one in CARD.levers.items()
    }
    lever = {name: spread(value) for name, value in (defaults | (BOND if levers is None else levers)).items()}
    random = {name: spread(value) for name, value in (CHANCE | (chance or {})).items()}
    state = {"lent": jnp.broadcast_to(jnp.array(lent, jnp.int8), (len(rows),))}
    period = Period(jnp.int32(year), jnp.int32(year - 2025))
    return Scene(Columns(columns, CODES), state, lever, fact, random, {}, period)


def _padded(one_each: list) -> list:
    return one_each + one_each[-1:] * (8 - len(one_each)) if len(one_each) > 1 else one_each


def option(name: str, seen: Scene):
    """An alternative as it looks to each household."""
    return MODEL.options(seen)[name]


def taken(seen: Scene, name: str, share: float = 1.0) -> Taken:
    """Every household chose this, and got this part of what it asked for."""
    length = seen.units["remittance"].shape
    code = jnp.full(length, 0 if name == "nothing" else NAMES.index(name) + 1, jnp.int32)
    asked = {} if name == "nothing" else option(name, seen).uses
    uses = {
        resource: asked[resource] * jnp.float32(share) if resource in asked else jnp.zeros(length, jnp.float32)
        for resource in CARD.resources
    }
    return Taken(code, NAMES, uses, uses["bond"] + uses["fund"] > 0)


def year_of(seen: Scene, name: str, share: float = 1.0):
    """What the year brings where every household chose this."""
    choice = taken(seen, name, share)
    return MODEL.outcomes(seen, choice, MODEL.move(seen, choice))


def odds(name: str, seen: Scene) -> float:
    """Odds of a product against the first household's purpose of the year."""
    options = MODEL.options(seen)
    purpose = next(use for use in USES if bool(options[use].available[0]))
    return float(np.exp(np.float64(options[name].utility[0]) - np.float64(options[purpose].utility[0])))


def available(name: str, seen: Scene) -> list[bool]:
    """Which households may choose this."""
    return np.asarray(option(name, seen).available).tolist()


def numbers(array) -> list[float]:
    """As Python numbers."""
    return np.asarray(array).tolist()
