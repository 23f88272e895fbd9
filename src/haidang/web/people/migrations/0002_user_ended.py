"""How often everything that an account had opened was ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column."""

    dependencies = [("people", "0001_initial")]
    operations = [migrations.AddField("User", "ended", models.PositiveIntegerField(default=0))]
