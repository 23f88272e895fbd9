"""NumPy in float32, in blocks that stay in the cache."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.logit.contend import contend
from benchmarks.logit.work import Work

BLOCK = 16_384
TINY = np.finfo(np.float32).tiny
"""The exponential generator may give an exact zero."""


def prepare(work: Work) -> Callable[[], NDArray[np.int64]]:
    """Noise once a block, utilities by a matrix product for each scenario."""
    scenarios, alternatives, _ = work.coefficients.shape
    units = work.columns.shape[1]

    def once() -> NDArray[np.int64]:
        random = np.random.Generator(np.random.SFC64(1))
        counts = np.zeros((scenarios, alternatives), np.int64)
        for start in range(0, units, BLOCK):
            columns = work.columns[:, start : start + BLOCK]
            noise = random.standard_exponential((alternatives, columns.shape[1]), np.float32)
            np.log(np.maximum(noise, TINY, out=noise), out=noise)
            for scenario, table in enumerate(work.coefficients):
                utility = table[:, 1:] @ columns
                utility += table[:, :1]
                utility -= noise
                counts[scenario] += np.bincount(utility.argmax(axis=0), minlength=alternatives)
        return counts

    return once


if __name__ == "__main__":
    contend(prepare, ("numpy",))
