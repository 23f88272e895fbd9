"""From an address to a store: Django set up, the tables made, the log's guards in place."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from haidang.errors import HaidangError

if TYPE_CHECKING:
    from haidang.track.store.store import Store

APP = "haidang.track.store"
WAIT = 60
"""So many seconds a writer waits for another."""
_SCHEMES = ("postgresql", "postgres")
_OPTIONS = ("sslmode", "connect_timeout")


class StoreError(HaidangError):
    """An address behind which no store can be opened."""


def open_store(address: str) -> Store:
    """The store at an address, its tables made or brought up to date.

    Args:
        address: `postgresql://user:password@host:port/name`, `sqlite:///path`, or the path of a file.

    Raises:
        StoreError: the address is none, or nothing answers there. The message holds no password.
    """
    parameters = _parameters(address)
    set_up()
    from haidang.track.store.store import Store

    alias = _alias(parameters)
    if alias not in connections.databases:
        filled = connections.configure_settings({"default": {}, alias: parameters})
        connections.databases[alias] = filled[alias]
    try:
        call_command("migrate", "track", database=alias, verbosity=0, interactive=False)
    except DatabaseError as mistake:
        connections[alias].close()
        reason = (str(mistake).splitlines() or ["no answer"])[0]
        raise StoreError(f"expected a database that answers, found at {shown(address)}: {reason}") from None
    return Store(alias)


def _alias(parameters: dict[str, Any]) -> str:
    """Django's name for the database: the same for the same place, from wherever a path is written."""
    place = "\n".join(str(parameters.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "USER", "NAME"))
    return "track-" + hashlib.sha256(place.encode()).hexdigest()[:16]


def close_store(store: Store) -> None:
    """Let go of the store's connection; the next use opens another."""
    connections[store.alias].close()


def set_up() -> None:
    """Django with this app alone, where no web application has set it up or says how."""
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        settings.configure(INSTALLED_APPS=[APP], DATABASES={}, USE_TZ=True, TIME_ZONE="UTC")
    if not apps.ready:
        django.setup()


def shown(address: str) -> str:
    """An address without its password."""
    parts = urlsplit(address)
    if parts.password is None:
        return address
    user = "" if parts.username is None else f"{parts.username}@"
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{user}{parts.hostname}{port}{parts.path}"


def _parameters(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise StoreError("expected an address of a database, found one that cannot be read") from None
    if parts.scheme in _SCHEMES:
        return _postgresql(parts, port, address)
    if parts.scheme == "sqlite" or "://" not in address:
        return _sqlite(Path(parts.path[1:] if parts.scheme == "sqlite" else address), address)
    raise StoreError(f"expected postgresql://, sqlite:/// or the path of a file, found '{parts.scheme}://'")


def _postgresql(parts: SplitResult, port: int | None, address: str) -> dict[str, Any]:
    options = {key: value for key, value in parse_qsl(parts.query) if key in _OPTIONS}
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise StoreError(f"expected the name of a database at the end, found none in {shown(address)}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": "" if port is None else str(port),
        "OPTIONS": {"connect_timeout": 10, **options},
    }


def _sqlite(path: Path, address: str) -> dict[str, Any]:
    """SQLite that writes ahead, waits for the disk at each commit and takes the write lock when a change begins."""
    if not path.name or not path.parent.is_dir():
        raise StoreError(f"expected a path in a folder that is there, found '{address}'")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path.resolve()),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
