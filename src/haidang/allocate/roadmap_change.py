"""What would change the answer: the price and the saving of a step at which it enters or leaves the best plan.

With V_in(p) the best value of a plan that has the step at price p, and V_out that of a plan without it, the step is in
the best plan where V_in(p) >= V_out. V_in falls with the price and rises with the saving, so the break-even is found by
Newton's steps (a plan's value is linear in both) held between bounds that are known to lie on either side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from haidang.allocate.roadmap import Change, Question, Roadmap, RoadmapError
from haidang.allocate.roadmap_program import INFINITE, MILLION, Row, column
from haidang.allocate.roadmap_solve import best_plan

CLOSE = 1e-4
"""How near, as a share, a break-even is found."""
MOST_TRIES = 40


def changes(found: Roadmap) -> tuple[Change, ...]:
    """For every step the price and the saving at which it would enter or leave the plan.

    Raises:
        RoadmapError: the roadmap has no plan, or its goal is not measured in money.
    """
    question = found.question
    if found.best is None:
        raise RoadmapError("expected a roadmap with a plan, found one whose goal cannot be reached")
    if question.goal.kind == "carbon" or (question.goal.kind == "level" and question.goal.level is None):
        raise RoadmapError("expected a goal measured in money, found another", None, "break-even prices need one")
    return tuple(
        Change(one.id, one.id in found.best.taken, _price(question, at), _saving(question, at))
        for at, one in enumerate(question.steps)
    )


def _value(question: Question, at: int, forced: float) -> float:
    """The best value of a plan that has, or does not have, the step; minus infinity where there is none."""
    row: Row = ({column(question, at, t): 1.0 for t in range(len(question.years))}, forced, forced)
    found = best_plan(question, row)
    return -INFINITE if found is None else found[0].objective * MILLION


def _changed(question: Question, at: int, **numbers: float) -> Question:
    steps = list(question.steps)
    steps[at] = replace(steps[at], **numbers)
    return replace(question, steps=tuple(steps))


def _price(question: Question, at: int) -> float | None:
    """The highest price at which the step is in a best plan; none where it is in none even as a gift, or must be."""
    without = _value(question, at, 0.0)
    if without == -INFINITE:
        return None

    def gain(price: float) -> float:
        return _value(_changed(question, at, cost=price), at, 1.0) - without

    if gain(0.0) < 0:
        return None
    dearest = 1.01 * max(question.budgets) + MILLION
    return _crossing(lambda price: -gain(price), 0.0, dearest) if gain(dearest) < 0 else None


def _saving(question: Question, at: int) -> float | None:
    """The least saving at which the step is in a best plan; none where no saving brings it in, or it must be."""
    without = _value(question, at, 0.0)
    step = question.steps[at]
    if without == -INFINITE:
        return None

    def gain(saving: float) -> float:
        return _value(_changed(question, at, saving=saving), at, 1.0) - without

    top = 2.0 * max(step.saving, step.cost, 1.0)
    for _ in range(12):
        if gain(top) >= 0:
            break
        if gain(top) == -INFINITE:
            return None
        top *= 4.0
    low = -max(abs(top), 1.0)
    return _crossing(gain, low, top) if gain(low) < 0 <= gain(top) else None


def _crossing(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses zero between two bounds: secant steps where they help, halves where not."""
    below, above = rising(low), rising(high)
    scale = max(abs(low), abs(high), 1.0)
    for turn in range(MOST_TRIES):
        if high - low <= CLOSE * max(abs(high), abs(low), CLOSE * scale):
            break
        middle = (low + high) / 2.0
        finite = abs(below) < INFINITE and abs(above) < INFINITE and above > below
        if finite and turn % 3 != 2:
            guess = low - below * (high - low) / (above - below)
            margin = 0.02 * CLOSE * (high - low)
            middle = min(max(guess, low + margin), high - margin)
        value = rising(middle)
        if value < 0:
            low, below = middle, value
        else:
            high, above = middle, value
    return high
