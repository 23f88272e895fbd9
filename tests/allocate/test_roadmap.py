"""A factory's roadmap: the same as full enumeration, and honest where the goal cannot be reached."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.allocate.roadmap import Goal, Plan, Question, RoadmapError, Step, net_present_value, plan_of
from haidang.allocate.roadmap_change import changes
from haidang.allocate.roadmap_solve import roadmap

TITLE = {"vi": "Bước", "en": "Step"}


def step(name: str, cost: float, saving: float, **more: object) -> Step:
    return Step(name, TITLE, cost=cost, saving=saving, **more)  # type: ignore[arg-type]


def question(*steps: Step, budgets: tuple[float, ...] = (1e9, 1e9, 1e9), goal: Goal | None = None) -> Question:
    years = tuple(range(2026, 2026 + len(budgets)))
    return Question(steps, {"flow": 1, "process": 1}, years, budgets, 0.1, goal or Goal())


def every_plan(asked: Question) -> list[Plan]:
    """Every order of steps that is allowed, found by trying all."""
    found: list[Plan] = []
    for years in product([None, *asked.years], repeat=len(asked.steps)):
        taken = {one.id: year for one, year in zip(asked.steps, years, strict=True) if year is not None}
        in_order = all(
            other in taken and taken[other] < taken[one.id]
            for one in asked.steps
            if one.id in taken
            for other in one.after
        )
        plan = plan_of(asked, taken)
        within = all(year.cost <= budget + 1e-6 for year, budget in zip(plan.years, asked.budgets, strict=True))
        if in_order and within:
            found.append(plan)
    return found


STEPS = st.builds(
    lambda costs, savings, carbons, levels, chain: tuple(
        step(
            f"s{at}", 1e6 * cost, 1e6 * saving, carbon=float(carbon), raises={("flow", "process")[at % 2]: level},
            after=(f"s{at - 1}",) if at and chain[at] else (), life=5,
        )
        for at, (cost, saving, carbon, level) in enumerate(zip(costs, savings, carbons, levels, strict=True))
    ),
    *[st.lists(st.integers(0, 900), min_size=4, max_size=4) for _ in range(2)],
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
BUDGETS = st.lists(st.integers(0, 1200), min_size=3, max_size=3).map(lambda all_: tuple(1e6 * one for one in all_))


@settings(max_examples=25, deadline=None)
@given(steps=STEPS, budgets=BUDGETS)
def test_the_best_value_is_that_of_full_enumeration(steps: tuple[Step, ...], budgets: tuple[float, ...]) -> None:
    asked = question(*steps, budgets=budgets)
    found = roadmap(asked, alternatives=2)
    ranked = sorted((one.npv for one in every_plan(asked)), reverse=True)
    assert found.proven
    assert found.best is not None
    assert found.best.npv == pytest.approx(ranked[0], abs=1.0)
    assert found.objective == pytest.approx(ranked[0], abs=1.0)
    for alternative, value in zip(found.next_best, ranked[1:], strict=False):
        assert alternative.npv == pytest.approx(value, abs=1.0)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, budgets=BUDGETS)
def test_least_carbon_is_that_of_full_enumeration(steps: tuple[Step, ...], budgets: tuple[float, ...]) -> None:
    asked = question(*steps, budgets=budgets, goal=Goal("carbon"))
    found = roadmap(asked, alternatives=0).best
    plans = every_plan(asked)
    least = max(one.carbon for one in plans)
    assert found is not None
    assert found.carbon == pytest.approx(least)
    assert found.npv == pytest.approx(max(one.npv for one in plans if one.carbon >= least - 1e-6), abs=1e3)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, budgets=BUDGETS, level=st.integers(2, 4))
def test_a_level_is_reached_at_the_best_value_or_cannot_be(
    steps: tuple[Step, ...], budgets: tuple[float, ...], level: int
) -> None:
    asked = question(*steps, budgets=budgets, goal=Goal("level", level, 2027, ("flow", "process")))
    found = roadmap(asked, alternatives=0)
    reached = [one for one in every_plan(asked) if min(one.years[1].levels.values()) >= level]
    if not reached:
        assert found.best is None
        assert found.obstacle is not None
    else:
        assert found.best is not None
        assert found.best.npv == pytest.approx(max(one.npv for one in reached), abs=1.0)


@settings(max_examples=10, deadline=None)
@given(steps=STEPS, budgets=BUDGETS)
def test_the_highest_mean_level_is_that_of_full_enumeration(
    steps: tuple[Step, ...], budgets: tuple[float, ...]
) -> None:
    asked = question(*steps, budgets=budgets, goal=Goal("level"))
    found = roadmap(asked, alternatives=0)
    assert found.best is not None
    assert found.best.level == pytest.approx(max(one.level for one in every_plan(asked)))
    assert found.objective == pytest.approx(found.best.level)


def test_the_value_of_a_step_by_hand() -> None:
    asked = question(step("a", 100.0, 60.0, life=2))
    assert net_present_value(asked, asked.steps[0], 2026) == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert net_present_value(asked, asked.steps[0], 2027) == pytest.approx((-100 + 60 / 1.1 + 60 / 1.21) / 1.1)


def test_a_year_shows_cost_saving_level_and_emissions() -> None:
    asked = question(step("a", 100.0, 60.0, running=10.0, carbon=3.0, raises={"flow": 3}))
    plan = plan_of(asked, {"a": 2027})
    assert [one.cost for one in plan.years] == [0.0, 100.0, 0.0]
    assert [one.net for one in plan.years] == [0.0, -50.0, 50.0]
    assert [one.paid_back for one in plan.years] == [0.0, -50.0, 0.0]
    assert [one.levels["flow"] for one in plan.years] == [1, 3, 3]
    assert plan.carbon == 6.0
    assert plan.level == 2.0


def test_a_step_comes_in_a_later_year_than_what_it_comes_after() -> None:
    asked = question(step("a", 1e6, 0.0), step("b", 1e6, 5e8, after=("a",)))
    found = roadmap(asked).best
    assert found is not None
    assert found.taken == {"a": 2026, "b": 2027}


def test_a_goal_that_no_step_brings_says_so() -> None:
    found = roadmap(question(step("a", 1.0, 1.0, raises={"flow": 3}), goal=Goal("level", 3, None, ("flow", "process"))))
    assert found.best is None
    assert found.obstacle is not None
    assert (found.obstacle.binds, found.obstacle.areas, found.obstacle.level) == ("no_step", ("process",), 1)


def test_a_budget_that_is_too_small_says_what_would_be_enough() -> None:
    steps = (step("a", 3e9, 0.0, raises={"flow": 2}), step("b", 2e9, 0.0, raises={"flow": 3}, after=("a",)))
    found = roadmap(question(*steps, goal=Goal("level", 3, 2027, ("flow",)))).obstacle
    assert found is not None
    assert found.binds == "budget"
    assert found.budget == pytest.approx(3e9)
    assert found.level == 1
    enough = replace(question(*steps, budgets=(3e9, 3e9, 3e9)), goal=Goal("level", 3, 2027, ("flow",)))
    assert roadmap(enough).best is not None
    short = replace(enough, budgets=(2.99e9,) * 3)
    assert roadmap(short).best is None


def test_years_that_are_too_few_say_when_it_could_be() -> None:
    chain = [step("s0", 1.0, 0.0, raises={"flow": 2})]
    chain += [step(f"s{at}", 1.0, 0.0, raises={"flow": 2 + at}, after=(f"s{at - 1}",)) for at in range(1, 4)]
    found = roadmap(question(*chain, goal=Goal("level", 5, None, ("flow",)))).obstacle
    assert found is not None
    assert (found.binds, found.budget, found.year, found.level) == ("years", None, 2029, 4)


def test_a_break_even_price_and_saving_by_hand() -> None:
    asked = question(step("a", 1e8, 3e7, life=5), step("b", 3e8, 3e7, life=5))
    factor = sum(1 / 1.1**s for s in range(1, 6))
    good, bad = changes(roadmap(asked))
    assert (good.taken, bad.taken) == (True, False)
    assert good.price == pytest.approx(3e7 * factor, rel=1e-3)
    assert good.saving == pytest.approx(1e8 / factor, rel=1e-3)
    assert bad.price == pytest.approx(3e7 * factor, rel=1e-3)
    assert bad.saving == pytest.approx(3e8 / factor, rel=1e-3)


@settings(max_examples=6, deadline=None)
@given(steps=STEPS, budgets=BUDGETS)
def test_beyond_a_break_even_the_answer_is_another(steps: tuple[Step, ...], budgets: tuple[float, ...]) -> None:
    asked = question(*steps[:3], budgets=budgets)
    found = roadmap(asked, alternatives=0)
    for at, one in enumerate(changes(found)):
        if one.taken and one.price is not None:
            dearer = list(asked.steps)
            dearer[at] = replace(dearer[at], cost=1.01 * one.price + 1e5)
            after = roadmap(replace(asked, steps=tuple(dearer)), alternatives=0).best
            assert after is not None
            assert one.step not in after.taken


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (question(step("a", 1.0, 1.0), step("a", 1.0, 1.0)), "expected each step once"),
        (question(step("a", 1.0, 1.0, after=("b",))), "expected another step before 'a', found 'b'"),
        (question(step("a", -1.0, 1.0)), "expected a cost of at least 0"),
        (question(), "expected 1 to 40 steps, found 0"),
        (question(step("a", 1.0, 1.0), goal=Goal("level", 3, 2040)), "expected a year from 2026 to 2028, found 2040"),
        (question(step("a", 1.0, 1.0), goal=Goal("level", 3, None, ("flw",))), "did you mean 'flow'?"),
        (question(step("a", 1.0, 1.0), budgets=(-1.0, 1.0, 1.0)), "expected a budget of at least 0"),
        (replace(question(step("a", 1.0, 1.0)), years=(2026, 2028, 2029)), "consecutive years"),
        (replace(question(step("a", 1.0, 1.0)), rate=2.0), "expected a discount rate"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(asked: Question, said: str) -> None:
    with pytest.raises(RoadmapError) as mistake:
        roadmap(asked)
    assert said in str(mistake.value)
