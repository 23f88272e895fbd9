"""What is written and what is read back: values, and what may go wrong. Nothing here imports Django."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.errors import HaidangError
from haidang.track.store.codec import Stored

PACK = "pack"
"""What was done and by whom, where a record is taken over from the pack's files."""


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
        of_pack: it is what the pack's files say, and is logged as such, whatever is done next.
    """

    record: Stored
    base: int
    of_pack: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it stands, with its version."""

    record: Stored
    version: int
