"""Likelihoods beside slow ones in plain NumPy, and truths that come back."""

import itertools
from dataclasses import replace

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.learn.fit import FitError, Groups, fit_choices, ratio_test, worth
from haidang.learn.fit.choices import Linear
from haidang.learn.fit.coefficients import Coefficient, freedom, restriction
from haidang.learn.fit.draws import Draws
from haidang.learn.fit.mixed import Spread, lay_out, simulate
from haidang.learn.fit.terms import GroupTerms, LogitTerms, group_data, logit_data
from haidang.models.logit import NEVER, log_nested_share, log_share, log_subset_sums, shares
from haidang.programmes import parse
from tests.learn.fit.made import logit


def coefficients(*names, **starts):
    return [*(Coefficient(name) for name in names), *(Coefficient(name, start) for name, start in starts.items())]


def slow_chance(utilities, available, chosen):
    weights = np.where(available, np.exp(utilities), 0.0)
    return weights[np.arange(len(chosen)), chosen] / weights.sum(axis=1)


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_the_logarithm_of_a_share_is_that_of_the_engines_share(seed):
    utilities = np.random.default_rng(seed).normal(size=(4, 3)) * 5.0
    with jax.enable_x64(True):
        found = np.asarray(log_share(utilities - utilities[:, 1:2]))
        assert found == pytest.approx(np.log(np.asarray(shares(utilities))[:, 1]), abs=1e-12)


def test_the_nested_share_is_the_product_of_nest_and_alternative():
    rng = np.random.default_rng(1)
    utilities, mu = rng.normal(size=(50, 3)), 1.7
    available = np.ones((50, 3), dtype=bool)
    available[::5, 2] = False
    chosen = rng.integers(0, 2, 50)
    inside = np.where(available[:, [0, 2]], np.exp(mu * utilities[:, [0, 2]]), 0.0)
    both = np.exp(np.log(inside.sum(axis=1)) / mu)
    of_nest = both / (both + np.exp(utilities[:, 1]))
    slow = np.where(chosen == 0, of_nest * inside[:, 0] / inside.sum(axis=1), 1.0 - of_nest)
    gaps = np.where(available, utilities - utilities[np.arange(50), chosen][:, None], NEVER)
    with jax.enable_x64(True):
        found = log_nested_share(gaps, chosen, ((0, 2), (1,)), np.array([mu, 1.0]))
    assert np.asarray(found) == pytest.approx(np.log(slow), abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(max_examples=10)
def test_sums_over_subsets_are_those_of_all_subsets_written_out(seed, items):
    utilities = np.random.default_rng(seed).normal(size=(1, items)) * 3.0
    with jax.enable_x64(True):
        found = np.asarray(log_subset_sums(utilities, items))[0]
    for count in range(items + 1):
        slow = sum(np.exp(sum(utilities[0, list(one)])) for one in itertools.combinations(range(items), count))
        assert found[count] == pytest.approx(np.log(slow), abs=1e-10)


@pytest.mark.parametrize(("law", "panel"), [("normal", 4), ("lognormal", 1), ("triangular", 4)])
def test_the_simulated_likelihood_is_the_mean_over_its_own_draws(law, panel):
    choices = logit(2, 24, [0.8, -0.5], panel, available=0.7, extra=1)
    draws = Draws(30, "sobol" if panel == 1 else "halton", cells=200)
    free = freedom(coefficients("b", "c", b_spread=0.6))
    laid = lay_out(choices, choices.utilities, ("b",), draws)
    spreads = (Spread(law, 0, 2, -1.0 if law == "lognormal" else 1.0),)
    at = np.array([0.4, -0.5, 0.1])
    weight = np.ones(24 // panel)
    with jax.enable_x64(True):
        likelihood = simulate(laid, spreads, free, weight)
        units, scores = likelihood.slope(at)
        value = lambda x: float(weight @ likelihood.slope(x)[0])  # noqa: E731
        numeric = [(value(at + s) - value(at - s)) / 2e-6 for s in 1e-6 * np.eye(3)]
        slopes = [
            (weight @ likelihood.slope(at + s)[1] - weight @ likelihood.slope(at - s)[1]) / 2e-6
            for s in 1e-6 * np.eye(3)
        ]
        hessian = likelihood.hessian(at)
    from scipy.special import ndtri

    theta = free.all(at)
    u = (laid.points.transpose(0, 2, 1).reshape(-1) + laid.shifts[0][:, None]) % 1.0
    z = np.where(u < 0.5, np.sqrt(2 * u) - 1, 1 - np.sqrt(2 * (1 - u))) if law == "triangular" else ndtri(u)
    own = -np.exp(theta[0] + theta[2] * z) if law == "lognormal" else theta[0] + theta[2] * z
    slow = np.ones((24 // panel, 30))
    for draw in range(30):
        utilities = choices.utilities.slopes[:, :, 0] * own[choices.unit, draw][:, None]
        utilities = utilities + choices.utilities.slopes[:, :, 1] * theta[1]
        chance = slow_chance(utilities, choices.available, choices.chosen)
        np.multiply.at(slow[:, draw], choices.unit, chance)
    assert units == pytest.approx(np.log(slow.mean(axis=1)), abs=1e-10)
    assert scores.sum(axis=0) == pytest.approx(numeric, abs=1e-5)
    assert hessian == pytest.approx(np.array(slopes), abs=1e-5)


def test_blocks_of_draws_and_the_order_of_rows_do_not_change_the_likelihood():
    choices = logit(3, 40, [0.8, -0.5], 4, extra=1)
    free, at = freedom(coefficients("b", "c", b_spread=0.6)), np.array([0.1, 0.2, 0.3])
    found = []
    backwards = np.arange(40)[::-1]
    turned = replace(
        choices,
        utilities=Linear(choices.utilities.slopes[backwards], choices.utilities.offset[backwards]),
        available=choices.available[backwards],
        chosen=choices.chosen[backwards],
        unit=choices.unit[backwards],
    )
    with jax.enable_x64(True):
        for one, cells in ((choices, 10**6), (choices, 80), (turned, 80)):
            laid = lay_out(one, one.utilities, ("b",), Draws(60, cells=cells))
            found.append(simulate(laid, (Spread("normal", 0, 2),), free, np.ones(10)).slope(at)[0])
    assert found[0] == pytest.approx(found[1], abs=1e-12)
    assert found[1] == pytest.approx(found[2], abs=1e-12)


def test_a_spread_of_nothing_is_the_plain_logit():
    choices = logit(4, 30, [0.8, -0.5], 1, available=0.8, extra=1)
    free = freedom(coefficients("b", "c", "b_spread"))
    at = np.array([0.3, -0.2, 0.0])
    with jax.enable_x64(True):
        laid = lay_out(choices, choices.utilities, ("b",), Draws(10))
        mixed = simulate(laid, (Spread("normal", 0, 2),), free, np.ones(30)).slope(at)[0]
        plain = np.asarray(LogitTerms()(at, logit_data(choices)))
    assert mixed == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize(
    ("law", "spread", "truth"),
    [
        ("lognormal", lambda rng, n: np.exp(rng.normal(0.2, 0.5, n)), (0.2, 0.5)),
        ("triangular", lambda rng, n: rng.triangular(-1.0, 1.0, 3.0, n), (1.0, 2.0)),
    ],
)
def test_what_differs_between_units_comes_back_from_a_panel(law, spread, truth):
    choices = logit(5, 6000, [0.0, -0.7], 6, spread=spread, extra=1)
    found = fit_choices(choices, coefficients("b", "c", "b_spread"), laws={"b": (law, 1.0)}, draws=Draws(120))
    told = np.array([truth[0], -0.7, truth[1]])
    assert (np.abs(found.values - told) < 3.5 * found.standard_errors("robust")).all()
    assert (found.standard_errors() < 0.15).all()
    plain = fit_choices(logit(5, 6000, [0.0, -0.7], 6, spread=spread), coefficients("b", "c"))
    assert found.log_likelihood > plain.log_likelihood + 20


def test_a_weight_counts_like_a_repeated_choice():
    choices = logit(6, 400, [0.8, -0.5])
    twice = np.repeat(np.arange(400), 1 + np.arange(400) % 2)
    repeated = replace(
        choices,
        utilities=Linear(choices.utilities.slopes[twice], choices.utilities.offset[twice]),
        available=choices.available[twice],
        chosen=choices.chosen[twice],
        weight=np.ones(len(twice)),
        unit=np.arange(len(twice)),
    )
    weighted = fit_choices(replace(choices, weight=1.0 + np.arange(400) % 2), coefficients("b", "c"))
    plain = fit_choices(repeated, coefficients("b", "c"))
    assert weighted.values == pytest.approx(plain.values, abs=1e-9)
    assert weighted.plain == pytest.approx(plain.plain, abs=1e-9)


def test_restrictions_hold_and_are_tested_against_what_is_free():
    names = ("b", "c", "d")
    choices = logit(7, 3000, [0.6, 0.3, -0.4])
    held = restriction(parse("b"), parse("2 * c"), names)
    small = fit_choices(choices, coefficients(*names), restrictions=[held])
    large = fit_choices(choices, coefficients(*names))
    assert small.value("b") == pytest.approx(2 * small.value("c"), abs=1e-10)
    assert small.free == 2
    test = ratio_test(small, large)
    assert test.degrees == 1
    assert 0.001 < test.p <= 1.0
    wrong = fit_choices(choices, [Coefficient("b"), Coefficient("c"), Coefficient("d", 0.4, held=True)])
    assert wrong.value("d") == 0.4
    assert wrong.standard_errors("plain")[2] == 0.0
    assert ratio_test(wrong, large).p < 1e-6


def test_willingness_to_pay_has_the_error_of_the_delta_method():
    found = fit_choices(logit(8, 4000, [0.9, -0.6]), coefficients("time", "cost"))
    ratio = worth(found, "time", "cost")
    rng = np.random.default_rng(1)
    drawn = rng.multivariate_normal(found.values, found.covariance(), 200_000)
    assert ratio.error == pytest.approx((drawn[:, 0] / drawn[:, 1]).std(), rel=0.02)
    assert ratio.low < -1.5 < ratio.high


def test_choices_repeated_within_clusters_have_errors_as_of_the_clusters_alone():
    one = logit(9, 300, [0.8, -0.5])
    again = np.tile(np.arange(300), 4)
    four = replace(
        one,
        utilities=Linear(one.utilities.slopes[again], one.utilities.offset[again]),
        available=one.available[again],
        chosen=one.chosen[again],
        weight=np.ones(1200),
        unit=np.arange(1200),
        cluster=again,
    )
    found, alone = (fit_choices(data, coefficients("b", "c")) for data in (four, one))
    assert found.clusters == 300
    assert found.standard_errors("clustered") == pytest.approx(
        alone.standard_errors("robust") * np.sqrt(300 / 299), rel=1e-9
    )
    assert found.standard_errors("robust") == pytest.approx(alone.standard_errors("robust") / 2, rel=1e-9)


def test_groups_of_two_with_one_taken_are_a_logit_of_the_difference():
    rng = np.random.default_rng(10)
    slopes = rng.normal(size=(800, 2))
    group = np.repeat(np.arange(400), 2)
    first = rng.random(400) < 1 / (1 + np.exp(-(slopes[::2] - slopes[1::2]) @ [0.7, -0.3]))
    taken = np.stack([first, ~first], axis=1).ravel()
    groups = Groups(Linear(slopes, np.zeros(800)), taken, group, np.ones(400), None)
    found = fit_choices(groups, coefficients("b", "c"))
    choices = replace(
        logit(1, 400, [0.0, 0.0]),
        alternatives=("a", "b"),
        utilities=Linear(slopes.reshape(400, 2, 2), np.zeros((400, 2))),
        available=np.ones((400, 2), dtype=bool),
        chosen=np.where(first, 0, 1),
    )
    plain = fit_choices(choices, coefficients("b", "c"))
    assert found.values == pytest.approx(plain.values, abs=1e-9)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-9)
    assert found.robust == pytest.approx(plain.robust, abs=1e-12)


def test_what_a_group_shares_does_not_count():
    rng = np.random.default_rng(11)
    slopes, group = rng.normal(size=(60, 2)), np.repeat(np.arange(12), 5)
    taken = np.tile([True, True, False, False, False], 12)
    moved = slopes + rng.normal(size=(12, 2))[group] * 20.0
    at = np.array([0.3, -0.8])
    with jax.enable_x64(True):
        one, other = (
            np.asarray(GroupTerms(2)(at, group_data(Groups(Linear(x, np.zeros(60)), taken, group, np.ones(12), None))))
            for x in (slopes, moved)
        )
    assert one == pytest.approx(other, abs=1e-9)


def test_utilities_that_are_not_linear_are_estimated_too():
    choices = logit(12, 1500, [0.9])
    slopes = choices.utilities.slopes[:, :, 0]

    def utilities(beta):
        import jax.numpy as jnp

        return jnp.exp(beta[0]) * slopes

    found = fit_choices(replace(choices, utilities=utilities), coefficients("log_b"))
    plain = fit_choices(choices, coefficients("b"))
    assert np.exp(found.values[0]) == pytest.approx(plain.values[0], abs=1e-8)
    assert found.plain[0, 0] == pytest.approx(plain.plain[0, 0] / plain.values[0] ** 2, rel=1e-6)


def test_restrictions_that_contradict_are_named():
    names = ("b", "c")
    with pytest.raises(FitError, match="hold together"):
        freedom(
            [Coefficient("b", 1.0, held=True), Coefficient("c")],
            [restriction(parse("b"), parse("3"), names)],
        )
    with pytest.raises(FitError, match="did you mean 'b'"):
        restriction(parse("bb"), parse("2"), names)
    with pytest.raises(FitError, match="linear"):
        restriction(parse("b * c"), parse("2"), names)
