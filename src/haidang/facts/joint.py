"""Facts that are known together, such as the coefficients of one estimation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from haidang.errors import Place
from haidang.facts.fact import Fact, FactError
from haidang.facts.reader import Reader, spelling
from haidang.facts.units import canonical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

JOINT_KEYS = ("facts", "covariance", "rank", "correlation", "note")
ROUNDING = 1e-9
FOLLOWS = 1e-7
"""What part of its own variance a fact has left at most, where it follows from those before it."""

Rows: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Joint:
    """Facts that are drawn together from a normal distribution, in canonical units.

    Attributes:
        id: its name.
        facts: the ids, in the order of the covariance.
        mean: the facts' values.
        covariance: one row per fact.
        rank: how many of the facts are free; the others follow from those before them in a straight line.
        where: file, line and key.
    """

    id: str
    facts: tuple[str, ...]
    mean: tuple[float, ...]
    covariance: Rows
    rank: int
    where: Place

    @property
    def stated(self) -> list[Any]:
        """Its numbers, for a hash."""
        full = [self.facts, self.mean, self.covariance]
        return full if self.rank == len(self.facts) else [*full, self.rank]

    @property
    def factor(self) -> Numbers:
        """The lower triangular factor of the covariance; a column of noughts where a fact follows from others."""
        import numpy as np

        rows = np.array(self.covariance, dtype=np.float64)
        full = self.rank == len(self.facts)
        return np.asarray(np.linalg.cholesky(rows), np.float64) if full else semidefinite_factor(rows)


@dataclass(frozen=True, slots=True)
class Copula:
    """Facts that keep each its own distribution and move together (normal copula; Cario and Nelson 1997).

    Attributes:
        id: its name.
        facts: the ids, in the order of the correlation.
        correlation: of their normal scores, one row per fact; their covariance where others of them are known.
        where: file, line and key.
        known: the means of the scores, where others of them are known; else none.
    """

    id: str
    facts: tuple[str, ...]
    correlation: Rows
    where: Place
    known: tuple[float, ...] = ()

    @property
    def stated(self) -> list[Any]:
        """Its numbers, for a hash."""
        return [self.facts, self.correlation, *([self.known] if self.known else [])]

    @property
    def mean(self) -> tuple[float, ...]:
        """The means of the scores."""
        return self.known or (0.0,) * len(self.facts)

    @property
    def factor(self) -> Numbers:
        """The lower triangular factor of the correlation."""
        import numpy as np

        return np.asarray(np.linalg.cholesky(np.array(self.correlation, dtype=np.float64)), np.float64)


Together: TypeAlias = Joint | Copula


def semidefinite_factor(matrix: Numbers) -> Numbers:
    """A lower triangular factor of a covariance in which some rows follow from those before them.

    Cholesky's method, a pivot that is nought to rounding giving a column of noughts (Higham 1990).

    Args:
        matrix: symmetric and positive semidefinite (facts x facts).
    """
    import numpy as np

    factor = np.zeros_like(matrix)
    for column in range(len(matrix)):
        left: Numbers = matrix[column:, column] - factor[column:, :column] @ factor[column, :column]
        if left[0] > FOLLOWS * matrix[column, column]:
            factor[column:, column] = left / left[0] ** 0.5
    return factor


def read_joints(groups: Sequence[Reader], facts: Mapping[str, Fact]) -> dict[str, Together]:
    """The joint distributions of all facts files.

    Args:
        groups: what stands under `joint` in each file.
        facts: the pack's facts.

    Raises:
        HaidangError: a joint names a fact twice or one that varies already, or its covariance is none.
    """
    joints: dict[str, Together] = {}
    taken: dict[str, str] = {}
    for group in groups:
        for name in group.keys:
            if name in joints:
                raise FactError(f"expected each joint once, found it first in {joints[name].where}", group.place(name))
            entry = group.child(name)
            entry.forbid_unknown(JOINT_KEYS)
            read = _read_joint if entry.optional("correlation") is None else _read_copula
            joints[name] = read(entry, name, facts, taken)
            taken.update(dict.fromkeys(joints[name].facts, name))
    return joints


def _read_joint(entry: Reader, name: str, facts: Mapping[str, Fact], taken: Mapping[str, str]) -> Joint:
    members = entry.texts("facts")
    _check_members(entry, members, facts, taken)
    for member in members:
        fact = facts[member]
        if fact.distribution is not None or fact.dated is not None or fact.rivals:
            problem = f"expected facts with one value only, found '{member}' with a range, 'se', dates or values"
            raise FactError(problem, entry.place("facts"))
    covariance = entry.matrix("covariance")
    matrix = _symmetric(entry, "covariance", covariance, len(members))
    rank = entry.integer_or("rank", len(members))
    _check_rank(entry, matrix, rank)
    factors = [canonical(1.0, facts[member].unit) for member in members]
    return Joint(
        id=name,
        facts=members,
        mean=tuple(facts[member].canonical for member in members),
        covariance=tuple(
            tuple(value * one * other for value, other in zip(row, factors, strict=True))
            for row, one in zip(covariance, factors, strict=True)
        ),
        rank=rank,
        where=entry.place(),
    )


def _read_copula(entry: Reader, name: str, facts: Mapping[str, Fact], taken: Mapping[str, str]) -> Copula:
    members = entry.texts("facts")
    for key in ("covariance", "rank"):
        if key in entry.keys:
            raise FactError(f"expected 'covariance' or 'correlation', found '{key}' beside both", entry.place(key))
    _check_members(entry, members, facts, taken)
    for member in members:
        if facts[member].distribution is None:
            problem = f"expected facts with a range or 'se' of their own, found '{member}' without"
            raise FactError(problem, entry.place("facts"), "facts with one value only take a covariance")
    rows = entry.matrix("correlation")
    matrix = _symmetric(entry, "correlation", rows, len(members))
    if any(value != 1.0 for value in matrix.diagonal()):
        raise FactError(
            "expected a correlation with 1 on its diagonal, found another number", entry.place("correlation")
        )
    _check_definite(entry, "correlation", matrix)
    return Copula(name, members, rows, entry.place())


def _check_members(entry: Reader, members: Sequence[str], facts: Mapping[str, Fact], taken: Mapping[str, str]) -> None:
    place = entry.place("facts")
    for position, member in enumerate(members):
        if member not in facts:
            raise FactError(f"expected a fact, found '{member}'", place, spelling(member, facts))
        if member in taken or member in members[:position]:
            raise FactError(f"expected each fact in one joint and once, found '{member}' again", place)


def _symmetric(entry: Reader, key: str, rows: Rows, size: int) -> Numbers:
    """Square, and symmetric to rounding."""
    import numpy as np

    place = entry.place(key)
    shape = [len(row) for row in rows]
    if shape != [size] * size:
        raise FactError(f"expected {size} rows of {size} numbers, found rows of {', '.join(map(str, shape))}", place)
    matrix = np.array(rows, dtype=np.float64)
    if not np.allclose(matrix, matrix.T, rtol=ROUNDING, atol=0.0):
        raise FactError(f"expected a symmetric {key}, found one that is not", place)
    return matrix


def _check_definite(entry: Reader, key: str, matrix: Numbers) -> None:
    import numpy as np

    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise FactError(f"expected a positive definite {key}, found one that is not", entry.place(key)) from None


def _check_rank(entry: Reader, matrix: Numbers, rank: int) -> None:
    """Positive definite, or where it says so, of that rank with nothing negative left."""
    import numpy as np

    if rank == len(matrix):
        _check_definite(entry, "covariance", matrix)
        return
    found = semidefinite_factor(matrix)
    free = int(np.count_nonzero(found.diagonal()))
    if free != rank:
        raise FactError(f"expected a covariance in which {rank} facts are free, found {free}", entry.place("rank"))
    scale = np.sqrt(np.maximum(matrix.diagonal(), 0.0))
    if (np.abs(found @ found.T - matrix) > 10.0 * FOLLOWS * np.outer(scale, scale)).any():
        raise FactError("expected a positive semidefinite covariance, found one that is not", entry.place("covariance"))
