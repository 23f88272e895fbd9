"""JAX as one would write it first: a matrix of units by alternatives, `jax.random.gumbel`, `argmax`."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.logit.contend import contend
from benchmarks.logit.work import Work


def prepare(work: Work) -> Callable[[], NDArray[np.int64]]:
    """One compiled program that chooses and counts for both scenarios on the same noise."""
    import jax
    import jax.numpy as jnp

    columns = jnp.asarray(work.columns.T)
    coefficients = jnp.asarray(work.coefficients)
    alternatives = work.coefficients.shape[1]

    @jax.jit
    def run(key: jax.Array, columns: jax.Array, coefficients: jax.Array) -> jax.Array:
        noise = jax.random.gumbel(key, (columns.shape[0], alternatives), jnp.float32)

        def counts(table: jax.Array) -> jax.Array:
            choice = jnp.argmax(columns @ table[:, 1:].T + table[:, 0] + noise, axis=1)
            return jnp.bincount(choice, length=alternatives)

        return jax.vmap(counts)(coefficients)

    key = jax.random.key(1)
    return lambda: np.asarray(run(key, columns, coefficients), np.int64)


if __name__ == "__main__":
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_prefer_vector_width=512")
    contend(prepare, ("jax",))
