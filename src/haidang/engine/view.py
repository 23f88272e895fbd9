"""What the programs of a period are given, as one tree of arrays.

Where several draws are simulated at once, their rows, facts and peers stand one draw after the other along the first
axis of each array; what is the same in all draws stands once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax

Array = Any
Arrays = Mapping[str, Array]
SAME = ("active", "clock", "price")
"""What a view holds that is the same in all draws."""


@dataclass(frozen=True, slots=True)
class View:
    """What the programs of a period are given, as one tree of arrays.

    Args:
        units: the population's columns.
        state: the states' columns.
        fact: facts of the draw and year, in the order in which the scenario was compiled for (float32, facts).
        chance: the model's own random numbers.
        peers: for each of the model's peers, what is seen by group (float32, peers by groups).
        denied: bit k is set where instrument k is lost to the unit (uint8, units).
        share: the part of what the unit asked for that it got (float32, units); below one for a row served in part.
        left: for each slot with a bound per unit, what the unit may still get (float32, units).
        active: which instruments run (bool, instruments).
        clock: year, month and place of the period (int32, 3).
        price: the price of the market, and that of the period before (float32, 2).
        traded: of each of the market's sides, what was traded per real unit (float64, units).
    """

    units: Arrays
    state: Arrays
    fact: Array
    chance: Arrays
    peers: Array
    denied: Array
    share: Array
    left: Arrays
    active: Array
    clock: Array
    price: Array
    traded: Arrays


jax.tree_util.register_dataclass(
    View,
    data_fields=[
        "units",
        "state",
        "fact",
        "chance",
        "peers",
        "denied",
        "share",
        "left",
        "active",
        "clock",
        "price",
        "traded",
    ],
    meta_fields=[],
)
