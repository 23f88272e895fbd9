"""Shares of variance: models whose shares are known, and what must never be ranked."""

from __future__ import annotations

import numpy as np
import pytest

from haidang.results import Shares, variance_shares
from haidang.results.variance import ENOUGH, noise_level


def sobol(names: str, draws: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Facts as a run draws them: scrambled Sobol points, one dimension each."""
    from scipy.stats import qmc

    power = int(np.ceil(np.log2(draws)))
    unit = qmc.Sobol(len(names), rng=np.random.default_rng(seed)).random_base2(power)[:draws]
    return {name: unit[:, column] for column, name in enumerate(names)}


def by_name(found: Shares) -> dict[str, float]:
    return {each.fact: each.share for each in found.ranked}


def test_a_linear_model_gives_its_shares() -> None:
    facts = sobol("abcd", 512)
    # Uniform facts: each carries the square of its coefficient; 9 + 4 + 1 = 14, and d carries nothing.
    found = variance_shares(facts, 3 * facts["a"] + 2 * facts["b"] + facts["c"])
    shares = by_name(found)
    assert list(shares) == ["a", "b", "c"]
    assert shares["a"] == pytest.approx(9 / 14, abs=0.05)
    assert shares["b"] == pytest.approx(4 / 14, abs=0.05)
    assert shares["c"] == pytest.approx(1 / 14, abs=0.05)
    assert found.rest == pytest.approx(0, abs=0.05)
    assert found.below_noise == ("d",)


def test_two_hundred_draws_tell_the_large_shares() -> None:
    # A share of 1/14 is within the noise of so few draws, and may or may not be ranked.
    facts = sobol("abcd", 200)
    shares = by_name(variance_shares(facts, 3 * facts["a"] + 2 * facts["b"] + facts["c"]))
    assert list(shares)[:2] == ["a", "b"]
    assert shares["a"] == pytest.approx(9 / 14, abs=0.08)
    assert shares["b"] == pytest.approx(4 / 14, abs=0.08)
    assert "d" not in shares


def test_chance_is_left_as_the_rest() -> None:
    facts = sobol("ab", 512)
    noise = np.random.default_rng(4).normal(0, np.sqrt(1 / 12), 512)
    found = variance_shares(facts, facts["a"] + noise)
    assert by_name(found) == {"a": pytest.approx(0.5, abs=0.08)}
    assert found.rest == pytest.approx(0.5, abs=0.08)


def test_the_ishigami_function_gives_its_published_first_order_shares() -> None:
    # Ishigami and Homma (1990), a = 7, b = 0.1: 0.3139, 0.4424, 0; the rest is the interaction of first and third.
    unit = sobol("xyz", 1024)
    x, y, z = (np.pi * (2 * unit[name] - 1) for name in "xyz")
    found = variance_shares(unit, np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))
    assert by_name(found) == {"x": pytest.approx(0.3139, abs=0.04), "y": pytest.approx(0.4424, abs=0.04)}
    assert found.rest == pytest.approx(0.2437, abs=0.06)


def test_a_pure_interaction_belongs_to_nobody() -> None:
    facts = sobol("ab", 512)
    found = variance_shares(facts, (facts["a"] - 0.5) * (facts["b"] - 0.5))
    assert found.ranked == ()
    assert found.rest == 1


def test_the_interval_holds_the_share() -> None:
    facts = sobol("ab", 256)
    noise = np.random.default_rng(1).normal(0, 0.3, 256)
    share = variance_shares(facts, facts["a"] + noise).ranked[0]
    assert 0 <= share.low < share.share < share.high <= 1


def test_a_fact_of_two_values_is_counted_once_and_not_once_for_each_cosine() -> None:
    coin = (sobol("a", 256)["a"] > 0.5).astype(np.float64)
    noise = np.random.default_rng(2).normal(0, 0.5, 256)
    found = variance_shares({"coin": coin}, coin + noise)
    assert found.ranked[0].share == pytest.approx(0.5, abs=0.08)


def test_the_scale_and_the_shape_of_a_fact_do_not_matter() -> None:
    facts = sobol("ab", 256)
    result = facts["a"] + 0.1 * facts["b"]
    bent = {"a": np.exp(20 * facts["a"]), "b": -1e9 * facts["b"]}
    assert by_name(variance_shares(bent, result)) == pytest.approx(by_name(variance_shares(facts, result)))


def test_facts_without_influence_pass_the_noise_about_once_in_a_hundred() -> None:
    generator = np.random.default_rng(5)
    facts = {f"f{index}": generator.random(200) for index in range(400)}
    found = variance_shares(facts, generator.normal(size=200))
    assert len(found.ranked) <= 12


def test_noise_falls_with_draws() -> None:
    assert noise_level(100, 2) > noise_level(400, 2) > noise_level(4000, 2) > 0


@pytest.mark.parametrize(
    "result", [np.full(64, 3.0), np.arange(ENOUGH - 1.0), np.array([1.0])], ids=["constant", "few", "one"]
)
def test_a_result_that_does_not_vary_or_has_few_draws_is_not_ranked(result: np.ndarray) -> None:
    found = variance_shares({"a": np.arange(len(result), dtype=np.float64)}, result)
    assert found.ranked == ()
    assert found.rest == 1


def test_a_fact_that_never_varies_is_left_out() -> None:
    found = variance_shares({"a": np.arange(64.0), "fixed": np.ones(64)}, np.arange(64.0))
    assert "fixed" not in found.below_noise
    assert [each.fact for each in found.ranked] == ["a"]


def test_the_same_draws_give_the_same_interval() -> None:
    facts = sobol("ab", 128)
    result = facts["a"] + facts["b"] ** 2
    assert variance_shares(facts, result, seed=3) == variance_shares(facts, result, seed=3)
