"""What it costs a year to own a vehicle or a machine, and where two of them cost the same: closed forms.

Costs are equivalent annual costs: the price less the present worth of what it is sold for at the end, spread evenly
over the years by the annuity factor, and what each year costs (Park 2016, Contemporary Engineering Economics).
Comparing two things of different lives by them assumes that each is replaced by its like.
"""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.finance import annuity_factor
from haidang.models.model import Array


def yearly_capital(price: Array, residual: Array, rate: Array, years: Array) -> Array:
    """What a price is a year: the constant payment at the end of each year with the same present value.

    Args:
        price: paid at the start, money.
        residual: share of the price for which it is sold at the end, a fraction.
        rate: the owner's discount rate, a fraction per year.
        years: how long it is kept, years.

    Returns:
        Money a year: `price (1 - residual (1 + rate)^-years) / annuity`.
    """
    sold = residual * np.exp(-years * np.log(1.0 + rate))
    return price * (1.0 - sold) / annuity_factor(rate, years)


def yearly_energy(distance: Array, use: Array, price: Array) -> Array:
    """What energy costs a year: distance a year times use per distance times price per unit of energy."""
    return distance * use * price


def yearly_rent(price: Array, rate: Array, years: Array) -> Array:
    """The yearly rent at which a lender that pays `price` earns `rate` over `years`, nothing being left at the end."""
    return price / annuity_factor(rate, years)


def yearly_worth(amount: Array, paid_years: Array, rate: Array, years: Array) -> Array:
    """What a yearly amount that stops after `paid_years` is worth a year over the whole time of owning.

    Args:
        amount: money a year while it lasts.
        paid_years: for how long it is paid; no longer than it is owned counts.
        rate: the owner's discount rate, a fraction per year.
        years: how long the thing is kept, years.
    """
    return amount * annuity_factor(rate, np.minimum(paid_years, years)) / annuity_factor(rate, years)


def break_even(value: Array, gap: Array, slope: Array) -> Array:
    """The value of one input at which two things cost the same, all else unchanged.

    A yearly cost is linear in each price, each energy use and each yearly payment, so one step gives it exactly.

    Args:
        value: the input as it stands.
        gap: yearly cost of the first thing less that of the second, as they stand.
        slope: change of the gap with one unit more of the input: distance times energy use for an energy price of
            the first thing, distance times energy price for its use, one for a rent; of the second thing, with a
            minus.
    """
    return value - gap / slope


def even_distance(fixed: Array, running: Array, other_fixed: Array, other_running: Array) -> Array:
    """The yearly distance from which the first thing is the cheaper; infinite where its running cost is not lower.

    Args:
        fixed: what the first costs a year however little it is used.
        running: what it costs per distance.
        other_fixed: the same of the second.
        other_running: the same of the second.
    """
    saving = other_running - running
    dearer = np.maximum(fixed - other_fixed, 0.0)
    return np.where(saving > 0, dearer / np.where(saving > 0, saving, 1.0), np.inf)
