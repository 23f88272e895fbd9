"""The same run on a Ray that is started here: the same bytes, whichever worker is killed on the way."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from haidang.packs import load_pack
from haidang.population import build_population, write_population
from haidang.results import open_run
from haidang.study import Question, StudyError, run_study
from haidang.study.cluster import shares_of

PACK = load_pack("hcmc")
PROGRAMME = "smart-manufacturing-credit"
ROWS = 700


def free_port() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A Ray with two processors, by its address."""
    command = Path(sys.executable).with_name("ray")
    port, client = free_port(), free_port()
    folder = tmp_path_factory.mktemp("ray")
    arguments = [str(command), "start", "--head", "--block", "--port", str(port), "--ray-client-server-port"]
    arguments += [str(client), "--num-cpus", "2", "--include-dashboard", "false", "--disable-usage-stats"]
    arguments += ["--object-store-memory", "150000000", "--min-worker-port", "0", "--max-worker-port", "0"]
    # Ray makes sockets in its folder, whose names may not be long.
    scratch = Path(tempfile.gettempdir()) / f"ray-{port}"
    arguments += ["--temp-dir", str(scratch)]
    with (folder / "log").open("wb") as log:
        head = subprocess.Popen(arguments, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(client, head, folder / "log")
        yield f"ray://127.0.0.1:{client}"
    finally:
        os.killpg(head.pid, signal.SIGKILL)
        head.wait(30)
        shutil.rmtree(scratch, ignore_errors=True)


def _wait_for(port: int, head: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if head.poll() is not None:
            pytest.fail(f"Ray did not start: {log.read_text()[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    pytest.fail("Ray did not open its port")


RUN = """
import sys
from pathlib import Path
from haidang.packs import load_pack
from haidang.study import Question, run_study
question = Question({question})
run_study(load_pack("hcmc"), question, Path(sys.argv[1]), cluster=sys.argv[2])
"""


def digest(out: Path, question: str, cluster: str = "local") -> str:
    """The digest of the tables of a run, made in a process of its own."""
    command = [sys.executable, "-c", RUN.format(question=f"'{PROGRAMME}', workers=1, {question}"), str(out), cluster]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return open_run(out).manifest.digest


@pytest.fixture(scope="module")
def units(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("units") / "units.parquet"
    write_population(build_population(PACK.population("factories"), PACK.book, ROWS, 3), path)
    return path


def test_draws_as_tasks_give_the_bytes_of_one_machine(cluster, tmp_path):
    question = "variants=('zones-first',), draws=6, rows=150"
    here = digest(tmp_path / "here", question)  # first, since the workers then find its programs compiled
    assert digest(tmp_path / "ray", question, cluster) == here


def test_blocks_over_workers_give_the_bytes_of_one_machine_though_a_worker_is_killed(cluster, tmp_path, units):
    # So little memory makes blocks of 256 units: three blocks over two workers.
    question = f"draws=2, units=Path({str(units)!r})"
    here = digest(tmp_path / "here", f"{question}, memory=1")
    killed: list[int] = []
    killer = threading.Thread(target=_kill_one, args=("_PartAtWork", killed), daemon=True)
    killer.start()
    found = digest(tmp_path / "ray", f"{question}, memory=1", cluster)
    killer.join(60)
    assert killed, "a worker was killed while it worked"
    assert found == here


def _kill_one(name: str, killed: list[int]) -> None:
    """Kill the first process of Ray that does this work, once it has begun."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not killed:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and name in _title(entry):
                time.sleep(1.5)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)
                    killed.append(int(entry.name))
                return
        time.sleep(0.05)


def _title(entry: Path) -> str:
    with contextlib.suppress(OSError):
        return (entry / "cmdline").read_bytes().decode(errors="replace")
    return ""


@pytest.mark.parametrize("address", ["ray:127.0.0.1:1", "127.0.0.1:10001", "ray://host", "ray://:1", "dask://a:1"])
def test_an_address_that_is_none_is_refused_before_anything_is_done(tmp_path, address):
    with pytest.raises(StudyError, match="expected --cluster local or ray://HOST:PORT"):
        run_study(PACK, Question(PROGRAMME, draws=1, rows=64), tmp_path / "run", cluster=address)
    assert not (tmp_path / "run").exists()


def test_parts_share_the_blocks():
    assert shares_of(7, 3) == (range(0, 2), range(2, 4), range(4, 7))
    assert shares_of(2, 5) == (range(0, 1), range(1, 2))
    assert shares_of(1, 1) == (range(0, 1),)
