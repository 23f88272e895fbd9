"""Other people's libraries: imported late, their warnings kept word for word, their versions named."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any, TypeVar

from numpy.linalg import LinAlgError

from haidang.learn.evaluate.mistakes import EvaluationError

Found = TypeVar("Found")

_OF_PROGRAMS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning, ResourceWarning)
"""Warnings about how a program is written; they say nothing of the data."""


def heard(work: Callable[[], Found]) -> tuple[Found, tuple[str, ...]]:
    """What the work gives, and what was warned of meanwhile, each warning once.

    Raises:
        EvaluationError: the library refuses the data, in its own words.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = work()
        except (ValueError, ArithmeticError, LinAlgError) as error:
            raise EvaluationError(f"the data do not bear this estimator: {error}") from error
    told = (" ".join(str(one.message).split()) for one in caught if not issubclass(one.category, _OF_PROGRAMS))
    return found, tuple(dict.fromkeys(told))


def library(name: str) -> Any:
    """A library whose types are its own affair, imported when it is first needed."""
    return import_module(name)


def named(library: str) -> str:
    """A library and its version, as a report names it."""
    return f"{library} {version(library)}"
