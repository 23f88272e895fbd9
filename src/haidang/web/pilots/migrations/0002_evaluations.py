"""Every evaluation as a row of its own, and what a decision rests on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pilots", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.PositiveBigIntegerField(unique=True)),
                ("plan", models.CharField(max_length=64)),
                ("data", models.CharField(max_length=64)),
                ("found", models.CharField(max_length=64)),
                ("action", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="pilots.pilot"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="decision", name="plan", field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="decision", name="register", field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="decision",
            name="evaluation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="pilots.evaluated"
            ),
        ),
    ]  # fmt: skip
