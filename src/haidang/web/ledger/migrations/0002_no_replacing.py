"""A guard against replacing an entry: SQLite deletes the row in the way of `INSERT OR REPLACE` without its triggers."""

from typing import Any

from django.db import migrations

GUARD = """
CREATE TRIGGER ledger_entry_kept_REPLACE BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE number = NEW.number OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Refuse an entry in the place of another. PostgreSQL replaces by an update, which it refuses already."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):
    """One more guard."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
