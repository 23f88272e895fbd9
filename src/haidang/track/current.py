"""A pack's files and a database together: the record in the database stands over the one in the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import Source
from haidang.track.overruled import Overruled, Side, taken_in
from haidang.track.records import KINDS, Record, kind_of
from haidang.track.store.codec import Stored, kind_of_stored
from haidang.track.store.draft import Draft, Held
from haidang.track.tracked import Tracked, gather

if TYPE_CHECKING:
    from haidang.track.store.store import Store


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
    return gather(records, sources, files.names)


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
    store: Store, current: Current, before: Sequence[Stored], drafts: Sequence[Stored], action: str, by: str, file: str
) -> str:
    """Write changed and new records; one of the files is first taken over as its version one, in the same change.

    Args:
        store: where to.
        current: what the drafts were made from.
        before: the records and documents of the files that are changed, as they stand there.
        drafts: the records and documents as they should become.
        action: what is done.
        by: who does it.
        file: SHA-256 of the evidence; empty where there is none.

    Raises:
        ConflictError: somebody changed one of them in the meantime.
    """
    versions = dict(current.versions)
    fresh = [one for one in before if (kind_of_stored(one), one.id) not in versions]
    versions |= {(kind_of_stored(one), one.id): 1 for one in fresh}
    made = [Draft(one, versions.get((kind_of_stored(one), one.id), 0)) for one in drafts]
    return store.write([*(Draft(one, 0, of_pack=True) for one in fresh), *made], action, by, file)


def take_in(store: Store, found: Sequence[Overruled], prefer: Side | None, by: str) -> str:
    """Write what changed in the pack's files into the records of the database, as a change by somebody.

    Args:
        store: where to.
        found: the records.
        prefer: whose value stands where both changed; none to refuse.
        by: who does it.

    Raises:
        OverruledError: both sides changed the same thing and none is preferred; nothing is written.
        ConflictError: somebody changed one of them in the meantime.
    """
    drafts: list[Draft] = []
    for one in found:
        drafts.append(Draft(one.files, one.version, of_pack=True))
        drafts.append(Draft(taken_in(one, prefer), one.version + 1))
    return store.write(drafts, "adopt", by)
