"""Loans and present values: closed forms that a model calls and a banker can check by hand."""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.model import Array


def annuity_factor(rate: Array, years: Array) -> Array:
    """Present value of 1 paid at the end of each of `years` years.

    Args:
        rate: discount rate, a fraction per year, above -1; zero is allowed.
        years: length in years.

    Returns:
        `(1 - (1 + rate)^-years) / rate`, and `years` where the rate is zero.
    """
    safe = np.where(np.abs(rate) < 1e-6, 1.0, rate)
    return np.where(np.abs(rate) < 1e-6, years * 1.0, -np.expm1(-years * np.log1p(safe)) / safe)


def interest_on_equal_principal(discount: Array, years: Array) -> Array:
    """Present value of one point of interest on a loan of 1 repaid in equal yearly parts of the principal.

    The debt in year k of T is 1 - (k - 1)/T, so the sum of (1 - (k - 1)/T) v^k, with v = 1 / (1 + discount), is
    (T - a) / (discount T) where a is the annuity factor; at a discount of zero it is (T + 1)/2.

    Args:
        discount: discount rate, a fraction per year.
        years: years of the loan, T, at least 1.

    Returns:
        Years of interest in present value: multiply by a difference of rates to get the share of the loan that a
        cheaper loan is worth.
    """
    flat = np.abs(discount) < 1e-4
    safe = np.where(flat, 1.0, discount)
    return np.where(flat, (years + 1.0) / 2.0, (years - annuity_factor(safe, years)) / (safe * years))


def net_present_value(cost: Array, yearly: Array, discount: Array, years: Array) -> Array:
    """Present value of a yearly gain over `years` years, less what it costs today; in the currency of both."""
    return yearly * annuity_factor(discount, years) - cost


def payback_years(cost: Array, yearly: Array) -> Array:
    """Years until the yearly gain has paid the cost; infinite where there is no gain."""
    return np.where(yearly > 0, cost / np.where(yearly > 0, yearly, 1.0), np.inf)
