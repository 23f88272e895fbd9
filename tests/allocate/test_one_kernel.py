"""What a factory's roadmap and an allocation can both be asked, both answer alike."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.one_kernel import chains_of, problem_of
from haidang.allocate.dual import level_of, priced
from haidang.allocate.field import field_of
from haidang.allocate.roadmap import Question, Step
from haidang.allocate.roadmap_program import column
from haidang.allocate.roadmap_solve import best_plan, roadmap
from haidang.allocate.solve import solve
from haidang.allocate.verify import breaches
from haidang.allocate.watch import Watch
from haidang.study import prepare_jax

SHAPES = ((), (0,), (0, 1), (0, 2))
"""Which of four steps come after the one before, each a shape that the compiler sees."""


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Four steps in chains over three years; each pays for itself, and the budgets bind."""
    follows = draw(st.sampled_from(SHAPES))
    costs = draw(st.lists(st.integers(50, 900), min_size=4, max_size=4))
    extra = draw(st.lists(st.integers(1, 400), min_size=4, max_size=4))
    steps = tuple(
        Step(
            f"s{at}", {"vi": "Bước", "en": "Step"}, cost=1e6 * cost, saving=1e6 * (0.3 * cost + more), life=5,
            after=(f"s{at - 1}",) if at - 1 in follows else (),
        )
        for at, (cost, more) in enumerate(zip(costs, extra, strict=True))
    )  # fmt: skip
    budgets = draw(st.lists(st.integers(40, 1200), min_size=3, max_size=3))
    return Question(steps, {"flow": 1}, (2026, 2027, 2028), tuple(1e6 * one for one in budgets), 0.1)


@settings(max_examples=25)
@given(asked=questions())
def test_a_roadmap_and_an_allocation_of_the_same_chains_find_the_same_best(asked: Question) -> None:
    problem = problem_of(asked)
    plan = solve(problem, seconds=60, gap=0.0)
    best = roadmap(asked, alternatives=0)
    assert best.proven
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert plan.value == pytest.approx(best.objective, rel=1e-6, abs=1.0)
    assert plan.bound >= best.objective - 1.0


@settings(max_examples=25)
@given(asked=questions())
def test_with_one_step_a_year_the_unit_s_dynamic_programme_alone_is_the_roadmap(asked: Question) -> None:
    # Of one step a year a budget only says whether it can be paid for, so nothing is left to a price.
    years = range(len(asked.years))
    one_a_year = [({column(asked, step, year): 1.0 for step in range(len(asked.steps))}, 0.0, 1.0) for year in years]
    solved = best_plan(asked, *one_a_year)
    chains = problem_of(asked)
    alone = replace(
        chains, ids=np.arange(1),
        values={name: one[:1] for name, one in chains.values.items()},
        amounts={name: one[:1] for name, one in chains.amounts.items()},
        eligible=chains.eligible.any(axis=0, keepdims=True),
    )  # fmt: skip
    prepare_jax()
    field = field_of(alone, 0, Watch(60.0, 0.0, None))
    found = priced(field, level_of(field, 1), np.zeros(len(field.rows.names)), 1.0, Watch(60.0, 0.0, None))
    assert solved is not None
    assert found.worths[0] == pytest.approx(1e6 * solved[0].objective, rel=1e-6, abs=1.0)
    assert not breaches(alone, field.code.choices(found.plans), found.worths[0], found.value)


def test_steps_that_branch_are_no_units_of_an_allocation() -> None:
    steps = tuple(
        Step(name, {"vi": "Bước", "en": "Step"}, cost=1.0, after=after)
        for name, after in (("a", ()), ("b", ("a",)), ("c", ("a",)))
    )
    with pytest.raises(ValueError, match="'c' does not follow the end of one chain"):
        chains_of(steps)
