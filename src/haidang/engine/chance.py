"""Chance as a function: the random number of a unit depends on what it is for, and on nothing else.

A stream is named by (seed, draw, purpose, name, period). Its 64-bit key is a hash of that name, made once on the host;
the number of unit i in it is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw 2011) of the unit's id under
that key. So the noise of a unit for an alternative is the same whatever the order of rows, the size of blocks, the
number of workers, the other alternatives, programmes and scenarios.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import jax
import numpy as np
from jax.scipy.special import ndtri
from numpy.typing import NDArray

from haidang.engine.compiled import compiled, jnp

Key = NDArray[np.uint32]
"""Two 32-bit words that name a stream."""

Array = Any

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA
_ROUNDS = 20
_ROOT_OF_HALF = 0x3F3504F3
"""The bits of the float32 nearest to the root of one half: factors lie between it and its double."""
_LOG_COEFFICIENTS = (
    0.999999848,
    -0.500006948,
    0.333356824,
    -0.249578467,
    0.198854869,
    -0.1736264,
    0.163376551,
    -0.0991399982,
)
"""log(1 + x) / x for x between root of one half and root of two, less one: least squares at Chebyshev nodes."""
_SEPARATOR = "\x1f"


def stream_key(seed: int, draw: int, purpose: str, name: str, period: int | None = None) -> Key:
    """The key of a stream: `purpose` tells noise from rationing, `name` is the alternative's or the stage's id."""
    label = _SEPARATOR.join((str(seed), str(draw), purpose, name, "" if period is None else str(period)))
    return np.frombuffer(blake2b(label.encode(), digest_size=8).digest(), dtype="<u4").astype(np.uint32)


def split_ids(ids: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Low and high words of 64-bit ids: the counter of the generator."""
    words = ids.astype(np.uint64)
    return (words & np.uint64(0xFFFFFFFF)).astype(np.uint32), (words >> np.uint64(32)).astype(np.uint32)


def threefry(key: Array, low: Array, high: Array) -> Array:
    """First word of Threefry-2x32-20 under a key for each counter.

    Args:
        key: two uint32 words.
        low: low words of the counters (uint32, units).
        high: high words of the counters (uint32, units).
    """
    words = (key[0], key[1], key[0] ^ key[1] ^ np.uint32(_PARITY))
    left, right = low + words[0], high + words[1]
    for step in range(_ROUNDS):
        turn = _ROTATIONS[step // 4 % 2][step % 4]
        left = left + right
        right = ((right << np.uint32(turn)) | (right >> np.uint32(32 - turn))) ^ left
        if step % 4 == 3:
            turn_key = step // 4 + 1
            left = left + words[turn_key % 3]
            right = right + words[(turn_key + 1) % 3] + np.uint32(turn_key)
    return left


def _unit_interval(word: Array) -> Array:
    """A float32 strictly between 0 and 1 from the upper 23 bits of a word.

    With one bit more the half that is added would be rounded away, and the highest words would give a 1.
    """
    return ((word >> np.uint32(9)).astype(jnp.float32) + np.float32(0.5)) * np.float32(2.0**-23)


@compiled()
def uniform(key: Array, low: Array, high: Array) -> Array:
    """Uniform numbers in (0, 1), float32, one per unit."""
    return _unit_interval(threefry(key, low, high))


@compiled()
def exponential(key: Array, low: Array, high: Array) -> Array:
    """Standard exponential numbers, float32, one per unit."""
    return -_log(_unit_interval(threefry(key, low, high)))


@compiled()
def gumbel(key: Array, low: Array, high: Array) -> Array:
    """Standard Gumbel numbers, float32, one per unit: the noise of a logit choice."""
    return -_log(-_log(_unit_interval(threefry(key, low, high))))


def _log(number: Array) -> Array:
    """Logarithm of positive float32 numbers, within 1e-6: half the time of XLA's own, and ample for noise.

    The number is split into a power of two and a factor near one, whose logarithm is a polynomial.
    """
    bits = jax.lax.bitcast_convert_type(number, jnp.int32)
    power = (bits - np.int32(_ROOT_OF_HALF)) >> np.int32(23)
    factor = jax.lax.bitcast_convert_type(bits - (power << np.int32(23)), jnp.float32) - np.float32(1.0)
    value = np.float32(_LOG_COEFFICIENTS[-1])
    for coefficient in reversed(_LOG_COEFFICIENTS[:-1]):
        value = value * factor + np.float32(coefficient)
    return value * factor + power.astype(jnp.float32) * np.float32(0.6931471805599453)


@compiled()
def normal(key: Array, low: Array, high: Array) -> Array:
    """Standard normal numbers, float32, one per unit, by the inverse of the distribution function."""
    return ndtri(_unit_interval(threefry(key, low, high)))


def tie_breakers(key: Key, ids: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Random words by unit id: the order of a lottery, and of units whose priorities are equal."""
    low, high = split_ids(ids)
    with np.errstate(over="ignore"):
        return threefry(key, low, high)
