"""Whatever is killed while people write: nothing acknowledged is lost, and work goes on where it stood."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres import postgres_server
from tests.web.desk import small_city
from tests.web.site import TOKEN, Site, Visitor, command, give_accounts, inside, running

SECRET = "mot bi mat du dai de nhung ai da dang nhap khong phai dang nhap lai"
PROGRAMME, DRAWS = "school-bus", 64
PROMISE = "/en/commitments/school-bus-stops/"
WRITERS = 3


@dataclass
class Writer(threading.Thread):
    """Somebody who writes one thing after another and remembers what the site said that it had written."""

    visitor: Visitor
    page: str
    address: str
    name_of_field: str
    fields: dict[str, str]
    mark: str
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """A thread that does not outlive the test."""
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Write until told to stop, also where nobody answers for a while."""
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{self.mark} {number}"
            try:
                answer = self.visitor.post(self.address, token_from=self.page, **self.fields, **self.told(name))
            except (OSError, ValueError):  # the site fell in the middle of it: nothing was acknowledged
                time.sleep(0.1)
                continue
            if answer.status == 302:
                self.acknowledged.append(name)
            else:
                self.refused.append(f"{answer.status} {answer.text[:2000]}")

    def told(self, name: str) -> dict[str, str]:
        """What is written under a name."""
        return {field_name: name for field_name in self.name_of_field.split()}


@dataclass(frozen=True)
class Base:
    """Where a site keeps its rows: two files of SQLite in its folder, or one database of a server."""

    data: Path
    address: str

    def rows(self, file: str, question: str) -> list[str]:
        if self.address:
            with psycopg.connect(self.address) as server:
                return [str(one[0]) for one in server.execute(question)]  # pyright: ignore[reportArgumentType]
        with sqlite3.connect(f"file:{self.data / file}?mode=ro", uri=True) as base:
            return [str(one[0]) for one in base.execute(question)]

    @property
    def more(self) -> dict[str, str]:
        """What the environment of the site says besides."""
        return {"HAIDANG_SECRET_KEY": SECRET, **({"HAIDANG_DATABASE": self.address} if self.address else {})}


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Base]:
    if request.param == "sqlite":
        yield Base(tmp_path / "data", "")
        return
    with postgres_server("killed", fsync="on") as address:
        yield Base(tmp_path / "data", address)


GOES_ON = """
import fcntl, hashlib
from django.conf import settings
from haidang.engine import run as engine
from haidang.packs import load_pack
from haidang.study import Question, run_study
from haidang.web.jobs.queue import claim, release_all
from haidang.web.jobs.work import work_on
lock = (settings.HOME.data / "worker.lock").open("a")
fcntl.flock(lock, fcntl.LOCK_EX)  # once the worker that was left is gone
simulated, draw_once = [], engine.simulate_draw
def counted(setting, draw, facts):
    simulated.append(draw)
    return draw_once(setting, draw, facts)
engine.simulate_draw = counted
def files(folder):
    written = [*sorted((folder / "tables").iterdir()), folder / "facts.json"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
release_all()
job = claim()
run = settings.HOME.runs / job.folder
found = {"kept": sorted(path.name for path in (run / "parts").glob("0*"))}
work_on(job)
job.refresh_from_db()
found |= {"state": job.state, "drawn": job.drawn, "simulated": sorted(simulated), "files": files(run)}
whole = settings.HOME.data / "whole"
run_study(load_pack(settings.HOME.pack), Question(job.programme, (), job.draws, job.seed, workers=1), whole)
print(json.dumps(found | {"undisturbed": files(whole)}))
"""


def server_processes(site: Site) -> list[int]:
    """The process that listens and those that answer, and not the foreman, which has to find out for itself."""
    threads = Path(f"/proc/{site.server.pid}/task").iterdir()
    began = [int(one) for each in threads for one in (each / "children").read_text().split()]
    own = [one for one in began if b"foreman" not in Path(f"/proc/{one}/cmdline").read_bytes()]
    return [*own, site.server.pid]


def answered(visitor: Visitor, path: str) -> str:
    """A page, as soon as somebody answers."""
    for _ in range(600):
        try:
            return visitor.get(path).text
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")


def another(find: object, before: int) -> None:
    """Wait until the foreman has begun another."""
    assert callable(find)
    for _ in range(300):
        try:
            if find() != before:
                return
        except (ValueError, FileNotFoundError):
            pass  # none is there at this moment
        time.sleep(0.1)
    raise AssertionError("nobody took its place")


def test_nothing_acknowledged_is_lost_and_work_goes_on_whatever_process_is_killed_under_load(
    root: Path, tmp_path: Path, base: Base
) -> None:
    pack, data = small_city(root, tmp_path / "pack"), base.data
    give_accounts(data, pack, "administrator", "analyst", **base.more)
    with running(data, pack, **base.more) as site:
        boss, analyst = site.visitor("administrator"), site.visitor("analyst")
        ask, page = f"/en/jobs/simulate/{PROGRAMME}/", f"/en/programmes/{PROGRAMME}/"
        assert analyst.post(ask, token_from=page, draws=str(DRAWS), seed="7").status == 302
        writers = writers_of(site, boss, analyst)
        for one in writers:
            one.start()
        answers, *_ = server_processes(site)
        os.kill(answers, signal.SIGKILL)  # alone: another answers in its place, while the worker works
        for _ in range(600):
            if re.search(rf'>[1-9]\d*</td><td data-label="Of">{DRAWS}</td>', answered(analyst, "/en/jobs/")):
                break
            time.sleep(0.1)
        assert answers not in server_processes(site)
        worker, sampler = site.worker(), site.sampler()
        os.kill(worker, signal.SIGKILL)
        os.kill(sampler, signal.SIGKILL)
        another(site.worker, worker)
        another(site.sampler, sampler)
        foreman, worker = site.foreman(), site.worker()
        os.kill(foreman, signal.SIGKILL)
        another(site.foreman, foreman)
        another(site.worker, worker)
        for process in (site.server.pid, *server_processes(site)[:-1]):  # first who would begin another
            os.kill(process, signal.SIGKILL)
        writers[0].stop.set()
        for one in writers:
            one.join(timeout=60)
            assert not one.is_alive()
            assert one.acknowledged
            assert not one.refused
    goes_on(json.loads(inside(data, pack, GOES_ON, **base.more)))
    is_kept(base, writers)
    if not base.address:
        shows_it_again(base, pack, analyst)
    walked = command(data, pack, "web", "verify", "--data", str(data), **base.more)
    assert walked.returncode == 0, walked.stderr
    entries = base.rows("haidang.sqlite3", "SELECT number FROM ledger_entry")
    assert f"{len(entries)} entries" in walked.stdout


def shows_it_again(base: Base, pack: str, before: Visitor) -> None:
    """The site begins again on what was left, for the same reader; once, since pages know of no database."""
    with running(base.data, pack, **base.more) as again:
        analyst = Visitor(again.base, before.jar)  # still logged in, since the secret is the same
        assert TOKEN.search(analyst.get(PROMISE).text)
        text = analyst.get("/en/jobs/").text
        assert ">done</td>" in text, text
        run = re.search(rf'href="([^"]+{PROGRAMME}/runs/\d+/)"', text)
        assert run
        assert f"{DRAWS} draws" in analyst.get(run.group(1)).text


def writers_of(site: Site, boss: Visitor, analyst: Visitor) -> list[Writer]:
    """Three who write down organisations, and one who writes the next step of a promise."""
    office, stop = "/en/office/organisations/", threading.Event()
    writers = [
        Writer(
            Visitor(site.base, boss.jar), office, office, "organisation_name", {"kind": "factory"}, f"Body {at}", stop
        )
        for at in range(WRITERS)
    ]  # fmt: skip
    step = {"step-responsible": "Department of Transport"}
    return [
        *writers,
        Writer(
            Visitor(site.base, analyst.jar), PROMISE, "/en/desk/commitments/school-bus-stops/step/",
            "step-next_vi step-next_en", step, "Step", stop,
        ),
    ]  # fmt: skip


def goes_on(found: dict[str, Any]) -> None:
    """The draws that were finished are not simulated again, and the run is the very bytes of one left alone."""
    kept = [draw for part in found["kept"] for draw in range(int(part[:6]), int(part[7:]) + 1)]
    assert 0 < len(kept) < DRAWS
    assert found["simulated"] == [draw for draw in range(DRAWS) if draw not in kept]
    assert (found["state"], found["drawn"]) == ("done", DRAWS)
    assert found["files"] == found["undisturbed"]


def is_kept(base: Base, writers: list[Writer]) -> None:
    """What the site said that it had written is there, and every log tells of it."""
    bodies = base.rows("haidang.sqlite3", "SELECT name FROM people_organisation")
    kept = [name for one in writers[:WRITERS] for name in one.acknowledged]
    assert set(kept) <= set(bodies)
    # What is there is in the log, and what is in the log is there: a change stands whole or not at all.
    told = base.rows(
        "haidang.sqlite3", "SELECT details FROM ledger_entry WHERE action = 'people.organisation.made'"
    )  # fmt: skip
    assert len(told) == sum(name.startswith("Body ") for name in bodies)
    changes = base.rows("records.sqlite3", "SELECT body FROM track_change WHERE name = 'school-bus-stops'")
    assert all(any(f'"{name}"' in body for body in changes) for name in writers[-1].acknowledged)
    assert f"{writers[-1].acknowledged[-1]}" in "".join(changes)
