"""Ways of making a trip: what each costs in time and money, and how many go which way."""

from __future__ import annotations

from collections.abc import Mapping

from haidang.models import arrays as np
from haidang.models.model import Array

_ROUNDING = 1e-3
"""Part of a block of time that is not yet a started block: an hour is two half hours however it was rounded."""


def burden(dislike: Array, time: Array, money: Array, time_value: Array) -> Array:
    """What a way weighs in utility: its time, and its money counted in the time that it is worth.

    Args:
        dislike: loss of utility per year of travelling.
        time: years.
        money: VND.
        time_value: VND per year.
    """
    return dislike * (time + money / time_value)


def started(time: Array, block: Array) -> Array:
    """How many blocks of time are begun, which is what a rental by the half hour charges; at least one."""
    return np.maximum(np.ceil(time / block - _ROUNDING), 1.0)


def metered_fare(
    length: Array, speed: Array, start: Array, included: Array, per_length: Array, per_time: Array
) -> Array:
    """A fare that covers the first stretch and then counts length and time, as taxis and hailed motorbikes do.

    Args:
        length: of the trip, metres.
        speed: metres per year.
        start: VND for the first `included` metres.
        included: metres.
        per_length: VND per metre after them.
        per_time: VND per year of driving after them.
    """
    further = np.maximum(length - included, 0.0)
    return start + further * (per_length + per_time / speed)


def weigh_ways(
    shares: Mapping[str, Array], burdens: Mapping[str, Array], typical: Mapping[str, Array]
) -> tuple[Mapping[str, Array], Array]:
    """How many go each way, in a logit that gives a typical trip the published shares.

    The incremental logit (Ben-Akiva and Lerman 1985). The utility of a way is the log of its share, less what it weighs
    for this trip beyond what it weighs for a typical one. So no constant is left to choose.

    Args:
        shares: published share of each way, above zero.
        burdens: what each way weighs for the trip.
        typical: what each way weighs for a trip that is typical of it.

    Returns:
        The shares, adding up to one, and the log of the sum of the exponentials: how good all ways are together, zero
        for a typical trip where the published shares add up to one.
    """
    utility = {way: np.log(share) - burdens[way] + typical[way] for way, share in shares.items()}
    together = np.log(sum(np.exp(one) for one in utility.values()))
    return {way: np.exp(one - together) for way, one in utility.items()}, together


def share_of_count(count: Array, pull: Array, mean_pull: Array, units: Array) -> Array:
    """The probability that each unit does what `count` of `units` do, in proportion to its pull.

    Its mean over the units is `count / units`, so the count comes out whatever the pulls are.

    Args:
        count: how many do it.
        pull: of each unit, zero or more.
        mean_pull: mean of the pull over all units, by weight.
        units: how many real units there are.
    """
    return count * pull / (mean_pull * units)
