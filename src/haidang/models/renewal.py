"""Things that age and are replaced at the end of their life: a truck, a roof, a machine.

Ages are spread over the units, so that each year the share 1 / life of them comes to its end. A unit keeps its place
in that spread: what is left of its last year of life is the first part of the next thing's age.
"""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.model import Array

_HAIR = 1e-4
"""Years by which an age may miss its life and still count as at it: single precision adds up a life of years."""


def due(age: Array, life: Array, period: Array = 1.0) -> Array:
    """Whether the end of life falls into this period.

    Args:
        age: age at the start of the period, years.
        life: age at which the thing is replaced, years.
        period: length of the period, years.

    Returns:
        Bool, units: `age + period >= life`.
    """
    return age + period >= life - _HAIR


def aged(age: Array, life: Array, renewed: Array, period: Array = 1.0) -> Array:
    """Age at the end of the period.

    Args:
        age: age at the start of the period, years.
        life: age at which what was replaced came to its end, years.
        renewed: whether it was replaced in this period (bool, units).
        period: length of the period, years.

    Returns:
        One period older; for what was replaced, the time since the end of the old one's life, not below zero.
    """
    older = age + period
    return np.where(renewed, np.maximum(older - life, 0.0), older)


def remaining(age: Array, life: Array) -> Array:
    """Years of life left, not below zero."""
    return np.maximum(life - age, 0.0)


def yearly_share(life: Array) -> Array:
    """Share of things that come to their end in a year, where ages are spread evenly over the life in years."""
    return 1.0 / life
