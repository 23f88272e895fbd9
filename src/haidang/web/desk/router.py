"""Which tables lie in which database."""

from __future__ import annotations

from typing import Any

RECORDS = "records"
"""Django's name of the database of promises, indicators and targets."""
_APP = "track"


class RecordsRouter:
    """Records in their own database, everything else in the site's."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Records from theirs."""
        return RECORDS if model._meta.app_label == _APP else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Each table in one place; a store that is opened by its address has a name of its own."""
        return (app_label == _APP) == (db == RECORDS or db.startswith(f"{_APP}-"))
