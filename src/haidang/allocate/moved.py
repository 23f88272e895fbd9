"""What becomes of the list when one fact moves to an end of its range and everything else stays as it was drawn.

Which facts are worth a move is read from the draws themselves: those that carry more of the variance of what the offers
add than an unrelated fact would (`results.variance`). Each is then set to both ends in every draw, with all chance
and all other facts as they were; offers are valued again, and the plan is made again by the same search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.asked import Choice
from haidang.engine.setting import DrawFacts
from haidang.facts import Fact, FactBook, Joint, canonical, canonical_unit, convert
from haidang.results.variance import ENOUGH, variance_shares

Floats = NDArray[np.float64]
End = Literal["low", "high"]
ENDS: tuple[End, End] = ("low", "high")
_TAIL = 0.05
"""A fact without a range ends at its 5th and 95th hundredth."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """The plan with one fact at an end of its range.

    Args:
        fact: which.
        end: which.
        value: the fact's there, in its own unit.
        expected: what the plan made there is expected to add.
        offered: the offer of each unit and year, -1 for none (units, years).
    """

    fact: Fact
    end: End
    value: float
    expected: float
    offered: Choice


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """The plans made with single facts moved.

    Args:
        made: the plans, both ends of a fact one after the other.
        shares: the facts that carry more variance of what offers add than chance would, with the share.
        below: how many uncertain facts do not.
        enough: whether there were draws enough to tell.
    """

    made: tuple[Move, ...]
    shares: Mapping[str, float]
    below: int
    enough: bool

    @property
    def within(self) -> NDArray[np.bool_]:
        """Whom each plan offers anything (plans, units)."""
        return np.array([(one.offered >= 0).any(axis=1) for one in self.made])


def carrying(added: Floats, drawn: pl.DataFrame) -> tuple[dict[str, float], int, bool]:
    """The facts that carry what offers add, the largest share first; how many do not; and whether draws were enough.

    Args:
        added: what each offer adds in each draw (draws, offers); a fact counts by the offer for which it carries most.
        drawn: draw, fact and value.
    """
    values = {
        str(name): rows.sort("draw")["value"].to_numpy()
        for (name,), rows in drawn.partition_by(["fact"], as_dict=True).items()
    }
    varying = [name for name, one in values.items() if np.ptp(one) > 0]
    found: dict[str, float] = {}
    for offer in added.T:
        for one in variance_shares(values, offer.astype(np.float64)).ranked:
            found[one.fact] = max(one.share, found.get(one.fact, 0.0))
    ordered = dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
    return ordered, len(varying) - len(ordered), len(added) >= ENOUGH


def ends_of(book: FactBook, name: str) -> tuple[float, float]:
    """The least and the greatest value of an uncertain fact, canonical; without a range, those of nine draws in ten."""
    fact = book.facts[name]
    if fact.range is not None:
        low, high = (canonical(one, fact.unit) for one in fact.range)
        return low, high
    if fact.distribution is not None:
        low, high = fact.distribution.quantile(np.array([_TAIL, 1.0 - _TAIL])).tolist()
        return low, high
    joint = next(one for one in book.joints.values() if isinstance(one, Joint) and name in one.facts)
    at = joint.facts.index(name)
    reach = NormalDist().inv_cdf(1.0 - _TAIL) * joint.covariance[at][at] ** 0.5
    return joint.mean[at] - reach, joint.mean[at] + reach


def move_of(fact: Fact, end: End, value: float, expected: float, offered: Choice) -> Move:
    """A move from the fact's canonical value."""
    return Move(fact, end, convert(value, canonical_unit(fact.unit), fact.unit), expected, offered)


def with_fact(facts: DrawFacts, names: Sequence[str], fact: str, value: float) -> DrawFacts:
    """The same draws with one fact at a value in every year."""
    at = tuple(names).index(fact)

    def moved(draw: int) -> tuple[NDArray[np.float32], ...]:
        found: list[NDArray[np.float32]] = []
        for year in facts(draw):
            year = year.copy()
            year[at] = value
            found.append(year)
        return tuple(found)

    return moved
