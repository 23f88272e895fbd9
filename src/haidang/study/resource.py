"""What offers use, as whoever shares it out knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    """What offers use, and how much of it there is.

    Args:
        id: its name.
        unit: the unit of measure of amounts and budgets.
        per_year: what each year of the problem brings; none for no bound by year.
        total: the most that may be out at any time, over all years together; none for no such bound.
        carry_over: whether what a year leaves of `per_year` is added to the next.
        lasting: whether an offer uses its amount in every year from its own on, such as electricity; else only in its
            own.
        returned: the shares of an amount that come back 1, 2, ... years later and may be given again (revolving).
    """

    id: str
    unit: str = "VND"
    per_year: tuple[float, ...] | None = None
    total: float | None = None
    carry_over: bool = False
    lasting: bool = False
    returned: tuple[float, ...] = ()
