"""The rooms on PostgreSQL: people fill them as on SQLite, and every address answers as the table of doors says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from haidang.errors import HaidangError
from haidang.web.archive import read_backup, write_backup
from haidang.web.dump import DumpError, is_there
from tests.postgres import another
from tests.web.desk import small_city
from tests.web.doors import ASKED, answered_wrongly
from tests.web.examples import POSTED, is_of_the_city
from tests.web.site import Site, Visitor, begin, begun, command, ran
from tests.web.test_attacks import EVIL, NUL, asked, somebody
from tests.web.test_backups import settled
from tests.web.test_migrations import MIGRATE, assert_forward
from tests.web.writing import HELD, assert_whole, copied_meanwhile

PEOPLE = ("factory_owner", "other_lender_officer", "lender_officer", "analyst", "approver", "administrator")
ROOMS = ("desk", "office", "pilots", "people", "jobs", "lab")
"""Beside the city's own: rooms whose every page is opened, whoever's object it shows."""

MOVING = {
    "api_token", "desk_document", "desk_passage", "desk_passage_same", "django_session", "jobs_job", "ledger_entry",
}  # fmt: skip
"""Tables that go on growing on the site while it is copied."""


@pytest.fixture(scope="module")
def served(postgres: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A site of the city on a server of PostgreSQL, with what a factory, lenders, the desk and a pilot have done."""
    folder, where = tmp_path_factory.mktemp("postgres"), another(postgres, f"rooms_{uuid4().hex}", migrated)
    begin(folder, "hcmc", "tests.web.examples:begin_rooms", HAIDANG_DATABASE=where)
    with begun(folder, folder / "served", "hcmc", HAIDANG_DATABASE=where) as found:
        yield found, where


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_of_factories_and_lenders_opens_on_postgresql_for_whom_it_is_meant(
    served: tuple[Site, str], table: list[dict[str, object]], person: str
) -> None:
    named = [one for one in table if "name" in one and one["name"] not in POSTED and is_of_the_city(str(one["name"]))]
    assert len(named) > 40
    assert [wrong for route in named for wrong in answered_wrongly(served[0], route, person)] == []


@pytest.mark.parametrize("person", ["analyst", "administrator"])
def test_no_page_of_the_other_rooms_fails_on_postgresql(
    served: tuple[Site, str], table: list[dict[str, object]], person: str
) -> None:
    site, _ = served
    pages = [
        str(one["route"]).replace("vi/", "en/", 1)
        for one in table
        if "name" in one and one["name"] not in POSTED and str(one["name"]).partition(":")[0] in ROOMS
    ]
    plain = [page.replace("<int:number>", "1") for page in pages]
    seen = {page: site.visitor(person).get(f"/{page}").status for page in plain if "<" not in page}
    assert len(seen) > 20
    assert {page: status for page, status in seen.items() if status >= 500} == {}
    assert sum(status == 200 for status in seen.values()) > 10


def test_nothing_that_is_asked_of_any_page_is_a_mistake_of_postgresql(
    served: tuple[Site, str], table: list[dict[str, object]]
) -> None:
    """NUL, which PostgreSQL refuses, is told apart; the rest, each parameter with another, is looked for."""
    pages = [one for one in table if "name" in one and one["name"] not in POSTED and "<" not in str(one["route"])]
    evil = [one for one in EVIL if one != NUL]
    queries = {400: dict.fromkeys(ASKED, NUL), 0: {name: evil[at % len(evil)] for at, name in enumerate(ASKED)}}
    wrong = list[str]()
    for route in pages:
        for meant, query in queries.items():
            if somebody(route) in PEOPLE:
                status = asked(served[0], route, query).status
                if status >= 500 or (status == 400) != (meant == 400):
                    wrong.append(f"{route['name']}: {status}, not {meant}")
    assert wrong == []


@pytest.fixture(scope="module")
def restored(served: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The site laid out again in another database, from a backup that the page made while somebody wrote."""
    site, where = served
    admin, page = site.visitor("administrator"), "/en/office/backups/"

    def back_up() -> None:
        assert admin.post(f"{page}make/", token_from=page).status == 302
        assert "Read through, as it was made" in settled(admin, page)

    before, sent = copied_meanwhile(site, "copied", back_up)
    (file,) = (site.data / "backups").glob("*.tar.gz")
    there, empty = tmp_path_factory.mktemp("restored") / "there", another(where, f"again_{uuid4().hex}")
    done = command(site.data, "hcmc", "web", "restore", str(file), "--data", str(there), HAIDANG_DATABASE=empty)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty) as database:
        assert_whole(database.execute(HELD).fetchall(), there, before, sent)
    return there, empty, done.stdout


def test_a_backup_of_a_site_at_work_on_postgresql_holds_every_write_from_before_and_no_half_of_one(
    served: tuple[Site, str], restored: tuple[Path, str, str]
) -> None:
    there, empty, told = restored
    assert re.search(r"\d+ entries, the last \w{64}\n[1-9]\d* changes of records.*\n[1-9]\d* files as they were", told)
    assert not (there / "database.dump").exists()
    assert Visitor(served[0].base).get("/en/").status == 200
    with psycopg.connect(served[1]) as own, psycopg.connect(empty) as copy:
        tables = [
            {name for (name,) in one.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
            for one in (own, copy)
        ]
        assert tables[0] == tables[1]
        for table in sorted(tables[0] - MOVING):
            counts = [one.execute(f'SELECT count(*) FROM "{table}"').fetchone() for one in (own, copy)]
            assert counts[0] == counts[1], table
        made = copy.execute("INSERT INTO people_organisation (name, kind) VALUES ('x', 'city') RETURNING id").fetchone()
        last = own.execute("SELECT max(id) FROM people_organisation").fetchone()
        assert made == (last[0] + 1,)  # numbers go on where they were
        copy.rollback()


def test_what_cannot_be_laid_out_leaves_neither_a_folder_nor_a_table(
    served: tuple[Site, str], restored: tuple[Path, str, str], tmp_path: Path
) -> None:
    site, where = served
    (file,) = (site.data / "backups").glob("*.tar.gz")
    there = tmp_path / "there"
    for database, said in (
        (where, "expected an empty database in HAIDANG_DATABASE, found one with"),
        ("", "expected an empty database in HAIDANG_DATABASE for the backup of a site on PostgreSQL, found none"),
        (f"{where}_none", "the database in HAIDANG_DATABASE cannot be read"),
    ):
        with pytest.raises(HaidangError, match=said) as mistake:
            read_backup(file, there, database)
        assert "geheim" not in str(mistake.value)
        assert list(tmp_path.iterdir()) == []


def test_without_postgresqls_programs_no_backup_is_made_and_it_is_said_why(
    served: tuple[Site, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DumpError, match="expected pg_dump among the programs of this machine, found none"):
        write_backup(served[0].data, tmp_path / "site.tar.gz", served[1])
    assert list(tmp_path.iterdir()) == []
    assert not is_there()


def test_an_entry_that_was_altered_behind_the_sites_back_is_found_on_postgresql(
    restored: tuple[Path, str, str],
) -> None:
    there, where, _ = restored
    forged = "UPDATE ledger_entry SET who = 'somebody@example.vn' WHERE number = 2"
    with psycopg.connect(where, autocommit=True) as database:
        for statement in (forged, "DELETE FROM ledger_entry WHERE number = 2", "TRUNCATE ledger_entry"):
            with pytest.raises(psycopg.Error, match="only grows"):
                database.execute(statement)
        database.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        database.execute(forged)
    found = command(there, "hcmc", "web", "verify", HAIDANG_DATABASE=where)
    assert found.returncode == 1
    assert "entry 2 (people.role.given, people.user:2) was altered after it was written" in found.stderr


def test_a_filled_database_of_the_first_state_comes_whole_to_todays_on_postgresql(
    postgres: str, root: Path, tmp_path: Path
) -> None:
    where = another(postgres, "rooms_first")
    assert_forward(ran(tmp_path / "data", small_city(root, tmp_path / "pack"), MIGRATE, HAIDANG_DATABASE=where))
