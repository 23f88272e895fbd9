"""Ways of travelling: time, money, fares and shares against cases worked out by hand."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.travel import burden, metered_fare, share_of_count, started, weigh_ways

HALF_HOUR = 0.5 / 8766


def column(*values):
    return jnp.array(values, jnp.float32)


def test_ten_minutes_and_six_thousand_dong_weigh_as_twenty_minutes_at_600_a_minute():
    minute = 1 / 525_960
    found = burden(jnp.float32(0.08 / minute), column(10 * minute), column(6_000.0), jnp.float32(600 / minute))
    assert np.asarray(found).tolist() == pytest.approx([0.08 * 20])


def test_a_rental_charges_each_half_hour_that_has_begun():
    hours = column(0.0, 0.1, 0.5, 0.51, 1.0, 1.2)
    found = started(hours / jnp.float32(8766), jnp.float32(HALF_HOUR))
    assert np.asarray(found).tolist() == [1, 1, 1, 2, 2, 3]


def test_a_metered_fare_covers_two_kilometres_and_counts_what_is_beyond():
    # 12,500 for 2 km; 3 km more at 4,300 are 12,900; at 20 km/h they take 9 minutes at 350: 3,150.
    found = metered_fare(
        column(1_500.0, 5_000.0), jnp.float32(20e3 * 8766), 12_500.0, 2_000.0, 4.3, jnp.float32(350 * 60 * 8766)
    )
    assert np.asarray(found).tolist() == pytest.approx([12_500, 12_500 + 12_900 + 3_150])


def test_a_typical_trip_is_made_in_the_published_shares():
    shares = {"walk": jnp.float32(0.2), "ride": jnp.float32(0.7), "other": jnp.float32(0.1)}
    weight = {way: column(1.5) for way in shares}
    found, together = weigh_ways(shares, weight, weight)
    assert {way: float(one[0]) for way, one in found.items()} == pytest.approx({"walk": 0.2, "ride": 0.7, "other": 0.1})
    assert float(together[0]) == pytest.approx(0.0, abs=1e-6)


def test_a_way_that_weighs_one_more_has_odds_smaller_by_e():
    shares = {"walk": jnp.float32(0.5), "ride": jnp.float32(0.5)}
    found, together = weigh_ways(shares, {"walk": column(3.0), "ride": column(2.0)}, {"walk": 2.0, "ride": 2.0})
    assert float(found["walk"][0] / found["ride"][0]) == pytest.approx(math.exp(-1))
    assert float(together[0]) == pytest.approx(math.log(0.5 + 0.5 * math.exp(-1)))


@given(walk=st.floats(0.01, 0.98), heavier=st.floats(-5, 5))
def test_shares_of_ways_add_up_to_one(walk, heavier):
    shares = {"walk": jnp.float32(walk), "ride": jnp.float32(1 - walk)}
    found, _ = weigh_ways(shares, {"walk": column(heavier), "ride": column(0.0)}, {"walk": 0.0, "ride": 0.0})
    assert sum(float(one[0]) for one in found.values()) == pytest.approx(1.0, abs=1e-5)


@given(pulls=st.lists(st.floats(0.0, 5.0), min_size=2, max_size=8).filter(lambda one: sum(one) > 0.1))
def test_the_shares_of_a_count_add_up_to_the_count(pulls):
    weight = np.arange(1, len(pulls) + 1, dtype=np.float64)
    mean = float((weight * pulls).sum() / weight.sum())
    found = share_of_count(jnp.float32(30.0), column(*pulls), jnp.float32(mean), jnp.float32(weight.sum()))
    assert float((weight * np.asarray(found)).sum()) == pytest.approx(30.0, rel=1e-4)
