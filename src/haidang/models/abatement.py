"""Cutting emissions under a market for permits: what a tonne costs, what a permit is worth, how a year is settled."""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.finance import annuity_factor
from haidang.models.model import Array

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


def cut_together(cut: Array, another: Array) -> Array:
    """Share of emissions that two measures avoid together: the second acts on what the first leaves."""
    return cut + another - cut * another


def shortage_chance(balance: Array, uncertainty: Array) -> Array:
    """Chance that permits run short, for a holder whose error about the market's balance is logistic.

    Args:
        balance: permits expected to be left over, as a share of a year's emissions; below zero where too few are.
        uncertainty: standard deviation of that expectation, above zero.
    """
    return 1.0 / (1.0 + np.exp(np.clip(_LOGISTIC * balance / uncertainty, -60.0, 60.0)))


def later_price(floor: Array, ceiling: Array, shortage: Array, discount: Array) -> Array:
    """What a permit kept until it is known whether permits run short is worth today, per tCO2e.

    It is then worth the ceiling, where what is missing must be paid, or the floor: the price of a permit is the chance
    of a shortage times its penalty (Seifert, Uhrig-Homburg and Wagner 2008; Hintermann 2012). Never below the floor, at
    which it can be sold today.
    """
    return np.maximum(floor, (floor + (ceiling - floor) * shortage) / (1.0 + discount))


def market_balance(bank: Array, cover: Array, tightening: Array, years: Array) -> Array:
    """Permits that holders expect to be left over after some years, as a share of a year's emissions.

    Args:
        bank: permits kept so far, over a year's emissions.
        cover: permits allocated in a year over its emissions.
        tightening: by what share the allocation per unit of output falls each year.
        years: how many years holders look ahead.
    """
    return bank + years * (cover * (1.0 - 0.5 * tightening * (years - 1.0)) - 1.0)


def settle(held: Array, owed: Array) -> tuple[Array, Array, Array]:
    """The end of a year: what is surrendered, what is missing, and what is left, in whole permits.

    Args:
        held: permits held after trade, zero or more.
        owed: permits to be surrendered, zero or more.

    Returns:
        Three of which the first and the second add up to what is owed, and the first and the third to what is held.
    """
    surrendered = np.minimum(held, owed)
    return surrendered, owed - surrendered, held - surrendered
