"""Rows that a regression fits exactly, alone in their stratum or with a word that no other has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from haidang.learn.evaluate.arrays import LONE, Numbers
from haidang.learn.evaluate.effect import Diagnostic

Mask = NDArray[np.bool_]


def telling(design: Numbers) -> tuple[Mask, Mask]:
    """The rows of a design that say something of its other rows, and the columns that these still tell apart.

    A row with a leverage of one is fitted exactly whatever its outcome. Without it every other coefficient is the same,
    and the robust error, which would divide nought by nought for it, is defined.

    Args:
        design: the columns of a regression, the first of which matter most, shape (rows, columns).
    """
    rows, columns = np.ones(len(design), np.bool_), np.ones(design.shape[1], np.bool_)
    while True:
        basis, triangle = np.linalg.qr(design[np.ix_(rows, columns)])
        own = np.abs(np.diag(triangle)) > LONE * np.maximum(np.linalg.norm(triangle, axis=0), LONE)
        if not own.all():
            columns[np.flatnonzero(columns)[~own]] = False
            continue
        alone = np.sum(basis**2, axis=1) > 1.0 - LONE
        if not alone.any():
            return rows, columns
        rows[np.flatnonzero(rows)[alone]] = False


def lone(rows: Mask) -> tuple[Diagnostic, ...]:
    """How many rows say nothing; no diagnostic where all do.

    Args:
        rows: those that say something.
    """
    count = int(np.sum(~rows))
    return (Diagnostic("rows_alone", float(count), "doubtful"),) if count else ()
