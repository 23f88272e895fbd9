"""How many clusters, units and donors an interval needs; below that it is refused, not given.

The bounds are where `benchmarks/coverage.py` still finds 95 % intervals holding the truth in 93 % of pilots or more, but
for a cut-off: there the robust interval holds it in 91 % at the least size allowed, and a diagnostic says so. MacKinnon
and Webb (2018) and Pustejovsky and Tipton (2018) say why intervals fail below.
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
"""Untreated units of a synthetic control, whose placebo interval is exact, and unbounded where they are too few."""

DONORS_OF_NORMAL = 20
"""Untreated units of a synthetic difference-in-differences, whose interval is normal with a placebo error."""

ROWS_OF_A_SIDE = 100
"""Units on each side of a cut-off."""

ROWS_IN_A_WINDOW = 100
"""Units on each side within the bandwidth, below which the robust interval covers somewhat less than it says."""

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
