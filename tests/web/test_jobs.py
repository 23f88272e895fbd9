"""Work in the background: every kind has somebody who does it, and goes on with what was finished before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
ENDS = """
import errno, types
from django.db import OperationalError
from haidang.web.jobs import deeds, kinds, queue, work
from haidang.web.jobs.models import Job
from haidang.web.desk.models import Document
from haidang.web.ledger.models import Entry
from haidang.web.mistakes import said_line
from haidang.web.people.models import User
from django.utils import timezone
boss = User.objects.create_user("boss@example.vn")
seen, found = [], {}
class Stopped(SystemExit):
    pass
def does(job):
    seen.append(job.pk)
    what = job.payload["what"]
    if isinstance(what, str):
        raise {"full": OSError(errno.ENOSPC, "x"), "odd": ZeroDivisionError("x"), "memory": MemoryError(),
               "database": OperationalError("x"), "stop": Stopped()}[what]
    for step in range(what):
        queue.note_progress(job, step + 1, what)
        if job.payload.get("cancelled") == step:
            assert deeds.cancel(boss, job)
            assert not deeds.cancel(boss, job)
    return {"steps": what}
sys.modules["doing"] = types.ModuleType("doing")
sys.modules["doing"].does = does
kinds.KINDS["tried"] = "doing:does"
def ask(what, **more):
    return Job.objects.create(kind="tried", payload={"what": what, **more}, asked_by=boss)
def now(job):
    job.refresh_from_db()
    return [job.state, job.tries, job.mistake]
def worked():
    queue.release_all()  # as each worker does that begins
    while (job := queue.claim()) is not None:
        work.work_on(job)
def workers():
    for _ in range(9):
        try:
            return worked()
        except (MemoryError, OperationalError, Stopped) as fell:
            found.setdefault("fell", []).append(type(fell).__name__)
full, odd, memory, database, last = ask("full"), ask("odd"), ask("memory"), ask("database"), ask(1)
workers()
found["ends"] = {name: now(job) for name, job in
                 {"full": full, "odd": odd, "memory": memory, "database": database, "last": last}.items()}
found["vi"] = [said_line(job.mistake, "vi").english for job in (full, odd, memory)]
found["order"] = [seen.index(job.pk) for job in (full, odd, memory, database, last)] == [0, 1, 2, 5, 8]
stopped = ask("stop")
found["in good order"] = [workers() and None, *now(stopped)[:2]]
deeds.cancel(boss, stopped)
waits, runs = ask(1), ask(3, cancelled=0)
found["cancelled"] = [deeds.cancel(boss, waits), now(waits)[0], deeds.cancel(boss, waits)]
worked()
found["at its next step"] = [*now(runs)[:2], runs.drawn]
left = ask(3)
Job.objects.filter(pk=left.pk).update(state="running", stop=True)  # its worker fell before the next step
worked()
found["left"] = now(left)[0]
again = [deeds.try_again(boss, job) for job in (waits, memory, memory, last)]
found["again"] = [again, now(waits)[:2], now(memory)]
deeds_done = Entry.objects.filter(action__startswith="jobs.job").order_by("number")
found["log"] = list(deeds_done.values_list("action", flat=True))
paper = Document.objects.create(title="x", day=timezone.localdate(), digest="0" * 64, suffix=".txt", added_by=boss)
unread = Job.objects.create(kind="read", payload={"document": paper.pk}, asked_by=boss)
deeds.cancel(boss, unread)
paper.refresh_from_db()
found["document"] = [paper.state, said_line(paper.mistake, "vi").english]
Job.objects.filter(state="waiting").update(state="done")
from tests.learn.pilot.plans import PLAN, units
from haidang.learn.pilot import analysis
from haidang.web.pilots import desk as pilots
from haidang.web.pilots.lots import draw_lots
from haidang.web.pilots import work as evaluating
analyse, evaluating.PACE, lots = analysis.analyse, 0.0, []
def some(*given, progress, **named):  # somebody cancels at the fifth repetition of the lot
    def listen():
        lots.append(1)
        assert len(lots) != 5 or deeds.cancel(boss, job)
        progress()
    return analyse(*given, progress=listen, **named)
analysis.analyse = some
pilot = pilots.declare(boss, PLAN.encode())
pilots.register_plan(boss, pilot, "", timezone.localdate())
draw_lots(boss, pilot, units().write_csv().encode(), "12 34 56")
outcomes = units().with_columns(level=4.0).write_csv().encode().replace(b",4.0", b",4.5", 7)
job = pilots.ask_evaluation(boss, pilot, outcomes)
worked()
left = [one.name for one in pilot.folder.iterdir() if one.name.startswith("evaluat")]
found["evaluation"] = [now(job)[0], job.drawn, job.draws, len(lots), left, pilot.evaluations.count()]
calls = []
def broken(files):
    calls.append(files)
    raise RuntimeError("cannot be drawn")
work.tend = broken
queue.meanwhile = work.tending("files")
Job.objects.filter(state="waiting").update(state="done")
fine = ask(3)
worked()
found["untended"] = [now(fine)[0], len(calls)]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def ends(pack: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How jobs end that nobody foresaw would."""
    return json.loads(inside(tmp_path_factory.mktemp("ends") / "data", pack, ENDS))


def test_a_defect_ends_one_job_and_those_behind_it_go_on(ends: dict[str, Any]) -> None:
    full, odd, last = (ends["ends"][name] for name in ("full", "odd", "last"))
    assert full[:2] == odd[:2] == ["failed", 1]
    assert "disk of the site's machine is full" in full[2]
    assert "nobody foresaw (ZeroDivisionError)" in odd[2]
    assert last == ["done", 1, ""]
    assert ends["order"], "the oldest first"


def test_a_job_over_which_three_workers_fell_is_given_up_and_says_so(ends: dict[str, Any]) -> None:
    for name in ("memory", "database"):
        state, tries, told = ends["ends"][name]
        assert (state, tries) == ("failed", 3)
        assert "ended 3 times before the work was done" in told
    assert ends["fell"][:6] == ["MemoryError"] * 3 + ["OperationalError"] * 3
    assert ends["vi"] == [False] * 3, "on a Vietnamese page each reason is in Vietnamese"


def test_a_worker_that_is_told_to_stop_counts_no_try(ends: dict[str, Any]) -> None:
    assert ends["fell"][6:] == ["Stopped"] * 9
    assert ends["in good order"] == [None, "running", 0]


def test_a_job_is_cancelled_at_once_where_it_waits_and_at_its_next_step_where_it_runs(ends: dict[str, Any]) -> None:
    assert ends["cancelled"] == [True, "cancelled", False]
    assert ends["at its next step"] == ["cancelled", 1, 1]
    assert ends["left"] == "cancelled"
    assert ends["document"] == ["failed", False], "a document that will not be read does not wait for ever"


def test_an_evaluation_is_cancelled_while_its_lot_is_repeated_and_leaves_nothing(ends: dict[str, Any]) -> None:
    assert ends["evaluation"] == ["cancelled", 1, 4, 5, [], 0]


def test_what_failed_or_was_cancelled_is_tried_again_and_nothing_else_is(ends: dict[str, Any]) -> None:
    again, waits, memory = ends["again"]
    assert again == [True, True, False, False]
    assert waits == ["waiting", 0]
    assert memory == ["waiting", 0, ""]
    assert ends["log"] == ["jobs.job.cancelled"] * 3 + ["jobs.job.tried_again"] * 2


def test_what_is_seen_to_beside_the_jobs_fails_none_of_them_where_it_cannot_be(ends: dict[str, Any]) -> None:
    assert ends["untended"] == ["done", 1], "and it is not tried again at every step"


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
