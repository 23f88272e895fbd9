"""A private PostgreSQL server for tests, which nothing else uses and which leaves nothing behind."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

POSTGRES = Path("/usr/lib/postgresql")


def another(address: str, name: str, template: str = "template1") -> str:
    """The address of a new database beside one, like a template to which nobody is connected."""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # pyright: ignore[reportArgumentType]
    return f"{address.rpartition('/')[0]}/{name}"


@contextmanager
def postgres_server(database: str, fsync: str = "off") -> Iterator[str]:
    """The address of a server of our own, `postgresql://clerk:...@127.0.0.1:port/DATABASE`, gone afterwards.

    It need not outlive a failure of power, so it does not wait for the disk unless told to.
    """
    found = sorted(POSTGRES.glob("*/bin"), key=lambda one: float(one.parent.name), reverse=True)
    if not found:
        pytest.fail(f"PostgreSQL's server is not under {POSTGRES}: run `make system`")
    # A server refuses to run as root, so as root its owner is the account that the package made.
    as_root = os.geteuid() == 0
    owner = "postgres" if as_root else getpass.getuser()
    folder = Path(tempfile.mkdtemp(prefix="haidang-postgres-"))
    environment = {**os.environ, "PGPASSWORD": "geheim%21", "LC_ALL": "C"}

    def ask(*command: str) -> None:
        done = subprocess.run(
            command,
            user=owner if as_root else None,
            group=pwd.getpwnam(owner).pw_gid if as_root else None,
            extra_groups=[] if as_root else None,
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{' '.join(command)} failed: {done.stdout}{done.stderr}")

    try:
        if as_root:
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        (folder / "secret").write_text("geheim%21\n", encoding="utf-8")
        os.chmod(folder / "secret", 0o644)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data, log = folder / "data", folder / "log"
        secret = f"--pwfile={folder / 'secret'}"
        ask(str(found[0] / "initdb"), "-D", str(data), "-U", "clerk", "-A", "scram-sha-256", secret, "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync={fsync}"
        ask(str(found[0] / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(log), "-w", "-t", "60", "start")
        try:
            ask(str(found[0] / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "clerk", database)
            yield f"postgresql://clerk:geheim%2521@127.0.0.1:{port}/{database}"
        finally:
            ask(str(found[0] / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
