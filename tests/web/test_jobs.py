"""Work in the background: nothing that was asked for is lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

from tests.web.conftest import PROGRAMME
from tests.web.site import Site, surroundings

DRAWS = 200


def drawn(text: str) -> int:
    """How many draws the newest job has."""
    found = re.search(rf"(\d+) / {DRAWS}", text)
    return int(found.group(1)) if found else 0


def row(text: str) -> str:
    """The row of the job of so many draws: other rooms have jobs too."""
    return next(one for one in text.split("<tr>") if f" / {DRAWS}<" in one)


def test_a_job_goes_on_where_its_worker_was_killed(site: Site, runs: tuple[int, int]) -> None:
    analyst = site.visitor("analyst")
    page = f"/en/programmes/{PROGRAMME}/"
    analyst.post(f"/en/jobs/simulate/{PROGRAMME}/", token_from=page, draws=str(DRAWS), seed="3")
    killed_at = 0
    for _ in range(1500):
        killed_at = drawn(analyst.get("/en/jobs/").text)
        if killed_at:
            break
        time.sleep(0.05)
    assert 0 < killed_at < DRAWS, "the job was done before it could be killed"
    os.kill(site.worker(), signal.SIGKILL)
    for _ in range(1500):
        own = row(analyst.get("/en/jobs/").text)
        if "<td>done</td>" in own:
            break
        time.sleep(0.1)
    assert "<td>done</td>" in own, own
    run = re.search(r'href="([^"]+/runs/\d+/)"', own)
    assert run
    assert f"{DRAWS} draws" in analyst.get(run.group(1)).text


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
