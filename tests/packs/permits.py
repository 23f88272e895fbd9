"""A few facilities before the carbon model, with facts of round numbers: what hand-computed cases stand on."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.carbon import CARD, Carbon

MODEL = Carbon()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in CARD.alternatives)
SIDES = CARD.market.sides

FACTS = {
    "carbon_discount": 0.25,
    "exchange_rate": 25_000.0,
    "carbon_cover": 1.25,
    "carbon_output_spread": 0.1,
    "carbon_tightening": 0.1,
    "carbon_planning_years": 4.0,
    "carbon_rule_uncertainty": 0.1,
    "carbon_belief_spread": 0.5,
    "carbon_active_share": 0.4,
    "carbon_occasion": 0.5,
    "carbon_hurdle": 10.0,
    "carbon_choice_spread": 5.0,
    "carbon_gap_share": 0.1,
    "carbon_issuance_cost": 2.0,
    "carbon_trade_cost": 20_000.0,
    "carbon_penalty": 620_000.0,
    **{f"carbon_{sector}_cover": 1.0 for sector in ("thermal_power", "steel", "cement")},
    **{f"carbon_{sector}_growth": 0.0 for sector in ("thermal_power", "steel", "cement")},
    **{f"carbon_{name}_cut": 0.1 for name in NAMES[:6]},
    "carbon_heat_recovery_cost": -10.0,
    "carbon_waste_fuel_cost": 20.0,
    "carbon_steel_efficiency_cost": 4.0,
    "carbon_plant_efficiency_cost": 12.0,
    "carbon_straw_cost": 8.0,
    "carbon_ammonia_cost": 160.0,
    "carbon_buildings_cost": 40.0,
    "carbon_solar_cost": 80.0,
    "carbon_lighting_cost": 60.0,
    "carbon_motorbikes_cost": 200.0,
}
USUAL = {
    "kind": "thermal_power",
    "market": "domestic",
    "quota_2025": 1_000_000.0,
    "quota_2026": 1_200_000.0,
    "load": 1.0,
    "heat_recovery": False,
    "credits": 0.0,
    "cost_scale": 1.0,
}
# No swing of output, a belief like everybody's, awake, with an occasion to invest.
CHANCE = {"occasion": 0.01, "active": 0.01, "output": 0.0, "belief": 0.0}
# As in a market of twice the permits that it needs: nobody expects a shortage.
LONG = {"bank": 0.0, "quota": 2.0, "owed": 1.0}


ROWS = 6
"""Every scene has six facilities, so that one shape is compiled; where fewer are told, the last is repeated."""


def rows(value):
    """One value for all facilities, or one each."""
    values = value if isinstance(value, list) else [value]
    return values + [values[-1]] * (ROWS - len(values))


def column(name, value):
    """A column of an attribute as the engine would hold it."""
    values = rows(value)
    if name in CODES:
        return jnp.array([CODES[name].index(word) for word in values], jnp.int8)
    return jnp.array(values, bool if CARD.attributes[name].kind == "flag" else jnp.float32)


def scene(year=2025, price=0.0, facts=None, levers=None, chance=None, peers=None, kit=0, bank=0, **changed):
    """What facilities under an obligation see, but for what is changed."""
    fact = {name: jnp.float32(value) for name, value in {**FACTS, **(facts or {})}.items()}
    raw = {name: column(name, value) for name, value in {**USUAL, **changed}.items()}
    units = Columns({**raw, **MODEL.prepare(Columns(raw, CODES), fact)}, CODES)

    def spread(value, dtype=jnp.float32):
        return jnp.asarray(value if getattr(value, "shape", ()) else rows(value), dtype)

    usual = {name: fact[one.default] if isinstance(one.default, str) else one.default for name, one in LEVERS.items()}
    lever = {name: spread(value) for name, value in {**usual, "obligation": 1.0, **(levers or {})}.items()}
    random = {name: spread(value) for name, value in {**CHANCE, **(chance or {})}.items()}
    seen = {name: spread(value) for name, value in {**LONG, **(peers or {})}.items()}
    state = {"kit": spread(kit, jnp.int8), "bank": spread(bank, jnp.int32), "quota": spread(0.0), "owed": spread(0.0)}
    period = Period(jnp.int32(year), jnp.int32(year - 2025))
    return Scene(units, state, lever, fact, random, seen, period, price=jnp.float32(price))


LEVERS = CARD.levers


def taken(seen, *names, bought=0, credits=0, auctioned=0):
    """The choices of the facilities, and what each bought (or sold, below zero) and sold of credits and by auction."""
    code = rows([0 if name == "nothing" else NAMES.index(name) + 1 for name in names or ("nothing",)])
    amounts = (np.array(rows(one), np.float32) for one in (bought, credits, auctioned))
    traded = {side: jnp.asarray(one * sign) for side, one, sign in zip(SIDES, amounts, (1, -1, -1), strict=True)}
    used = jnp.where(jnp.array(code) == NAMES.index("sell") + 1, MODEL.options(seen)["sell"].uses["offsets"], 0.0)
    return Taken(jnp.array(code, jnp.int32), NAMES, {"offsets": used}, used > 0, traded)


def orders(seen, *names, count=1):
    """What the first facilities bid and offer after these choices, by side."""
    found = MODEL.orders(seen, taken(seen, *names))
    return {side: np.asarray(order).tolist()[:count] for side, order in found.items()}


def outcomes(seen, *names, count=1, **trades):
    """What a year brings the first facilities after these choices and trades."""
    got = taken(seen, *names, **trades)
    found = MODEL.outcomes(seen, got, MODEL.move(seen, got))
    return {name: np.asarray(one).tolist()[:count] for name, one in found.items()}
