"""Novelty, habits and the counts that tell them apart, against cases worked out by hand."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haidang.models.habit import (
    average_remaining,
    core_and_novelty,
    fade_habit,
    rate_of_half_life,
    rate_of_yearly_loss,
    remaining,
    with_habit,
)

MONTH = 1 / 12
rates = st.floats(0.05, 8.0)


def f32(value):
    return jnp.float32(value)


def test_half_is_left_after_a_half_life_and_two_thirds_after_a_loss_of_a_third():
    assert float(remaining(rate_of_half_life(f32(0.25)), f32(0.25))) == pytest.approx(0.5)
    assert float(remaining(rate_of_half_life(f32(0.25)), f32(0.5))) == pytest.approx(0.25)
    assert float(remaining(rate_of_yearly_loss(f32(1 / 3)), f32(2.0))) == pytest.approx(4 / 9)


def test_the_mean_of_what_is_left_over_one_half_life_is_half_over_the_log_of_two():
    # (1 - 1/2) / ln 2 = 0.7213; a half life later half of that.
    rate = rate_of_half_life(f32(2.0))
    assert float(average_remaining(rate, f32(0.0), f32(2.0))) == pytest.approx(0.5 / math.log(2), rel=1e-6)
    assert float(average_remaining(rate, f32(2.0), f32(2.0))) == pytest.approx(0.25 / math.log(2), rel=1e-6)


@given(rate=st.floats(0.0, 2e-3), length=st.floats(0.01, 1.0))
def test_where_hardly_anything_is_lost_the_mean_is_one_less_half_of_the_loss(rate, length):
    found = float(average_remaining(f32(rate), f32(0.0), f32(length)))
    assert found == pytest.approx(1 - rate * length / 2, abs=1e-6)


def sold(core, novelty, wear, fade, begin, length):
    """What both parts sell from `begin` on, by the integral of two exponentials."""
    return sum(
        part * (math.exp(-rate * begin) - math.exp(-rate * (begin + length))) / rate
        for part, rate in ((core, fade), (novelty, wear))
    )


@given(
    core=st.floats(1e3, 1e6), novelty=st.floats(0.0, 1e6), wear=st.floats(2.0, 10.0), fade=st.floats(0.05, 0.8),
    begin=st.floats(0.0, 3.0), length=st.floats(0.5, 1.0),
)  # fmt: skip
def test_two_counts_give_back_the_parts_that_sold_them(core, novelty, wear, fade, begin, length):
    early = sold(core, novelty, wear, fade, 0.0, MONTH)
    late = sold(core, novelty, wear, fade, begin, length)
    with jax.enable_x64(True):
        found = core_and_novelty(early, late, wear, fade, ((0.0, MONTH), (begin, length)))
    assert float(found[0]) == pytest.approx(core, rel=1e-5, abs=1.0)
    assert float(found[1]) == pytest.approx(novelty, rel=1e-4, abs=1e-2 * core)


def test_sixty_thousand_in_the_first_month_and_320_000_in_the_next_year_are_a_core_and_a_novelty():
    # Half life of the novelty 2 months, core losing 37 % a year. One unit a year of the core sells in the first month
    # (1 - e^(-0.46204/12)) / 0.46204 = 0.081749, from month 0.5 to 12.5 (e^-0.01925 - e^-0.48129) / 0.46204 =
    # 0.785535; of the novelty (1 - 2^-0.5) / 4.15888 = 0.070426 and (2^-0.25 - 2^-6.25) / 4.15888 = 0.199034.
    # core = (60,000 x 0.199034 - 320,000 x 0.070426) / (0.081749 x 0.199034 - 0.785535 x 0.070426) = 271,290 a year.
    # novelty = (60,000 - 0.081749 x 271,290) / 0.070426 = 537,050 a year.
    wear, fade = rate_of_half_life(f32(2 * MONTH)), rate_of_yearly_loss(f32(0.37))
    spans = ((f32(0.0), f32(MONTH)), (f32(0.5 * MONTH), f32(1.0)))
    core, novelty = core_and_novelty(f32(60_000), f32(320_000), wear, fade, spans)
    assert float(core) == pytest.approx(271_290, rel=1e-4)
    assert float(novelty) == pytest.approx(537_050, rel=1e-4)


def test_a_part_that_would_be_below_zero_is_zero_and_the_other_sells_the_late_count():
    spans = ((f32(0.0), f32(MONTH)), (f32(0.0), f32(1.0)))
    core, novelty = core_and_novelty(f32(1_000), f32(120_000), f32(4.0), f32(0.2), spans)
    assert float(novelty) == 0.0
    assert sold(float(core), 0.0, 4.0, 0.2, 0.0, 1.0) == pytest.approx(120_000, rel=1e-4)
    core, novelty = core_and_novelty(f32(60_000), f32(100_000), f32(4.0), f32(0.2), spans)
    assert float(core) == 0.0
    assert sold(0.0, float(novelty), 4.0, 0.2, 0.0, 1.0) == pytest.approx(100_000, rel=1e-4)


@given(rate=rates, late=st.floats(1e3, 1e6), early=st.floats(1e3, 1e6))
def test_rates_that_are_alike_leave_one_part_that_sells_the_late_count(rate, late, early):
    spans = ((f32(0.0), f32(MONTH)), (f32(1.0), f32(1.0)))
    core, novelty = core_and_novelty(f32(early), f32(late), f32(rate), f32(rate), spans)
    assert float(novelty) == 0.0
    assert sold(float(core), 0.0, rate, rate, 1.0, 1.0) == pytest.approx(late, rel=1e-3)


@given(early=st.floats(1e3, 1e5), late=st.floats(1e3, 1e6), wear=rates, fade=rates)
def test_neither_part_is_ever_below_zero(early, late, wear, fade):
    assume(abs(wear - fade) > 0.05)
    spans = ((f32(0.0), f32(MONTH)), (f32(0.5), f32(1.0)))
    parts = [float(one) for one in core_and_novelty(f32(early), f32(late), f32(wear), f32(fade), spans)]
    assert min(parts) >= 0.0
    assert all(math.isfinite(one) for one in parts)


def test_a_habit_that_is_used_is_kept_and_one_that_is_not_fades():
    habit, used = jnp.array([0.8, 0.8, 0.0], jnp.float32), jnp.array([True, False, False])
    found = fade_habit(habit, used, rate_of_yearly_loss(f32(0.5)), f32(1.0))
    assert np.asarray(found).tolist() == pytest.approx([0.8, 0.4, 0.0])


@given(share=st.floats(0.0, 1.0), strength=st.floats(0.0, 1.0))
def test_habits_spread_as_the_weighed_shares_leave_the_shares_as_they_are(share, strength):
    by_habit = float(with_habit(f32(share), jnp.array(True), f32(strength)))
    otherwise = float(with_habit(f32(share), jnp.array(False), f32(strength)))
    assert share * by_habit + (1 - share) * otherwise == pytest.approx(share, abs=1e-6)
    assert 0 <= otherwise <= by_habit <= 1 + 1e-6
