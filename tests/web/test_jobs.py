"""Work in the background: every kind has somebody who does it, and goes on with what was finished before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.learn.pilot.plans import PLAN
from tests.web.site import Site, inside, surroundings

DESIGNS = """
designs:
  larger: {units: {size: 90}}
  longer: {years: 2026..2028}
  larger-still: {units: {size: 120}}
"""
POWER = """
from dataclasses import make_dataclass
from haidang.learn.pilot import power, world
from haidang.packs import load_pack
from haidang.web.jobs.models import Job
from haidang.web.pilots.models import Pilot
from haidang.web.pilots.work import tell_power
pilot = Pilot.objects.create(name="advice", title_vi="Tư vấn", title_en="Advice", hash="a" * 64)
pilot.folder.mkdir(parents=True)
pilot.plan.write_text(json.load(sys.stdin), encoding="utf-8")
Row = make_dataclass("Row", ["design", "power", "cost"])
asked, falls = [], []
world.worlds_of = lambda pack, designs, **_: {
    name: "long" if name == "longer" else "short" for name in designs
}  # two worlds, one of which three designs share
def table(worlds, designs, *, pilots, seed, progress):
    asked.append(sorted(designs))
    if falls and "longer" in designs:
        raise falls.pop()
    return [Row(name, one.units.size / 7, pilots + seed) for name, one in designs.items()]
power.power_table = table
class Fall(BaseException):
    pass
def tell(fall=False):
    job = Job.objects.create(kind="pilot-power", payload={"pilot": pilot.pk, "pilots": 30}, seed=4)
    if fall:
        falls.append(Fall())
        try:
            tell_power(job)
        except Fall:
            pass
    found = tell_power(job)
    job.refresh_from_db()
    return found, [job.drawn, job.draws]
undisturbed, fallen = tell(), tell(fall=True)
pilot.hash = "b" * 64
pilot.save()
print(json.dumps({"same": undisturbed == fallen, "asked": asked, "rows": undisturbed[0]["rows"], "told": fallen[1]}))
"""


def test_every_kind_of_work_has_somebody_who_does_it_and_a_name_on_screen(site: Site, pack: str) -> None:
    code = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "haidang.web.settings"
import django; django.setup()
from haidang.web.jobs.kinds import KINDS, work_of
from haidang.web.words import LANGUAGES, words
for kind in KINDS:
    assert callable(work_of(kind))
    print(kind, *(words(language).text(f"jobs.kind.{kind}") for language in LANGUAGES))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(site.data, pack), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "simulate mô phỏng simulation" in done.stdout


def test_of_a_pilots_power_the_worlds_that_were_finished_are_not_told_again(pack: str, tmp_path: Path) -> None:
    plan = PLAN.replace("years: 2026..2027", "programme: hcmc/smart-manufacturing-credit\nyears: 2026..2027") + DESIGNS
    found = json.loads(inside(tmp_path / "data", pack, POWER, plan))
    short, long = ["declared", "larger", "larger-still"], ["longer"]
    assert found["asked"] == [short, long, short, long, long], (
        "the second time the first world was told before the fall"
    )
    assert found["same"]
    assert [row["design"] for row in found["rows"]] == ["declared", "larger", "longer", "larger-still"]
    assert found["told"] == [4, 4]
