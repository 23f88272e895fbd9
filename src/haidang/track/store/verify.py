"""Whether a log is the one that was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from haidang.errors import HaidangError
from haidang.track.store.chain import START, Link


class TamperedError(HaidangError):
    """A log or a record that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is whole.

    Args:
        changes: how many changes it holds.
        records: how many records they made.
        hash: of the last one; written down elsewhere it shows later whether the log was made anew.
    """

    changes: int
    records: int
    hash: str


def verify_chain(
    links: Iterable[tuple[Link, str]],
    standing: Mapping[tuple[str, str], tuple[int, str]],
    head: tuple[int, str],
    expected: tuple[int, str] | None,
) -> Verified:
    """Walk the chain from its start.

    Args:
        links: every change with the hash stored beside it, in order.
        standing: for each kind and id the version and the JSON of the record as it stands.
        head: number and hash of the last change as stored.
        expected: number and hash of a change as written down elsewhere.

    Raises:
        TamperedError: the first thing that is not as it was written.
    """
    number, before = 0, START
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for link, digest in links:
        number += 1
        key = (link.kind, link.name)
        if link.number != number:
            raise TamperedError(f"expected change {number}, found change {link.number}: one is missing")
        if link.previous != before:
            raise TamperedError(f"change {number} does not follow the change before it: one was replaced")
        if link.hash != digest:
            raise TamperedError(f"change {number} ({link.kind} '{link.name}') was altered after it was written")
        if link.version != last.get(key, (0, ""))[0] + 1:
            raise TamperedError(f"change {number} is not the next version of {link.kind} '{link.name}'")
        if expected is not None and expected[0] == number and expected[1] != digest:
            raise TamperedError(f"change {number} is not the one that was written down: the log was made anew")
        last[key], before = (link.version, link.body), digest
    if head != (number, before):
        raise TamperedError(f"expected {head[0]} changes, found {number}: the end of the log was cut or replaced")
    if expected is not None and expected[0] > number:
        raise TamperedError(f"expected change {expected[0]}, found {number} changes: the end of the log was cut")
    for key in sorted(last.keys() | standing.keys()):
        if last.get(key) != standing.get(key):
            raise TamperedError(f"{key[0]} '{key[1]}' is not what its last change made of it")
    return Verified(number, len(last), before)
