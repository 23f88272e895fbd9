"""The log of what was done only grows, and what was done to it is found out."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.web.site import command, give_accounts

FORGED = "UPDATE ledger_entry SET who = 'somebody@example.vn' WHERE number = 1"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, pack: str) -> Path:
    """A site's folder with three entries in its log."""
    data = tmp_path_factory.mktemp("log") / "data"
    give_accounts(data, pack, "analyst", "approver", "assessor")
    return data


@pytest.fixture
def logged(tmp_path: Path, written: Path) -> Path:
    """A copy of it, to be tampered with."""
    shutil.copytree(written, tmp_path / "data")
    return tmp_path / "data"


def run(data: Path, *statements: str) -> None:
    with sqlite3.connect(data / "haidang.sqlite3") as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_log_that_nobody_touched_is_whole(logged: Path, pack: str) -> None:
    done = command(logged, pack, "web", "verify")
    assert done.returncode == 0
    assert done.stdout.startswith("3 entries, the last ")
    assert "misfit" not in done.stdout


def test_a_role_from_before_the_check_is_named_with_the_way_to_mend_it(logged: Path, pack: str) -> None:
    analyst = "user_id = (SELECT id FROM people_user WHERE email = 'analyst@example.vn')"
    run(logged, f"UPDATE people_membership SET role = 'lender_officer' WHERE {analyst}")
    done = command(logged, pack, "web", "verify")
    assert done.returncode == 0, "nobody altered anything"
    told = [line for line in done.stdout.splitlines() if line.startswith(("misfit", "to mend"))]
    assert told == [
        "misfit: analyst@example.vn: lender_officer in 'Sở thử nghiệm', an organisation of the kind city "
        "(analyst, approver, administrator, assessor)",
        "to mend them: on each person's page of the administration give the right role, then take this one away",
    ]


REPLACED = "INSERT OR REPLACE INTO ledger_entry ({}) SELECT {} FROM ledger_entry WHERE number = 2"
COLUMNS = "number, at, who, action, subject, details, previous, hash"


@pytest.mark.parametrize(
    "statement",
    [
        FORGED,
        "DELETE FROM ledger_entry WHERE number = 2",
        REPLACED.format(COLUMNS, COLUMNS.replace("who", "'somebody@example.vn'")),
        REPLACED.format(f"rowid, {COLUMNS}", f"rowid, {COLUMNS.replace('number', '9', 1)}"),
        "REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE number = 3",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(logged: Path, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        run(logged, statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (FORGED, "entry 1 (people.role.given, people.user:1) was altered after it was written"),
        ("DELETE FROM ledger_entry WHERE number = 2", "expected entry 2, found entry 3: one is missing"),
        ("DELETE FROM ledger_entry WHERE number = 3", "expected 3 entries, found 2: the end of the log was cut"),
    ],
)
def test_whoever_gets_round_the_database_is_found_out(logged: Path, pack: str, statement: str, said: str) -> None:
    guards = (f"DROP TRIGGER ledger_entry_kept_{verb}" for verb in ("UPDATE", "DELETE"))
    run(logged, *guards, statement)
    done = command(logged, pack, "web", "verify")
    assert done.returncode == 1
    assert said in done.stderr


def test_an_end_that_was_cut_with_its_head_set_back_shows_in_the_newest_hash_alone(logged: Path, pack: str) -> None:
    kept = command(logged, pack, "web", "verify").stdout
    head = "UPDATE ledger_head SET number = 2, hash = (SELECT hash FROM ledger_entry WHERE number = 2)"
    run(logged, "DROP TRIGGER ledger_entry_kept_DELETE", "DELETE FROM ledger_entry WHERE number = 3", head)
    done = command(logged, pack, "web", "verify")
    assert done.returncode == 0, "a shorter log is a whole one"
    assert done.stdout.startswith("2 entries, the last ")
    assert done.stdout.splitlines()[0] != kept.splitlines()[0]
