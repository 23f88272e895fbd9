"""Records, their changes, the head of the chain, and guards that keep the log from being changed."""

from typing import Any

from django.db import migrations, models

from haidang.track.store.grows import let_only_grow

START = "0" * 64


def guard(apps: Any, schema_editor: Any) -> None:
    """Begin the chain, and let the database itself refuse to change or delete a link."""
    apps.get_model("track", "Head").objects.using(schema_editor.connection.alias).create(pk=1, number=0, hash=START)
    let_only_grow(schema_editor, "track_change", "track_change", "the log of changes only grows")


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
