"""A pack's files and a database together: the record in the database stands over the one in the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import Source
from haidang.track.records import KINDS, Record, kind_of
from haidang.track.store.codec import Stored
from haidang.track.store.draft import ConflictError, Draft, Held
from haidang.track.tracked import Tracked, gather

if TYPE_CHECKING:
    from haidang.track.store.store import Store

PACK = "pack"


class UnknownRecordError(HaidangError):
    """A record that is asked for and is not there."""


@dataclass(frozen=True, slots=True)
class Current:
    """Records as they stand.

    Args:
        tracked: of files and database together.
        versions: of those in the database.
    """

    tracked: Tracked
    versions: Mapping[tuple[str, str], int]


def combine(files: Tracked, held: Mapping[tuple[str, str], Held]) -> Current:
    """The records of the files, with those of the database over them."""
    tracked = _over(files, (one.record for one in held.values()))
    return Current(tracked, {key: one.version for key, one in held.items()})


def combine_recorded(files: Tracked, store: Store, on: date) -> Tracked:
    """The same as the log of the database had it at the end of a day."""
    return _over(files, store.recorded(on))


def _over(files: Tracked, stored: Iterable[Stored]) -> Tracked:
    sources, records = dict(files.sources), list(files.records())
    for one in stored:
        if isinstance(one, Source):
            sources[one.id] = one
        else:
            records.append(one)
    return gather(records, sources)


def named(tracked: Tracked, name: str) -> Record:
    """The record that `KIND/ID` names, or `ID` where only one kind has it.

    Raises:
        UnknownRecordError: there is none, or several kinds have it.
    """
    kind, slash, rest = name.partition("/")
    found = [one for one in tracked.records() if one.id == (rest if slash else name)]
    if slash and kind not in KINDS:
        raise UnknownRecordError(f"expected KIND/ID, found the kind '{kind}'", None, did_you_mean(kind, KINDS))
    if slash:
        found = [one for one in found if kind_of(one) == kind]
    if len(found) == 1:
        return found[0]
    if found:
        kinds = ", ".join(f"{kind_of(one)}/{one.id}" for one in found)
        raise UnknownRecordError(f"expected one record, found several: {kinds}")
    known = [one.id for one in tracked.records()]
    raise UnknownRecordError(f"expected a record, found '{name}'", None, did_you_mean(rest if slash else name, known))


def save(
    store: Store, current: Current, before: Sequence[Record], drafts: Sequence[Stored], action: str, by: str, file: str
) -> str:
    """Write changed and new records; a record of the files is first taken over as its version one.

    Args:
        store: where to.
        current: what the drafts were made from.
        before: the records of the files that are changed, as they stand there.
        drafts: the records and documents as they should become.
        action: what is done.
        by: who does it.
        file: SHA-256 of the evidence; empty where there is none.

    Raises:
        ConflictError: somebody changed one of them in the meantime.
    """
    versions = dict(current.versions)
    fresh = [one for one in before if (kind_of(one), one.id) not in versions]
    if fresh:
        _adopt(store, fresh)
        versions |= {(kind_of(one), one.id): 1 for one in fresh}
    made = [Draft(one, versions.get((type(one).__name__.lower(), one.id), 0)) for one in drafts]
    return store.write(made, action, by, file)


def _adopt(store: Store, records: Sequence[Record]) -> None:
    """Take records of the files over; one that another did in the same moment is met by the version that follows."""
    for one in records:
        try:
            store.write([Draft(one, 0)], PACK, PACK)
        except ConflictError:
            held = store.one(kind_of(one), one.id)
            if held is None or held.version != 1:
                raise
