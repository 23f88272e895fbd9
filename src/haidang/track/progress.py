"""How far a promise is: one definition, used by every table and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haidang.track.records import Commitment, Milestone, StageName


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a promise is reported done.

    Args:
        least: the share done if nothing is done of the milestones that nobody reported.
        most: the share done if all of them are done. Equal to `least` where every milestone is reported.
        reported: the share of the weight that was reported at all.
    """

    least: float
    most: float
    reported: float


def progress(milestones: Sequence[Milestone]) -> Progress | None:
    """Roll up milestones to the share of a promise that is done.

    The weights are normalised to one: a milestone's share is its weight over the sum of all weights, and one without
    a weight counts as one. What is done is the sum of share times `done`. A milestone that nobody reported is missing,
    which is neither zero nor done: its share is the distance between `least` and `most`, and it is left out of
    `reported`. Where there is no milestone, or none of them is reported, there is no progress to tell: none.

    Args:
        milestones: of one commitment.
    """
    whole = sum(_weight(one) for one in milestones)
    reported = sum(_weight(one) for one in milestones if one.done is not None)
    if not milestones or reported == 0.0:
        return None
    least = sum(_weight(one) * one.done for one in milestones if one.done is not None) / whole
    return Progress(least, min(1.0, least + (whole - reported) / whole), reported / whole)


def _weight(one: Milestone) -> float:
    return 1.0 if one.weight is None else one.weight


def stage_of(commitment: Commitment) -> StageName | None:
    """The stage that the promise reached last; none where no document shows any."""
    return commitment.stages[-1].name if commitment.stages else None
