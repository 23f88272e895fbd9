"""Every order of options is looked at, and none that is not allowed."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from haidang.allocate.orders import CELLS, NEVER, SERVED, ZERO, EntangledOptionsError, Orders, orders


def best(table: Orders, cells: NDArray[np.float64], served: float) -> float:
    """The table worked through, register by register."""
    held = np.full(table.registers, 1e9)  # what no step wrote must not count
    held[ZERO], held[NEVER], held[SERVED] = 0.0, -1e18, served
    held[CELLS : CELLS + cells.size] = cells.ravel()
    for written, against, one, other in table.steps:
        held[written] = max(held[against], held[one] + held[other])
    return float(held[table.best])


def best_of_all(after: list[list[int]], cells: NDArray[np.float64], served: float) -> float:
    """Every row of options tried."""
    years, options = cells.shape
    found = 0.0
    for plan in product(range(-1, options), repeat=years):
        taken = [one for one in plan if one >= 0]
        in_order = all(other in plan[:year] for year, one in enumerate(plan) if one >= 0 for other in after[one])
        if taken and in_order and len(set(taken)) == len(taken):
            found = max(found, served + sum(cells[year, one] for year, one in enumerate(plan) if one >= 0))
    return found


@given(
    seed=st.integers(0, 10_000), years=st.integers(1, 4), options=st.integers(1, 5), tied=st.sampled_from((0, 0.2, 0.5))
)
def test_the_table_finds_what_full_enumeration_finds(seed: int, years: int, options: int, tied: float) -> None:
    random = np.random.default_rng(seed)
    after = [[other for other in range(option) if random.random() < tied] for option in range(options)]
    cells, served = random.normal(0.3, 1.0, (years, options)), float(random.normal(0.0, 0.5))
    assert best(orders(after, years), cells, served) == pytest.approx(best_of_all(after, cells, served))


def test_a_chain_is_taken_from_its_beginning() -> None:
    table = orders([[], [0], [1]], 3)
    assert best(table, np.array([[1.0, 9, 9], [0, 1, 9], [0, 0, 1]]), 0.0) == 3.0
    assert best(table, np.array([[-1.0, 9, 9], [-1, -2, 9], [-1, 0, 5]]), 0.0) == 2.0


def test_two_prerequisites_are_both_needed() -> None:
    cells = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 10]])
    assert best(orders([[], [], [0, 1]], 3), cells, 0.0) == 12.0
    assert best(orders([[], [], [0, 1]], 2), cells[1:], 0.0) == 1.0


def test_thirty_options_need_no_more_steps_than_years_allow() -> None:
    free = orders([[] for _ in range(30)], 5)
    assert len(free.steps) <= 30 * 5 * 2**4 + 32
    assert free.registers < 200


def test_options_that_are_too_entangled_are_refused() -> None:
    entangled = [[] if option < 15 else [option - 15, (option - 14) % 15] for option in range(30)]
    with pytest.raises(EntangledOptionsError, match="too many ways"):
        orders(entangled, 8)
