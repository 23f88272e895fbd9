"""What changed from version to version of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from haidang.track.store.chain import Link

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a record.

    Args:
        version: that it made.
        at: when.
        by: who made it.
        action: what was done.
        evidence: SHA-256 of the file that shows it; empty where there is none.
        changed: one line for each field: `stages: + {...}`, `responsible: ... → ...`.
    """

    version: int
    at: datetime
    by: str
    action: str
    evidence: str
    changed: tuple[str, ...]


def steps(links: Iterable[Link]) -> tuple[Step, ...]:
    """The changes of one record in order, each with what it changed."""
    found: list[Step] = []
    before: dict[str, Any] = {}
    for link in links:
        after = cast("dict[str, Any]", json.loads(link.body))
        changed = () if not before else tuple(_changed(before, after))
        found.append(Step(link.version, link.at, link.by, link.action, link.evidence, changed))
        before = after
    return tuple(found)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old or [], list) and isinstance(new or [], list):
            was, now = cast("list[Any]", old or []), cast("list[Any]", new or [])
            yield from (f"{key}: - {_short(one)}" for one in was if one not in now)
            yield from (f"{key}: + {_short(one)}" for one in now if one not in was)
        else:
            yield f"{key}: {_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    text = "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
