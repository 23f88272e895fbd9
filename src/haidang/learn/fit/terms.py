"""Log-likelihoods in closed form, one term per choice or per group, as JAX differentiates them.

A likelihood is a frozen value that may be compared, so that a program compiled once serves every fit of its kind and
shape; what it is computed from travels beside it as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from haidang.learn.fit.choices import Array, Choices, Floats, Groups, Linear, Utilities
from haidang.models.logit import NEVER, log_nested_share, log_share, log_subset_sums

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogitTerms:
    """One alternative of several; with nests where there are any.

    Args:
        utilities: none where they are linear and stand in the data as slopes and offsets.
        nests: for each nest, the places of its alternatives.
        scales: for each nest, the place of its scale among the coefficients, or none where it is one.
    """

    utilities: Utilities | None = None
    nests: tuple[tuple[int, ...], ...] = ()
    scales: tuple[int | None, ...] = ()

    def __call__(self, coefficients: Array, data: Data) -> Array:
        """One term per choice."""
        from haidang.learn.fit.derivatives import jnp

        if self.utilities is None:
            gaps = jnp.einsum("njk,k->nj", data["slopes"], coefficients) + data["offset"]
        else:
            utilities = self.utilities(coefficients)
            own = jnp.take_along_axis(utilities, data["chosen"][:, None], axis=1)
            gaps = jnp.where(data["available"], utilities - own, NEVER)
        if not self.nests:
            return log_share(gaps)
        scales = jnp.stack([jnp.ones_like(gaps[0, 0]) if at is None else coefficients[at] for at in self.scales])
        return log_nested_share(gaps, data["chosen"], self.nests, scales)


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """Which items of a group were taken given how many.

    Args:
        most: the largest number of items that a group took.
        utilities: none where they are linear and stand in the data as slopes and offsets.
    """

    most: int
    utilities: Utilities | None = None

    def __call__(self, coefficients: Array, data: Data) -> Array:
        """One term per group."""
        from haidang.learn.fit.derivatives import jnp

        if self.utilities is None:
            utilities = data["offset"] + data["slopes"] @ coefficients
        else:
            utilities = self.utilities(coefficients)
        items = jnp.where(data["present"], utilities[data["place"]], NEVER)
        sums = log_subset_sums(items, self.most)
        total = jnp.take_along_axis(sums, data["count"][:, None], axis=1)[:, 0]
        return jnp.sum(jnp.where(data["taken"], items, 0.0), axis=1) - total


def logit_data(choices: Choices) -> Data:
    """The arrays that `LogitTerms` reads."""
    if not isinstance(choices.utilities, Linear):
        return {"chosen": choices.chosen, "available": choices.available}
    slopes, offset = gaps_of(choices, choices.utilities)
    return {"slopes": slopes, "offset": np.where(choices.available, offset, NEVER), "chosen": choices.chosen}


def gaps_of(choices: Choices, linear: Linear) -> tuple[Floats, Floats]:
    """Slopes and offsets of each alternative's utility less that of the one chosen; zero where not available."""
    rows = np.arange(len(choices))
    slopes = linear.slopes - linear.slopes[rows, choices.chosen][:, None, :]
    offset = linear.offset - linear.offset[rows, choices.chosen][:, None]
    return np.where(choices.available[:, :, None], slopes, 0.0), np.where(choices.available, offset, 0.0)


def group_data(groups: Groups) -> Data:
    """The arrays that `GroupTerms` reads: items laid out by group."""
    sizes = np.bincount(groups.group)
    first = np.cumsum(sizes) - sizes
    column = np.arange(int(sizes.max()))
    present = column[None, :] < sizes[:, None]
    place = np.where(present, first[:, None] + column[None, :], 0)
    taken = groups.taken[place] & present
    data: Data = {"place": place, "present": present, "taken": taken, "count": taken.sum(axis=1)}
    if isinstance(groups.utilities, Linear):
        data |= {"slopes": centred(groups, groups.utilities.slopes), "offset": groups.utilities.offset}
    return data


def centred(groups: Groups, slopes: Floats) -> Floats:
    """Slopes of the items less their mean in the group, which the likelihood does not see."""
    sizes = np.bincount(groups.group)
    means = np.stack([np.bincount(groups.group, column) / sizes for column in slopes.T], axis=1)
    return slopes - means[groups.group]
