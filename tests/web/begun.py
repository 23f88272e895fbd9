"""Work that is begun a second time, as after a worker that was killed before it said that it was done."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from tests.web.site import Site


def begun_again(site: Site, kind: str) -> list[str]:
    """Let the last job of a kind wait again once it is done, until the worker has done it again.

    Returns:
        What came of it the first time and the second.
    """
    with closing(sqlite3.connect(site.data / "haidang.sqlite3", timeout=20, isolation_level=None)) as own:
        (number,) = own.execute("SELECT max(id) FROM jobs_job WHERE kind = ?", (kind,)).fetchone()
        first = _outcome(own, number)
        own.execute("UPDATE jobs_job SET state = 'waiting' WHERE id = ?", (number,))
        return [first, _outcome(own, number)]


def _outcome(own: sqlite3.Connection, number: int) -> str:
    for _ in range(600):
        state, outcome = own.execute("SELECT state, outcome FROM jobs_job WHERE id = ?", (number,)).fetchone()
        if state == "done":
            return outcome
        assert state != "failed"
        time.sleep(0.1)
    raise AssertionError("nobody did it")
