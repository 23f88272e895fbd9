"""A few trucks before the model, with facts of round numbers: what hand-computed cases stand on.

Nothing is discounted (rates of zero), so that a price over ten years costs a tenth of it a year.
"""

from __future__ import annotations

import jax.numpy as jnp

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.trucks import CARD, Trucks

MODEL = Trucks()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in CARD.alternatives)
MILLION, KM, HOURS = 1e6, 1e3, 8766.0
"""VND, metres, hours of a year."""

FACTS = {
    "medium_term_rate": 0.0,
    "grid_factor": 0.0006,
    "truck_price_diesel": 1000 * MILLION,
    "truck_used_price": 0.4,
    "truck_chassis": 100_000.0,
    "truck_battery": 300.0,
    "truck_battery_price": 1000.0,
    "truck_battery_fall": 0.1,
    "truck_yuan": 3000.0,
    "truck_import": 0.0,
    "truck_residual_diesel": 0.2,
    "truck_residual_electric": 0.0,
    "truck_life": 10.0,
    "truck_life_used": 5.0,
    "truck_life_electric": 10.0,
    "truck_diesel_use": 0.4e-6,  # 0.4 litre/km
    "truck_electric_use": 1.5 / KM,
    "truck_diesel_price": 20_000 * 1e3,  # 20,000 VND/litre
    "truck_price_depot": 2000.0,
    "truck_price_public": 3000.0,
    "truck_charger_cost": 100 * MILLION,
    "truck_charge_power": 100 * HOURS,
    "truck_hour_value": 100_000 * HOURS,
    "truck_upkeep_diesel": 1000 / KM,
    "truck_upkeep_saving": 0.3,
    "truck_rate_small": 0.0,
    "truck_rate_large": 0.0,
    "truck_pass_through": 0.5,
    "truck_noise": 0.1,
    "truck_considers": 0.2,
    "truck_learning": 10.0,
    "truck_public_charging": 0.25,
    "truck_range_used": 0.8,
    "truck_midday": 0.5,
    "truck_diesel_emissions": 2.7,
    "truck_rent_loss": 0.05,
}

USUAL = {
    "route": "middle",
    "fleet": "large",
    "distance": 50_000 * KM,
    "daily": 150 * KM,
    "charge": 100 * MILLION,
    "depot": True,
    "used": False,
    "electric": False,
    "served": 995.0,
}


def column(name, value, count):
    """A value of an attribute, or one per truck, as the engine would hold it."""
    kind = CARD.attributes[name].kind
    if kind == "category":
        words = [value] * count if isinstance(value, str) else value
        return jnp.array([CODES[name].index(word) for word in words], jnp.int8)
    values = value if isinstance(value, list) else [value] * count
    return jnp.array(values, bool if kind == "flag" else jnp.float32)


def trucks(count=1, **changed):
    """Trucks that are as usual, but for what is changed."""
    named = {**USUAL, **changed}
    return Columns({name: column(name, value, count) for name, value in named.items()}, CODES)


def scene(count=1, year=2026, state=None, facts=None, considers=0.0, public=0.9, share=0.0, levers=None, **changed):
    """What trucks of whom each is due and considers an electric one see, but for what is changed."""
    fact = {name: jnp.float32(value) for name, value in {**FACTS, **(facts or {})}.items()}
    units = trucks(count, **changed)
    default = {
        name: fact[one.default] if isinstance(one.default, str) else jnp.float32(one.default)
        for name, one in CARD.levers.items()
    }
    given = {name: jnp.float32(value) for name, value in (levers or {}).items()}
    seen = {"considers": considers, "public": public}
    return Scene(
        units,
        state if state is not None else MODEL.start(units, fact),
        {**default, **given},
        fact,
        {name: jnp.full(count, value, jnp.float32) for name, value in seen.items()},
        {"electric_share": jnp.full(count, share, jnp.float32)},
        Period(jnp.int32(year), jnp.int32(year - 2026)),
    )


def taken(code, found):
    """Each truck with this choice, and what the choice uses."""
    options = MODEL.options(found)
    name = ("nothing", *NAMES)[code]
    zero = jnp.zeros(1, jnp.float32)
    uses = {one: jnp.broadcast_to(options[name].uses.get(one, zero), (1,)) for one in CARD.resources}
    return Taken(jnp.array([code], jnp.int32), NAMES, uses, uses["forgone"] + uses["paid"] > 0)
