"""What was evaluated before every evaluation had a row of its own."""

import hashlib
import shutil

from django.conf import settings
from django.db import migrations


def list_what_was_evaluated(apps, schema_editor):
    """The last evaluation of each pilot, whose outcomes and result had one place only, under their digests."""
    job_of, pilot_of = apps.get_model("jobs", "Job"), apps.get_model("pilots", "Pilot")
    evaluated = apps.get_model("pilots", "Evaluated")
    for pilot in pilot_of.objects.all():
        folder = settings.HOME.pilots / str(pilot.pk)
        sent, found = folder / "outcomes.csv", folder / "evaluation" / "evaluation.json"
        if not sent.is_file():
            continue
        data = hashlib.sha256(sent.read_bytes()).hexdigest()
        shutil.copyfile(sent, folder / f"outcomes-{data}.csv")
        jobs = job_of.objects.filter(kind="pilot-evaluation", payload__pilot=pilot.pk).order_by("-id")
        for job in jobs.filter(state__in=["waiting", "running"]):
            job.payload = {**job.payload, "outcomes": data}
            job.save(update_fields=["payload"])
        last = jobs.filter(state="done").first()
        if last is not None and found.is_file():
            digest = hashlib.sha256(found.read_bytes()).hexdigest()
            (folder / "evaluations").mkdir(exist_ok=True)
            shutil.copyfile(found, folder / "evaluations" / f"{digest}.json")
            values = {"plan": last.outcome["hash"], "action": last.outcome["action"]}
            # Outcomes that were sent after it took the place of those that it read, which are not known any more.
            same = jobs.first() == last
            made = evaluated.objects.create(pilot=pilot, job=last.pk, data=data if same else "", found=digest, **values)
            evaluated.objects.filter(pk=made.pk).update(at=last.asked)


class Migration(migrations.Migration):
    dependencies = [
        ("pilots", "0002_evaluations"),
        ("jobs", "0002_kinds"),
    ]

    operations = [
        migrations.RunPython(list_what_was_evaluated, migrations.RunPython.noop),
    ]
