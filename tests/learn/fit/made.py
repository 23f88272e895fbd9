"""Choices whose truth is known."""

import numpy as np

from haidang.learn.fit import Choices
from haidang.learn.fit.choices import Linear


def logit(seed, rows, truth, panel=1, spread=None, available=1.0, extra=0):
    """Three alternatives with an attribute for each coefficient of the truth; the first of them may spread by unit."""
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(rows, 3, len(truth)))
    unit = np.arange(rows) // panel
    beta = np.tile(np.asarray(truth, dtype=float), (rows, 1))
    if spread is not None:
        beta[:, 0] = spread(rng, unit.max() + 1)[unit]
    can = rng.random((rows, 3)) < available
    can[np.arange(rows), rng.integers(0, 3, rows)] = True
    can[np.arange(rows), (np.argmax(can, axis=1) + 1) % 3] = True
    utility = np.einsum("njk,nk->nj", slopes, beta) + rng.gumbel(size=(rows, 3))
    chosen = np.argmax(np.where(can, utility, -np.inf), axis=1)
    wide = np.concatenate([slopes, np.zeros((rows, 3, extra))], axis=2)
    return Choices(
        alternatives=("a", "b", "c"),
        utilities=Linear(wide, np.zeros((rows, 3))),
        available=can,
        chosen=chosen,
        weight=np.ones(rows),
        unit=unit,
        cluster=None,
        labels=tuple(str(one) for one in range(int(unit.max()) + 1)),
    )
