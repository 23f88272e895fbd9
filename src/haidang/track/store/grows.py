"""Tables that only grow: the database itself refuses to change, delete or empty them, whoever asks."""

from __future__ import annotations

from typing import Any

SQLITE = "CREATE TRIGGER {name}_kept_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{why}'); END"
POSTGRES = (
    "CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{why}'; END $$",
    "CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_kept()",
    "CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}_kept()",
)


def let_only_grow(schema_editor: Any, table: str, name: str, why: str) -> None:
    """Guard a table from a migration on.

    Args:
        schema_editor: of the migration.
        table: the table.
        name: with which its guards' names begin.
        why: what the database says who tries; a text of the program's own, in which no quote stands.
    """
    if schema_editor.connection.vendor == "postgresql":
        statements = [one.format(name=name, table=table, why=why) for one in POSTGRES]
    else:
        statements = [SQLITE.format(name=name, table=table, why=why, verb=verb) for verb in ("UPDATE", "DELETE")]
    for statement in statements:
        schema_editor.execute(statement)
