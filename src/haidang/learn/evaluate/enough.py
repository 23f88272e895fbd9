"""How many clusters, units and donors an interval needs; below that it is refused, not given.

The bounds are where `benchmarks/coverage.py` still finds 95 % intervals covering; MacKinnon and Webb (2018) and
Pustejovsky and Tipton (2018) say why they fail below.
"""

from __future__ import annotations

from haidang.learn.evaluate.mistakes import TooFewError, at

CLUSTERS_OF_AN_ARM = 4
"""Clusters in each arm of a clustered trial (CR2 with Satterthwaite degrees of freedom)."""

SATTERTHWAITE = 4.0
"""Degrees of freedom below which Satterthwaite's own approximation fails."""

CLUSTERS = 30
"""Clusters where the interval is normal or nearly so (CR1 in two-stage least squares)."""

UNITS_OF_AN_ARM = 20
"""Units ever treated, and units not, of a staggered panel (influence functions, a normal interval)."""

ROWS_OF_AN_ARM = 5
"""Units in each arm of a trial by unit."""

PAIRS = 5
"""Matched pairs."""

DONORS = 10
"""Untreated units of a synthetic control or a synthetic difference-in-differences."""

ROWS_OF_A_SIDE = 50
"""Units on each side of a cut-off."""

OTHERWISE = "randomisation_inference repeats the assignment itself and needs no approximation"


def enough(count: float, least: float, what: str, column: str, hint: str = OTHERWISE) -> None:
    """Hold that there are enough of something.

    Raises:
        TooFewError: there are not.
    """
    if count < least:
        raise TooFewError(
            f"expected at least {least:g} {what} for the approximation behind the interval, found {count:g}",
            at(column),
            hint,
        )
