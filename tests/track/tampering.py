"""What somebody with the database's password could do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from haidang.track.store import Store


def without_guards(store: Store) -> None:
    """Take the database's own guards away."""
    on_server = connections[store.alias].vendor == "postgresql"
    names = ("kept", "whole") if on_server else ("kept_UPDATE", "kept_DELETE")
    with connections[store.alias].cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER track_change_{name}{' ON track_change' if on_server else ''}")
