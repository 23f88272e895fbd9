"""Novelty that wears off, habits that fade, and ways of doing things that are kept out of habit.

A new service is tried by many and kept by some. What it sells is the sum of two parts that shrink at constant rates: a
novelty, quickly, and a core of users, slowly. Two counts of the past and the two rates tell both parts.
"""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.model import Array

Span = tuple[Array, Array]
"""Where a stretch of time begins and how long it is, years."""

_FLAT = 1e-4
"""Below this product of rate and length, an average over the length is one less half of it."""
_ALIKE = 1e-6
"""Two rates closer than this share of one another cannot be told apart by two counts."""


def rate_of_half_life(half_life: Array) -> Array:
    """The rate per year at which a half is gone after `half_life` years."""
    return np.log(np.asarray(2.0, "float32")) / half_life


def rate_of_yearly_loss(loss: Array) -> Array:
    """The rate per year at which the share `loss`, below one, is gone after a year."""
    return -np.log(1.0 - loss)


def remaining(rate: Array, time: Array) -> Array:
    """The share that is left after `time` years at a rate per year."""
    return np.exp(-rate * time)


def average_remaining(rate: Array, begin: Array, length: Array) -> Array:
    """The mean of what is left from `begin` to `begin + length` years."""
    lost = rate * length
    flat = np.abs(lost) < _FLAT
    safe = np.where(flat, 1.0, lost)
    return remaining(rate, begin) * np.where(flat, 1.0 - 0.5 * lost, -np.expm1(-safe) / safe)


def core_and_novelty(
    early: Array, late: Array, wear: Array, fade: Array, spans: tuple[Span, Span]
) -> tuple[Array, Array]:
    """The two parts of a service's sales per year on its first day, from what was counted in two stretches of time.

    With `A` and `B` what one unit a year of either part sells in a stretch, the counts are
    `core * A + novelty * B` in both: two equations with two unknowns. A part that would be below zero is zero, and the
    other then sells the late count.

    Args:
        early: sold in the first stretch.
        late: sold in the second.
        wear: rate per year at which the novelty shrinks.
        fade: rate per year at which the core shrinks.
        spans: both stretches, counted from the first day.

    Returns:
        Core and novelty, per year on the first day.
    """
    (core_early, new_early), (core_late, new_late) = (
        tuple(length * average_remaining(rate, begin, length) for rate in (fade, wear)) for begin, length in spans
    )
    across = core_early * new_late - core_late * new_early
    alike = np.abs(across) < _ALIKE * core_late * new_early
    safe = np.where(alike, 1.0, across)
    core = (early * new_late - late * new_early) / safe
    novelty = (core_early * late - core_late * early) / safe
    only_core, only_novelty = alike | (novelty < 0.0), ~alike & (core < 0.0)
    return (
        np.where(only_core, late / core_late, np.where(only_novelty, 0.0, core)),
        np.where(only_core, 0.0, np.where(only_novelty, late / new_late, novelty)),
    )


def fade_habit(habit: Array, used: Array, rate: Array, length: Array) -> Array:
    """A habit, 0 to 1, after `length` years: what was used is kept up, what was not fades."""
    return np.where(used, habit, habit * remaining(rate, length))


def with_habit(share: Array, usual: Array, strength: Array) -> Array:
    """The probability of a way where a part of the choices is made out of habit and the rest by weighing.

    Where `usual` ways are spread as the `share` that weighing gives, so are the choices, whatever the strength.

    Args:
        share: probability of the way when it is weighed against the others.
        usual: whether it is what the unit usually does (bool, units).
        strength: the part of choices made out of habit, 0 to 1.
    """
    return (1.0 - strength) * share + np.where(usual, strength, 0.0)
