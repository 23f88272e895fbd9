"""Distributions and draws: closed forms, then what no draw may depend on."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from haidang.facts import Distribution, FactBook, UnknownFactError, draw_facts
from haidang.facts.distribution import KINDS, Kind
from haidang.facts.draws import _points
from tests.facts.packs import write_pack

SHARES = np.array([1e-6, 0.05, 0.25, 0.5, 0.75, 0.95, 1 - 1e-6])

FACTS = """\
rate: {value: 6 %/year, range: [5, 8], source: bank-2025}
share: {value: 50 %, se: 10 %, source: bank-2025}
line: {value: 1500e9 VND, source: bank-2025}
grid: {dated: {2022: 0.7 tCO2e/MWh, 2023: 0.6 tCO2e/MWh}, source: bank-2025}
years: {value: 5 year, range: [3, 7], distribution: uniform, assumption: Nothing is known.}
cost: {value: -0.5, source: survey-2023}
saving: {value: 0.3, source: survey-2023}
joint:
  decision: {facts: [cost, saving], covariance: [[0.04, 0.012], [0.012, 0.01]]}
"""


@pytest.fixture
def book(tmp_path: Path) -> FactBook:
    return FactBook.load(write_pack(tmp_path / "city", FACTS))


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        (Distribution("uniform", (2.0, 6.0)), stats.uniform(2, 4)),
        (Distribution("triangular", (1.0, 2.0, 5.0)), stats.triang(0.25, 1, 4)),
        (Distribution("triangular", (1.0, 1.0, 5.0)), stats.triang(0, 1, 4)),
        (Distribution("triangular", (1.0, 5.0, 5.0)), stats.triang(1, 1, 4)),
        (Distribution("beta", (0.0, 1.0, 4.0)), stats.beta(2, 4, 0, 4)),
        (Distribution("normal", (3.0, 0.5, -np.inf, np.inf)), stats.norm(3, 0.5)),
        (Distribution("normal", (3.0, 0.5, 2.0, 3.25)), stats.truncnorm(-2, 0.5, 3, 0.5)),
    ],
)
def test_a_quantile_is_that_of_the_reference(distribution: Distribution, reference: stats.rv_continuous) -> None:
    np.testing.assert_allclose(distribution.quantile(SHARES), reference.ppf(SHARES), rtol=1e-9)


def test_a_lognormal_has_its_value_as_mean_and_its_se_as_standard_deviation() -> None:
    u = (np.arange(400_000) + 0.5) / 400_000
    drawn = Distribution("lognormal", (4.0, 1.0, 0.0, np.inf)).quantile(u)
    assert drawn.mean() == pytest.approx(4.0, rel=1e-4)
    assert drawn.std() == pytest.approx(1.0, rel=1e-3)


def test_a_choice_takes_each_value_equally_often() -> None:
    drawn = Distribution("choice", (1.0, 2.0, 4.0)).quantile(np.arange(1, 999) / 999)
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [1.0, 2.0, 4.0]
    assert counts.max() - counts.min() <= 1


def test_every_kind_has_its_test() -> None:
    assert get_args(Kind) == KINDS


def spans() -> st.SearchStrategy[tuple[float, float, float]]:
    low = st.floats(-1e6, 1e6)
    return st.tuples(low, st.floats(0, 1), st.floats(1e-3, 1e6)).map(
        lambda one: (one[0], min(one[0] + one[1] * one[2], one[0] + one[2]), one[0] + one[2])
    )


def within(kind: Kind, span: tuple[float, float, float], se: float) -> Distribution:
    low, value, high = span
    if kind == "lognormal":
        low, value, high = (abs(low), abs(low) + value - low + 1e-3, abs(low) + high - low + 1e-2)
    parameters = {
        "uniform": (low, high),
        "triangular": (low, value, high),
        "beta": (low, value, high),
        "normal": (value, se, low, high),
        "lognormal": (value, se, low, high),
        "choice": (low, value, high),
    }
    return Distribution(kind, parameters[kind])


@given(st.sampled_from(KINDS), spans(), st.floats(1e-3, 1e6), st.lists(st.floats(2**-31, 1 - 2**-31), min_size=1))
def test_quantiles_rise_and_stay_inside_the_range(
    kind: Kind, span: tuple[float, float, float], se: float, shares: list[float]
) -> None:
    distribution = within(kind, span, se)
    low, high = distribution.bounds
    values = distribution.quantile(np.sort(np.array(shares)))
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) >= -1e-9 * (high - low))
    assert np.all((low <= values) & (values <= high))


def test_draws_are_in_canonical_units_and_inside_the_range(book: FactBook) -> None:
    drawn = draw_facts(book, ["rate", "years", "line", "grid"], 200, seed=1)
    assert all(values.shape == (200,) and values.dtype == np.float64 for values in drawn.values())
    assert np.all((drawn["rate"] >= 0.05) & (drawn["rate"] <= 0.08))
    assert drawn["rate"].mean() == pytest.approx((5 + 6 + 8) / 300, rel=1e-3)
    assert drawn["years"].mean() == pytest.approx(5, rel=1e-2)
    assert np.all(drawn["line"] == 1500e9)
    assert np.all(drawn["grid"] == 0.6 / 1000)


def test_a_joint_has_its_covariance(book: FactBook) -> None:
    drawn = draw_facts(book, ["cost", "saving"], 4096, seed=3)
    pairs = np.stack([drawn["cost"], drawn["saving"]])
    np.testing.assert_allclose(pairs.mean(axis=1), [-0.5, 0.3], atol=2e-3)
    np.testing.assert_allclose(np.cov(pairs), [[0.04, 0.012], [0.012, 0.01]], rtol=0.03)


TIED = """
a: {value: 1 VND, source: bank-2025}
b: {value: 2 VND, source: bank-2025}
sum: {value: 3 VND, source: bank-2025}
joint:
  tied: {facts: [a, b, sum], rank: 2, covariance: [[1, 0.5, 1.5], [0.5, 4, 4.5], [1.5, 4.5, 6]]}
"""


def test_a_fact_that_follows_from_others_follows_in_every_draw(tmp_path: Path) -> None:
    """A singular covariance: sum = a + b, whose variance is 1 + 4 + 2 * 0.5."""
    tied = FactBook.load(write_pack(tmp_path / "city", TIED))
    drawn = draw_facts(tied, ["a", "b", "sum"], 4096, seed=3)
    np.testing.assert_allclose(drawn["sum"], drawn["a"] + drawn["b"], atol=1e-9)
    found = np.cov(np.stack([drawn["a"], drawn["b"], drawn["sum"]]))
    np.testing.assert_allclose(found, [[1, 0.5, 1.5], [0.5, 4, 4.5], [1.5, 4.5, 6]], atol=0.06)


LINKED = """
flat: {value: 5 VND, range: [0, 10] VND, distribution: uniform, source: bank-2025}
bell: {value: 3 VND, se: 2, source: bank-2025}
"""


def test_facts_that_move_together_keep_each_its_own_distribution(tmp_path: Path) -> None:
    alone = FactBook.load(write_pack(tmp_path / "one", LINKED))
    more = "joint:\n  both: {facts: [flat, bell], correlation: [[1, 0.6], [0.6, 1]]}\n"
    linked = FactBook.load(write_pack(tmp_path / "two", LINKED + more))
    assert linked.digest() != alone.digest()
    one, two = (draw_facts(book, ["flat", "bell"], 4096, seed=3) for book in (alone, linked))
    np.testing.assert_allclose(two["flat"], one["flat"])
    levels = np.linspace(0.05, 0.95, 19)
    np.testing.assert_allclose(np.quantile(two["bell"], levels), np.quantile(one["bell"], levels), atol=0.06)
    # Of a uniform and a normal fact Pearson's correlation is sqrt(3 / pi) times that of the scores.
    assert np.corrcoef(two["flat"], two["bell"])[0, 1] == pytest.approx((3 / np.pi) ** 0.5 * 0.6, abs=0.01)
    np.testing.assert_array_equal(draw_facts(linked, ["bell"], 64, seed=3)["bell"], two["bell"][:64])


def test_a_single_draw_has_the_central_values(book: FactBook) -> None:
    drawn = draw_facts(book, book.facts, 1, seed=5)
    assert {name: values.tolist() for name, values in drawn.items()} == {
        name: [book.value(name)] for name in book.facts
    }


@given(
    st.sets(st.sampled_from(["rate", "share", "line", "years", "cost", "saving"]), min_size=1),
    st.integers(2, 64),
    st.integers(2, 64),
    st.integers(0, 2**31),
)
def test_a_draw_depends_neither_on_other_facts_nor_on_later_draws(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], few: int, more: int, seed: int
) -> None:
    book = FactBook.load(write_pack(tmp_path_factory.mktemp("pack") / "city", FACTS))
    alone = draw_facts(book, names, few, seed)
    everything = draw_facts(book, book.facts, few + more, seed)
    assert set(alone) == names
    for name, values in alone.items():
        np.testing.assert_array_equal(values, everything[name][:few])


def test_a_draw_does_not_depend_on_facts_that_are_certain(book: FactBook, tmp_path: Path) -> None:
    more = FACTS.replace("joint:", "another: {value: 3 firm, source: bank-2025}\njoint:")
    other = FactBook.load(write_pack(tmp_path / "other", more))
    one = draw_facts(book, book.uncertain(), 32, seed=2)
    two = draw_facts(other, other.uncertain(), 32, seed=2)
    assert list(one) == list(two)
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_a_draw_does_not_depend_on_facts_that_the_pack_gets_later(book: FactBook, tmp_path: Path) -> None:
    larger = FactBook.load(
        write_pack(tmp_path / "larger", "aaa: {value: 1 %, range: [0, 2], source: bank-2025}\n" + FACTS)
    )
    for name, values in draw_facts(book, ["rate", "years", "cost"], 64, 1).items():
        np.testing.assert_array_equal(values, draw_facts(larger, [name], 64, 1)[name])


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_the_first_draws_lie_one_in_each_equal_part_of_the_range(seed: int, power: int) -> None:
    points = np.sort(_points("rate", 2**power, seed))
    np.testing.assert_array_equal(np.floor(points * 2**power), np.arange(2**power))


def test_facts_do_not_move_together() -> None:
    drawn = np.stack([_points(f"fact-{k}", 256, 1) for k in range(40)])
    correlation = np.corrcoef(drawn)[np.triu_indices(40, 1)]
    # 780 correlations of 256 independent draws have a standard deviation of 1/16 and none beyond five of them.
    assert correlation.std() == pytest.approx(1 / 16, rel=0.15)
    assert np.abs(correlation).max() < 5 / 16


def test_another_seed_draws_other_values(book: FactBook) -> None:
    one, two = (draw_facts(book, ["rate"], 16, seed)["rate"] for seed in (1, 2))
    assert not np.any(one == two)


def test_an_unknown_fact_cannot_be_drawn(book: FactBook) -> None:
    with pytest.raises(UnknownFactError, match=r"found 'rates'; did you mean 'rate'\?"):
        draw_facts(book, ["rates"], 8, seed=1)


def test_less_than_one_draw_is_refused(book: FactBook) -> None:
    with pytest.raises(ValueError, match="expected at least one draw, found 0"):
        draw_facts(book, ["rate"], 0, seed=1)
