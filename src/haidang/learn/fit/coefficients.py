"""The coefficients: where the search begins, which are fixed, and what must hold between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.learn.fit.choices import Array, Floats
from haidang.learn.fit.errors import FitError
from haidang.programmes import Expression


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A number of a utility that is estimated or held.

    Args:
        name: what the utilities call it.
        start: where the search begins, or the value where it is held.
        held: whether it stays at `start`.
    """

    name: str
    start: float = 0.0
    held: bool = False


@dataclass(frozen=True, slots=True)
class Freedom:
    """The values that the coefficients may take: `base + basis @ free`.

    Attributes:
        names: the coefficients, in order.
        base: one value of all coefficients that keeps every restriction, nearest to the starts.
        basis: orthonormal directions that keep them, of shape (coefficients, free).
    """

    names: tuple[str, ...]
    base: Floats
    basis: Floats

    @property
    def free(self) -> int:
        """How many numbers are estimated."""
        return self.basis.shape[1]

    def all(self, free: Array) -> Array:
        """The coefficients at free numbers."""
        return self.base + self.basis @ free


@dataclass(frozen=True, slots=True)
class Restriction:
    """`weights @ coefficients == value`, as written in `text`."""

    text: str
    weights: Mapping[str, float]
    value: float


def restriction(left: Expression, right: Expression, names: Sequence[str], place: Place | None = None) -> Restriction:
    """The restriction that two expressions of the coefficients are equal.

    Raises:
        FitError: a name is no coefficient, or a side is not linear.
    """
    text = f"{left.text} == {right.text}"
    for name in (*left.names, *right.names):
        if name not in names:
            raise FitError(f"expected a coefficient in '{text}', found '{name}'", place, did_you_mean(name, names))

    def gap(values: Mapping[str, float]) -> float:
        return left.constant(values) - right.constant(values)

    zeros = dict.fromkeys(names, 0.0)
    at_zero = gap(zeros)
    weights = {name: gap({**zeros, name: 1.0}) - at_zero for name in names}
    odd = {name: 0.37 + 1.618 * position for position, name in enumerate(names)}
    straight = at_zero + sum(weights[name] * odd[name] for name in names)
    if not np.isclose(gap(odd), straight, rtol=1e-9, atol=1e-9):
        raise FitError(f"expected a linear restriction, found '{text}'", place)
    if not any(weights.values()):
        raise FitError(f"expected a restriction that says something, found '{text}'", place)
    return Restriction(text, weights, -at_zero)


def freedom(coefficients: Sequence[Coefficient], restrictions: Sequence[Restriction] = ()) -> Freedom:
    """What is free once coefficients are held and restrictions kept.

    Raises:
        FitError: restrictions contradict each other or a held coefficient, or nothing is left to estimate.
    """
    names = tuple(one.name for one in coefficients)
    starts = np.array([one.start for one in coefficients], dtype=np.float64)
    held = [position for position, one in enumerate(coefficients) if one.held]
    rows = [*np.eye(len(names))[held]]
    rows += [np.array([one.weights.get(name, 0.0) for name in names]) for one in restrictions]
    values = np.array([*starts[held], *(one.value for one in restrictions)])
    if not rows:
        return Freedom(names, starts, np.eye(len(names)))
    matrix = np.array(rows)
    base = starts + np.linalg.lstsq(matrix, values - matrix @ starts, rcond=None)[0]
    broken = np.abs(matrix @ base - values) > 1e-8 * (1.0 + np.abs(values))
    if broken.any():
        said = "; ".join(one.text for one in restrictions)
        raise FitError(f"expected restrictions that can hold together, found '{said}' against what is held")
    _, size, right = np.linalg.svd(matrix)
    rank = int(np.sum(size > 1e-10 * size.max()))
    basis = right[rank:].T
    if not basis.shape[1]:
        raise FitError("expected at least one coefficient to estimate, found all of them held")
    plain = _plain_basis(matrix)
    return Freedom(names, base, basis if plain is None else plain)


def _plain_basis(matrix: Floats) -> Floats | None:
    """Unit directions where each row holds one coefficient: then the free numbers are the coefficients themselves."""
    touched = np.abs(matrix) > 0
    if (touched.sum(axis=1) != 1).any():
        return None
    return np.eye(matrix.shape[1])[:, ~touched.any(axis=0)]
