"""The records as they stand, of which only those are read again that changed since they were last read.

The log of changes only grows and each change names the hash of the one before, so the place where it was seen to end
says what is new. Where the log does not go on from that place, everything is read anew: after a database was brought
back from a copy, or where somebody laid a hand on the log, which `Store.verify` tells of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from haidang.track.current import Current, combine
from haidang.track.store.chain import End
from haidang.track.store.draft import Held
from haidang.track.tracked import Tracked

if TYPE_CHECKING:
    from haidang.track.store.store import Store


@dataclass(frozen=True, slots=True)
class Followed:
    """The records of files and database as they stood.

    Args:
        end: up to which change of the log all are in.
        held: those of the database, in the order of kinds and ids.
        current: the same over those of the files.
    """

    end: End
    held: Mapping[tuple[str, str], Held]
    current: Current


def follow(files: Tracked, store: Store, before: Followed | None = None) -> Followed:
    """The records as they stand now; the same object as before where nothing changed.

    A record that did not change is the same object as before, so that what was worked out of it still holds.

    Args:
        files: the records of the pack's files.
        store: the database.
        before: what was read from both before; none to read everything.
    """
    end = store.end()
    if before is not None and before.end == end:
        return before
    later = None if before is None else store.later(before.end)
    if before is None or later is None:
        # The end was read first: a change written meanwhile may be among the records already, and is read once more.
        held = store.held()
        return Followed(end, held, combine(files, held))
    held = {**before.held, **later.held}
    if len(held) > len(before.held):
        held = dict(sorted(held.items(), key=lambda each: each[0]))
    return Followed(later.end, held, combine(files, held))
