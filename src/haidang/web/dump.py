"""A PostgreSQL database as it is at one moment, in a file by PostgreSQL's own tools, and laid out again from it.

The moment is that of a snapshot which the server exports, so the site goes on writing meanwhile. The tools, `pg_dump`
and `pg_restore`, are PostgreSQL's client programs, of the server's version or a newer one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from haidang.errors import HaidangError
from haidang.web.home import DATABASE, database_settings

DUMP, RESTORE = "pg_dump", "pg_restore"


class DumpError(HaidangError):
    """A database that cannot be copied, or not be laid out."""


def is_there() -> bool:
    """Whether PostgreSQL's client programs are installed."""
    return shutil.which(DUMP) is not None and shutil.which(RESTORE) is not None


@contextmanager
def snapshot(address: str, target: Path) -> Generator[Callable[[], list[int]]]:
    """Hold on to a moment of a database; what is given then copies it as it was.

    Args:
        address: `postgresql://user:password@host/name`.
        target: a new file.

    Returns:
        What writes the file and says which jobs were done at that moment.

    Raises:
        DumpError: the database cannot be reached or copied, or the tools are missing.
    """
    import psycopg

    with _plainly(), psycopg.connect(**_reached(address)) as own:  # pyright: ignore[reportArgumentType]
        own.isolation_level, own.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        (name,) = own.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        rows = own.execute("SELECT id FROM jobs_job WHERE state = 'done' ORDER BY id").fetchall()

        def copy() -> list[int]:
            _run(address, DUMP, "--format=custom", f"--snapshot={name}", "--file", str(target))
            return [number for (number,) in rows]

        yield copy


def lay_out(file: Path, address: str) -> None:
    """Fill an empty database from a copy, wholly or not at all.

    Raises:
        DumpError: the database cannot be reached or holds something, or the copy cannot be laid out.
    """
    import psycopg

    with _plainly(), psycopg.connect(**_reached(address)) as own:  # pyright: ignore[reportArgumentType]
        (found,) = own.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v', 'S') AND relnamespace NOT IN "
            "(SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')"
        ).fetchone() or (0,)
    if found:
        raise DumpError(f"expected an empty database in {DATABASE}, found one with {found} tables and sequences")
    name = str(database_settings(address)["NAME"])
    _run(address, RESTORE, "--exit-on-error", "--single-transaction", "--dbname", name, str(file))


@contextmanager
def _plainly() -> Generator[None]:
    import psycopg

    try:
        yield
    except psycopg.Error as broken:
        said = next(iter(str(broken).splitlines()), "")
        raise DumpError(f"the database in {DATABASE} cannot be read: {said}") from None


def _reached(address: str) -> dict[str, object]:
    """How a database is reached, in the words of the library."""
    own = database_settings(address)
    words = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {word: own[name] for name, word in words.items() if own[name]}


def _run(address: str, tool: str, *words: str) -> None:
    """Run one of the tools; the password is in its environment, which others on the machine do not see."""
    path = shutil.which(tool)
    if path is None:
        raise DumpError(f"expected {tool} among the programs of this machine, found none", None,
                        "install PostgreSQL's client programs")  # fmt: skip
    reached = _reached(address)
    own = {f"PG{'DATABASE' if word == 'dbname' else word.upper()}": str(value) for word, value in reached.items()}
    done = subprocess.run(
        [path, "--no-owner", "--no-privileges", "--no-password", *words],
        env={**os.environ, **own}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip())
        raise DumpError(f"{tool} ended with status {done.returncode}: {said[:500]}")
