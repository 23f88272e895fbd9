"""Plans for uncertain facts: the worst draw, or the mean of the worst, is as large as can be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.allocate.plan import outcomes_of
from haidang.allocate.problem import Problem, Robust
from haidang.allocate.problem_check import ProblemError, check_problem
from haidang.allocate.solve import solve
from haidang.allocate.verify import breaches
from tests.allocate.towns import plans_of_all, tiny, town

DRAWS = 6


def uncertain(problem: Problem, seed: int, tail: float) -> Problem:
    """The same with draws in which options turn out better or worse."""
    random = np.random.default_rng(seed)
    gain = problem.values["gain"]
    draws = {f"draw{at}": gain * random.lognormal(0.0, 0.6, gain.shape[2]) for at in range(DRAWS)}
    return replace(problem, values=draws, goal={}, robust=Robust(tuple(draws), tail))


def test_the_worst_draws_are_averaged() -> None:
    outcomes = {"a": 3.0, "b": 1.0, "c": 2.0, "d": 10.0}
    draws = tuple(outcomes)
    assert Robust(draws).value(outcomes) == 1.0
    assert Robust(draws, 0.5).value(outcomes) == 1.5
    assert Robust(draws, 0.375).value(outcomes) == pytest.approx((1.0 + 0.5 * 2.0) / 1.5)
    assert Robust(draws, 1.0).value(outcomes) == 4.0


@settings(max_examples=6)
@given(seed=st.integers(0, 100_000), tail=st.sampled_from((0.0, 0.4, 1.0)))
def test_a_tiny_robust_problem_is_bounded_by_what_enumeration_finds(seed: int, tail: float) -> None:
    problem = uncertain(replace(tiny(seed), rules=()), seed, tail)
    best = max(problem.worth(outcomes_of(problem, choice)) for choice in plans_of_all(problem))
    plan = solve(problem, seconds=60, gap=0.0)
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert plan.value <= best + 1e-9
    assert best <= plan.bound + 1e-9


@pytest.mark.parametrize("tail", [0.0, 0.4])
def test_a_robust_plan_beats_the_plan_for_the_mean_where_it_counts(tail: float) -> None:
    problem = uncertain(town(1500, 3), 11, tail)
    plan = solve(problem, seconds=60, gap=0.003)
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert plan.gap < 0.003
    mean = sum(problem.values.values()) / DRAWS
    for_mean = solve(replace(problem, values={"mean": mean}, goal={"mean": 1.0}, robust=None), seconds=60, gap=0.003)
    assert plan.value > problem.worth(outcomes_of(problem, for_mean.choice))


def test_one_draw_is_the_problem_itself() -> None:
    problem = town(200, 4)
    alone = replace(problem, goal={}, robust=Robust(("gain",)))
    plain, robust = solve(problem, seconds=60, gap=0.005), solve(alone, seconds=60, gap=0.005)
    assert robust.bound == pytest.approx(plain.bound, rel=1e-4)
    assert robust.value == pytest.approx(plain.value, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"goal": {"gain": 1.0}}, "leaves the goal empty"),
        ({"robust": Robust(())}, "at least one draw"),
        ({"robust": Robust(("gains",))}, "outcome 'gains', .* did you mean 'gain'"),
        ({"robust": Robust(("gain",), 1.5)}, "between 0 and 1"),
    ],
)
def test_a_robust_problem_that_cannot_be_asked_is_refused(changes: dict[str, object], says: str) -> None:
    problem = replace(town(10, 1), goal={}, robust=Robust(("gain",)))
    with pytest.raises(ProblemError, match=says):
        check_problem(replace(problem, **changes))  # type: ignore[arg-type]
