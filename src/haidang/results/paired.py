"""Two scenarios of a run, number by number, and their difference in the same draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.results.headline import Headline, headlines
from haidang.results.points import Points, points
from haidang.results.run import Run


@dataclass(frozen=True, slots=True)
class Paired:
    """One headline number of two scenarios.

    Args:
        headline: of the scenario.
        other: of the one it is held against; none where that has no such number.
        difference: the scenario's less the other's in each draw, in the headline's unit; none where either has no
            meaning in some draw.
        more: the share of draws in which the scenario's is larger; none likewise.
    """

    headline: Headline
    other: Headline | None
    difference: Points | None
    more: float | None


def paired(run: Run, scenario: str, other: str) -> tuple[Paired, ...]:
    """Every headline number of a scenario beside that of another one, in the order of the scenario's.

    Raises:
        UnknownNameError: the run has no such scenario.
    """
    known = {one.id: one for one in headlines(run, other)}
    return tuple(pair(one, known.get(one.id)) for one in headlines(run, scenario))


def pair(one: Headline, other: Headline | None) -> Paired:
    """A number of a scenario beside the same of another."""
    if other is None or not (np.isfinite(one.draws).all() and np.isfinite(other.draws).all()):
        return Paired(one, other, None, None)
    apart = one.draws - other.draws
    return Paired(one, other, points(apart), float(np.mean(apart > 0)))
