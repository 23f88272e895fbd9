"""Cells of too few units, which are never shown, nor left to be worked out from the cells beside them.

Cell suppression with complementary suppression (Willenborg and de Waal 2001, chapter 4), for one row of a table whose
total is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

FEWEST = 5
"""Fewer units than this could be recognised."""
BATCH = FEWEST + 1
"""Units that come into a published table together: five beside the one who reads it and knows of itself."""


def hidden(counts: Sequence[float]) -> frozenset[int]:
    """The places of cells that must not be shown beside their total.

    Those of too few units; and of the others the smallest, until what is hidden is two cells or more and together no
    fewer than may be shown, since the total less the cells that are shown tells what is hidden together.

    Args:
        counts: how many units each cell has; a cell of none shows nothing of anybody.
    """
    return hidden_rows([(count,) for count in counts])


def hidden_rows(counts: Sequence[Sequence[float]]) -> frozenset[int]:
    """The same of cells in which each of several parts of the units must be none, or no fewer than may be shown.

    Args:
        counts: for each cell, how many units of each part it has.
    """
    few = [at for at, parts in enumerate(counts) if any(_is_few(count) for count in parts)]
    if not few:
        return frozenset()
    others = [at for at, parts in enumerate(counts) if at not in few and sum(parts) > 0]
    others.sort(key=lambda at: sum(counts[at]))
    while others and (len(few) < 2 or any(map(_is_few, map(sum, zip(*(counts[at] for at in few), strict=True))))):
        few.append(others.pop(0))
    return frozenset(few)


def _is_few(count: float) -> bool:
    return 0 < count < FEWEST


def alike(*columns: Sequence[Hashable]) -> list[int]:
    """For each unit the number of the class of those that have the same in every column, numbered as they first come.

    What is summed over whole classes tells nothing of a part of one, whatever is added to it or taken from it.
    """
    seen: dict[tuple[Hashable, ...], int] = {}
    return [seen.setdefault(each, len(seen)) for each in zip(*columns, strict=True)]


def smallest(classes: Sequence[int]) -> int:
    """How many units the smallest class has; 0 where there is no unit."""
    return min(Counter(classes).values(), default=0)
