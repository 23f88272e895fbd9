"""Assessments are counted for peers in batches."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The batch of an assessment."""

    dependencies: ClassVar = [("factories", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="assessment",
            name="batch",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
