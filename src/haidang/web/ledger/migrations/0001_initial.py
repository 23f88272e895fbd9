"""The log, the head of its chain, and guards that keep an entry from being changed."""

from typing import Any

from django.db import migrations, models

START = "0" * 64
SQLITE = (
    "CREATE TRIGGER ledger_entry_kept_{verb} BEFORE {verb} ON ledger_entry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
)
POSTGRES = (
    "CREATE FUNCTION ledger_entry_kept() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger only grows'; END $$",
    "CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry "
    "FOR EACH ROW EXECUTE FUNCTION ledger_entry_kept()",
    "CREATE TRIGGER ledger_entry_whole BEFORE TRUNCATE ON ledger_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_kept()",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Begin the chain, and let the database itself refuse to change or delete an entry."""
    apps.get_model("ledger", "Head").objects.using(schema_editor.connection.alias).create(pk=1, number=0, hash=START)
    vendor = schema_editor.connection.vendor
    statements = POSTGRES if vendor == "postgresql" else [SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """The first tables."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who", models.CharField(max_length=254)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("details", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["subject"], name="ledger_subject")],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
