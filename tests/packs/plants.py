"""A few factories before the model, with facts of round numbers: what hand-computed cases stand on."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.card import CARD
from haidang.packs.hcmc.models.factories import Factories
from haidang.packs.hcmc.models.technologies import AREAS, TECHNOLOGIES, bit

MODEL = Factories()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in TECHNOLOGIES)
BILLION = 1e9

FACTS = {
    "market_rate": 0.08,
    "loan_years": 5.0,
    "discount_rate": 0.10,
    "exchange_rate": 25_000.0,
    "aware_share": 0.5,
    "applies_share": 0.4,
    "application_response": 1.0,
    "reference_benefit": 0.05,
    "collateral_required": 0.9,
    "approval_share": 0.8,
    "guarantee_loss": 0.05,
    "constrained_share": 0.2,
    "constrained_share_surveyed": 0.2,
    "needing_share_surveyed": 0.5,
    "own_funds_share": 0.1,
    "bank_share_investment": 0.25,
    "advisory_cost": 50e6,
    "advisory_awareness": 0.6,
    "advisory_rank_effect": -0.02,
    "advisory_places": 3.0,
    "management_attention": 0.05,
    "invest_small": 0.3,
    "invest_medium": 0.5,
    "invest_large": 0.7,
    "reference_revenue": 50 * BILLION,
    "typical_employees": 60.0,
    "typical_revenue": 50 * BILLION,
    "typical_value_added": 10 * BILLION,
    "typical_electricity": 1e6,
    "cost_elasticity": 0.5,
    "planning_running": 0.001,
    "maintenance_running": 0.002,
    "electricity_price": 2000.0,
    "grid_factor": 0.00066,
    "peer_effect": 1.5,
    "plant_effect_sd": 0.5,
    "price_response": 2.0,
    "decision_log_cost": -0.5,
    "decision_log_saving": 0.4,
    "decision_log_size": 0.1,
    "shift_process": 0.2,
    "shift_energy": 0.3,
    **{f"{one.id}_cost": 0.02 for one in TECHNOLOGIES},
    **{f"{one.id}_productivity": 0.01 for one in TECHNOLOGIES},
    **{f"{one.id}_energy": 0.05 for one in TECHNOLOGIES},
    **{f"decision_intercept_{one.id}": -1.0 for one in TECHNOLOGIES},
}
# Of all random numbers the one that lets a factory pass, so that a case changes only what it is about.
CHANCE = {
    "plant": 0.0,
    "aware": 0.01,
    "applies": 0.01,
    "pledge": 0.01,
    "guarantee": 0.01,
    "approval": 0.01,
    "advice": 0.01,
    "constraint": 0.01,
    "occasion": 0.01,
}
PLANT = {
    "sector": "food",
    "size": "medium",
    "area": "hcmc",
    "employees": 60.0,
    "revenue": 50 * BILLION,
    "value_added": 10 * BILLION,
    "electricity": 1e6,
    "zone": False,
    "exporter": False,
    "foreign": False,
    "constrained": "none",
    "no_need": False,
    "collateral": True,
    "management": 50.0,
    **{f"level_{area}": 0.0 for area in AREAS},
}


def has(*technologies: str) -> int:
    """What a factory has, as the state holds it."""
    return sum(bit(name) for name in technologies)


def columns(plants):
    """Factories as the engine gives them to the model."""
    rows = [PLANT | plant for plant in plants]
    found = {}
    for name, attribute in CARD.attributes.items():
        values = [row[name] for row in rows]
        if attribute.kind == "category":
            found[name] = jnp.array([attribute.categories.index(value) for value in values], jnp.int8)
        else:
            found[name] = jnp.array(values, bool if attribute.kind == "flag" else jnp.float32)
    return found


def scene(*plants, levers=None, chance=None, facts=None, peers=None, had=(0,), new=(0,)) -> Scene:
    """What these factories see; each plant names what differs from `PLANT`."""
    plants = plants or ({},)
    raw = columns(plants)
    fact = {name: jnp.float32((FACTS | (facts or {})).get(name, 0.1)) for name in CARD.facts}
    units = Columns({**raw, **MODEL.prepare(Columns(raw, CODES), fact)}, CODES)

    def spread(value):
        return jnp.broadcast_to(jnp.asarray(value, jnp.float32), (len(plants),))

    defaults = {
        name: fact[one.default] if isinstance(one.default, str) else jnp.float32(one.default)
        for name, one in CARD.levers.items()
    }
    lever = {name: spread((levers or {}).get(name, value)) for name, value in defaults.items()}
    random = {name: spread((CHANCE | (chance or {})).get(name, 0.5)) for name in CARD.chances}
    seen = {name: spread((peers or {}).get(name, 0.0)) for name in CARD.peers}
    state = {
        name: jnp.broadcast_to(jnp.array(bits, jnp.int16), (len(plants),))
        for name, bits in (("had", had), ("new", new))
    }
    return Scene(units, state, lever, fact, random, seen, Period(jnp.int32(2026), jnp.int32(0)))


def option(name: str, seen: Scene):
    """A technology group as it looks to each factory."""
    return MODEL.options(seen)[name]


def taken(seen: Scene, *names: str) -> Taken:
    """The choices of the factories, with all that they ask for."""
    code = jnp.array([0 if name == "nothing" else NAMES.index(name) + 1 for name in names], jnp.int32)
    options = MODEL.options(seen)
    uses = {}
    for resource in CARD.resources:
        amount = jnp.zeros(code.shape, jnp.float32)
        for place, name in enumerate(("nothing", *NAMES)):
            if resource in options[name].uses:
                amount = jnp.where(code == place, options[name].uses[resource], amount)
        uses[resource] = amount
    return Taken(code, NAMES, uses, (uses["loan"] > 0) | (uses["subsidy"] > 0))


def numbers(array) -> list[float]:
    """As Python numbers."""
    return np.asarray(array).tolist()
