"""Between a unit and an offer: the stages that it must pass, each a yes or a no for each unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from haidang.models import arrays as np
from haidang.models.model import Array


def pass_stages(stages: Sequence[tuple[str, Array]]) -> Mapping[str, Array]:
    """Which units reach each stage, given who would pass each stage by itself.

    Args:
        stages: names in order, each with whether a unit passes it (bool, units).

    Returns:
        For each name, whether the unit passes it and all before it. A unit lost at one stage is lost to all after.
    """
    reached: dict[str, Array] = {}
    so_far: Array = None
    for name, passes in stages:
        so_far = passes if so_far is None else so_far & passes
        reached[name] = so_far
    return reached


def raise_share(share: Array, added: Array) -> Array:
    """A share after a campaign reaches a part of those it did not hold: `share + added * (1 - share)`."""
    return share + added * (1.0 - share)


def apply_probability(share: Array, benefit: Array, response: Array) -> Array:
    """Probability that a unit which knows of an offer and could use it applies for it.

    A logit in the log of the benefit: the odds at a reference benefit are those of the published share, and change by
    the power `response` of the benefit's ratio to it.

    Args:
        share: share that applied for the reference offer, strictly between 0 and 1.
        benefit: worth of this offer over that of the reference offer; at or below zero nobody applies.
        response: elasticity of the odds to the benefit.
    """
    odds = share / (1.0 - share) * np.maximum(benefit, 0.0) ** response
    return np.where(benefit > 0, odds / (1.0 + odds), 0.0)
