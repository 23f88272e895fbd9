"""Registers in databases: a private PostgreSQL server and a SQLite file, read and never written."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from haidang.facts import FactBook
from haidang.population import PopulationSpec, Register, RegisterError, RegisterMapping, read_register
from tests.postgres import another

ROWS = [
    ("0001", 2023, 5, "mở", 1500.5),
    ("0002", 2023, 120, "đóng", None),
    ("0003", 2023, -5, "mở", 1.0),
]
Reading = Callable[..., Register]


@pytest.fixture
def read(shop_mapping: RegisterMapping, shop_spec: PopulationSpec, shop_book: FactBook) -> Reading:
    def at(address: str, query: str | None = None) -> Register:
        return read_register(address, replace(shop_mapping, query=query), shop_spec, shop_book)

    return at


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    path = tmp_path / "my register.db"
    with sqlite3.connect(path) as base:
        base.execute("create table shops (code text, year integer, staff integer, state text, sales real)")
        base.executemany("insert into shops values (?, ?, ?, ?, ?)", ROWS)
    base.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def server(postgres: str) -> str:
    register = another(postgres, "register")
    run(
        register,
        'create schema "so lieu"',
        'create table "so lieu".shops (code text, year int, staff int, state text, sales numeric(20, 4))',
        *(
            f"insert into \"so lieu\".shops values ('{code}', {year}, {staff}, '{state}', {sales or 'null'})"
            for code, year, staff, state, sales in ROWS
        ),
        "create table empty (code text, year int, staff int, state text)",
    )
    return register


def run(address: str, *statements: str) -> None:
    from adbc_driver_postgresql import dbapi

    driver: Any = dbapi
    with driver.connect(address) as base:
        with base.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        base.commit()


def is_the_register(register: Register) -> None:
    assert register.table["id"].to_list() == [1, 2]
    assert register.table["sales"].to_list()[0] == 1_500_500_000
    assert register.rejected.rows() == [(3, "staff", "-5", "expected at least 0", "rejected")]


def test_a_sqlite_table_is_read(read: Reading, sqlite: str):
    is_the_register(read(f"{sqlite}#shops"))


def test_a_postgres_table_is_read_with_its_exact_decimals(read: Reading, server: str):
    is_the_register(read(f"{server}#so%20lieu.shops"))


def test_a_query_may_choose_columns_and_rows(read: Reading, server: str, sqlite: str):
    query = 'select code, year, staff as "nhân viên", state from {} where staff > 0 order by code;'
    assert read(server, query.format('"so lieu".shops')).table["staff"].to_list() == [5, 120]
    assert read(sqlite, query.format("shops")).table["staff"].to_list() == [5, 120]


@pytest.mark.parametrize(
    "query",
    ["delete from shops", "select 1; drop table shops", "update shops set staff = 1", "insert into shops values (1)"],
)
def test_anything_but_one_select_is_refused(read: Reading, sqlite: str, query: str):
    with pytest.raises(RegisterError, match="expected one SELECT"):
        read(sqlite, query)


def test_a_select_that_writes_is_stopped_by_the_server(read: Reading, server: str):
    query = 'with gone as (delete from "so lieu".shops returning *) select * from gone'
    with pytest.raises(RegisterError, match="read-only transaction"):
        read(server, query)
    is_the_register(read(f"{server}#so%20lieu.shops"))


def test_a_sqlite_file_is_opened_for_reading_only(read: Reading, sqlite: str, tmp_path: Path):
    before = (tmp_path / "my register.db").read_bytes()
    read(f"{sqlite}#shops")
    assert (tmp_path / "my register.db").read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if "journal" in one.name or "-wal" in one.name] == []


@pytest.mark.parametrize("spoil", ["password", "base", "table", "port", "user"])
def test_no_message_has_a_password(read: Reading, server: str, spoil: str):
    address = {
        "password": server.replace("geheim%2521", "geh%40im"),
        "base": server.replace("/register", "/registre"),
        "table": server,
        "port": "postgresql://clerk:geheim%2521@127.0.0.1:1/register",
        "user": server.replace("clerk:", "nobody:"),
    }[spoil]
    with pytest.raises(RegisterError) as caught:
        read(f"{address}#nothing")
    said = str(caught.value)
    assert "the database says" in said
    assert all(secret not in said for secret in ("geheim", "geh%40im", "geh@im"))
    assert ":***@127.0.0.1" in said
    assert "\n" not in said


def test_a_table_that_is_not_there_is_named(read: Reading, server: str, sqlite: str):
    for address in (server, sqlite):
        with pytest.raises(RegisterError, match="shopz"):
            read(f"{address}#shopz")


def test_a_table_name_cannot_smuggle_a_statement(read: Reading, sqlite: str):
    with pytest.raises(RegisterError, match="no such table"):
        read(f'{sqlite}#shops"; drop table shops; --')
    is_the_register(read(f"{sqlite}#shops"))


def test_an_address_without_a_table_says_how_to_name_one(read: Reading, sqlite: str):
    with pytest.raises(RegisterError, match=r"expected a table, found none; write sqlite.*#TABLE"):
        read(sqlite)


def test_an_empty_table_is_said(read: Reading, server: str):
    with pytest.raises(RegisterError, match="found no rows"):
        read(f"{server}#empty")


def test_a_missing_file_is_not_made(read: Reading, tmp_path: Path):
    with pytest.raises(RegisterError, match="found no such file"):
        read(f"sqlite:///{tmp_path}/none.db#shops")
    assert list(tmp_path.glob("none*")) == []
