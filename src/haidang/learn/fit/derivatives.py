"""JAX's transformations, by names whose types do not spread what JAX leaves untyped."""

from __future__ import annotations

from typing import Any

import jax as _jax
from jax import numpy as _numpy

jax: Any = _jax
jnp: Any = _numpy
