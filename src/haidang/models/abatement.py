"""Cutting emissions under a market for permits: what a tonne costs, what a permit is worth, how a year is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haidang.models import arrays as np
from haidang.models.finance import annuity_factor
from haidang.models.funnel import raise_share
from haidang.models.model import Array, Taken

_LOGISTIC = 1.8137993642342178
"""Pi over the root of three: the scale of a logistic distribution is its standard deviation divided by this."""


def cost_per_tonne(capital: Array, yearly: Array, tonnes: Array, discount: Array, years: Array) -> Array:
    """What a tonne avoided costs: the annuity of the capital and the yearly cost, over the tonnes of a year.

    Args:
        capital: paid once.
        yearly: paid every year, less what is saved; below zero where the measure saves more than it takes.
        tonnes: tCO2e avoided a year, above zero.
        discount: fraction per year.
        years: how long the measure lasts.

    Returns:
        Money per tCO2e, in the currency of both; below zero where the measure pays for itself.
    """
    return (capital / annuity_factor(discount, years) + yearly) / tonnes


def abated_at(price: Array, first: Array, slope: Array, most: Array) -> Array:
    """What is cut where the last tonne costs the price, with a marginal cost that rises in a straight line.

    Args:
        price: money per tCO2e.
        first: cost of the first tonne.
        slope: by how much each further tonne is dearer, above zero.
        most: tCO2e that can be cut at all.

    Returns:
        tCO2e: `(price - first) / slope`, from zero to `most`.
    """
    return np.clip((price - first) / slope, 0.0, most)


def abatement_cost(abated: Array, first: Array, slope: Array) -> Array:
    """What it costs to cut so many tonnes, cheapest first: the area under the straight line of `abated_at`."""
    return first * abated + 0.5 * slope * abated**2


def holds(kit: Array, place: int) -> Array:
    """Whether the measure of this bit is among those that a unit has (bool, units)."""
    return (kit & (1 << place)) != 0


def kit_after(kit: Array, taken: Taken, measures: Sequence[str]) -> Array:
    """The measures that a unit has once this period's choice is among them: one bit each, in order (int32, units)."""
    found = kit.astype("int32")
    for place, name in enumerate(measures):
        found = np.where(taken.chose(name), found | (1 << place), found)
    return found


def cut_together(kit: Array, measures: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """What the measures that a unit has avoid together, each acting on what those before it leave, and what that costs.

    Args:
        kit: the measures that each unit has, one bit each.
        measures: for each the share of emissions that it avoids by itself, and its cost per tCO2e.

    Returns:
        The share avoided, and the cost per tCO2e of emissions before the measures.
    """
    avoided: Array = 0.0
    cost: Array = 0.0
    for place, (cut, per_tonne) in enumerate(measures):
        more = np.where(holds(kit, place), cut * (1.0 - avoided), 0.0)
        avoided, cost = avoided + more, cost + more * per_tonne
    return avoided, cost


def market_balance(bank: Array, cover: Array, tightening: Array, years: Array) -> Array:
    """Permits that holders expect to be left over after some years, as a share of a year's emissions.

    Args:
        bank: permits kept so far, over a year's emissions.
        cover: permits allocated in a year over its emissions.
        tightening: by what share the allocation per unit of output falls each year.
        years: how many years holders look ahead.
    """
    return bank + years * (cover * (1.0 - 0.5 * tightening * (years - 1.0)) - 1.0)


def shortage_chance(balance: Array, uncertainty: Array) -> Array:
    """Chance that permits run short, for a holder whose error about the market's balance is logistic.

    Args:
        balance: permits expected to be left over, as a share of a year's emissions; below zero where too few are.
        uncertainty: standard deviation of that expectation, above zero.
    """
    return 1.0 / (1.0 + np.exp(np.clip(_LOGISTIC * balance / uncertainty, -60.0, 60.0)))


def kept_price(floor: Array, ceiling: Array, shortage: Array, discount: Array, belief: Array = 0.0) -> Array:
    """What a permit kept until it is known whether permits run short is worth today, per tCO2e.

    It is then worth the ceiling, where what is missing must be paid, or the floor: the price of a permit is the chance
    of a shortage times its penalty (Seifert, Uhrig-Homburg and Wagner 2008; Hintermann 2012). Never below the floor, at
    which it can be sold today, and never above the ceiling.

    Args:
        floor: lowest price.
        ceiling: what a missing permit costs.
        shortage: chance that permits run short.
        discount: from then until today, a fraction.
        belief: by what factor, in logs, the holder thinks more of what lies above the floor than others do.
    """
    middling = np.maximum(floor, (floor + (ceiling - floor) * shortage) / (1.0 + discount))
    return np.minimum(floor + (middling - floor) * np.exp(belief), ceiling)


def sells(price: Array, kept: Array, limits: tuple[Array, Array], active: Array, random: Array) -> Array:
    """Whether a holder sells what it has left over: it looks at the market at all, and the price beats keeping.

    Args:
        price: of a permit.
        kept: what a kept one is worth to the holder.
        limits: the lowest price, and the ceiling.
        active: share of holders that look at the market at the lowest price; it rises in a straight line to all at the
            ceiling, so that nobody sleeps while permits cost what a missing one does.
        random: the holder's own number between 0 and 1.
    """
    floor, ceiling = limits
    rise = (price - floor) / np.maximum(ceiling - floor, 1.0)
    return (random < raise_share(active, rise)) & (price >= kept)


def whole(amount: Array) -> Array:
    """Whole permits nearest to an amount (int32)."""
    return np.rint(amount).astype("int32")


@dataclass(frozen=True, slots=True)
class Permits:
    """A holder's permits in a year, all in whole ones (int32, units).

    Args:
        given: allocated without payment.
        bank: kept from years before.
        owed: to be surrendered at the end of the year.
    """

    given: Array
    bank: Array
    owed: Array

    @property
    def missing(self) -> Array:
        """How many are owed beyond those held before trade; below zero where some are left over."""
        return self.owed - self.given - self.bank

    def order(self, sells: Array) -> Array:
        """A bid for what is missing; an offer of what is left over, where one sells (below zero)."""
        return np.where(sells | (self.missing > 0), self.missing, 0)

    def settle(self, bought: Array) -> tuple[Array, Array, Array]:
        """The end of the year, once so many were bought, or sold (below zero).

        Returns:
            What is surrendered, what is missing, and what is left. The first and the second add up to what is owed, the
            first and the third to what is held.
        """
        held = self.given + self.bank + bought
        surrendered = np.minimum(held, self.owed)
        return surrendered, self.owed - surrendered, held - surrendered
