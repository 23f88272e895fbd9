"""Changes of records at random, by this process or by another that is told what to do line by line."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from haidang.facts import Source
from haidang.track.records import (
    Claim,
    Commitment,
    Indicator,
    Observation,
    Period,
    Quantity,
    Record,
    SourcePlace,
    Stage,
    Target,
)
from haidang.track.tracked import Tracked, gather

if TYPE_CHECKING:
    from haidang.track.following import Followed
    from haidang.track.store import Store

DAY = date(2025, 11, 26)
TITLE = {"vi": "Tên", "en": "Name"}
PLACE = SourcePlace("paper")


def claim(name: str, day: date = DAY, **fields: object) -> Claim:
    return Claim(name, PLACE, day, **fields)  # type: ignore[arg-type]


def promise(name: str) -> Commitment:
    return Commitment(name, TITLE, "pledge", ("A bank",), None, (claim("first"),), (Stage("announced", DAY, PLACE),))


def files() -> Tracked:
    """What the pack's files say: one record that the database overrules sooner or later, and one that it never has."""
    target = Target("target-1", TITLE, "level", date(2030, 12, 31), (claim("asked"),), "value-1", 10.0, unit="km")
    state = Target("state", TITLE, "status", date(2030, 12, 31), (claim("asked"),), commitments=("promise-3",))
    return gather([promise("promise-3"), promise("of-files"), target, state], {"paper": _paper("In the files")})


def _paper(title: str) -> Source:
    return Source("paper", title, "A publisher", "2025-11-26")


def _promise(one: Commitment) -> Commitment:
    return replace(one, responsible=f"Body {len(one.responsible or '') % 3}")


def _stage(one: Commitment) -> Commitment:
    return replace(one, stages=(*one.stages, Stage("signed", one.stages[-1].on + timedelta(days=9), PLACE)))


def _withdraw(one: Commitment) -> Commitment:
    return replace(one, stages=(*one.stages, Stage("withdrawn", one.stages[-1].on + timedelta(days=5), PLACE)))


def _enter(one: Commitment) -> Commitment:
    day = DAY + timedelta(days=len(one.claims))
    quantity = Quantity(float(len(one.claims)), float(len(one.claims)), "VND")
    fresh = claim(f"claim-{len(one.claims)}", day, about="amount", quantity=quantity, entered_by="an@example.vn")
    return replace(one, claims=(*one.claims, fresh))


def _confirm(one: Commitment) -> Commitment:
    return replace(one, claims=tuple(replace(each, confirmed_by="binh@example.vn") for each in one.claims))


def _take_back(one: Commitment) -> Commitment:
    """Nobody has looked at any claim any more, so that the public does not see the promise."""
    return replace(
        one, claims=tuple(replace(each, entered_by="an@example.vn", confirmed_by=None) for each in one.claims)
    )  # fmt: skip


DEEDS: dict[str, Callable[[Commitment], Commitment]] = {
    "promise": _promise, "stage": _stage, "withdraw": _withdraw, "enter": _enter, "confirm": _confirm,
    "take back": _take_back,
}  # fmt: skip
KINDS = (*DEEDS, "value", "paper")


def do(store: Store, deed: str, which: int, by: str = "Lan") -> None:
    """Make one change, of a record that is there or of a new one."""
    from haidang.track.store import Draft

    kind = {"value": "indicator", "paper": "source"}.get(deed, "commitment")
    name = {"value": f"value-{which}", "paper": "paper"}.get(deed, f"promise-{which}")
    held = store.one(kind, name)
    base = 0 if held is None else held.version
    if deed == "value":
        known = () if held is None else cast("Indicator", held.record).observations
        year = 2015 + len(known)
        period, quantity = Period(date(year, 1, 1), date(year, 12, 31)), Quantity(1.0 + year % 5, 1.0 + year % 5, "km")
        seen = Observation(claim(f"value-{year}", date(year + 1, 2, 1), period=period, quantity=quantity))
        record: Record | Source = Indicator(name, TITLE, "km", TITLE, "higher", (*known, seen))
    elif deed == "paper":
        record = _paper(f"Edition {base}")
    else:
        record = DEEDS[deed](promise(name) if held is None else cast("Commitment", held.record))
    store.write([Draft(record, base)], "change", by)


def told(found: Followed) -> str:
    """A digest of everything that was read, order and all."""
    tracked = found.current.tracked
    books = (tracked.commitments, tracked.indicators, tracked.targets, tracked.sources)
    whole = (found.end, [list(book.items()) for book in books], list(found.current.versions.items()))
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def main() -> None:
    """Do what is read, a line of JSON each: a deed, or `read` to answer what is followed."""
    from haidang.track.following import follow
    from haidang.track.store import open_store

    store, found = open_store(sys.argv[1]), None
    for line in sys.stdin:
        deed, which = json.loads(line)
        if deed == "read":
            found = follow(files(), store, found)
            print(told(found), flush=True)
        else:
            do(store, deed, which, "Minh")
            print("done", flush=True)


if __name__ == "__main__":
    main()
