"""`jax.numpy` by another door: nothing is imported until the first function is called.

Checking a pack reads every model's card, which must not cost the second and a half that importing JAX takes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


@cache
def _numpy() -> ModuleType:
    return import_module("jax.numpy")


def __getattr__(name: str) -> Any:
    """The function of `jax.numpy` with this name."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_numpy(), name)
