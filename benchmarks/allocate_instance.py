"""Invented towns for the allocation's benchmarks: firms of all sizes, options, budgets that bind, all from a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from haidang.allocate.problem import Option, Problem, Rule
from haidang.study.resource import Resource

YEARS = (2026, 2027, 2028, 2029, 2030)


def instance(units: int, seed: int, options: int = 8, chain: int = 0) -> Problem:
    """A town whose firms ask for more than there is: three resources with a budget each year.

    Args:
        units: how many firms.
        seed: of all that is invented.
        options: how many offers there are.
        chain: how long the chains of prerequisites are; nought for two short ones among eight options.
    """
    random = np.random.default_rng([seed, units, options])
    years = len(YEARS)
    size = random.lognormal(0.0, 0.8, units)
    cost = random.lognormal(0.0, 0.6, options) * 1e9
    loan = _rounded(cost * random.uniform(0.4, 0.8, options) * size[:, None] * _noise(random, units, options, 0.4), 1e6)
    grant = _rounded(
        cost * random.uniform(0.02, 0.3, options) * size[:, None] * _noise(random, units, options, 0.5), 1e5
    )
    power = _rounded(random.uniform(5, 80, options) * 1e3 * size[:, None] * _noise(random, units, options, 0.6), 1.0)
    power[:, random.random(options) < 0.25] = 0.0
    amounts = {"loan": loan, "grant": grant, "power": power}
    outcome = random.lognormal(0.0, 0.4, options) * size[:, None] ** 0.8 * _noise(random, units, options, 0.6)
    taken = random.beta(2.0, 2.0, (units, options))
    anyway = taken * random.beta(1.5, 3.0, (units, options))
    fading = 0.93 ** np.arange(years)
    values = (
        (outcome * (taken - anyway))[:, None, :]
        * fading[:, None]
        * _noise(random, units, years * options, 0.1).reshape(units, years, options)
    )
    eligible = random.random((units, options)) < 0.85
    wished = np.where(eligible, values[:, 0, :], -1.0).argsort(axis=1)[
        :, : -1 - years : -1
    ]  # the best first, once each
    asked = {name: np.take_along_axis(one, wished, axis=1) for name, one in amounts.items()}
    budgets = {name: asked[name].sum(axis=0) * random.uniform(0.2, 0.35, years) for name in ("loan", "grant")}
    worth = np.take_along_axis(values[:, 0, :], wished, axis=1) / (asked["loan"] / asked["loan"].mean() + 0.05)
    budgets["power"] = np.cumsum(_served_best(worth, asked, budgets)) * random.uniform(0.7, 0.9, years)
    resources = tuple(
        Resource(name, unit, tuple(_rounded(budgets[name], 1e4).tolist()), lasting=name == "power")
        for name, unit in (("loan", "VND"), ("grant", "VND"), ("power", "kWh"))
    )
    return Problem(
        ids=np.arange(units),
        years=YEARS,
        options=_options(options, chain),
        values={"level_gain": values},
        goal={"level_gain": 1.0},
        amounts=amounts,
        resources=resources,
        eligible=eligible,
    )


def _served_best(worth: np.ndarray, asked: dict[str, np.ndarray], budgets: dict[str, np.ndarray]) -> list[float]:
    """The power of those who are served each year where the best worth per loan comes first."""
    found: list[float] = []
    for year in range(worth.shape[1]):
        first = (-worth[:, year]).argsort()
        within = np.cumsum(asked["loan"][first, year]) <= budgets["loan"][year]
        within &= np.cumsum(asked["grant"][first, year]) <= budgets["grant"][year]
        found.append(float(asked["power"][first[within], year].sum()))
    return found


def with_rules(problem: Problem, seed: int) -> Problem:
    """The same town with small firms and twenty districts, a revolving loan, a grant carried over, and fair shares.

    Args:
        problem: as `instance` makes it.
        seed: of what is invented.
    """
    random = np.random.default_rng([seed, 7])
    small = problem.amounts["loan"].mean(axis=1) < np.median(problem.amounts["loan"].mean(axis=1))
    district = random.choice(20, len(problem.ids), p=random.dirichlet(np.full(20, 2.0)))
    loan, grant, power = problem.resources
    loan = replace(loan, returned=(0.2, 0.2, 0.2, 0.2))
    rules = (
        Rule("small-loan", "loan", "at_least", "size", ("small",), share=0.4),
        *(Rule(f"most-{one}", "grant", "at_most", "district", (one,), share=0.25) for one in range(20)),
        *(
            Rule(f"fair-{one}", "units", "at_least", "district", (one,), share=0.8 * float((district == one).mean()))
            for one in range(20)
        ),
        Rule(
            "grant-2026",
            "grant",
            "at_least",
            "size",
            ("small",),
            amount=0.2 * (grant.per_year or (0.0,))[0],
            years=(2026,),
        ),
    )
    return replace(
        problem,
        columns={"size": np.where(small, "small", "large"), "district": district},
        resources=(loan, replace(grant, carry_over=True), power),
        rules=rules,
    )


def _options(options: int, chain: int) -> tuple[Option, ...]:
    if chain == 0:
        return tuple(Option(f"o{at}", (f"o{at - 1}",) if at in (1, 2, 4) else ()) for at in range(options))
    return tuple(Option(f"o{at}", (f"o{at - 1}",) if at % chain else ()) for at in range(options))


def _noise(random: np.random.Generator, units: int, options: int, spread: float) -> np.ndarray:
    return random.lognormal(0.0, spread, (units, options))


def _rounded(amount: np.ndarray, whole: float) -> np.ndarray:
    return np.ceil(amount / whole) * whole
