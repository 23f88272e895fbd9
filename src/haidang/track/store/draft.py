"""What is written and what is read back: values, and what may go wrong. Nothing here imports Django."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.errors import HaidangError
from haidang.track.store.codec import Stored


class ConflictError(HaidangError):
    """Somebody changed the record since it was read."""


class WriteError(HaidangError):
    """The database refused a change."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as it should become.

    Args:
        record: the record or document.
        base: the version that it was made from; 0 for a new one.
    """

    record: Stored
    base: int


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it stands, with its version."""

    record: Stored
    version: int
