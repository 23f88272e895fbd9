"""Facts that are known together, such as the coefficients of one estimation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from haidang.errors import Place
from haidang.facts.fact import Fact, FactError
from haidang.facts.reader import Reader, spelling
from haidang.facts.units import canonical

JOINT_KEYS = ("facts", "covariance", "note")
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Joint:
    """Facts that are drawn together from a normal distribution, in canonical units.

    Attributes:
        id: its name.
        facts: the ids, in the order of the covariance.
        mean: the facts' values.
        covariance: one row per fact.
        where: file, line and key.
    """

    id: str
    facts: tuple[str, ...]
    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    where: Place


def read_joints(groups: Sequence[Reader], facts: Mapping[str, Fact]) -> dict[str, Joint]:
    """The joint distributions of all facts files.

    Args:
        groups: what stands under `joint` in each file.
        facts: the pack's facts.

    Raises:
        HaidangError: a joint names a fact twice or one that varies already, or its covariance is none.
    """
    joints: dict[str, Joint] = {}
    taken: dict[str, str] = {}
    for group in groups:
        for name in group.keys:
            if name in joints:
                raise FactError(f"expected each joint once, found it first in {joints[name].where}", group.place(name))
            joints[name] = _read_joint(group.child(name), name, facts, taken)
            taken.update(dict.fromkeys(joints[name].facts, name))
    return joints


def _read_joint(entry: Reader, name: str, facts: Mapping[str, Fact], taken: Mapping[str, str]) -> Joint:
    entry.forbid_unknown(JOINT_KEYS)
    members = entry.texts("facts")
    _check_members(entry, members, facts, taken)
    covariance = entry.matrix("covariance")
    _check_covariance(entry, covariance, len(members))
    factors = [canonical(1.0, facts[member].unit) for member in members]
    return Joint(
        id=name,
        facts=members,
        mean=tuple(facts[member].canonical for member in members),
        covariance=tuple(
            tuple(value * one * other for value, other in zip(row, factors, strict=True))
            for row, one in zip(covariance, factors, strict=True)
        ),
        where=entry.place(),
    )


def _check_members(entry: Reader, members: Sequence[str], facts: Mapping[str, Fact], taken: Mapping[str, str]) -> None:
    place = entry.place("facts")
    for position, member in enumerate(members):
        if member not in facts:
            raise FactError(f"expected a fact, found '{member}'", place, spelling(member, facts))
        fact = facts[member]
        if fact.distribution is not None or fact.dated is not None or fact.rivals:
            problem = f"expected facts with one value only, found '{member}' with a range, 'se', dates or values"
            raise FactError(problem, place)
        if member in taken or member in members[:position]:
            raise FactError(f"expected each fact in one joint and once, found '{member}' again", place)


def _check_covariance(entry: Reader, rows: Sequence[Sequence[float]], size: int) -> None:
    """Square, symmetric to rounding, and positive definite."""
    import numpy as np

    place = entry.place("covariance")
    shape = [len(row) for row in rows]
    if shape != [size] * size:
        raise FactError(f"expected {size} rows of {size} numbers, found rows of {', '.join(map(str, shape))}", place)
    matrix = np.array(rows, dtype=np.float64)
    if not np.allclose(matrix, matrix.T, rtol=ROUNDING, atol=0.0):
        raise FactError("expected a symmetric covariance, found one that is not", place)
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise FactError("expected a positive definite covariance, found one that is not", place) from None
