"""The log, the head of its chain, and guards that keep an entry from being changed."""

from typing import Any

from django.db import migrations, models

from haidang.track.store.grows import let_only_grow

START = "0" * 64


def guard(apps: Any, schema_editor: Any) -> None:
    """Begin the chain, and let the database itself refuse to change or delete an entry."""
    apps.get_model("ledger", "Head").objects.using(schema_editor.connection.alias).create(pk=1, number=0, hash=START)
    let_only_grow(schema_editor, "ledger_entry", "ledger_entry", "the ledger only grows")


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
