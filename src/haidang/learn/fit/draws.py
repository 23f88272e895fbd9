"""Quasi-random points for simulated likelihoods, a rotation of one sequence for each unit.

All units share one Halton (1960) or scrambled Sobol (1967) sequence, shifted around the unit cube by a distance of the
unit's own (Cranley and Patterson 1976). So the points take no memory per unit, and a unit's points depend on the seed
and its name alone, not on the order of rows nor on who else is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from haidang.learn.fit.choices import Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """How a likelihood is simulated.

    Args:
        count: points per unit.
        sequence: which points.
        seed: of the units' shifts and of Sobol's scrambling.
        cells: how many choices times draws are held at once; bounds the memory.
    """

    count: int = 500
    sequence: Literal["halton", "sobol"] = "halton"
    seed: int = 1
    cells: int = 200_000

    def points(self, dimensions: int) -> Floats:
        """The common sequence inside the unit cube, of shape (count, dimensions)."""
        from scipy.stats import qmc

        law: Any = qmc
        if self.sequence == "halton":
            # The origin, where Halton's sequence begins, lies in no middle of any cell.
            return law.Halton(dimensions, scramble=False).random(self.count + 1)[1:]
        length = max(self.count - 1, 1).bit_length()
        points = law.Sobol(dimensions, scramble=True, rng=np.random.default_rng(self.seed)).random_base2(length)
        return points[: self.count]

    def shifts(self, labels: Sequence[str], names: Sequence[str]) -> Floats:
        """How far each unit's points are moved in each coefficient's direction, of shape (units, dimensions)."""
        words = [
            hashlib.blake2b(f"{self.seed}\x1f{name}\x1f{label}".encode(), digest_size=8).digest()
            for label in labels
            for name in names
        ]
        numbers = np.frombuffer(b"".join(words), dtype="<u8").astype(np.float64)
        return (numbers / 2.0**64).reshape(len(labels), len(names))

    def block(self, choices: int) -> int:
        """How many draws are held at once: a divisor of the count, so that blocks are alike."""
        most = max(1, self.cells // max(choices, 1))
        return max(size for size in range(1, min(most, self.count) + 1) if self.count % size == 0)
