"""Records, their changes, the head of the chain, and guards that keep the log from being changed."""

from typing import Any

from django.db import migrations, models

START = "0" * 64
SQLITE = (
    "CREATE TRIGGER track_change_kept_{verb} BEFORE {verb} ON track_change "
    "BEGIN SELECT RAISE(ABORT, 'the log of changes only grows'); END"
)
POSTGRES = (
    "CREATE FUNCTION track_change_kept() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the log of changes only grows'; END $$",
    "CREATE TRIGGER track_change_kept BEFORE UPDATE OR DELETE ON track_change "
    "FOR EACH ROW EXECUTE FUNCTION track_change_kept()",
    "CREATE TRIGGER track_change_whole BEFORE TRUNCATE ON track_change "
    "FOR EACH STATEMENT EXECUTE FUNCTION track_change_kept()",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Begin the chain, and let the database itself refuse to change or delete a link."""
    apps.get_model("track", "Head").objects.using(schema_editor.connection.alias).create(pk=1, number=0, hash=START)
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
            name="Record",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("version", models.PositiveIntegerField()),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="track_record_once")],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("version", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("evidence", models.CharField(blank=True, max_length=64)),
                ("body", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name", "version"), name="track_change_once")],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
