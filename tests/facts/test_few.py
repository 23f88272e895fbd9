"""Cells of too few units: hidden, also where one could be worked out from the others."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from haidang.facts.few import FEWEST, hidden


def test_a_lone_small_cell_takes_the_next_smallest_with_it() -> None:
    assert hidden([3, 40, 7, 100]) == {0, 2}
    assert hidden([40, 7, 100]) == frozenset()
    assert hidden([3, 4, 100]) == {0, 1}
    assert hidden([0, 3, 100]) == {1, 2}


def test_two_small_cells_that_are_too_few_together_take_another_with_them() -> None:
    assert hidden([1, 2, 100, 9]) == {0, 1, 3}


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8))
def test_whoever_subtracts_cells_from_the_total_finds_nobody(counts: list[int]) -> None:
    found = hidden(counts)
    shown = [count for at, count in enumerate(counts) if at not in found]
    assert all(count == 0 or count >= FEWEST for count in shown)
    if not any(shown):
        return  # the total alone is left, which whoever shows it must ask about
    total = sum(counts)
    for many in range(len(shown) + 1):
        for some in combinations(shown, many):
            rest = total - sum(some)
            assert rest == 0 or rest >= FEWEST
