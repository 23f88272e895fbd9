"""What somebody with the database's password could do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from haidang.track.store import Store


def without_guards(store: Store, table: str = "track_change") -> None:
    """Take the database's own guards of a table away."""
    on_server = connections[store.alias].vendor == "postgresql"
    names = ("kept", "whole") if on_server else ("kept_UPDATE", "kept_DELETE")
    with connections[store.alias].cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER {table}_{name}{f' ON {table}' if on_server else ''}")
