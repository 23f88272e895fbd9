"""A few roofs before the model, with facts of round numbers: what hand-computed cases stand on.

Nothing is discounted and nothing gets cheaper, so that a kWh a year is worth ten over a life of ten years.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.solar import CARD, KW, Solar

MODEL = Solar()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in CARD.alternatives)
MILLION, MONTH = 1e6, 1 / 12

FACTS = {
    "grid_factor": 0.0006,
    "solar_able_home": 0.3,
    "solar_able_firm": 0.4,
    "solar_able_farm": 0.2,
    "solar_loan_opens": 0.1,
    "solar_hurdle": 0.0,
    "solar_hurdle_spread": 0.0,
    "solar_patient": 0.5,
    "solar_looks": 50.0,
    "solar_attention": 0.0,
    "solar_comes_back": 0.6,
    "solar_expects_back": 1.0,
    "solar_recent": 0.5,
    "solar_putting_off": 0.0,
    "solar_noise": 0.1,
    "solar_extension": 0.0,
    "solar_cost_small": 10 * MILLION / KW,
    "solar_cost_large": 10 * MILLION / KW,
    "solar_cost_fall": 0.0,
    "solar_running": 0.0,
    "solar_yield": 1000.0 / KW,
    "solar_life": 10.0,
    "solar_roof_built": 2 * MILLION / KW,
    "solar_lead_home": 0.5 * MONTH,
    "solar_lead_firm": 1.5 * MONTH,
    "solar_delay": 0.4 * MONTH,
    "solar_price_level": 1.0,
    "solar_price_growth": 0.0,
    "solar_spontaneous": 0.0,
    "solar_fresh": 0.5,
    "solar_fades": 1.0,
}
USUAL = {
    "kind": "home",
    "area": "hcmc",
    "daytime": 5000.0,
    "price": 2000.0,
    "roof": 10 * KW,
    "existing": 0.0,
    "sun": 1.0,
}
# Of all random numbers those of a roof that can, thinks of it, does not compare with waiting, and has a middling lead.
CHANCE = {"hurdle": 0.0, "able": 0.0, "patient": 0.9, "lead": 0.5, "heard": 0.0, "look": 0.0, "delay": 0.0}


def column(name, value):
    """One roof's value, as the engine would hold it."""
    if CARD.attributes[name].kind == "category":
        return jnp.array([CODES[name].index(value)], jnp.int8)
    return jnp.array([value], jnp.float32)


def scene(year=2026, month=6, index=5, facts=None, levers=None, chance=None, state=None, neighbours=0.1, **changed):
    """What one roof sees, but for what is changed."""
    fact = {name: jnp.float32(value) for name, value in {**FACTS, **(facts or {})}.items()}
    units = Columns({name: column(name, value) for name, value in {**USUAL, **changed}.items()}, CODES)
    lever = {name: jnp.float32((levers or {}).get(name, one.default)) for name, one in CARD.levers.items()}
    random = {name: jnp.array([value], jnp.float32) for name, value in {**CHANCE, **(chance or {})}.items()}
    held = {name: jnp.array([value], jnp.float32) for name, value in (state or {}).items()}
    return Scene(
        units,
        {**MODEL.start(units, fact), **held},
        lever,
        fact,
        random,
        {"neighbours": jnp.array([neighbours], jnp.float32)},
        Period(jnp.int32(year), jnp.int32(index), jnp.int32(month)),
    )


def option(name, **changed):
    """One of the alternatives as the roof sees it."""
    return MODEL.options(scene(**changed))[name]


def utility(**changed):
    """Utility of what the roof would install."""
    return number(option("own", **changed).utility)


def chosen(seen, name):
    """The roof with this choice, and all that the choice uses."""
    code = 0 if name == "nothing" else NAMES.index(name) + 1
    options = MODEL.options(seen)
    uses = {one: options[name].uses[one] if code else jnp.zeros(1, jnp.float32) for one in CARD.resources}
    return Taken(jnp.array([code], jnp.int32), NAMES, uses, jnp.array([code > 0]))


def number(array):
    """The one roof's number."""
    return np.asarray(array).item()
