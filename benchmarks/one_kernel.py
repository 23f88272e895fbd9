"""A factory's roadmap put as an allocation, where both can say the same.

Steps that come one after another, each after the last, form a chain. Within a chain no two steps can be taken in one
year, so a chain is a unit of an allocation, its steps are the unit's options, and the factory's budgets are budgets of
all its chains. Where two steps come after the same one, both may be taken in one year, and a unit cannot.
"""

from __future__ import annotations

import numpy as np

from haidang.allocate.problem import Option, Problem
from haidang.allocate.roadmap import Question, Step, net_present_value
from haidang.study.resource import Resource

CASH, WORTH = "cash", "worth"


def chains_of(steps: tuple[Step, ...]) -> list[list[Step]]:
    """The steps by chain, each chain in its order.

    Raises:
        ValueError: a step comes after two others, or two come after one.
    """
    chains: list[list[Step]] = []
    for one in steps:
        ends = [chain for chain in chains if chain[-1].id in one.after]
        if len(one.after) > 1 or (one.after and not ends):
            raise ValueError(f"'{one.id}' does not follow the end of one chain")
        if ends:
            ends[0].append(one)
        else:
            chains.append([one])
    return chains


def problem_of(question: Question) -> Problem:
    """The question as an allocation: a unit for each chain, an option for each step, in VND.

    What is worth less than nothing is not offered: values of an allocation are never negative.

    Raises:
        ValueError: the steps are not chains.
    """
    chains, steps, years = chains_of(question.steps), question.steps, question.years
    own = np.array([[any(step is one for one in chain) for step in steps] for chain in chains])
    worth = np.array([[net_present_value(question, one, year) for one in steps] for year in years])
    return Problem(
        ids=np.arange(len(chains)),
        years=years,
        options=tuple(Option(one.id, one.after) for one in steps),
        values={WORTH: np.maximum(worth, 0.0)[None] * np.ones((len(chains), 1, 1))},
        goal={WORTH: 1.0},
        amounts={CASH: np.tile([one.cost for one in steps], (len(chains), 1))},
        resources=(Resource(CASH, per_year=question.budgets),),
        eligible=own[:, None, :] & (worth > 0.0)[None],
    )
