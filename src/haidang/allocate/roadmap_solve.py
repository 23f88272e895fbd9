"""From a factory's question to its roadmap: the best plan with its proof, and the next best ones."""

from __future__ import annotations

from dataclasses import replace

from haidang.allocate.roadmap import Goal, Obstacle, Plan, Question, Roadmap, check_question, plan_of, targets
from haidang.allocate.roadmap_program import (
    INFINITE,
    MILLION,
    Measure,
    Program,
    Row,
    Solved,
    carbon,
    column,
    level_rows,
    mean_level,
    orders,
    program,
    solve,
    worth,
)

LATEST = 15
"""How many years ahead an answer to 'when could it be reached' looks."""


def roadmap(question: Question, alternatives: int = 3) -> Roadmap:
    """The best order of steps, proven, with the next best ones; or why the goal cannot be reached.

    Args:
        question: steps, years, budgets and goal.
        alternatives: how many next best plans to find.

    Raises:
        RoadmapError: the question cannot be asked.
    """
    check_question(question)
    missing = _without_step(question)
    base = program(question)
    first = None if missing else _best(question, base)
    if first is None:
        return Roadmap(question, None, None, None, False, (), obstacle(question, missing))
    solved, plan = first
    scale = MILLION if _in_money(question.goal) else 1.0
    others: list[Plan] = []
    cuts: list[Row] = [_other_than(question, plan)]
    while len(others) < alternatives and (found := _best(question, base.also(*cuts))) is not None:
        others.append(found[1])
        cuts.append(_other_than(question, found[1]))
    objective, bound = solved.objective * scale, solved.bound * scale
    start = sum(question.start.values()) / len(question.start) if _measures_level(question.goal) else 0.0
    proven = abs(bound - objective) <= 1e-6 * max(1.0, abs(objective))
    return Roadmap(question, plan, objective + start, bound + start, proven, tuple(others))


def best_plan(question: Question, *rows: Row) -> tuple[Solved, Plan] | None:
    """The best plan under further constraints; none where there is none."""
    return _best(question, program(question).also(*rows))


def _in_money(goal: Goal) -> bool:
    return goal.kind == "npv" or (goal.kind == "level" and goal.level is not None)


def _measures_level(goal: Goal) -> bool:
    return goal.kind == "level" and goal.level is None


def _measure(question: Question) -> Measure:
    if _in_money(question.goal):
        return worth(question)
    return carbon(question) if question.goal.kind == "carbon" else mean_level(question)


def _best(question: Question, base: Program) -> tuple[Solved, Plan] | None:
    """The best by the goal's measure and, among those, by net present value."""
    measure = _measure(question)
    solved = solve(base, measure)
    if solved is None:
        return None
    if _in_money(question.goal):
        return solved, _plan(question, solved)
    slack = 1e-7 * max(1.0, abs(solved.objective))
    held = replace(base, columns=base.columns + measure.extra).also(
        *measure.rows, (measure.coefficients, solved.objective - slack, INFINITE)
    )
    richest = solve(held, worth(question))
    return solved, _plan(question, solved if richest is None else richest)


def _plan(question: Question, solved: Solved) -> Plan:
    taken = {
        one.id: year
        for at, one in enumerate(question.steps)
        for t, year in enumerate(question.years)
        if solved.values[column(question, at, t)] > 0.5
    }
    return plan_of(question, taken)


def _other_than(question: Question, plan: Plan) -> Row:
    """At least one step taken in another year, or not, or one more."""
    chosen = {(name, year) for name, year in plan.taken.items()}
    coefficients: dict[int, float] = {}
    for at, one in enumerate(question.steps):
        for t, year in enumerate(question.years):
            coefficients[column(question, at, t)] = -1.0 if (one.id, year) in chosen else 1.0
    return coefficients, 1.0 - len(chosen), INFINITE


def _without_step(question: Question) -> tuple[str, ...]:
    goal = question.goal
    if goal.kind != "level" or goal.level is None:
        return ()
    reached = {area for one in question.steps for area, level in one.raises.items() if level >= goal.level}
    return tuple(area for area in targets(question) if area not in reached)


def obstacle(question: Question, missing: tuple[str, ...] = ()) -> Obstacle:
    """Which constraint keeps a goal from being reached, and what would be enough."""
    if missing:
        return Obstacle("no_step", missing, level=_highest(question))
    enough = _enough_every_year(question)
    year = _first_year(question)
    return Obstacle("years" if enough is None else "budget", (), enough, year, _highest(question))


def _enough_every_year(question: Question) -> float | None:
    """The least budget, the same every year, with which the goal can be reached; none where time is too short."""
    cells = len(question.steps) * len(question.years)
    most = sum(one.cost for one in question.steps) / MILLION + 1.0
    rows: list[Row] = [
        ({**{column(question, at, t): one.cost / MILLION for at, one in enumerate(question.steps)}, cells: -1.0},
         -INFINITE, 0.0)
        for t in range(len(question.years))
    ]  # fmt: skip
    base = Program(cells + 1, cells, (*orders(question), *level_rows(question), *rows), most)
    solved = solve(base, Measure({cells: -1.0}))
    return None if solved is None else -solved.objective * MILLION


def _first_year(question: Question) -> int | None:
    """The first year by which the goal can be reached, the last year's budget going on."""
    for extra in range(1, LATEST + 1 - len(question.years)):
        years = tuple(range(question.years[0], question.years[-1] + extra + 1))
        longer = replace(
            question,
            years=years,
            budgets=(*question.budgets, *[question.budgets[-1]] * extra),
            goal=replace(question.goal, by=None),
        )
        if question.goal.by is not None and years[-1] <= question.goal.by:
            continue
        if solve(program(longer), worth(longer)) is not None:
            return years[-1]
    return None


def _highest(question: Question) -> int | None:
    """The highest level below the goal's that the same areas can all reach."""
    goal = question.goal
    if goal.level is None:
        return None
    areas = goal.areas if goal.areas is not None else targets(question)
    for level in range(goal.level - 1, -1, -1):
        lower = replace(question, goal=replace(goal, level=level, areas=areas))
        if not _without_step(lower) and solve(program(lower), worth(lower)) is not None:
            return level
    return None
