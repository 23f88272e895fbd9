"""Haidang: a policy laboratory for cities.

A city office measures its factories, declares a programme, sees what it would do before it is launched, gives the
money where it adds most, runs the pilot, learns whether it worked, and follows every promise and target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from haidang.errors import HaidangError

if TYPE_CHECKING:
    from haidang.api import City

__version__ = "0.1.0"
__all__ = ["HaidangError", "__version__", "load"]


def load(name: str) -> City:
    """A pack by its name, or by the path of its folder.

    Raises:
        HaidangError: it is not there, or a file of it is not as it should be.
    """
    from haidang.api import load as load_city

    return load_city(name)
