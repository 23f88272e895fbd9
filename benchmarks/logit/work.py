"""The work that all contenders do, and the answer that all must give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNITS = 1_000_000
ALTERNATIVES = 8
TERMS = 6
SCENARIOS = 2


@dataclass(frozen=True)
class Work:
    """A multinomial logit.

    Args:
        columns: attributes of the units (float32, terms by units).
        coefficients: the constant and the terms of each utility (float32, scenarios by alternatives by 1 + terms).
    """

    columns: NDArray[np.float32]
    coefficients: NDArray[np.float32]

    @property
    def decisions(self) -> int:
        """Units times alternatives times scenarios: what a time is divided by."""
        scenarios, alternatives, _ = self.coefficients.shape
        return scenarios * alternatives * self.columns.shape[1]


def make_work(units: int = UNITS, seed: int = 1) -> Work:
    """The work, from a seed. The scenarios differ in every coefficient, so that no arithmetic is shared by chance."""
    random = np.random.default_rng(seed)
    columns = random.normal(size=(TERMS, units)).astype(np.float32)
    first = random.normal(scale=0.5, size=(ALTERNATIVES, 1 + TERMS))
    coefficients = np.stack([first + random.normal(scale=0.05, size=first.shape) for _ in range(SCENARIOS)])
    return Work(columns, coefficients.astype(np.float32))


def save(work: Work, path: Path) -> None:
    """Write the work to a file that every contender reads."""
    np.savez(path, columns=work.columns, coefficients=work.coefficients)


def load(path: Path) -> Work:
    """Read the work."""
    with np.load(path) as found:
        return Work(found["columns"], found["coefficients"])


def expected_counts(work: Work) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of the counts, from the closed-form shares (scenarios by alternatives)."""
    scenarios, alternatives, _ = work.coefficients.shape
    mean, variance = np.zeros((scenarios, alternatives)), np.zeros((scenarios, alternatives))
    for scenario, table in enumerate(work.coefficients.astype(np.float64)):
        for columns in np.array_split(work.columns, max(1, work.columns.shape[1] // 100_000), axis=1):
            utility = table[:, :1] + table[:, 1:] @ columns
            share = np.exp(utility - utility.max(axis=0))
            share /= share.sum(axis=0)
            mean[scenario] += share.sum(axis=1)
            variance[scenario] += (share * (1.0 - share)).sum(axis=1)
    return mean, np.sqrt(variance)
