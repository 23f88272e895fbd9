"""What data of a pilot can have wrong, each kind with its own name."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.errors import HaidangError, Place

_SHOWN = 5


class EvaluationError(HaidangError):
    """Data or a plan from which no effect can be told."""


class ColumnError(EvaluationError):
    """A column that is not there, or does not hold what its part in the design needs."""


class MissingError(EvaluationError):
    """Cells that are empty, by row: dropping them in silence would change who is compared."""


class NoVariationError(EvaluationError):
    """A column that is the same in every row."""


class OneArmError(EvaluationError):
    """All treated, or nobody."""


class CollinearError(EvaluationError):
    """A column that the others already say."""


class TooFewError(EvaluationError):
    """Too few clusters, units or donors for the approximation behind an interval."""


class PeriodError(EvaluationError):
    """A period index that is not one: text, gaps, a start outside the years seen, dates out of order."""


class TurnsOffError(EvaluationError):
    """A treatment that ends again, or is not the same start for all where the design needs that."""


class HoleError(EvaluationError):
    """A panel in which a unit lacks a period."""


class DuplicateError(EvaluationError):
    """A panel in which a unit has a period twice."""


class WeakError(EvaluationError):
    """An encouragement or a cut-off that moved nobody."""


def at(column: str) -> Place:
    """A column of the table, as an error names it."""
    return Place("the table", key=column)


def listed(what: str, found: Sequence[object]) -> str:
    """The first of many, and how many more: `rows 3, 17 and 4 more`."""
    shown = ", ".join(str(one) for one in found[:_SHOWN])
    more = len(found) - _SHOWN
    return f"{what} {shown}" + (f" and {more:,} more" if more > 0 else "")
