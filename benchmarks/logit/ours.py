"""Haidang's form: alternatives unrolled, noise by the engine's generator, both scenarios' choices in one small word."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.logit.contend import contend
from benchmarks.logit.work import Work


def choose(columns: tuple[Any, ...], coefficients: Any, keys: Any, low: Any, high: Any) -> Any:
    """Each unit's choice under every scenario, packed in one word: base `alternatives`, the first scenario first."""
    import jax.numpy as jnp

    from haidang.engine.chance import exponential

    scenarios, alternatives, _ = coefficients.shape
    best: list[Any] = [None] * scenarios
    choice: list[Any] = [jnp.zeros(low.shape, jnp.uint8)] * scenarios
    for code in range(alternatives):
        gumbel = -jnp.log(exponential(keys[code], low, high))
        for scenario in range(scenarios):
            constant, *terms = (coefficients[scenario, code, place] for place in range(1 + len(columns)))
            utility = sum((term * column for term, column in zip(terms, columns, strict=True)), constant) + gumbel
            if code == 0:
                best[scenario] = utility
                continue
            better = utility > best[scenario]
            best[scenario] = jnp.where(better, utility, best[scenario])
            choice[scenario] = jnp.where(better, np.uint8(code), choice[scenario])
    word = choice[0]
    for one in choice[1:]:
        word = word * np.uint8(alternatives) + one
    return word


def count(word: Any, cells: int) -> Any:
    """How many units hold each word: a program of its own, so that summing is not fused with choosing."""
    import jax.numpy as jnp

    return jnp.bincount(word.astype(jnp.int32), length=cells)


def arguments(work: Work) -> tuple[Any, ...]:
    """The work as `choose` takes it."""
    import jax.numpy as jnp

    from haidang.engine.chance import split_ids, stream_key

    units = work.columns.shape[1]
    low, high = split_ids(np.arange(units, dtype=np.int64))
    keys = np.stack([stream_key(1, 0, "noise", str(code), 0) for code in range(work.coefficients.shape[1])])
    columns = tuple(jnp.asarray(column) for column in work.columns)
    return columns, jnp.asarray(work.coefficients), keys, jnp.asarray(low), jnp.asarray(high)


def prepare(work: Work) -> Callable[[], NDArray[np.int64]]:
    """The two programs, compiled, and the sums that turn counts of words into counts by scenario."""
    import jax

    scenarios, alternatives, _ = work.coefficients.shape
    given = arguments(work)
    chosen = jax.jit(choose)
    counted = jax.jit(count, static_argnums=1)

    def once() -> NDArray[np.int64]:
        words = np.asarray(counted(chosen(*given), alternatives**scenarios), np.int64)
        cube = words.reshape((alternatives,) * scenarios)
        axes = range(scenarios)
        return np.stack([cube.sum(axis=tuple(other for other in axes if other != one)) for one in axes])

    return once


if __name__ == "__main__":
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_prefer_vector_width=512")
    contend(prepare, ("haidang", "jax"))
