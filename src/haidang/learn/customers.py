"""Bank customers laid out anew in each draw, from what they owe together, and simulated side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from haidang.learn.backtest_file import BacktestFile, Customers
from haidang.learn.laid import LaidSource, simulate_laid
from haidang.learn.quantity import BacktestError, Line
from haidang.learn.series import Numbers, Series, Track, by_draw
from haidang.models import Model
from haidang.programmes import Month, Programme

ROWS = 512
"""Customers in a draw, each standing for an equal part of the money."""
SPREAD = "borrower_loan_spread"
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def simulate_customers(
    one: BacktestFile, model: Model, programme: Programme, drawn: Mapping[str, Numbers], seed: int
) -> Series:
    """All draws at once.

    Args:
        one: a backtest on customers.
        model: of customers with loans.
        programme: the rules.
        drawn: what may be read, by draw.
        seed: of all chance.
    """
    if not isinstance(one.population, Customers):
        raise BacktestError("expected customers laid out by their loans, found another population", one.place)
    draws = len(next(iter(drawn.values())))
    read = sorted({*model.card.facts, *(name for name in programme.names if name in drawn)})
    source = LaidSource(*lay_out(one.population, drawn, draws))
    periods: tuple[Month, ...] = one.span.months or ()
    years = tuple(year for year, _ in periods)
    found = simulate_laid(model, programme, source, {name: drawn[name] for name in read}, years, seed)
    return {Line(name): Track(periods, values) for name, values in found.items()}


def lay_out(customers: Customers, drawn: Mapping[str, Numbers], draws: int) -> tuple[dict[str, Numbers], Numbers]:
    """Customers of every draw whose loans are lognormal and sum to what the backtest says, and their weights.

    Rows stand for equal parts of the money rather than for equal numbers of customers: the log of a loan, seen from a
    unit of money, is normal with its mean moved up by its variance. So a few hundred rows give the money well.

    Returns:
        The columns `loan` (VND) and `scale` (standard score of the loan's log among customers), and the weights; all
        draws x rows.
    """
    loans = by_draw(customers.loans, drawn, draws)
    count = np.full(draws, float(ROWS)) if customers.count is None else by_draw(customers.count, drawn, draws)
    spread = drawn[SPREAD][:, None]
    place: Numbers = (0.5 + np.arange(ROWS, dtype=np.float64) * _GOLDEN) % 1.0
    scale = spread + _normal(place)[None, :]
    loan = (loans / count)[:, None] * np.exp(spread * scale - 0.5 * spread**2)
    return {"loan": loan, "scale": scale}, (loans / ROWS)[:, None] / loan


def _normal(place: Numbers) -> Numbers:
    from scipy import special

    quantile: Any = special
    return quantile.ndtri(place)
