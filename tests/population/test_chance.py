"""Chance belongs to the unit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from haidang.population.chance import normal, uniform


def test_the_numbers_of_these_ids_are_the_same_on_every_machine():
    found = uniform(np.array([0, 1, 3_701_234_567], dtype=np.int64), 1, "size")
    np.testing.assert_array_equal(found, [0.2615539853477054, 0.5257585351012428, 0.3452377521542424])


@given(
    ids=st.lists(st.integers(0, 2**62), min_size=1, max_size=50, unique=True),
    seed=st.integers(0, 2**31),
    order=st.randoms(use_true_random=False),
)
def test_a_unit_keeps_its_number_in_any_company(ids: list[int], seed: int, order):
    mixed = ids.copy()
    order.shuffle(mixed)
    straight = dict(zip(ids, uniform(np.array(ids), seed, "x"), strict=True))
    assert dict(zip(mixed, uniform(np.array(mixed), seed, "x"), strict=True)) == straight
    assert all(0 < one < 1 for one in straight.values())


def test_the_numbers_are_uniform_and_purposes_do_not_go_together():
    ids = np.arange(100_000, dtype=np.int64)
    one, other, seeded = uniform(ids, 1, "a"), uniform(ids, 1, "b"), uniform(ids, 2, "a")
    counts = np.histogram(one, bins=20, range=(0, 1))[0]
    # Chi-squared with 19 degrees of freedom exceeds 43.8 once in a thousand.
    assert ((counts - 5000) ** 2 / 5000).sum() < 43.8
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.015
    assert abs(np.corrcoef(one, seeded)[0, 1]) < 0.015
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.015


def test_normal_numbers_have_mean_zero_and_deviation_one():
    found = normal(np.arange(100_000, dtype=np.int64), 1, "a")
    assert abs(found.mean()) < 0.015
    assert abs(found.std() - 1) < 0.015
