"""Logit choice in closed form: what the engine's simulated choices must agree with on average.

Chances stand beside their logarithms, by which choices are estimated: one alternative of several, one with nests, and
which of a list of yes-no items given how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from haidang.models import arrays as np
from haidang.models.model import Array

NEVER = -1e30
"""Utility of what cannot be chosen, where derivatives are taken: minus infinity has none."""


def adoption_utility(
    log_cost: Array, log_saving: Array, log_size: Array, *, cost: Array, saving: Array, size: Array, constant: Array
) -> Array:
    """Utility of carrying out an investment over leaving it: linear in the logs of cost, yearly saving and size.

    The form of Anderson and Newell (2004) for plants' decisions on audit recommendations. Coefficients are per log
    unit; the logs must be of the currency and the size measure in which the coefficients were estimated.
    """
    return constant + cost * log_cost + saving * log_saving + size * log_size


def shares(utilities: Array) -> Array:
    """Probability of each alternative under independent Gumbel noise of scale 1 (McFadden 1974).

    Args:
        utilities: utilities, alternatives along the last axis; minus infinity where not available.

    Returns:
        Shares of the same shape, summing to one along the last axis.
    """
    top = np.max(utilities, axis=-1, keepdims=True)
    weights = np.exp(utilities - top)
    return weights / np.sum(weights, axis=-1, keepdims=True)


def occasion_probability(yearly: Array, random: Array) -> Array:
    """Whether a unit has an occasion to choose this year: a uniform random number below the yearly rate."""
    return random < yearly


def log_share(gaps: Array) -> Array:
    """Logarithm of the chance of the alternative chosen under independent Gumbel noise (McFadden 1974).

    Args:
        gaps: utility of each alternative less that of the one chosen, alternatives along the last axis; `NEVER`
            where not available. The chosen one's own zero is among them.

    Returns:
        One entry per choice.
    """
    top = np.max(gaps, axis=-1)
    return -top - np.log(np.sum(np.exp(gaps - top[..., None]), axis=-1))


def log_nested_share(gaps: Array, chosen: Array, nests: Sequence[Sequence[int]], scales: Array) -> Array:
    """Logarithm of the chance of the alternative chosen where those of a nest share a part of their noise.

    Within nest m the scale is mu_m >= 1, the inverse of the dissimilarity; one is the plain logit (McFadden 1978;
    Ben-Akiva and Lerman 1985).

    Args:
        gaps: utility of each alternative less that of the one chosen, of shape (choices, alternatives); `NEVER` where
            not available.
        chosen: the place of the alternative chosen (int, choices).
        nests: for each nest, the places of its alternatives; each alternative in one nest.
        scales: mu of each nest.

    Returns:
        One entry per choice.
    """
    sums: list[Array] = []
    inside = 0.0 * gaps[:, 0]
    for nest, members in enumerate(nests):
        own = scales[nest] * gaps[:, list(members)]
        top = np.max(own, axis=-1)
        log_sum = np.where(
            top > NEVER / 2.0, top + np.log(np.sum(np.exp(own - top[:, None]), axis=-1)), NEVER * scales[nest]
        )
        here = chosen == members[0]
        for member in members[1:]:
            here = here | (chosen == member)
        # The chosen one's gap is zero, so that its chance within its nest is the nest's sum alone.
        inside = np.where(here, log_sum / scales[nest] - log_sum, inside)
        sums.append(log_sum / scales[nest])
    return inside + log_share(np.stack(sums, axis=-1))


def log_subset_sums(utilities: Array, most: int) -> Array:
    """Logarithm of the sum, over all subsets of k items, of the exponential of the subset's utility.

    Built item by item as `B_j(k) = B_{j-1}(k) + w_j B_{j-1}(k-1)` (Howard 1972; Gail, Lubin and Rubinstein 1981). A
    plant that carries out k of its items carries out those at hand with their exponential over this sum
    (Chamberlain 1980).

    Args:
        utilities: of shape (plants, items); `NEVER` beyond a plant's last item.
        most: the largest k.

    Returns:
        Of shape (plants, most + 1), for k = 0, 1, ..., most.
    """
    from jax import lax

    def add(below: Array, item: Array) -> tuple[Array, None]:
        with_item = np.logaddexp(below[:, 1:], below[:, :-1] + item[:, None])
        return np.concatenate([below[:, :1], with_item], axis=1), None

    none = np.where(np.arange(most + 1) == 0, 0.0, NEVER).astype(utilities.dtype)
    start = np.broadcast_to(none[None, :], (utilities.shape[0], most + 1))
    steps: Any = lax
    return steps.scan(add, start, utilities.T)[0]
