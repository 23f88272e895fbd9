"""The store: batches are whole, edits do not overwrite each other, and the log tells of every hand laid on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connections

from haidang.track.records import Commitment, Stage
from haidang.track.store import ConflictError, Draft, StoreError, TamperedError, WriteError, close_store, open_store
from tests.track.tampering import without_guards

if TYPE_CHECKING:
    from haidang.track.store import Store

Make = Callable[..., Commitment]


def test_a_record_comes_back_as_it_was_written(store: Store, commitment: Make):
    one = commitment(responsible="A department", due=date(2030, 12, 31))
    store.write([Draft(one, 0)], "add", "Lan")
    held = store.one("commitment", "promise")
    assert held is not None
    assert (held.record, held.version) == (one, 1)


def test_the_log_tells_who_changed_what_and_when(store: Store, commitment: Make):
    begun = datetime.now(UTC)
    store.write([Draft(commitment(), 0)], "add", "Lan", "ab" * 32)
    store.write([Draft(commitment(responsible="A department"), 1)], "change", "Minh")
    first, second = store.history("commitment", "promise")
    assert [(one.by, one.action, one.version) for one in (first, second)] == [("Lan", "add", 1), ("Minh", "change", 2)]
    assert first.evidence == "ab" * 32
    assert begun <= first.at <= second.at <= begun + timedelta(minutes=5)
    assert '"responsible":"A department"' in second.body


def test_an_edit_of_a_record_that_has_changed_is_refused_and_names_who_changed_it(store: Store, commitment: Make):
    store.write([Draft(commitment(), 0)], "add", "Lan")
    store.write([Draft(commitment(responsible="A"), 1)], "change", "Minh")
    with pytest.raises(ConflictError, match="expected commitment 'promise' at version 1, found version 2: Minh"):
        store.write([Draft(commitment(responsible="B"), 1)], "change", "Hoa")
    held = store.one("commitment", "promise")
    assert held is not None
    assert held.record == commitment(responsible="A")


def test_a_batch_with_one_conflict_writes_nothing(store: Store, commitment: Make):
    store.write([Draft(commitment("old"), 0)], "add", "Lan")
    with pytest.raises(ConflictError):
        store.write([Draft(commitment("new"), 0), Draft(commitment("old"), 0)], "add", "Minh")
    assert list(store.held()) == [("commitment", "old")]
    assert store.verify().changes == 1


def test_the_same_record_twice_in_a_batch_is_two_versions(store: Store, commitment: Make):
    store.write([Draft(commitment(), 0), Draft(commitment(responsible="A"), 1)], "add", "Lan")
    held = store.one("commitment", "promise")
    assert held is not None
    assert held.version == 2
    assert store.verify().changes == 2


def test_a_change_without_a_name_is_refused(store: Store, commitment: Make):
    with pytest.raises(WriteError, match="expected the name of who makes the change"):
        store.write([Draft(commitment(), 0)], "add", "  ")


def test_a_log_that_nobody_touched_is_whole(store: Store, commitment: Make):
    for number in range(5):
        store.write([Draft(commitment(f"promise-{number}"), 0)], "add", "Lan")
    found = store.verify()
    assert (found.changes, found.records) == (5, 5)
    assert store.verify((found.changes, found.hash)) == found


@pytest.mark.parametrize("verb", ["UPDATE track_change SET by = 'x'", "DELETE FROM track_change"])
def test_the_database_refuses_to_change_the_log(store: Store, commitment: Make, verb: str):
    store.write([Draft(commitment(), 0)], "add", "Lan")
    with pytest.raises(DatabaseError, match="only grows"), connections[store.alias].cursor() as cursor:
        cursor.execute(verb.replace("by", '"by"'))


TAMPERING = {
    "who": ("UPDATE track_change SET \"by\" = 'Nobody' WHERE number = 2", "change 2 .* was altered"),
    "body": ("UPDATE track_change SET body = '{}' WHERE number = 1", "change 1 .* was altered"),
    "time": ("UPDATE track_change SET at = '2020-01-01 00:00:00+00' WHERE number = 3", "change 3 .* was altered"),
    "gap": ("DELETE FROM track_change WHERE number = 2", "expected change 2, found change 3"),
    "end": ("DELETE FROM track_change WHERE number = 3", "the end of the log was cut"),
    "record": ("UPDATE track_record SET body = '{}' WHERE name = 'b'", "commitment 'b' is not what its last change"),
    "lost": ("DELETE FROM track_record WHERE name = 'b'", "commitment 'b' is not what its last change"),
    "head": ("UPDATE track_head SET hash = 'x'", "the end of the log was cut or replaced"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_whatever_is_tampered_with_is_found(store: Store, commitment: Make, how: str):
    statement, told = TAMPERING[how]
    for name in "abc":
        store.write([Draft(commitment(name), 0)], "add", "Lan")
    without_guards(store)
    with connections[store.alias].cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(TamperedError, match=told):
        store.verify()


def test_a_log_made_anew_is_found_with_a_hash_written_down_before(store: Store, commitment: Make):
    store.write([Draft(commitment("a"), 0), Draft(commitment("b"), 0)], "add", "Lan")
    before = store.verify()
    without_guards(store)
    with connections[store.alias].cursor() as cursor:
        cursor.execute("DELETE FROM track_change")
        cursor.execute("DELETE FROM track_record")
        cursor.execute("UPDATE track_head SET number = 0, hash = %s", ["0" * 64])
    store.write([Draft(commitment("a"), 0)], "add", "Mallory")
    assert store.verify().changes == 1
    with pytest.raises(TamperedError, match="the end of the log was cut"):
        store.verify((before.changes, before.hash))
    store.write([Draft(commitment("b"), 0)], "add", "Mallory")
    with pytest.raises(TamperedError, match="the log was made anew"):
        store.verify((before.changes, before.hash))


def test_records_as_recorded_on_a_day_are_those_before_later_changes(store: Store, commitment: Make):
    one = commitment()
    store.write([Draft(one, 0)], "add", "Lan")
    later = replace(one, stages=(*one.stages, Stage("signed", date(2026, 1, 1), file="ab" * 32)))
    store.write([Draft(later, 1)], "advance", "Minh")
    today = datetime.now(UTC).date()
    assert list(store.recorded(today)) == [later]
    assert list(store.recorded(today - timedelta(days=1))) == [one]


def test_opening_again_keeps_what_is_there(store: Store, address: str, commitment: Make):
    store.write([Draft(commitment(), 0)], "add", "Lan")
    assert open_store(address).verify().changes == 1


@pytest.mark.parametrize(
    ("given", "told"),
    {
        "mysql://host/x": "found 'mysql://'",
        "postgresql://clerk:secret@127.0.0.1:1": "expected the name of a database",
        "postgresql://clerk:secret@127.0.0.1:1/x": "expected a database that answers",
        "/no/such/folder/x.sqlite3": "expected a path in a folder that is there",
        "postgresql://h:port/x": "one that cannot be read",
    }.items(),
)
def test_an_address_that_is_none_is_told_in_one_line_without_its_password(given: str, told: str):
    with pytest.raises(StoreError, match=told) as found:
        open_store(given)
    assert "secret" not in str(found.value)
    assert "\n" not in str(found.value)


def test_a_path_written_from_another_folder_is_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commitment: Make
):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        opened = open_store("track.sqlite3")
        assert not opened.held()
        opened.write([Draft(commitment(), 0)], "add", "Lan")
        close_store(opened)
