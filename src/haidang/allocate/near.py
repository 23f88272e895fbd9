"""Plans that are nearly as good as a unit's best at given prices, and which units have them."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.core import CODE_BITS, Mixture
from haidang.allocate.cuts import Search
from haidang.allocate.dual import best_of_block
from haidang.allocate.field import block_of
from haidang.allocate.ledger import ledger_of
from haidang.allocate.pricing import Array
from haidang.allocate.watch import Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPREADS = (0.3, 1.0, 3.0)
_ROUNDS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Plans by unit, the nearest first within each.

    Args:
        units: of each plan, rising.
        plans: each.
        value: of the goal.
        load: of the rows (plans, rows).
        regret: how much less than the unit's best plan it is worth at the prices.
    """

    units: Ints
    plans: Ints
    value: Floats
    load: Floats
    regret: Floats

    def of(self, chosen: NDArray[np.bool_] | Ints) -> Near:
        """Some of the plans."""
        return Near(self.units[chosen], self.plans[chosen], self.value[chosen], self.load[chosen], self.regret[chosen])

    def first(self, most: int) -> NDArray[np.bool_]:
        """Which plans are among the nearest so many of their unit."""
        return np.arange(len(self.units)) - np.searchsorted(self.units, self.units) < most

    def doubtful(self) -> Ints:
        """Units with a second plan, the least regret of it first."""
        second = np.flatnonzero(np.r_[False, self.units[1:] == self.units[:-1]])
        second = second[np.searchsorted(self.units, self.units[second]) + 1 == second]
        return self.units[second][np.argsort(self.regret[second], kind="stable")]


def near_plans(search: Search, mixture: Mixture, units: int, seed: int, watch: Watch) -> Near:
    """All that is known of nearly best plans, and more for the units with the smallest regrets.

    More plans are found by disturbing what offers are worth, by chance and in three strengths, and pricing again.

    Args:
        search: on all units.
        mixture: with the best prices.
        units: for how many units more plans are looked for, about.
        seed: of the chance.
        watch: asked between rounds.
    """
    moved = np.flatnonzero(mixture.base != mixture.priced.plans)
    several = np.union1d(mixture.units, moved)
    keys = np.unique(
        np.concatenate(
            [
                (mixture.units << CODE_BITS) | mixture.plans,
                (several << CODE_BITS) | mixture.base[several],
                (several << CODE_BITS) | mixture.priced.plans[several],
            ]
        )
    )
    known = _near(search, mixture, keys)
    torn = np.unique(mixture.units[(mixture.shares > 0.0) & (mixture.shares < 1.0)])
    doubtful = known.doubtful()
    if len(doubtful) < units:
        others = np.setdiff1d(np.arange(search.level.units), doubtful)
        doubtful = np.concatenate([doubtful, others[: units - len(doubtful)]])
    chosen = np.unique(np.concatenate([doubtful[:units], torn]))[: search.field.size]
    regrets = np.sort(known.regret[known.regret > 0.0])
    spread = float(regrets[min(len(regrets) - 1, units // 4)]) if len(regrets) else 0.01 * search.scale.worth
    more = _disturbed(search, mixture, chosen, spread, seed, watch)
    best = (chosen << CODE_BITS) | mixture.priced.plans[chosen]
    mine = np.concatenate([keys[np.isin(keys >> CODE_BITS, chosen)], best])
    return _near(search, mixture, np.unique(np.concatenate([mine, more])))


def with_plans(near: Near, search: Search, mixture: Mixture, units: Ints, plans: Ints) -> Near:
    """The same with further plans.

    Args:
        near: what is known.
        search: on all units.
        mixture: with the best prices.
        units: of the further plans.
        plans: one of each.
    """
    known = (near.units << CODE_BITS) | near.plans
    return _near(search, mixture, np.unique(np.concatenate([known, (units << CODE_BITS) | plans])))


def _near(search: Search, mixture: Mixture, keys: Ints) -> Near:
    units, plans = keys >> CODE_BITS, keys & ((1 << CODE_BITS) - 1)
    ledger = ledger_of(search.field, units, plans)
    worth = search.goal * ledger.value - ledger.load @ mixture.priced.prices
    regret = np.maximum(mixture.priced.worths[units] - worth, 0.0)
    order = np.lexsort((plans, regret, units))
    return Near(units[order], plans[order], ledger.value[order], ledger.load[order], regret[order])


def _disturbed(search: Search, mixture: Mixture, units: Ints, spread: float, seed: int, watch: Watch) -> Ints:
    field, rows = search.field, search.field.rows
    block = block_of(field.problem, rows, field.values, field.weight, field.order[units], field.size)
    prices = mixture.priced.prices
    net = -np.tensordot(prices, rows.factor, axes=1)
    net[0] += 1.0  # what is disturbed counts once, whatever the goal counts
    served = -(prices @ rows.served)
    random = np.random.default_rng([seed, 1])
    found: list[Ints] = []
    for turn in range(_ROUNDS):
        watch.see("looking for nearly best plans")
        size = (field.code.years, field.code.options, field.size)
        noise = random.gumbel(size=size) * (spread * _SPREADS[turn % len(_SPREADS)])
        with jax.enable_x64(True):
            goal: Array = search.goal * block.measures[0] + noise
            most = block.most.at[0].set(goal.max(axis=(0, 1)))
            disturbed = block._replace(measures=(goal, *block.measures[1:]), most=most)
        _, plans = best_of_block(disturbed, net, served, field.table, field.code)
        found.append((units << CODE_BITS) | plans[: len(units)])
    return np.unique(np.concatenate(found))
