"""Cells of too few units, which are never shown, nor left to be worked out from the cells beside them.

Cell suppression with complementary suppression (Willenborg and de Waal 2001, chapter 4), for one row of a table whose
total is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    few = [at for at, count in enumerate(counts) if 0 < count < FEWEST]
    if not few:
        return frozenset()
    others = sorted((at for at, count in enumerate(counts) if count >= FEWEST), key=lambda at: counts[at])
    while others and (len(few) < 2 or sum(counts[at] for at in few) < FEWEST):
        few.append(others.pop(0))
    return frozenset(few)
