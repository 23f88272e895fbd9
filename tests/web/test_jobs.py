"""Work in the background: nothing that was asked for is lost."""

from __future__ import annotations

import os
import re
import signal
import time

from tests.web.conftest import PROGRAMME
from tests.web.site import Site

DRAWS = 200


def drawn(text: str) -> int:
    """How many draws the newest job has."""
    found = re.search(rf"(\d+) / {DRAWS}", text)
    return int(found.group(1)) if found else 0


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
        text = analyst.get("/en/jobs/").text
        if text.count("<td>done</td>") == 3:
            break
        time.sleep(0.1)
    assert text.count("<td>done</td>") == 3, text
    assert f"{DRAWS} draws" in analyst.get(f"/en/programmes/{PROGRAMME}/runs/3/").text
