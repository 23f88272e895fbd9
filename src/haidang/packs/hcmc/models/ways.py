"""How trips in the city are made without public bicycles: what each way weighs, and how many go which way."""

from __future__ import annotations

from collections.abc import Mapping

from haidang.models import Columns
from haidang.models import arrays as np
from haidang.models.habit import with_habit
from haidang.models.model import Array
from haidang.models.travel import burden, metered_fare, weigh_ways

Facts = Mapping[str, Array]
"""Facts of a draw by name, canonical."""
NEEDED = """walk_response walk_weight walk_speed time_value share_walk share_motorbike share_hailed share_bus
    share_other usual_strength walk_length ride_length motor_speed bus_speed motor_access hail_wait motor_km parking
    hail_start hail_km hail_time bus_fare"""
FACTS = tuple(f"bike_{name}" for name in NEEDED.split())
"""The facts that this module reads."""
METERED_FROM = 2000.0
"""Metres that the first fare of a hailed motorbike covers."""
WAYS = {
    "walk": {"vi": "Đi bộ", "en": "On foot"},
    "motorbike": {"vi": "Xe máy", "en": "Motorbike"},
    "hailed": {"vi": "Taxi, xe ôm, xe công nghệ", "en": "Taxi or hailed motorbike"},
    "bus": {"vi": "Xe buýt", "en": "Bus"},
    "other": {"vi": "Cách khác hoặc không đi", "en": "Another way, or not made"},
}
"""How a trip is made without public bicycles; the last is *nothing* on the card."""


def dislike(fact: Facts) -> Array:
    """Loss of utility per year in a vehicle: what walking a metre loses, at the speed of walking, by what it weighs."""
    return fact["bike_walk_response"] * fact["bike_walk_speed"] / fact["bike_walk_weight"]


def _burdens(fact: Facts, length: Array) -> Facts:
    """What each way weighs for a trip of a length."""
    drive, walk = length / fact["bike_motor_speed"], length / fact["bike_walk_speed"] * fact["bike_walk_weight"]
    tariff = fact["bike_hail_start"], METERED_FROM, fact["bike_hail_km"], fact["bike_hail_time"]
    hail = metered_fare(length, fact["bike_motor_speed"], *tariff)
    own = (drive + fact["bike_motor_access"], fact["bike_motor_km"] * length + fact["bike_parking"])
    ways = {
        "walk": (walk, 0.0), "motorbike": own, "hailed": (drive + fact["bike_hail_wait"], hail),
        "bus": (length / fact["bike_bus_speed"], fact["bike_bus_fare"]), "other": own,
    }  # fmt: skip
    return {way: burden(dislike(fact), time, money, fact["bike_time_value"]) for way, (time, money) in ways.items()}


def ways(units: Columns, fact: Facts) -> tuple[Facts, Array]:
    """The share of each way without public bicycles, partly out of habit, and how good all ways are together.

    An outing has no other way: its share is all in the last.

    Args:
        units: trips, with their length in metres, purpose and usual way.
        fact: the facts of trips in the city (`bike_*`).

    Returns:
        Probabilities that add up to one, and the log-sum of all ways over that of a typical trip (float32, units).
    """
    typical = {way: _burdens(fact, fact["bike_ride_length"])[way] for way in WAYS}
    typical["walk"] = _burdens(fact, fact["bike_walk_length"])["walk"]
    known = {way: fact[f"bike_share_{way}"] for way in WAYS}
    shares, together = weigh_ways(known, _burdens(fact, units["length"]), typical)
    goes = units.among("ready", "trip") & ~units.among("purpose", "outing")
    usual = {way: units.among("usual", *((way, "none") if way == "other" else (way,))) for way in WAYS}
    kept = {way: with_habit(one, usual[way], fact["bike_usual_strength"]) for way, one in shares.items()}
    last = {way: 1.0 if way == "other" else 0.0 for way in WAYS}
    return {way: np.where(goes, one, last[way]) for way, one in kept.items()}, np.where(goes, together, 0.0)
