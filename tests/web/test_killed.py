"""Whatever is killed while people write, what the site said that it had written is there afterwards."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.web.desk import small_city
from tests.web.site import TOKEN, Site, Visitor, command, give_accounts, running

SECRET = "mot bi mat du dai de nhung ai da dang nhap khong phai dang nhap lai"
PROGRAMME, DRAWS = "school-bus", 80
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
        """Write until told to stop or until nobody answers."""
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{self.mark} {number}"
            try:
                answer = self.visitor.post(self.address, token_from=self.page, **self.fields, **self.told(name))
            except (OSError, ValueError):  # the site fell in the middle of it: nothing was acknowledged
                return
            if answer.status == 302:
                self.acknowledged.append(name)
            else:
                self.refused.append(f"{answer.status} {answer.text[:2000]}")

    def told(self, name: str) -> dict[str, str]:
        """What is written under a name."""
        return {field_name: name for field_name in self.name_of_field.split()}


def rows(file: Path, question: str) -> list[str]:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as base:
        return [str(one[0]) for one in base.execute(question)]


def server_processes(site: Site) -> list[int]:
    """The process that listens and those that answer, and not the foreman, which has to find out for itself."""
    threads = Path(f"/proc/{site.server.pid}/task").iterdir()
    began = [int(one) for each in threads for one in (each / "children").read_text().split()]
    own = [one for one in began if b"foreman" not in Path(f"/proc/{one}/cmdline").read_bytes()]
    return [*own, site.server.pid]


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


def test_nothing_that_was_acknowledged_is_lost_where_worker_sampler_and_server_are_killed_under_load(
    root: Path, tmp_path: Path
) -> None:
    pack, data = small_city(root, tmp_path / "pack"), tmp_path / "data"
    give_accounts(data, pack, "administrator", "analyst")
    stop = threading.Event()
    with running(data, pack, HAIDANG_SECRET_KEY=SECRET) as site:
        boss, analyst = site.visitor("administrator"), site.visitor("analyst")
        page = f"/en/programmes/{PROGRAMME}/"
        ask = f"/en/jobs/simulate/{PROGRAMME}/"
        assert analyst.post(ask, token_from=page, draws=str(DRAWS), seed="7").status == 302
        office = "/en/office/organisations/"
        writers = [
            Writer(
                Visitor(site.base, boss.jar), office, office, "organisation_name", {"kind": "factory"}, f"Body {at}",
                stop,
            )
            for at in range(WRITERS)
        ]  # fmt: skip
        step = {"step-responsible": "Department of Transport"}
        writers.append(
            Writer(
                Visitor(site.base, analyst.jar), PROMISE, "/en/desk/commitments/school-bus-stops/step/",
                "step-next_vi step-next_en", step, "Step", stop,
            )
        )  # fmt: skip
        for one in writers:
            one.start()
        for _ in range(600):
            if re.search(rf"[1-9]\d* / {DRAWS}", analyst.get("/en/jobs/").text):
                break
            time.sleep(0.1)
        worker, sampler = site.worker(), site.sampler()
        os.kill(worker, signal.SIGKILL)
        os.kill(sampler, signal.SIGKILL)
        another(site.worker, worker)
        another(site.sampler, sampler)
        for process in server_processes(site):
            os.kill(process, signal.SIGKILL)
        for one in writers:
            one.join(timeout=60)
            assert not one.is_alive()
            assert one.acknowledged
            assert not one.refused
    with running(data, pack, HAIDANG_SECRET_KEY=SECRET) as again:
        bodies = rows(data / "haidang.sqlite3", "SELECT name FROM people_organisation")
        kept = [name for one in writers[:WRITERS] for name in one.acknowledged]
        assert set(kept) <= set(bodies)
        # What is there is in the log, and what is in the log is there: a change stands whole or not at all.
        told = rows(
            data / "haidang.sqlite3", "SELECT details FROM ledger_entry WHERE action = 'people.organisation.made'"
        )
        assert len(told) == sum(name.startswith("Body ") for name in bodies)
        changes = rows(data / "records.sqlite3", "SELECT body FROM track_change WHERE name = 'school-bus-stops'")
        assert all(any(f'"{name}"' in body for body in changes) for name in writers[-1].acknowledged)
        assert f"{writers[-1].acknowledged[-1]}" in "".join(changes)
        analyst = Visitor(again.base, analyst.jar)  # still logged in, since the secret is the same
        assert TOKEN.search(analyst.get(PROMISE).text)
        for _ in range(1200):
            text = analyst.get("/en/jobs/").text
            if "<td>done</td>" in text:
                break
            time.sleep(0.1)
        assert "<td>done</td>" in text, text
        run = re.search(rf'href="([^"]+{PROGRAMME}/runs/\d+/)"', text)
        assert run
        assert f"{DRAWS} draws" in analyst.get(run.group(1)).text
    walked = command(data, pack, "web", "verify", "--data", str(data))
    assert walked.returncode == 0, walked.stderr
    assert f"{len(rows(data / 'haidang.sqlite3', 'SELECT number FROM ledger_entry'))} entries" in walked.stdout
