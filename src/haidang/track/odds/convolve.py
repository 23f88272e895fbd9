"""Convolution by Fourier transforms: what `scipy.signal.fftconvolve` computes, whose import takes a second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

Array = NDArray[np.float64]


def convolved(first: Array, second: Array) -> Array:
    """The convolution of two arrays along their last axis, whole.

    Args:
        first: (..., points).
        second: (..., others).

    Returns:
        (..., points + others - 1).
    """
    whole = first.shape[-1] + second.shape[-1] - 1
    size = next_fast_len(whole, real=True)
    found: Any = irfft(rfft(first, size) * rfft(second, size), size)
    return found[..., :whole]
