"""Forecasts that are kept as they were made, guarded like the log of changes."""

from typing import Any

from django.db import migrations, models

from haidang.track.store.grows import let_only_grow

START, KEPT = "0" * 64, 2


def guard(apps: Any, schema_editor: Any) -> None:
    """Begin the forecasts' chain, and let the database itself refuse to change or delete one."""
    heads = apps.get_model("track", "Head").objects.using(schema_editor.connection.alias)
    heads.create(pk=KEPT, number=0, hash=START)
    let_only_grow(schema_editor, "track_forecast", "track_forecast", "what was forecast only grows")


class Migration(migrations.Migration):
    """The table of forecasts."""

    dependencies = [("track", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("target", models.CharField(max_length=200)),
                ("made", models.DateField()),
                ("by", models.DateField()),
                ("body", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
