"""What another unit of a budget is said to add, it does not pass; and a fact that moves is the only thing that does."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.allocate.moved import carrying, ends_of, move_of, with_fact
from haidang.allocate.solve import solve
from haidang.packs import load_pack
from tests.allocate.towns import town


@pytest.fixture(scope="module")
def book():
    return load_pack("hcmc").book


def with_more(problem, resource, year, amount):
    """The problem with more of one year's budget."""
    at = problem.years.index(year)

    def raised(one):
        return replace(one, per_year=tuple(old + amount * (at == k) for k, old in enumerate(one.per_year)))

    return replace(problem, resources=tuple(raised(one) if one.id == resource else one for one in problem.resources))


@settings(max_examples=3)
@given(seed=st.integers(0, 1000), amount=st.sampled_from([5.0, 40.0]))
def test_more_of_a_budget_adds_no_more_than_its_price_and_the_gap(seed, amount):
    problem = town(60, seed, years=2, options=3)
    plan = solve(problem, seconds=60, gap=0.02, seed=0)
    binding = [(one.id, year) for one in problem.resources for year in problem.years if plan.price(one.id, year) > 0]
    assert binding
    resource, year = binding[seed % len(binding)]
    more = solve(with_more(problem, resource, year, amount), seconds=60, gap=0.02, seed=0)
    gained = more.value - plan.value
    assert gained <= plan.price(resource, year) * amount + (plan.bound - plan.value) + 1e-9
    assert gained >= -(more.bound - more.value) - 1e-9


def test_the_price_is_what_more_money_brings_where_offers_are_many_and_small():
    problem = town(600, 3, years=2, options=3)
    plan = solve(problem, seconds=60, gap=0.0005)
    resource, year = max(
        ((one.id, year) for one in problem.resources for year in problem.years),
        key=lambda pair: plan.price(*pair) * max(next(r for r in problem.resources if r.id == pair[0]).per_year),
    )
    more = solve(with_more(problem, resource, year, 100.0), seconds=60, gap=0.0005)
    promised = plan.price(resource, year) * 100.0
    gaps = (plan.bound - plan.value) + (more.bound - more.value)
    assert promised > 0
    assert more.value - plan.value == pytest.approx(promised, abs=0.25 * promised + gaps)


def drawn(**facts):
    return pl.concat(
        [
            pl.DataFrame({"draw": np.arange(len(values)), "fact": [name] * len(values), "value": values})
            for name, values in facts.items()
        ]
    )


def test_the_fact_that_what_offers_add_hangs_on_is_found_and_the_others_are_counted():
    chance = np.random.default_rng(1)
    table = drawn(**{name: chance.uniform(size=200) for name in ("a", "b", "c")}, fixed=np.ones(200))
    hangs_on_b = table.filter(fact="b")["value"].to_numpy()
    added = np.column_stack([chance.normal(size=200), 10 * hangs_on_b + chance.normal(size=200)])
    shares, below, enough = carrying(added, table)
    assert list(shares) == ["b"]
    assert shares["b"] > 0.7
    assert (below, enough) == (2, True)


def test_few_draws_tell_of_no_fact():
    table = drawn(a=np.arange(8.0))
    assert carrying(np.arange(8.0)[:, None], table) == ({}, 1, False)


def test_a_fact_ends_where_its_range_does_and_is_told_in_its_own_unit(book):
    fact = book.facts["own_funds_share"]
    low, high = ends_of(book, "own_funds_share")
    assert (low, high) == pytest.approx((0.005, 0.05))
    move = move_of(fact, "high", high, 1.0, np.zeros((1, 1), np.int8))
    assert (move.value, fact.unit) == (pytest.approx(5.0), "%/year")


def test_facts_drawn_together_end_at_nine_draws_in_ten(book):
    joint = next(iter(book.joints.values()))
    low, high = ends_of(book, joint.facts[0])
    reach = NormalDist().inv_cdf(0.95) * joint.covariance[0][0] ** 0.5
    assert (low, high) == pytest.approx((joint.mean[0] - reach, joint.mean[0] + reach))


def test_only_the_fact_that_is_moved_moves():
    def facts(draw):
        return (np.array([1.0, 2.0 + draw, 3.0], np.float32), np.array([4.0, 5.0, 6.0], np.float32))

    first, second = with_fact(facts, ("a", "b", "c"), "b", 8.0)(7)
    assert first.tolist() == [1.0, 8.0, 3.0]
    assert second.tolist() == [4.0, 8.0, 6.0]
    assert facts(7)[0].tolist() == [1.0, 9.0, 3.0]
