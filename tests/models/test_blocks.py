"""The blocks that models share: funnel, diffusion, energy and the logit in closed form."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.diffusion import bass_after, bass_share, peer_utility
from haidang.models.energy import emissions_of_electricity, saving_left
from haidang.models.funnel import apply_probability, pass_stages, raise_share
from haidang.models.logit import adoption_utility, occasion_probability, shares

shares_of_one = st.floats(0.001, 0.999)


def column(*values):
    return jnp.array(values, jnp.float32)


def test_who_fails_one_stage_reaches_none_behind_it():
    passes = {"aware": [1, 1, 0, 1], "needs": [1, 0, 1, 1], "applies": [0, 1, 1, 1]}
    found = pass_stages([(name, jnp.array(one, bool)) for name, one in passes.items()])
    assert {name: np.asarray(one).astype(int).tolist() for name, one in found.items()} == {
        "aware": [1, 1, 0, 1],
        "needs": [1, 0, 0, 1],
        "applies": [0, 0, 0, 1],
    }
    assert pass_stages([]) == {}


@given(share=shares_of_one, response=st.floats(0.0, 4.0))
def test_at_the_reference_offer_the_published_share_applies(share, response):
    found = apply_probability(jnp.float32(share), jnp.float32(1.0), jnp.float32(response))
    assert float(found) == pytest.approx(share, rel=1e-5)


@given(share=shares_of_one, benefit=st.floats(0.01, 50.0), response=st.floats(0.0, 3.0))
def test_the_odds_of_applying_change_by_a_power_of_the_benefit(share, benefit, response):
    with jax.enable_x64(True):
        found = float(apply_probability(jnp.float64(share), jnp.float64(benefit), jnp.float64(response)))
    assert found / (1 - found) == pytest.approx(share / (1 - share) * benefit**response, rel=1e-9)
    assert 0 < found < 1


def test_nobody_applies_for_nothing():
    found = apply_probability(jnp.float32(0.4), column(0.0, -1.0, 1e-6), jnp.float32(0.0))
    assert np.asarray(found).tolist()[:2] == [0.0, 0.0]
    assert float(found[2]) == pytest.approx(0.4)


@given(share=st.floats(0, 1), added=st.floats(0, 1))
def test_a_campaign_reaches_a_part_of_those_it_did_not_hold(share, added):
    found = float(raise_share(jnp.float32(share), jnp.float32(added)))
    assert found == pytest.approx(1 - (1 - share) * (1 - added), abs=1e-6)
    assert share - 1e-6 <= found <= 1 + 1e-6


@given(time=st.floats(0.0, 30.0), innovation=st.floats(0.001, 0.1), imitation=st.floats(0.0, 0.9))
def test_the_diffusion_curve_obeys_its_differential_equation(time, innovation, imitation):
    with jax.enable_x64(True):
        p, q = jnp.float64(innovation), jnp.float64(imitation)
        share, slope = jax.value_and_grad(lambda t: bass_share(t, p, q))(jnp.float64(time))
    assert float(slope) == pytest.approx((innovation + imitation * float(share)) * (1 - float(share)), rel=1e-8)


def test_the_diffusion_curve_begins_at_nobody_and_ends_at_all():
    ends = bass_share(column(0.0, 500.0), jnp.float32(0.03), jnp.float32(0.38))
    np.testing.assert_allclose(np.asarray(ends), [0.0, 1.0], atol=1e-6)


@given(time=st.floats(0.0, 10.0), further=st.floats(0.0, 10.0), p=st.floats(0.001, 0.1), q=st.floats(0.0, 0.9))
def test_the_diffusion_curve_goes_on_from_where_it_stands(time, further, p, q):
    with jax.enable_x64(True):
        innovation, imitation = jnp.float64(p), jnp.float64(q)
        now = bass_share(jnp.float64(time), innovation, imitation)
        later = bass_after(now, jnp.float64(further), innovation, imitation)
        whole = bass_share(jnp.float64(time + further), innovation, imitation)
        back = bass_after(jnp.float64(1.2), jnp.float64(further), innovation, imitation)
    assert float(later) == pytest.approx(float(whole), rel=1e-9, abs=1e-12)
    assert 1.0 - 1e-9 <= float(back) <= 1.2 + 1e-9


def test_peers_add_utility_in_proportion_to_their_share():
    assert np.asarray(peer_utility(column(0.0, 0.25, 1.0), jnp.float32(2.0))).tolist() == [0.0, 0.5, 2.0]


@given(st.lists(st.floats(0.0, 1.0), max_size=12))
def test_savings_together_never_pass_the_whole(measures):
    saved = jnp.float32(0.0)
    for measure in measures:
        saved = saved + saving_left(jnp.float32(measure), saved)
    assert float(saved) == pytest.approx(1 - np.prod([1 - one for one in measures]), abs=1e-5)
    assert 0.0 <= float(saved) <= 1.0 + 1e-6


def test_the_order_of_savings_does_not_matter():
    one = saving_left(jnp.float32(0.2), jnp.float32(0.0))
    assert float(one + saving_left(jnp.float32(0.5), one)) == pytest.approx(0.6)
    other = saving_left(jnp.float32(0.5), jnp.float32(0.0))
    assert float(other + saving_left(jnp.float32(0.2), other)) == pytest.approx(0.6)


def test_emissions_are_electricity_times_the_factor_of_the_grid():
    assert float(emissions_of_electricity(jnp.float32(1e6), jnp.float32(0.6592e-3))) == pytest.approx(659.2)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6))
def test_logit_shares_sum_to_one_and_their_ratios_are_those_of_the_utilities(utilities):
    with jax.enable_x64(True):
        found = np.asarray(shares(jnp.array(utilities, jnp.float64)))
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(np.log(found) - np.log(found[0]), np.array(utilities) - utilities[0], atol=1e-9)


def test_an_alternative_that_is_not_available_has_no_share_and_large_utilities_do_not_overflow():
    found = shares(jnp.array([[0.0, -jnp.inf, 0.0], [1000.0, 1000.0, -jnp.inf]], jnp.float32))
    assert np.asarray(found).tolist() == [[0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]


def test_the_utility_of_an_investment_is_linear_in_its_logs():
    found = adoption_utility(
        jnp.float32(2.0),
        jnp.float32(3.0),
        jnp.float32(5.0),
        cost=jnp.float32(-0.5),
        saving=jnp.float32(0.25),
        size=jnp.float32(0.1),
        constant=jnp.float32(-1.0),
    )
    assert float(found) == pytest.approx(-1.0 - 1.0 + 0.75 + 0.5)


def test_an_occasion_comes_as_often_as_its_rate_says():
    random = jnp.arange(1000, dtype=jnp.float32) / 1000
    assert int(occasion_probability(jnp.float32(0.3), random).sum()) == 300
