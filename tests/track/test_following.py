"""What is read again after changes is what a whole reading gives, whoever changed what in whichever order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.track import attention, outlook, overview, promises
from haidang.track.following import Followed, follow
from haidang.track.of_each import OfEach
from haidang.track.plain import as_plain
from haidang.track.records import Commitment, Record
from haidang.track.store import TamperedError, close_store, open_store
from haidang.track.store.chain import START
from haidang.track.tracked import as_of
from tests.track.changing import DAY, KINDS, TITLE, do, files, told
from tests.track.tampering import without_guards

if TYPE_CHECKING:
    from haidang.track.store import Store

CITY = ("city", TITLE)
changed = st.tuples(st.integers(0, 1), st.sampled_from((*KINDS, "promise", "read")), st.integers(1, 5))
brought_back = st.tuples(st.just("back"), st.booleans(), st.integers(1, 5))
steps = st.lists(st.one_of(changed, changed, changed, brought_back), min_size=6, max_size=20)


@dataclass
class Pair:
    """This process and another, each with what it has read so far, on one database."""

    store: Store
    other: subprocess.Popen[str]
    found: Followed | None = None

    def ask(self, deed: str, which: int = 0) -> str:
        assert self.other.stdin is not None
        assert self.other.stdout is not None
        print(json.dumps([deed, which]), file=self.other.stdin, flush=True)
        return self.other.stdout.readline().strip()

    def do(self, process: int, deed: str, which: int) -> None:
        if deed == "read":
            self.check(process)
        elif process == 0:
            do(self.store, deed, which)
        else:
            assert self.ask(deed, which) == "done"

    def check(self, process: int) -> None:
        """What a process has read on to is what is read by who has read nothing before."""
        whole = follow(files(), self.store)
        if process == 1:
            assert self.ask("read") == told(whole)
            return
        self.found = follow(files(), self.store, self.found)
        assert self.found == whole
        assert told(self.found) == told(whole)

    def go_back(self, number: int) -> None:
        """Bring the database back to a change, as from a copy; what follows is another log."""
        with connections[self.store.alias].cursor() as cursor:
            cursor.execute("DELETE FROM track_change WHERE number > %s", [number])
            cursor.execute("DELETE FROM track_record")
            cursor.execute(
                "INSERT INTO track_record (kind, name, version, body) SELECT kind, name, version, body "
                "FROM track_change AS one WHERE version = (SELECT MAX(version) FROM track_change AS other "
                "WHERE other.kind = one.kind AND other.name = one.name)"
            )
            cursor.execute("SELECT hash FROM track_change WHERE number = %s", [number])
            row = cursor.fetchone()
            end = [number, START if row is None else row[0]]
            cursor.execute("UPDATE track_head SET number = %s, hash = %s WHERE id = 1", end)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    address = str(tmp_path_factory.mktemp("followed") / "track.sqlite3")
    store = open_store(address)
    without_guards(store)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.track.changing", address], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:  # fmt: skip
        yield Pair(store, other)
        assert other.stdin is not None
        other.stdin.close()
    close_store(store)


@settings(max_examples=15)
@given(steps)
def test_two_processes_that_read_on_have_what_a_whole_reading_gives(pair: Pair, some: list[Any]):
    pair.go_back(0)  # what was read of the example before is of another log now
    for process, deed, which in some:
        if process == "back":
            pair.go_back(max(0, pair.store.end().number - which))
            for number in range(which + 1 if deed else 0):  # past where the log ended before
                do(pair.store, "promise", number % 5)
        else:
            pair.do(process, deed, which)
        pair.check(0)  # after each change; the other process reads some of them together
    pair.check(1)
    assert pair.store.verify().hash == pair.store.end().hash


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 4)), min_size=1, max_size=6), st.integers(0, 40))
def test_what_was_worked_out_before_and_kept_is_what_is_worked_out_anew(pair: Pair, some: list[Any], later: int):
    on = DAY + timedelta(days=later)
    for deed, which in some:
        do(pair.store, deed, which)
    pair.found = follow(files(), pair.store, pair.found)
    kept = as_plain(overview.overview(CITY, pair.found.current.tracked, on))
    for module in (attention, outlook, overview, promises):
        _forget(module)
    assert kept == as_plain(overview.overview(CITY, follow(files(), pair.store).current.tracked, on))
    tracked = pair.found.current.tracked
    plainly = {one.id: cut for one in tracked.commitments.values() if (cut := _said_by(one, on)) is not None}
    assert dict(as_of(tracked, on).commitments) == plainly


def _forget(module: ModuleType) -> None:
    for name, one in list(vars(module).items()):
        if isinstance(one, OfEach):
            setattr(module, name, OfEach(one._work))
        elif hasattr(one, "cache_clear"):
            one.cache_clear()


def _said_by(one: Commitment, on: date) -> Commitment | None:
    claims = tuple(each for each in one.claims if each.said <= on)
    return replace(one, claims=claims, stages=tuple(each for each in one.stages if each.on <= on)) if claims else None


def test_what_did_not_change_is_the_same_object_and_only_the_rest_is_read(store: Store):
    for which in range(1, 4):
        do(store, "promise", which)
    before = follow(files(), store)
    assert follow(files(), store, before) is before
    do(store, "stage", 2)
    after = follow(files(), store, before)
    same = {name: one is before.held[name] for name, one in after.held.items()}
    assert same == {("commitment", "promise-1"): True, ("commitment", "promise-2"): False,
                    ("commitment", "promise-3"): True}  # fmt: skip
    assert after == follow(files(), store)
    later = store.later(before.end)
    assert later is not None
    assert list(later.held) == [("commitment", "promise-2")]


@pytest.mark.parametrize(
    "laid",
    ["body = '{}'", "hash = 'x'", "previous = 'x'", "version = 7", "at = '2020-01-01 00:00:00+00'"],
)
def test_a_change_that_somebody_altered_is_never_followed_and_verifying_tells_of_it(store: Store, laid: str):
    do(store, "promise", 1)
    before = follow(files(), store)
    do(store, "stage", 1)
    do(store, "promise", 2)
    without_guards(store)
    with connections[store.alias].cursor() as cursor:
        cursor.execute(f"UPDATE track_change SET {laid} WHERE number = 2")
    assert store.later(before.end) is None
    assert follow(files(), store, before) == follow(files(), store)
    with pytest.raises(TamperedError):
        store.verify()


def test_a_value_is_kept_for_as_long_as_its_record_is_there_and_for_what_was_given_with_it(commitment: Any):
    asked: list[tuple[str, int]] = []

    def count(one: Record, factor: int) -> int:
        asked.append((one.id, factor))
        return factor * len(one.id)

    each = OfEach[Record, int](count)
    some = [commitment("a"), commitment("bb"), commitment("ccc")]
    assert each(some, 2) == [2, 4, 6]
    assert each([*some[:2], replace(some[2], responsible="A body")], 2) == [2, 4, 6]
    assert asked == [("a", 2), ("bb", 2), ("ccc", 2), ("ccc", 2)]
    assert each(some[::-1], 3) == [9, 6, 3]
    assert asked[4:] == [("ccc", 3), ("bb", 3), ("a", 3)]
    for number in range(50):  # what nobody asks for any more is let go of
        each([commitment(f"one-{number}"), commitment("two")], 3)
    assert len(each._remembered[1]) <= 8
