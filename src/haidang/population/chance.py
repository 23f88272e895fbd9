"""Chance as a function of the unit.

A uniform number belongs to (seed, what it is for, id) and to nothing else: not to the order of the rows, not to how
many there are, not to the other columns. So a unit keeps its draws when the table grows, when a register brings its own
ids, and when a column is added.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def uniform(ids: Array, seed: int, purpose: str) -> Array:
    """Numbers strictly between 0 and 1, one per id, shape (units,), float64.

    The id is mixed with a 64-bit key of the seed and the purpose by two rounds of the finaliser of SplitMix64
    (Steele, Lea and Flood, 2014).
    """
    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=16).digest()
    first, second = (np.frombuffer(digest[part : part + 8], dtype="<u8")[0] for part in (0, 8))
    with np.errstate(over="ignore"):
        mixed = _mix(_mix(ids.astype(np.uint64) + first) ^ second)
    # 53 bits, in the middle of their cells: neither 0 nor 1 can come out, so every quantile function is finite.
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(ids: Array, seed: int, purpose: str) -> Array:
    """Standard normal numbers, one per id, shape (units,), float64."""
    from scipy.special import ndtri  # scipy is slow to import and only a draw needs it

    return ndtri(uniform(ids, seed, purpose))


def _mix(z: Array) -> Array:
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
