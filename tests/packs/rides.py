"""A few trips before the model of public bicycles, with facts of round numbers: what hand-computed cases stand on."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from haidang.models import Columns, Period, Scene, Taken
from haidang.packs.hcmc.models.bikes import CARD, Trips

MODEL = Trips()
CODES = {name: one.categories for name, one in CARD.attributes.items() if one.kind == "category"}
NAMES = tuple(one.id for one in CARD.alternatives)
HOUR, MINUTE, KM = 1 / 8766, 1 / 525_960, 1000.0
KMH = KM / HOUR

# A metre of walking loses 0.002, so a minute of it (80 m) 0.16, a minute in a vehicle 0.08, and 1,000 VND at 600 VND a
# minute 0.1333.
FACTS = {
    "walk_response": 0.002,
    "walk_speed": 4.8 * KMH,
    "walk_weight": 2.0,
    "time_value": 600 / MINUTE,
    "share_walk": 0.1,
    "share_motorbike": 0.7,
    "share_hailed": 0.05,
    "share_bus": 0.05,
    "share_other": 0.1,
    "usual_strength": 0.8,
    "walk_length": 1.0 * KM,
    "ride_length": 3.0 * KM,
    "motor_speed": 20 * KMH,
    "bus_speed": 10 * KMH,
    "motor_access": 4 * MINUTE,
    "hail_wait": 5 * MINUTE,
    "motor_km": 400 / KM,
    "parking": 5000.0,
    "hail_start": 12_500.0,
    "hail_km": 4300 / KM,
    "hail_time": 350 / MINUTE,
    "bus_fare": 6000.0,
    # Nothing fades: the core sells 120,000 a year for ever. Novelty halves each month and sells the other 50,000 of the
    # first month.
    "first_month": 60_000.0,
    "late_trips": 120_000.0,
    "late_from": 5.0,
    "late_length": 1.0,
    "run_from": 5.0,
    "fade": 0.0,
    "novelty_half_life": 1 / 12,
    "novelty_again": 0.5,
    "availability_response": 1.2,
    "assist": 2.0,
    "price_response": 1.0,
    "ready_centre": 15_000.0,
    "ready_wider": 5_000.0,
    "speed": 12 * KMH,
    "electric_speed": 15 * KMH,
    "unlock": 2 * MINUTE,
    "outing_time": HOUR,
    "stations": 50.0,
    "range": 60 * KM,
    "energy": 0.01 / KM,
    "motor_emissions": 50e-6 / KM,
    "support_emissions": 8e-6 / KM,
    "session_energy": 3.0,
    "service": 1.0,
    "price": 5000.0,
    "collection_time": 12 * HOUR,
    "system_cost": 2.4e9,
}
TRIP = {
    "kind": "centre",
    "ready": "trip",
    "purpose": "work",
    "origin": "ben_thanh",
    "destination": "da_kao",
    "hour": "h08",
    "usual": "motorbike",
    "length": 3000.0,
    "access": 200.0,
    "egress": 100.0,
}
SESSION = {"kind": "session", "ready": "session", "purpose": "delivery"}
OUTING = {"purpose": "outing", "usual": "none"}


def given(facts=None):
    """The facts as the engine gives them."""
    named = {f"bike_{name}": value for name, value in (FACTS | (facts or {})).items()} | {"grid_factor": 600e-6}
    return {name: jnp.float32(named[name]) for name in CARD.facts}


def columns(trips):
    """Trips as the engine gives them to the model."""
    rows = [TRIP | trip for trip in trips]
    found = {}
    for name, attribute in CARD.attributes.items():
        values = [row[name] for row in rows]
        if attribute.kind == "category":
            found[name] = jnp.array([attribute.categories.index(value) for value in values], jnp.int8)
        else:
            found[name] = jnp.array(values, jnp.float32)
    return found


def scene(*trips, levers=None, facts=None, peers=None, state=None, rider=0.5) -> Scene:
    """What these trips see; each names what differs from `TRIP`."""
    trips = trips or ({},)
    raw, fact = columns(trips), given(facts)
    units = Columns({**raw, **MODEL.prepare(Columns(raw, CODES), fact)}, CODES)

    def spread(value):
        return jnp.broadcast_to(jnp.asarray(value, jnp.float32), (len(trips),))

    defaults = {
        name: fact[one.default] if isinstance(one.default, str) else jnp.float32(one.default)
        for name, one in CARD.levers.items()
    }
    started = MODEL.start(Columns(raw, CODES), fact) | (state or {})
    return Scene(
        units=units,
        state={name: spread(value) for name, value in started.items()},
        lever={name: spread((levers or {}).get(name, value)) for name, value in defaults.items()},
        fact=fact,
        chance={"rider": spread(rider)},
        peers={name: spread(({"pull": 0.05, "idle": 0.0} | (peers or {}))[name]) for name in CARD.peers},
        period=Period(jnp.int32(2026), jnp.int32(0), jnp.int32(1)),
    )


def taken(seen: Scene, *names: str) -> Taken:
    """The choices of the trips; `nothing` is another way."""
    code = jnp.array([0 if name == "nothing" else NAMES.index(name) + 1 for name in names], jnp.int32)
    return Taken(code, NAMES, {name: jnp.zeros(code.shape, jnp.float32) for name in CARD.resources}, code < 0)


def outcomes(seen: Scene, *names: str):
    """What the month brings to trips that choose so, as Python numbers."""
    choice = taken(seen, *names)
    found = MODEL.outcomes(seen, choice, MODEL.move(seen, choice))
    return {name: numbers(jnp.broadcast_to(one, choice.code.shape)) for name, one in found.items()}


def numbers(array) -> list[float]:
    """As Python numbers."""
    return np.asarray(array).tolist()
