"""A population that no machine holds, over the workers of a Ray cluster that is started here."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path

from benchmarks.clock import peak_bytes
from benchmarks.figure import Figure
from benchmarks.setting import PACK
from benchmarks.stream import write_units

UNITS = 100_000_000
SMALL = 400_000
MEMORY = {False: "500000000", True: "50000000"}
"""Bytes that a population may take before it is streamed."""
PROCESSORS = 2
PROGRAMME = "one-year"
YEAR = """\
id: one-year
title: {vi: Một năm, en: One year}
model: factories
years: 2026
instruments:
  credit:
    title: {vi: Khoản vay ưu đãi, en: Preferential loan}
    eligible: level < 4
    levers: {loan_rate: market_rate - credit_rate_gap, loan_share: loan_share_terms}
    budget:
      - {resource: loan, amount: credit_line, per_unit: 85e9 VND}
      - {resource: subsidy, amount: programme_public_cost}
    ration: first_come
"""


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Rows a second through baseline and programme, and megabytes at the peak of driver and workers."""
    units = SMALL if small else UNITS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        pack = root / PACK
        _copy_pack(pack)
        path = root / "units.parquet"
        begun = time.monotonic()
        write_units(path, units)
        written = time.monotonic() - begun
        out = root / "found.json"
        with ray_here(PROCESSORS) as address, _peaks("_PartAtWork") as workers:
            arguments = [str(pack), str(path), address, str(root / "run"), str(out), MEMORY[small]]
            subprocess.run([sys.executable, "-m", "benchmarks.cluster", *arguments], check=True)
        found: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
        size = path.stat().st_size / 1e6
    rows = units * 2 / found["seconds"]
    return [
        Figure(f"{units:,} units, two scenarios, one year: rows a second", "1/s", (rows,)),
        Figure("time with starting, reading and compiling", "s", (found["seconds"],)),
        Figure("peak memory of the leading process", "MB", (found["peak"] / 1e6,)),
        Figure("peak memory of the largest worker", "MB", (max(workers, default=0) / 1e6,)),
        Figure("the file", "MB", (size,)),
        Figure("writing the file", "s", (written,)),
    ], [f"{PROCESSORS} workers on this machine; rows are units times scenarios; one draw; workers read the file"]


def _copy_pack(target: Path) -> None:
    """The pack with a programme of one year."""
    import haidang.packs.hcmc as pack

    shutil.copytree(Path(str(pack.__file__)).parent, target, ignore=shutil.ignore_patterns("__pycache__"))
    (target / "programmes" / f"{PROGRAMME}.yaml").write_text(YEAR, encoding="utf-8")


@contextlib.contextmanager
def ray_here(processors: int) -> Generator[str]:
    """A Ray on this machine, by its address."""
    port, client = _free_port(), _free_port()
    scratch = Path(tempfile.gettempdir()) / f"ray-{port}"
    arguments = [str(Path(sys.executable).with_name("ray")), "start", "--head", "--block", "--port", str(port)]
    arguments += ["--ray-client-server-port", str(client), "--num-cpus", str(processors), "--disable-usage-stats"]
    arguments += ["--include-dashboard", "false", "--object-store-memory", "200000000", "--temp-dir", str(scratch)]
    arguments += ["--min-worker-port", "0", "--max-worker-port", "0"]
    head = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", client), 1):
                break
            time.sleep(0.2)
        yield f"ray://127.0.0.1:{client}"
    finally:
        os.killpg(head.pid, signal.SIGKILL)
        head.wait(30)
        shutil.rmtree(scratch, ignore_errors=True)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def _peaks(name: str) -> Generator[list[int]]:
    """The largest resident memory of each process that does this work, in bytes, as the system keeps it."""
    found: dict[str, int] = {}
    peaks: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            for entry in Path("/proc").iterdir():
                with contextlib.suppress(OSError, StopIteration):
                    if entry.name.isdigit() and name.encode() in (entry / "cmdline").read_bytes():
                        lines = (entry / "status").read_text(encoding="utf-8").splitlines()
                        high = next(line for line in lines if line.startswith("VmHWM"))
                        found[entry.name] = 1024 * int(high.split()[1])

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()
        peaks.extend(found.values())


def main(pack: str, units: str, address: str, run: str, out: str, memory: str) -> None:
    """Simulate one draw on the cluster, and write seconds and the leading process's peak."""
    from haidang.packs import load_pack
    from haidang.study import Question, run_study

    begun = time.monotonic()
    question = Question(PROGRAMME, draws=1, units=Path(units), memory=int(memory), workers=1)
    run_study(load_pack(pack), question, Path(run), cluster=address)
    found = {"seconds": time.monotonic() - begun, "peak": float(peak_bytes())}
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
