"""Registering a pilot before its data come, and every amendment after, with its reason.

The register lies beside the declaration: a chain of lines (`monitor.chain`). The first holds the declaration as
canonical JSON with its hash; each amendment the new declaration, what changed, and why. Nothing is ever taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from haidang.errors import Place
from haidang.learn.monitor.chain import Entry, add_entry, read_chain
from haidang.learn.pilot.declaration import Declaration, PilotError, as_json, digest, from_json


class UnregisteredError(PilotError):
    """A pilot whose declaration was not registered, or not as it stands."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key of the declaration that an amendment changed: what stood there, and what does."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of a registered declaration.

    Args:
        day: when it was registered.
        reason: why.
        changes: what changed.
        declaration_hash: of the declaration as it stood from then on.
    """

    day: date
    reason: str
    changes: tuple[Change, ...]
    declaration_hash: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A pilot as registered.

    Args:
        declaration_hash: of the declaration in force.
        day: when it was first registered.
        first_hash: of the declaration as it was first registered.
        amendments: in their order.
        head: the hash of the register's last line: publish it, and nothing before can be changed unseen.
    """

    declaration_hash: str
    day: date
    first_hash: str
    amendments: tuple[Amendment, ...]
    head: str

    def after(self, declaration_hash: str) -> tuple[Amendment, ...]:
        """The amendments since the declaration of this hash last stood; none where it is not in the register."""
        hashes = [self.first_hash, *(one.declaration_hash for one in self.amendments)]
        if declaration_hash not in hashes:
            return ()
        return self.amendments[len(hashes) - 1 - hashes[::-1].index(declaration_hash) :]


def register_path(path: Path) -> Path:
    """Where the register of a declaration lies."""
    return path.with_suffix(".register.jsonl")


def register(path: Path, declaration: Declaration, when: date, reason: str | None = None) -> Registered:
    """Register a declaration, or amend the one that is registered.

    Args:
        path: the declaration's file.
        declaration: what it declares.
        when: the day.
        reason: why it is amended; none for the first time.

    Raises:
        PilotError: nothing changed, a changed declaration has no reason, or the day is before the last entry.
        ChainError: the register was tampered with.
    """
    log = register_path(path)
    entries = read_chain(log)
    content: dict[str, Any] = {"declaration": as_json(declaration), "hash": digest(declaration)}
    if not entries:
        add_entry(log, "registration", content, when.isoformat())
        return registered(path)
    if entries[-1].content["hash"] == content["hash"]:
        raise PilotError("expected a change to register, found none", Place(str(path)))
    if reason is None or not reason.strip():
        changed = ", ".join(one.key for one in changes(entries[-1].content["declaration"], content["declaration"]))
        problem = f"expected a reason for the amendment of: {changed}"
        raise PilotError(problem, Place(str(path)), "give it with --reason")
    if when.isoformat() < entries[-1].when:
        raise PilotError(f"expected a day from {entries[-1].when} on, found {when}", Place(str(log)))
    add_entry(log, "amendment", content | {"reason": reason.strip()}, when.isoformat())
    return registered(path)


def registered(path: Path) -> Registered:
    """The pilot as its register has it.

    Raises:
        UnregisteredError: there is no register.
        ChainError: it was tampered with.
    """
    log = register_path(path)
    entries = read_chain(log)
    if not entries:
        problem = "expected a registered pilot, found no register"
        raise UnregisteredError(problem, Place(str(path)), f"register it first: haidang pilot register {path.name}")
    amendments = tuple(
        Amendment(
            date.fromisoformat(now.when),
            str(now.content["reason"]),
            changes(before.content["declaration"], now.content["declaration"]),
            str(now.content["hash"]),
        )
        for before, now in pairwise(entries)
    )
    first, last = entries[0], entries[-1]
    return Registered(
        str(last.content["hash"]), date.fromisoformat(first.when), str(first.content["hash"]), amendments, last.hash
    )


def versions(path: Path) -> tuple[Declaration, ...]:
    """Every declaration that the register holds, in order, the one in force last; none where there is no register.

    Raises:
        PilotError: a line holds a declaration of another hash than it names.
        ChainError: the register was tampered with.
    """
    log = register_path(path)
    found: list[Declaration] = []
    for entry in read_chain(log):
        one = from_json(entry.content["declaration"])
        if digest(one) != entry.content["hash"]:
            problem = "expected a declaration as a register keeps it, found another"
            raise PilotError(problem, Place(str(log), entry.number))
        found.append(one)
    return tuple(found)


def require_registered(path: Path, declaration: Declaration) -> Registered:
    """The register of a declaration that is registered as it stands.

    Raises:
        UnregisteredError: it is not registered, or was changed since.
    """
    found = registered(path)
    if found.declaration_hash != digest(declaration):
        last = read_chain(register_path(path))[-1]
        changed = ", ".join(one.key for one in changes(last.content["declaration"], as_json(declaration)))
        problem = f"expected the declaration as registered, found changes of: {changed}"
        raise UnregisteredError(problem, Place(str(path)), "amend it: haidang pilot register --reason")
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any], way: str = "") -> tuple[Change, ...]:
    """The keys in which two declarations differ, by their dotted ways, in order."""
    found: list[Change] = []
    for key in sorted({*before, *after}):
        here, one, other = f"{way}{key}", before.get(key), after.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            found += changes(cast("dict[str, Any]", one), cast("dict[str, Any]", other), f"{here}.")
        elif one != other:
            found.append(Change(here, one, other))
    return tuple(found)


def entries_of(path: Path) -> tuple[Entry, ...]:
    """The lines of a declaration's register."""
    return read_chain(register_path(path))
