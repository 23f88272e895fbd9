"""Where a pack's files say something else than the database that took them over, and how their change is taken in.

A record of the files enters the log as it stands there, by the name `pack`, before anybody's change of it. So the log
knows what the files said then, and a change of the files since is a difference between three: what they said, what they
say, and what the database holds. Nothing is taken in silently, and nothing is lost silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, cast

from haidang.errors import HaidangError
from haidang.track.records import STAGES, Commitment
from haidang.track.store.codec import Stored, decode, encode, kind_of_stored
from haidang.track.store.draft import Held
from haidang.track.tracked import Tracked

Side: TypeAlias = Literal["files", "database"]
SIDES: tuple[Side, ...] = ("files", "database")
_KEYED = {"claims": "id", "observations": "claim", "stages": "name", "milestones": "id"}
"""Lists whose items have a name each, and the key that holds it."""
_Plain: TypeAlias = dict[str, Any]


class OverruledError(HaidangError):
    """A change of the pack's files that cannot be taken in as it is asked."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that files and database say differently, as JSON; empty where one says nothing."""

    name: str
    files: str
    database: str


@dataclass(frozen=True, slots=True)
class Overruled:
    """A record whose files changed after the database took it over, or that the database had first.

    Args:
        files: the record as the pack's files have it now.
        database: as it stands in the database.
        version: of that.
        fields: what they say differently.
        before: the record as the files had it when it was taken over, as JSON; none where it never was.
    """

    files: Stored
    database: Stored
    version: int
    fields: tuple[Field, ...]
    before: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id."""
        return kind_of_stored(self.files), self.files.id


def overruled(
    files: Tracked, held: Mapping[tuple[str, str], Held], taken_over: Mapping[tuple[str, str], str]
) -> tuple[Overruled, ...]:
    """Every record that the database holds otherwise than the files, because the files changed.

    Args:
        files: what the pack's files say.
        held: what the database holds.
        taken_over: for each record the JSON of the files when it was last taken over.
    """
    found: list[Overruled] = []
    for one in _stored(files):
        key = (kind_of_stored(one), one.id)
        there = held.get(key)
        if there is None or there.record == one:
            continue
        now, before = encode(one), taken_over.get(key)
        if now != before:
            found.append(Overruled(one, there.record, there.version, _fields(one, there.record), before))
    return tuple(sorted(found, key=lambda each: each.key))


def _stored(files: Tracked) -> Iterable[Stored]:
    yield from files.sources.values()
    yield from files.records()


def _fields(files: Stored, database: Stored) -> tuple[Field, ...]:
    theirs, ours = _flat(_plain(files)), _flat(_plain(database))
    names = [name for name in dict.fromkeys((*theirs, *ours)) if theirs.get(name) != ours.get(name)]
    return tuple(Field(name, _told(theirs.get(name)), _told(ours.get(name))) for name in names)


def _plain(one: Stored) -> _Plain:
    return cast("_Plain", json.loads(encode(one)))


def _flat(plain: _Plain) -> _Plain:
    """The fields of a record, the items of its named lists each by itself."""
    found: _Plain = {}
    for key, value in plain.items():
        if key in _KEYED and isinstance(value, list):
            found |= {f"{key}.{_name(key, item)}": item for item in cast("list[_Plain]", value)}
        else:
            found[key] = value
    return found


def _name(key: str, item: _Plain) -> str:
    inner = item[_KEYED[key]]
    return cast("str", inner["id"] if isinstance(inner, dict) else inner)


def _told(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def taken_in(one: Overruled, prefer: Side | None) -> Stored:
    """The record of the database with what changed in the files since it was taken over.

    What only one side changed is as that side has it. What both changed differently is a conflict.

    Args:
        one: the record.
        prefer: whose value stands where both changed; none to refuse.

    Raises:
        OverruledError: both changed the same thing differently and no side is preferred.
    """
    before = {} if one.before is None else _flat(cast("_Plain", json.loads(one.before)))
    theirs, ours = _flat(_plain(one.files)), _flat(_plain(one.database))
    merged: _Plain = {}
    for name in dict.fromkeys((*ours, *theirs)):
        was, files, database = before.get(name), theirs.get(name), ours.get(name)
        if files in (database, was):
            value = database
        elif database == was or prefer == "files":
            value = files
        elif prefer == "database":
            value = database
        else:
            kind, record = one.key
            raise OverruledError(
                f"expected one side to have changed '{name}' of {kind} '{record}', found both: the files say "
                f"{_told(files) or 'nothing'}, the database {_told(database) or 'nothing'}",
                None, "name the one that stands with --prefer files or --prefer database",
            )  # fmt: skip
        if value is not None or (not _is_item(name) and name in ours.keys() & theirs.keys()):
            merged[name] = value
    return _in_order(decode(one.key[0], json.dumps(_nested(merged), ensure_ascii=False)))


def _is_item(name: str) -> bool:
    return name.partition(".")[0] in _KEYED and "." in name


def _nested(flat: _Plain) -> _Plain:
    found: _Plain = {}
    for name, value in flat.items():
        key = name.partition(".")[0]
        if _is_item(name):
            found.setdefault(key, []).append(value)
        else:
            found[key] = value
    return found


def _in_order(one: Stored) -> Stored:
    if not isinstance(one, Commitment):
        return one
    return replace(one, stages=tuple(sorted(one.stages, key=lambda stage: (stage.on, STAGES.index(stage.name)))))


def chosen(found: Sequence[Overruled], names: Sequence[str]) -> tuple[Overruled, ...]:
    """Those that `KIND/ID` or `ID` name; all of them where none is named.

    Raises:
        OverruledError: the files and the database do not differ on one.
    """
    picked: set[tuple[str, str]] = set()
    for name in names:
        some = {one.key for one in found if name in ("/".join(one.key), one.key[1])}
        if not some:
            known = ", ".join("/".join(one.key) for one in found) or "none"
            raise OverruledError(f"expected a record that the files say otherwise, {known}, found '{name}'")
        picked |= some
    return tuple(one for one in found if not names or one.key in picked)
