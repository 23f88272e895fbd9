"""Where counts lie: in a database of their own, so that counting never waits for what people write."""

from __future__ import annotations

from typing import Any

COUNTS = "counts"
"""Django's name of the database, and of the application whose table lies there beside the cache's."""
_APPS = frozenset({COUNTS, "django_cache"})


class CountsRouter:
    """Counts and the cache in their own database; for other tables others decide."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Counts from theirs."""
        return COUNTS if model._meta.app_label in _APPS else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Each table in one place."""
        own = app_label in _APPS
        return own and db == COUNTS if own or db == COUNTS else None
