"""How a list is served: the order of the queue, the years' parts of a total, and the draws of a robust goal."""

from dataclasses import replace

import numpy as np
import pytest

from haidang.allocate import asked
from haidang.allocate.asked import robust_of, with_outcome
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Option, Problem
from haidang.allocate.rows import Row
from haidang.allocate.serving import served_of
from haidang.allocate.solve import solve
from haidang.allocate.why_listed import counted_of
from haidang.study.offers import OfferError
from haidang.study.resource import Resource
from tests.engine.city import TOY

CARD = replace(TOY.card, foretold={"gain": "hope"})
YEARS = (2026, 2027, 2028)


def problem(*resources: Resource) -> Problem:
    """Two units, one offer: the first uses 3 in 2026, the second 1 in 2027."""
    return Problem(
        ids=np.arange(2), years=YEARS, options=(Option("a"),), values={"gain": np.ones((2, 3, 1))}, goal={"gain": 1.0},
        amounts={one.id: np.array([[3.0], [1.0]]) for one in resources}, resources=resources,
    )  # fmt: skip


def plan(prices: dict[Row, float]) -> Plan:
    choice = np.array([[0, -1, -1], [-1, 0, -1]], np.int8)
    return Plan(choice, 2.0, 2.0, 0.0, tuple(prices), np.array(list(prices.values())), {"gain": 2.0}, {}, "gap", 0.0)


def served(prices: dict[Row, float], *resources: Resource, goal: str = "gain"):
    made = plan(prices)
    return served_of(CARD, goal, resources, problem(*resources), made, made.choice)


def test_a_total_is_opened_as_the_plan_means_to_use_it_to_the_last_dong():
    opened = served({}, Resource("money", total=1_000_001.0)).tranches["money"]
    assert opened == (750_000, 250_001, 0)
    assert sum(opened) == 1_000_001


@pytest.mark.parametrize(
    "resource",
    [
        Resource("money", total=9.0, per_year=(3.0, 3.0, 3.0)),
        Resource("money", per_year=(3.0, 3.0, 3.0)),
        Resource("money", total=9.0, returned=(0.5, 0.5)),
        Resource("power", total=9.0, lasting=True),
        Resource("free"),
    ],
)
def test_what_has_years_of_its_own_comes_back_or_lasts_is_not_spread(resource):
    assert served({}, resource).tranches == {}


def test_the_queue_stands_by_what_is_foretold_against_the_budgets_that_bind():
    loan, grant, idle = Resource("loan", total=9.0), Resource("grant", per_year=(1.0, 1.0, 1.0)), Resource("idle")
    rows = {Row("total", "loan", 2028): 0.25, Row("budget", "grant", 2026): 0.5, Row("budget", "grant", 2027): 0.5}
    assert served(rows, loan, grant, idle).by == "hope / (0.250000 * loan + grant + 1)"
    assert served({Row("rule", "fair"): 2.0, **rows}, loan, grant).by == "hope / (0.250000 * loan + grant + 1)"
    assert served({Row("total", "loan", 2028): 0.0}, loan).by == "hope"


def test_where_the_model_foretells_nothing_of_the_goal_who_comes_first_is_served_first():
    found = served({Row("total", "loan", 2028): 1.0}, Resource("loan", total=9.0), goal="other")
    assert found.by is None
    assert found.ration.rule == "first_come"


def two_offers() -> Problem:
    """One year; offer a adds 4 to each unit, offer b adds 3; the money is for one of each or two of either."""
    return Problem(
        ids=np.arange(2), years=(2026,), options=(Option("a"), Option("b")),
        values={"gain": np.broadcast_to(np.array([4.0, 3.0]), (2, 1, 2)).copy()}, goal={"gain": 1.0},
        amounts={"money": np.ones((2, 2))}, resources=(Resource("money", total=2.0),),
    )  # fmt: skip


def test_a_robust_list_takes_what_holds_in_the_worst_draw():
    by_draw = np.array([[8.0, 6.0], [0.0, 6.0]])  # in the second draw the first offer adds nothing
    best = solve(two_offers(), seconds=20)
    assert best.value == pytest.approx(8.0)
    robust = solve(robust_of(two_offers(), "gain", by_draw, 0.0), seconds=20)
    # Offer b adds 3 to each in either draw; offer a twice as much as its mean in the first and nothing in the second.
    assert robust.choice[:, 0].tolist() == [1, 1]
    assert robust.value == pytest.approx(6.0)
    assert robust.outcomes["gain"] == pytest.approx(6.0)


def test_what_counts_of_an_offer_are_the_draws_that_decide():
    problem = robust_of(two_offers(), "gain", np.array([[8.0, 6.0], [0.0, 6.0]]), 0.0)
    found = counted_of(problem, solve(problem, seconds=20), "gain")
    # By the prices of the draws the offers are worth as much as each other, or the first less.
    assert found[0, 0, 1] == pytest.approx(3.0)
    assert found[0, 0, 0] <= 3.0 + 1e-3
    plain = two_offers()
    assert (counted_of(plain, solve(plain, seconds=20), "gain") == plain.values["gain"]).all()


def test_draws_that_would_not_fit_in_memory_are_refused_with_how_many_would(monkeypatch):
    monkeypatch.setattr(asked, "MOST_ROBUST", 3 * two_offers().values["gain"].nbytes // 2)
    with pytest.raises(OfferError, match=r"at most 3 draws .* found 5; ask for fewer with --draws"):
        robust_of(two_offers(), "gain", np.ones((5, 2)), 0.2)


def test_what_adds_to_the_other_outcome_alone_may_be_offered_too():
    plain = replace(two_offers(), eligible=np.array([True, False])[None, None, :].repeat(2, axis=0))
    other = np.array([[[0.0, 5.0]], [[0.0, -1.0]]])
    found = with_outcome(plain, "green", other, np.ones((2, 2), bool))
    assert found.eligible is not None
    assert found.eligible[:, 0].tolist() == [[True, True], [True, False]]
    assert found.values["green"].min() == 0.0
