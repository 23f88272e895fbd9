"""Savings bonds sold to households: what a yield is worth to a saver, and what the money costs who borrows it."""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.finance import annuity_factor
from haidang.models.model import Array


def matched_yield(matching: Array, years: Array) -> Array:
    """Yearly yield that a bonus paid with the principal is worth.

    Args:
        matching: bonus per unit of money put in, such as 0.1 for a tenth on top.
        years: years until the principal is paid back, above zero.

    Returns:
        `(1 + matching)^(1 / years) - 1`, a fraction per year.
    """
    return np.expm1(np.log1p(matching) / years)


def levered_yield(rate: Array, borrowing: Array, leverage: Array) -> Array:
    """Yearly return on a saver's own money where a bank lends the rest of what is put in.

    Args:
        rate: yield of what is bought, a fraction per year.
        borrowing: rate at which the bank lends, a fraction per year.
        leverage: money put in over own money; 1 where nothing is borrowed.

    Returns:
        `rate + (leverage - 1) (rate - borrowing)`, a fraction per year.
    """
    return rate + (leverage - 1.0) * (rate - borrowing)


def take_utility(share: Array, gain: Array, response: Array) -> Array:
    """Utility of moving savings into a bond over leaving them where they are.

    A logit in the yield (McFadden 1974): where nothing is gained the stated share moves all the same, and each point
    gained multiplies the odds by exp(response).

    Args:
        share: share that moves in a year where the bond pays no more than what they have, between 0 and 1.
        gain: yield of the bond above what they have, a fraction per year.
        response: change of the log odds for one point (0.01) of yield.
    """
    return np.log(share) - np.log1p(-share) + 100.0 * response * gain


def whole_tickets(money: Array, ticket: Array) -> Array:
    """What can be put in where only whole tickets are sold: nothing below one ticket; all of it at a ticket of zero."""
    safe = np.where(ticket > 0, ticket, 1.0)
    return np.where(ticket > 0, np.floor(money / safe) * safe, money)


def interest_cost(rate: Array, discount: Array, years: Array) -> Array:
    """Present value of all interest on one unit of money that is paid back whole at the end: rate x annuity factor.

    Args:
        rate: interest, a fraction per year, paid at the end of each year.
        discount: discount rate, a fraction per year.
        years: years of the bond.
    """
    return rate * annuity_factor(discount, years)
