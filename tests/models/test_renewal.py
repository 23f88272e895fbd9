"""Ages and ends of life against cases counted by hand."""

import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.renewal import aged, due, remaining, yearly_share

lives = st.integers(2, 30)


def column(*values):
    return jnp.array(values, jnp.float32)


def years(age, life, count):
    """The ages at the end of each year and how often the thing was replaced, year by year."""
    age, life, ages, replaced = column(age), column(life), [], 0
    for _ in range(count):
        ends = due(age, life)
        age = aged(age, life, ends)
        replaced += int(ends[0])
        ages.append(float(age[0]))
    return ages, replaced


def test_a_thing_of_ten_years_is_due_in_its_tenth_year_and_not_before():
    assert np.asarray(due(column(8.5, 8.99, 9.0, 9.5, 12.0), column(10.0))).tolist() == [False, False, True, True, True]


def test_what_is_replaced_begins_with_what_was_left_of_the_year():
    # At 9.25 of 10 years the end comes after three quarters of the year: a quarter is left for the new one.
    assert np.asarray(aged(column(9.25, 4.0), column(10.0), jnp.array([True, False]))).tolist() == [0.25, 5.0]


def test_what_is_long_overdue_begins_at_the_time_since_its_end_and_what_is_early_at_zero():
    assert float(aged(column(12.5), column(10.0), jnp.array([True]))[0]) == 3.5
    assert float(aged(column(3.0), column(10.0), jnp.array([True]))[0]) == 0.0


def test_months_add_up_to_years():
    ends = due(column(9.9, 9.95), column(10.0), column(1.0 / 12.0))
    assert np.asarray(ends).tolist() == [False, True]


def test_life_left_is_never_below_zero_and_one_in_life_ends_each_year():
    assert np.asarray(remaining(column(4.0, 11.0), column(10.0))).tolist() == [6.0, 0.0]
    assert float(yearly_share(column(8.0))[0]) == 0.125


@given(life=lives, start=st.floats(0.0, 0.999), laps=st.integers(1, 3))
def test_over_whole_lives_it_is_replaced_once_a_life_whatever_its_age(life, start, laps):
    _, replaced = years(start * life, life, laps * life)
    assert abs(replaced - laps) <= (1 if abs(start * life - round(start * life)) < 1e-3 else 0)


@given(life=lives, start=st.floats(0.0, 0.999))
def test_an_age_stays_within_the_life(life, start):
    ages, _ = years(start * life, life, 2 * life)
    assert all(-1e-3 <= age <= life + 1e-3 for age in ages)


def test_ages_spread_over_the_life_end_evenly():
    age = jnp.linspace(0.0, 9.99, 1000, dtype=jnp.float32)
    life, counts = jnp.full(1000, 10.0, jnp.float32), []
    for _ in range(20):
        ends = due(age, life)
        age = aged(age, life, ends)
        counts.append(int(ends.sum()))
    assert min(counts) >= 98
    assert max(counts) <= 102
