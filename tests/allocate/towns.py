"""Small invented problems, and every plan of a tiny one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.problem import Option, Problem, Rule
from haidang.allocate.verify import breaches
from haidang.study.resource import Resource

Floats = NDArray[np.float64]


def town(units: int, seed: int, years: int = 3, options: int = 4, rules: tuple[Rule, ...] = ()) -> Problem:
    """A town of firms: a loan a year, a grant carried over, power that lasts; whole amounts, budgets that bind."""
    random = np.random.default_rng(seed)
    loan = random.integers(1, 60, (units, options)).astype(np.float64)
    grant = random.integers(0, 20, (units, options)).astype(np.float64)
    power = random.integers(0, 9, (units, options)).astype(np.float64)
    values = random.gamma(2.0, 1.0, (units, options))[:, None, :] * random.uniform(0.7, 1.0, (units, years, options))
    return Problem(
        ids=np.arange(100, 100 + units),
        years=tuple(range(2026, 2026 + years)),
        options=tuple(Option(f"o{at}", (f"o{at - 1}",) if at == 1 else ()) for at in range(options)),
        values={"gain": values},
        goal={"gain": 1.0},
        amounts={"loan": loan, "grant": grant, "power": power},
        resources=(
            Resource("loan", "VND", (np.ceil(6.0 * units),) * years),
            Resource("grant", "VND", (np.ceil(1.5 * units),) * years, carry_over=True),
            Resource("power", "kWh", tuple(np.ceil(1.2 * units * (1 + at)) for at in range(years)), lasting=True),
        ),
        eligible=random.random((units, options)) < 0.9,
        columns={"size": np.array(["small", "large", "small"] * units)[:units], "district": np.arange(units) % 4},
        rules=rules,
    )


def tiny(seed: int) -> Problem:
    """A problem of two to four units of every sort: revolving, carried over, lasting, with and without rules."""
    random = np.random.default_rng(seed)
    units, years, options = int(random.integers(2, 5)), int(random.integers(2, 4)), int(random.integers(1, 3))
    broken = random.random() < 0.3

    def amount(least: int, most: int, *shape: int) -> Floats:
        whole = random.integers(least, most, shape).astype(np.float64)
        return whole * random.uniform(0.5, 1.5, shape) if broken else whole

    values = {"gain": np.round(random.gamma(2.0, 1.0, (units, years, options)), 2)}
    goal = {"gain": 1.0}
    if random.random() < 0.3:
        values["level"], goal["level"] = np.round(random.gamma(2.0, 1.0, (units, years, options)), 2), 0.5
    return Problem(
        ids=np.arange(units),
        years=tuple(range(2026, 2026 + years)),
        options=tuple(Option(f"o{at}", ("o0",) if at and random.random() < 0.4 else ()) for at in range(options)),
        values=values,
        goal=goal,
        amounts={
            "loan": amount(1, 6, units, options),
            "power": amount(0, 4, units, years, options) if random.random() < 0.5 else amount(0, 4, units, options),
        },
        resources=(
            Resource(
                "loan",
                per_year=tuple(map(float, random.integers(2, 9, years))) if random.random() < 0.8 else None,
                total=float(random.integers(3, 14)) if random.random() < 0.5 else None,
                carry_over=bool(random.random() < 0.5),
                returned=(0.5, 0.25) if random.random() < 0.3 else (),
            ),
            Resource(
                "power", "kWh", tuple(map(float, random.integers(1, 8, years))), lasting=bool(random.random() < 0.6)
            ),
        ),
        eligible=random.random((units, options)) < 0.8 if random.random() < 0.5 else None,
        columns={"group": np.array(list("ab" * units))[:units]},
        rules=tuple(rule for rule in _RULES if random.random() < 0.25),
        weight=None if random.random() < 0.7 else random.integers(1, 4, units).astype(np.float64),
    )


_RULES = (
    Rule("share", "loan", "at_least", "group", ("b",), share=0.4),
    Rule("most", "offers", "at_most", "group", ("a",), amount=2.0),
    Rule("fair", "units", "at_least", "group", ("a",), share=0.5),
    Rule("floor", "units", "at_least", "group", ("b",), amount=1.0),
    Rule("cap", "gain", "at_most", amount=4.0, years=(2027,)),
)


def plans_of_unit(problem: Problem) -> list[tuple[int, ...]]:
    """Every order in which a unit can be offered options, -1 where it gets none."""
    place = {option.id: at for at, option in enumerate(problem.options)}
    return [
        plan
        for plan in product(range(-1, len(problem.options)), repeat=len(problem.years))
        if len({one for one in plan if one >= 0}) == sum(one >= 0 for one in plan)
        and all(
            place[other] in plan[:year]
            for year, option in enumerate(plan)
            if option >= 0
            for other in problem.options[option].after
        )
    ]


def plans(problem: Problem) -> Iterator[tuple[float, NDArray[np.int8]]]:
    """Every plan of a tiny problem that breaks nothing, with its value."""
    for choice in plans_of_all(problem):
        yield worth(problem, choice), choice


def plans_of_all(problem: Problem) -> Iterator[NDArray[np.int8]]:
    """Every plan of a tiny problem that breaks nothing."""
    able = problem.eligible if problem.eligible is not None else np.ones((len(problem.ids), len(problem.options)), bool)
    each = [[plan for plan in plans_of_unit(problem) if all(one[at] for at in plan if at >= 0)] for one in able]
    for chosen in product(*each):
        choice = np.array(chosen, np.int8)
        if not breaches(problem, choice):
            yield choice


def worth(problem: Problem, choice: NDArray[np.integer[Any]]) -> float:
    """What a plan is worth, offer by offer."""
    return sum(
        weight * float(problem.values[outcome][unit, year, option])
        for outcome, weight in problem.goal.items()
        for (unit, year), option in np.ndenumerate(choice)
        if option >= 0
    )
