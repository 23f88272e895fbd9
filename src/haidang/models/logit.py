"""Logit choice in closed form: what the engine's simulated choices must agree with on average."""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.model import Array


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
