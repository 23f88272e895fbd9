"""The store under load: killed at any moment, written to by several processes at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from haidang.track.store import close_store, open_store

WRITER = """
import sys
from datetime import date
from haidang.track.records import Claim, Commitment, SourcePlace
from haidang.track.store import Draft, open_store
store = open_store(sys.argv[1])
claim = (Claim("first", SourcePlace("paper"), date(2025, 11, 26)),)
def make(name, round):
    return Commitment(name, {"vi": "Hứa", "en": "A promise"}, "pledge", ("A bank",), str(round), claim)
number = 0
while True:
    number += 1
    drafts = [Draft(make(f"part-{part}", number), number - 1) for part in range(20)]
    store.write(drafts, "change", "writer")
    print(number, flush=True)
"""

EDITOR = """
import sys
from dataclasses import replace
from datetime import date
from haidang.track.records import Claim, SourcePlace
from haidang.track.store import ConflictError, Draft, open_store
store = open_store(sys.argv[1])
done = 0
while done < int(sys.argv[3]):
    held = store.one("commitment", "shared")
    claim = Claim(f"{sys.argv[2]}-{done}", SourcePlace("paper"), date(2025, 11, 26))
    record = replace(held.record, claims=(*held.record.claims, claim))
    try:
        store.write([Draft(record, held.version)], "claim", sys.argv[2])
        done += 1
    except ConflictError:
        pass
"""


def start(script: str, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.parametrize("pause", [0.0, 0.013, 0.031])
def test_killed_at_any_moment_no_change_is_lost_or_half_applied(address: str, pause: float):
    written = start(WRITER, address)
    told = 0
    assert written.stdout is not None
    assert written.stderr is not None
    for line in written.stdout:
        told = int(line)
        if told == 12:
            time.sleep(pause)
            os.kill(written.pid, signal.SIGKILL)
    written.wait()
    trouble = written.stderr.read()
    written.stdout.close()
    written.stderr.close()
    assert told >= 12, trouble
    store = open_store(address)
    found, held = store.verify(), store.held()
    close_store(store)
    rounds = {one.version for one in held.values()}
    assert len(held) == 20
    assert len(rounds) == 1, "a batch was half applied"
    assert rounds.pop() >= told, "a change that was told as written is lost"
    assert found.changes == 20 * held["commitment", "part-0"].version
    assert {one.record.responsible for one in held.values()} == {str(held["commitment", "part-0"].version)}  # type: ignore[union-attr]


def test_edits_by_several_processes_do_not_overwrite_each_other(address: str, commitment, tmp_path: Path):
    from haidang.track.store import Draft

    store = open_store(address)
    store.write([Draft(commitment("shared"), 0)], "add", "Lan")
    close_store(store)
    editors = [start(EDITOR, address, name, "15") for name in ("an", "binh", "chi", "dung")]
    troubles = [editor.communicate(timeout=120)[1] for editor in editors]
    assert [editor.returncode for editor in editors] == [0] * 4, troubles
    store = open_store(address)
    held = store.one("commitment", "shared")
    found = store.verify()
    close_store(store)
    assert held is not None
    names = [claim.id for claim in held.record.claims]  # type: ignore[union-attr]
    wanted = {f"{name}-{done}" for name in ("an", "binh", "chi", "dung") for done in range(15)}
    assert set(names) == wanted | {"first"}
    assert len(names) == 61
    assert found.changes == 61
