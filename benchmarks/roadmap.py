"""Roadmaps of twelve steps over five years, proven best."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from benchmarks.figure import Figure
from benchmarks.one_kernel import problem_of
from haidang.allocate.roadmap import Question, Step
from haidang.allocate.roadmap_change import changes
from haidang.allocate.roadmap_solve import roadmap
from haidang.allocate.solve import solve

STEPS, YEARS = 12, 5
Answer = TypeVar("Answer")
AREAS = ("process", "flow", "sync", "sustain", "learning", "digital", "responsible")


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds to a proven plan with its three next best, over invented questions; and to what would change it."""
    questions = [_question(seed) for seed in range(2 if small else 20)]
    roadmap(questions[0])  # the solver is loaded once
    answers = [_timed(lambda one=one: roadmap(one)) for one in questions]
    walls = tuple(seconds for seconds, _ in answers)
    unproven = sum(not answer.proven for _, answer in answers)
    first = answers[0][1]
    changed, _ = _timed(lambda: changes(first))
    chains = [_in_chains(_question(seed)) for seed in range(2 if small else 10)]
    exact = [_timed(lambda one=one: roadmap(one, alternatives=0)) for one in chains]
    shared = [_timed(lambda one=one: solve(problem_of(one), seconds=60.0, gap=0.0)) for one in chains]
    apart = [abs(plan.value / (one.objective or 1.0) - 1.0) for (_, one), (_, plan) in zip(exact, shared, strict=True)]
    size = f"{STEPS} steps, {YEARS} years"
    return [
        Figure("best plan, proven, and three next best", "s", walls, bound=1.0, note=f"{len(questions)} x {size}"),
        Figure("the slowest of them", "s", (max(walls),), bound=1.0),
        Figure("plans not proven best", "", (float(unproven),), bound=0.0),
        Figure("what would change it", "s", (changed,), note="price and saving of every step"),
        Figure("the best plan alone, of steps in chains", "s", tuple(seconds for seconds, _ in exact)),
        Figure("the same by the allocation's kernel, compiled for it", "s", tuple(seconds for seconds, _ in shared)),
        Figure("how far apart the two best are", "", (max(apart),), bound=1e-6),
    ], []


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def _in_chains(question: Question) -> Question:
    """The same where a step comes after the one just before it, and pays for itself, as an allocation needs it."""
    steps = tuple(
        replace(one, after=(f"s{at - 1}",) if one.after else (), saving=one.saving + 0.2 * one.cost)
        for at, one in enumerate(question.steps)
    )
    return replace(question, steps=steps)


def _question(seed: int) -> Question:
    """Steps of invented cost and saving, half of which come after an earlier one; a budget that binds."""
    random = np.random.default_rng(seed)
    steps = tuple(
        Step(
            id=f"s{at}",
            title={"vi": f"Bước {at}", "en": f"Step {at}"},
            cost=float(random.uniform(0.2e9, 4e9)),
            saving=float(random.uniform(0.05e9, 1.2e9)),
            carbon=float(random.uniform(0.0, 300.0)),
            raises={AREAS[at % len(AREAS)]: 2 + at // len(AREAS)},
            after=(f"s{int(random.integers(at))}",) if at and random.random() < 0.5 else (),
        )
        for at in range(STEPS)
    )
    budget = sum(one.cost for one in steps) / (2.0 * YEARS)
    years = tuple(range(2026, 2026 + YEARS))
    return Question(steps, dict.fromkeys(AREAS, 1), years, (budget,) * YEARS, 0.1)
