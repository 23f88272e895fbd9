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
        changed: one line for each field: `stages: + {...}`, `responsible: ... → ...`, `claims ID: confirmed_by: ...`.
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
            yield from _changed_parts(key, cast("list[Any]", old or []), cast("list[Any]", new or []))
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{key}.{line}" for line in _changed(cast("dict[str, Any]", old), cast("dict[str, Any]", new)))
        else:
            yield f"{key}: {_short(old)} → {_short(new)}"


def _changed_parts(key: str, was: list[Any], now: list[Any]) -> Iterator[str]:
    """Parts that went and came; of one that stayed under its id, only what changed in it."""
    before, after = ({name: one for one in parts if (name := _id(one))} for parts in (was, now))
    for name in (one for one in before if one in after):
        yield from (f"{key} {name}: {line}" for line in _changed(before[name], after[name]))
    yield from (f"{key}: - {_short(one)}" for one in was if one not in now and _id(one) not in after)
    yield from (f"{key}: + {_short(one)}" for one in now if one not in was and _id(one) not in before)


def _id(part: Any) -> str:
    """The id of a claim, a milestone, or the claim of a published value; empty where a part has none."""
    held = cast("dict[str, Any]", part) if isinstance(part, dict) else {}
    return str(held.get("id") or held.get("claim", {}).get("id") or "")


def _short(value: Any) -> str:
    text = "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
