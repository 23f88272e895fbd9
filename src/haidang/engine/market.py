"""A market within a period: the search for the price, and who trades how much at it.

Orders are whole quanta, so that what is bought is what is sold to the last one. The price is the lowest multiple of
the market's step, between floor and ceiling, at which nothing that is bid is left over. The side that is long there
trades in equal parts: rows stand in the order of their ids, and each gets what the rounded sum up to it has more than
the rounded sum before it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.engine.tally import OverflowingSumError
from haidang.errors import HaidangError
from haidang.models import Market

Whole = NDArray[np.int64]
MOST = 2**31
"""Sums of orders up to here can be multiplied with each other in 64 bits."""


class EndlessPriceError(HaidangError):
    """A market whose price has no bounds, so that no search can end."""


@dataclass(frozen=True, slots=True)
class MarketRecord:
    """What happened on the market of a scenario in a period.

    Args:
        price: in canonical units.
        bid: what all wanted to buy at it, in units of the good.
        offered: what all wanted to sell at it.
        traded: what was bought and sold.
    """

    price: float
    bid: float
    offered: float
    traded: float


def order_sums(columns: Sequence[Whole]) -> Whole:
    """What is bid and offered on each side (int64, sides x 2), from signed orders in quanta."""
    return np.array([[one[one > 0].sum(), -one[one < 0].sum()] for one in columns], np.int64)


def find_price(market: Market, floor: float, ceiling: float, excess: Callable[[float], int]) -> float:
    """The lowest price at which no bid is left over; the ceiling where there is none.

    Args:
        market: its step.
        floor: the lowest price that is allowed.
        ceiling: the highest; a floor above it holds.
        excess: all bids less all offers at a price, in quanta; must not rise with the price.

    Returns:
        A multiple of the step, or the floor or the ceiling themselves.

    Raises:
        EndlessPriceError: the floor or the ceiling is no number.
    """
    if not math.isfinite(floor) or math.isnan(ceiling) or math.isinf(ceiling):
        raise EndlessPriceError(f"expected a price with a floor and a ceiling, found {floor:g} to {ceiling:g}")
    if excess(floor) <= 0 or ceiling <= floor:
        return floor
    low, high = math.floor(floor / market.step), math.ceil(ceiling / market.step)
    if excess(ceiling) > 0:
        return ceiling
    while high - low > 1:
        middle = (low + high) // 2
        if excess(middle * market.step) > 0:
            low = middle
        else:
            high = middle
    return min(high * market.step, ceiling)


def fill(columns: Sequence[Whole], before: Whole, totals: tuple[int, int]) -> list[Whole]:
    """What each order of a block trades, in quanta with the order's sign.

    Args:
        columns: the orders of each side (int64, rows).
        before: what blocks and sides before were bid and offered (sides x 2).
        totals: all bids and all offers.
    """
    traded = min(totals)
    filled: list[Whole] = []
    for place, one in enumerate(columns):
        bought = _in_parts(np.maximum(one, 0), int(before[place, 0]), traded, totals[0])
        sold = _in_parts(np.maximum(-one, 0), int(before[place, 1]), traded, totals[1])
        filled.append(bought - sold)
    return filled


def before_each(sums: Sequence[Whole]) -> tuple[list[Whole], tuple[int, int]]:
    """For each part, what blocks and sides before each of its own bid and offer; and all bids and offers.

    Sides come one after the other, each with all blocks in order.

    Args:
        sums: for each part what its blocks bid and offer (blocks x sides x 2).

    Raises:
        OverflowingSumError: the orders are too large for whole numbers of 64 bits.
    """
    together = np.concatenate(sums)
    blocks, sides, _ = together.shape
    flat = together.transpose(1, 0, 2).reshape(sides * blocks, 2)
    running = np.cumsum(flat, axis=0)
    bid, offered = (int(one) for one in running[-1])
    if max(bid, offered) > MOST:
        raise OverflowingSumError(
            f"expected orders of at most {MOST:,} quanta together, found {max(bid, offered):,}; give the market a "
            "larger quantum"
        )
    previous = (running - flat).reshape(sides, blocks, 2).transpose(1, 0, 2)
    ends = np.cumsum([len(one) for one in sums])
    return list(np.split(previous, ends[:-1])), (bid, offered)


def _in_parts(orders: Whole, before: int, traded: int, total: int) -> Whole:
    """Equal parts of orders that sum to what is traded, once rounded, whatever the blocks."""
    if total == 0 or traded == 0:
        return np.zeros_like(orders)
    reached = before + np.cumsum(orders)
    return reached * traded // total - (reached - orders) * traded // total
