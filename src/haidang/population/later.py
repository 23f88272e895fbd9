"""Polars by another door: nothing is imported until the first of its names is used.

Checking a pack reads descriptions of populations and builds no table, and importing Polars takes a quarter of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Later:
    """A module that is imported when a name of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        """The module's own name."""
        return getattr(import_module("polars"), name)


polars = _Later()
