"""Now or later: against numbers worked out by hand, a search over moments, and a plain slow dynamic programme."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.deadline import (
    Terms,
    Way,
    now_or_later,
    ready_within,
    worth_at_best_moment,
    worth_of_waiting,
)

rates = st.floats(0.02, 0.6)
declines = st.floats(0.0, 0.3)
benefits = st.floats(0.2, 5.0)
chances = st.floats(0.0, 1.0)


def best_moment(benefit, cost, discount, decline):
    with jax.enable_x64(True):
        return float(worth_at_best_moment(*(jnp.float64(one) for one in (benefit, cost, discount, decline))))


def waiting(acting, after, left, returns, horizon):
    with jax.enable_x64(True):
        found = worth_of_waiting(
            lambda ahead: jnp.float64(acting[ahead - 1]), jnp.float64(after), left, jnp.float64(returns), horizon
        )
    return float(found)


def plainly(acting, after, left, returns):
    """Every way in which months may bring the decision up again or not, one by one."""

    def worth(month):
        if month > left:
            return after
        put_off = worth(month + 1)
        return returns * max(acting[month - 1], put_off) + (1 - returns) * put_off

    return worth(1)


def test_with_a_falling_cost_the_best_moment_is_when_it_has_fallen_far_enough():
    # Benefit 120, cost 100, discount 10 % and decline 10 % a year: act when the cost is 120 x 0.1/0.2 = 60, which takes
    # ln(100/60)/0.1 = 5.108 years, worth (60/100)^1 x (120 - 60) = 36 today; acting now is worth 20.
    assert best_moment(120.0, 100.0, 0.10, 0.10) == pytest.approx(36.0)


def test_who_gains_enough_does_not_wait_for_the_cost_to_fall():
    # At a benefit of 120 the cost must be at 120 x 0.2/0.25 = 96 or below.
    assert best_moment(120.0, 95.0, 0.20, 0.05) == pytest.approx(25.0)
    assert best_moment(120.0, 100.0, 0.20, 0.05) == pytest.approx(0.96**4 * 24.0)


def test_a_cost_that_does_not_fall_is_paid_now_or_never():
    assert best_moment(120.0, 100.0, 0.10, 0.0) == pytest.approx(20.0)
    assert best_moment(90.0, 100.0, 0.10, 0.0) == 0.0


@given(benefit=benefits, discount=rates, decline=declines)
def test_no_moment_on_a_fine_grid_is_worth_more_than_the_best_one(benefit, discount, decline):
    times = np.linspace(0.0, 200.0, 200_001)
    # The closed form takes a decline below one in ten thousand for none.
    worths = np.exp(-discount * times) * (benefit - np.exp(-(decline if decline >= 1e-4 else 0.0) * times))
    found = best_moment(benefit, 1.0, discount, decline)
    assert found == pytest.approx(max(worths.max(), 0.0), rel=1e-4, abs=1e-5)


@given(benefit=st.floats(-5.0, 0.0), discount=rates, decline=declines)
def test_nothing_is_gained_by_waiting_for_what_has_no_benefit(benefit, discount, decline):
    assert best_moment(benefit, 1.0, discount, decline) == 0.0


def test_work_of_one_to_three_months_is_done_in_time_by_the_share_of_the_months_left():
    months = jnp.array([0.0, 1.0, 2.0, 2.5, 3.0, 9.0], jnp.float32)
    found = ready_within(months, jnp.float32(1.0), jnp.float32(3.0))
    np.testing.assert_allclose(np.asarray(found), [0.0, 0.0, 0.5, 0.75, 1.0, 1.0])


def test_work_of_a_certain_length_is_in_time_or_not():
    found = ready_within(jnp.array([1.9, 2.0, 2.1], jnp.float32), jnp.float32(2.0), jnp.float32(2.0))
    assert np.asarray(found).tolist() == [0.0, 1.0, 1.0]


def test_two_months_left_and_an_even_chance_to_think_of_it_are_worked_out_by_hand():
    # Acting is worth 8 in one month and 10 in two; after that 2 is left. In two months: 0.5 x 10 + 0.5 x 2 = 6. In one:
    # 0.5 x max(8, 6) + 0.5 x 6 = 7. With a chance of one the decision waits for the 10.
    assert waiting([8.0, 10.0], 2.0, 2, 0.5, 2) == pytest.approx(7.0)
    assert waiting([8.0, 10.0], 2.0, 2, 1.0, 2) == pytest.approx(10.0)


def test_in_the_last_month_only_what_comes_after_is_left():
    assert waiting([8.0, 10.0], 2.0, 0, 0.9, 2) == 2.0


def test_months_behind_the_horizon_do_not_count():
    assert waiting([8.0, 10.0, 99.0], 2.0, 30, 0.5, 2) == pytest.approx(7.0)


@given(
    acting=st.lists(st.floats(-3.0, 9.0), min_size=1, max_size=8),
    after=st.floats(0.0, 5.0),
    left=st.integers(0, 8),
    returns=chances,
)
def test_it_is_the_plain_recursion(acting, after, left, returns):
    expected = plainly(acting, after, min(left, len(acting)), returns)
    assert waiting(acting, after, left, returns, len(acting)) == pytest.approx(expected, abs=1e-9)


@given(
    acting=st.lists(st.floats(0.0, 9.0), min_size=2, max_size=8), after=st.floats(0.0, 5.0), low=chances, high=chances
)
def test_who_is_likelier_to_think_of_it_again_loses_less_by_waiting(acting, after, low, high):
    low, high = sorted((low, high))
    ends = [waiting(acting, after, len(acting), one, len(acting)) for one in (low, high)]
    assert ends[0] <= ends[1] + 1e-9
    assert after - 1e-9 <= ends[0] <= max(*acting, after) + 1e-9


def test_the_last_months_before_the_end_are_the_first_worth_acting_in():
    # Equipment falls 1 % a month while the gain stays at 1.05 times its cost today, discounted by 0.5 % a month; after
    # the end the gain is halved. Seen from any month but the last, waiting is worth more than acting.
    def acting_in(month):
        return 0.995**month * (1.05 - 0.99**month)

    chosen = [
        acting_in(month) >= waiting([acting_in(month + ahead) for ahead in range(1, 9)], 0.0, 8 - month, 1.0, 8)
        for month in range(9)
    ]
    assert chosen == [False] * 8 + [True]


def compared(ways, horizon=12, **terms):
    """Acting now by each way, and waiting."""
    usual = {"months": 4.0, "shortest": 0.0, "longest": 1.0, "discount": 0.0, "decline": 0.0}
    usual |= {"extension": 0.0, "returns": 1.0}
    with jax.enable_x64(True):
        seen = Terms(**{name: jnp.float64(value) for name, value in {**usual, **terms}.items()})
        acting, waiting = now_or_later([Way(*(jnp.float64(one) for one in way)) for way in ways], seen, horizon)
    return [float(one) for one in acting], float(waiting)


def slowly(ways, horizon, months, shortest, longest, discount, decline, extension, returns):
    """The same month by month, with every number written out."""

    def acting(way, ahead):
        in_time, late, cost = way
        left = months - ahead
        ready = min(max((left - shortest) / (longest - shortest), 0.0), 1.0)
        gain = ready * in_time + (1 - ready) * late
        return math.exp(-discount * ahead / 12) * (gain - cost * math.exp(-decline * ahead / 12))

    def worth(ahead):
        """Of putting it off, seen from so many months ahead, in money of today."""
        if ahead >= min(months - 1, horizon):
            behind = ahead + 1
            goes_on = 1.0 if months - 1 >= horizon else extension
            kept, fallen = math.exp(-discount * behind / 12), math.exp(-decline * behind / 12)
            on, off = (
                max(best_moment(gain, way[2] * fallen, discount, decline) for way, gain in chosen)
                for chosen in ([(way, max(way[:2])) for way in ways], [(way, way[1]) for way in ways])
            )
            return kept * (goes_on * on + (1 - goes_on) * off)
        put_off = worth(ahead + 1)
        return returns * max(*(acting(way, ahead + 1) for way in ways), put_off) + (1 - returns) * put_off

    return [acting(way, 0) for way in ways], worth(0)


def test_the_last_safe_month_is_worth_acting_in_by_all_that_is_lost_after_it():
    # 120 in time and 110 late, at a cost of 100, done within one month. With one month left acting is worth 20 now and
    # 10 from next month on.
    assert compared([(120.0, 110.0, 100.0)], months=1.0) == ([20.0], pytest.approx(10.0, rel=1e-3))
    # With two left, 20 can still be had next month; with an even chance to think of it, 15.
    assert compared([(120.0, 110.0, 100.0)], months=2.0) == ([20.0], pytest.approx(20.0))
    assert compared([(120.0, 110.0, 100.0)], months=2.0, returns=0.5)[1] == pytest.approx(15.0, rel=1e-3)
    # Whoever believes by half that the terms go on expects 15 behind the end, too.
    assert compared([(120.0, 110.0, 100.0)], months=1.0, extension=0.5)[1] == pytest.approx(15.0, rel=1e-3)


def test_of_two_ways_the_better_one_stands_in_each_month():
    # A large system earns 30 in time and loses 20 late; a small one earns 12 either way. With one month left it is the
    # large one now, and the small one from next month on.
    acting, waiting = compared([(130.0, 80.0, 100.0), (52.0, 52.0, 40.0)], months=1.0)
    assert acting == [30.0, 12.0]
    assert waiting == pytest.approx(12.0, rel=1e-3)


def test_without_an_end_in_sight_nothing_is_lost_but_time():
    # At 12 % a year a month is worth exp(-0.01); the cost does not fall: 20 exp(-0.01).
    assert compared([(120.0, 0.0, 100.0)], months=1e5, discount=0.12)[1] == pytest.approx(
        20 * math.exp(-0.01), rel=1e-3
    )


@given(
    ways=st.lists(st.tuples(*(st.floats(0.1, 3.0) for _ in range(3))), min_size=1, max_size=2),
    months=st.integers(1, 9),
    longest=st.floats(0.5, 4.0),
    discount=st.floats(0.02, 0.4),
    decline=st.floats(0.01, 0.2),
    extension=chances,
    returns=chances,
)
def test_now_or_later_is_the_slow_programme(ways, months, longest, discount, decline, extension, returns):
    terms = {
        "months": months, "shortest": 0.25, "longest": longest, "discount": discount, "decline": decline,
        "extension": extension, "returns": returns,
    }  # fmt: skip
    found, expected = compared(ways, 5, **terms), slowly(ways, 5, **terms)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-9)
    assert found[1] == pytest.approx(expected[1], abs=1e-6)


def test_columns_compile_and_single_precision_is_enough():
    benefit = jnp.array([0.5, 1.2, 2.5], jnp.float32)
    found = jax.jit(lambda b: worth_at_best_moment(b, jnp.float32(1.0), jnp.float32(0.12), jnp.float32(0.08)))(benefit)
    expected = [best_moment(one, 1.0, 0.12, 0.08) for one in (0.5, 1.2, 2.5)]
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-5)
    assert math.isclose(float(found[2]), 1.5, rel_tol=1e-6)
