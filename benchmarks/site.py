"""The public pages under load: so many readers a second, whether the pages before have come or not.

`python -m benchmarks.site` lays a site of a large city on SQLite (`benchmarks.site_city`: 10,000 factories, 10,000
promises, 200 runs), asks for its public pages in turn, and says how long they took, how many failed, and how busy
server and asker were: while nobody writes, and then while somebody writes once a second (`benchmarks.site_writer`).
Exit status 1: a bound is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from benchmarks.figure import Figure
from benchmarks.site_writer import WRITERS, Written, write

HAIDANG = str(Path(sys.executable).parent / "haidang")
PROGRAMME = "smart-manufacturing-credit"
BOUND = 150
"""Milliseconds within which 95 % of the pages are to come."""
PAGES = (
    "", f"programmes/{PROGRAMME}/", "targets/", "commitments/", "facts/", "method/", "pilots/", "proposals/",
    "commitments/?page={page}", "commitments/promise-{some}/", "commitments/?q={some}", "late/",
)  # fmt: skip
"""The eight that everybody begins at, and the lists and promises behind them, another at each asking."""
NOBODY = "nobody"
PASSES = (NOBODY, *WRITERS)
"""Who writes while the pages are asked for, one pass after another."""
PORT = 8765
ASKERS = 64
"""Readers whose answers are waited for at once; whoever finds none free is late by that."""


def main() -> None:
    """Lay a site, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100, help="requests a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=2, help="of the server")
    parser.add_argument("--size", type=int, default=10_000, help="factories, and promises")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--writer", choices=PASSES, action="append", help="who writes once a second; each unless given")
    asked = parser.parse_args()
    kept = True
    with serving(asked.size, asked.runs, asked.processes) as site:
        for who in asked.writer or PASSES:
            found = load(site, asked.rate, asked.seconds, who)
            tell(found, who)
            kept = kept and all(one.held is not False for one in figures(found, who, asked.rate))
    sys.exit(0 if kept else 1)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """What readers of the public pages wait, a hundred of them a second, by who writes meanwhile."""
    rate, seconds = (20, 3) if small else (100, 30)
    found: list[Figure] = []
    with serving(*((200, 4) if small else (10_000, 200)), processes=2) as site:
        for who in PASSES:
            found += figures(load(site, rate, seconds, who), who, rate)
    return found, []


@contextmanager
def serving(size: int, runs: int, processes: int) -> Generator[Asked]:
    """A site of a large city that is served."""
    os.environ.setdefault("HAIDANG_SECRET_KEY", secrets.token_urlsafe(50))  # by which the site knows its sessions
    with tempfile.TemporaryDirectory() as folder:
        data, run = Path(folder) / "site", Path(folder) / "run"
        haidang("run", f"hcmc/{PROGRAMME}", "--draws", "10", "--rows", "8000", "--out", str(run))
        words = [sys.executable, "-m", "benchmarks.site_city", str(data), str(run), str(size), str(size), str(runs)]
        laid = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        words = ["serve", "--data", str(data), "--port", str(PORT), "--no-example", "--processes", str(processes)]
        server = subprocess.Popen([HAIDANG, *words], stdout=subprocess.DEVNULL)
        sessions = json.loads(laid.stdout.splitlines()[-1])
        try:
            yield Asked(f"http://127.0.0.1:{PORT}/vi/", data, size, server.pid, sessions)
        finally:
            server.terminate()
            server.wait()


def haidang(*words: str) -> None:
    """One command, which must succeed."""
    subprocess.run([HAIDANG, *words], check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Asked:
    """The site that is asked.

    Args:
        base: the address that its pages begin with.
        data: its folder.
        size: how many promises it holds.
        server: its process.
        sessions: by address of a person, one that is logged in.
    """

    base: str
    data: Path
    size: int
    server: int
    sessions: Mapping[str, str]

    def address(self, at: int) -> str:
        """The page of the asking of this number."""
        return self.base + PAGES[at % len(PAGES)].format(page=at % 90 + 2, some=at * 37 % self.size)


@dataclass(frozen=True)
class Load:
    """What came of asking.

    Args:
        took: seconds until the whole answer of each request had come, from the moment at which it was due.
        status: of each answer; 0 where none came.
        spent: seconds in all.
        busy: seconds of CPU of the server, its worker among it.
        before: the machine's load before.
        written: what came of the writing.
    """

    took: Any
    status: Any
    spent: float
    busy: float
    before: float
    written: Written

    @property
    def points(self) -> Any:
        """Milliseconds within which a half, 95 % and 99 % of the answers came."""
        return np.percentile(self.took[self.status == 200], [50, 95, 99]) * 1000

    @property
    def failed(self) -> int:
        """Requests without an answer, and forms that were refused."""
        return int((self.status != 200).sum()) + len(self.written.refused)


def load(site: Asked, rate: int, seconds: int, who: str) -> Load:
    """Ask at a steady pace, while somebody writes or nobody does."""
    answering(site.base)
    for drawn in ("standing.json", "records.json"):
        while not (site.data / "pages" / drawn).exists():
            time.sleep(0.5)  # the worker draws the day's pages first
    with ThreadPoolExecutor(ASKERS) as askers, ThreadPoolExecutor(1) as writer:
        lines = threading.local()
        for at in range(len(PAGES)):
            one(site, lines, at, time.perf_counter())
        before, began, busy = os.getloadavg()[0], time.perf_counter(), cpu_of(site.server)
        writing = writer.submit(_write, site, who, began + seconds)
        waits: list[Future[tuple[float, int]]] = []
        for at in range(rate * seconds):
            due = began + at / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waits.append(askers.submit(one, site, lines, at, due))
        found = [each.result() for each in waits]
        spent, written = time.perf_counter() - began, writing.result()
    took, status = np.array([each for each, _ in found]), np.array([each for _, each in found])
    return Load(took, status, spent, cpu_of(site.server) - busy, before, written)


def _write(site: Asked, who: str, until: float) -> Written:
    if who == NOBODY:
        return Written()
    form = WRITERS[who]
    return asyncio.run(write(site.base, site.sessions[form.email], form, until))


def figures(found: Load, who: str, rate: int) -> list[Figure]:
    """What came of asking, beside its bounds."""
    note = "nobody writes" if who == NOBODY else f"a {who} written once a second"
    count = len(found.took)
    return [
        Figure("public pages, 95 % within", "ms", (float(found.points[1]),), bound=BOUND, note=note),
        Figure("public pages, half within", "ms", (float(found.points[0]),), note=note),
        Figure("requests a second", "", (count / found.spent,), bound=0.95 * rate, sense="least", note=note),
        Figure("requests and forms that failed", "", (float(found.failed),), bound=0, note=note),
        Figure("CPU of the server a request", "ms", (found.busy / count * 1000,), note=note),
    ]


def tell(found: Load, who: str) -> None:
    """Print what came of it."""
    used, count, points = resource.getrusage(resource.RUSAGE_SELF), len(found.took), found.points
    print(f"{who} writes: {count} requests in {found.spent:.1f} s ({count / found.spent:.0f} a second), load before "
          f"{found.before:.1f}")  # fmt: skip
    print(f"{found.failed} failed; median {points[0]:.0f} ms, 95 % {points[1]:.0f} ms, 99 % {points[2]:.0f} ms")
    print(f"the server used {found.busy:.1f} s of CPU, {found.busy / count * 1000:.1f} ms a request")
    print(f"the asker itself has used {used.ru_utime + used.ru_stime:.1f} s of CPU")
    if found.written.took:
        print(f"{len(found.written.took)} forms, median {np.median(found.written.took) * 1000:.0f} ms")
    for line in found.written.refused[:5]:
        print(f"refused: {line}")
    for at, page in enumerate(PAGES):
        own = found.took[at :: len(PAGES)] * 1000
        print(f"  /vi/{page:<45} median {np.median(own):6.0f} ms, 95 % {np.percentile(own, 95):6.0f} ms")


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process and those that it began have used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    threads = Path(f"/proc/{process}/task").iterdir()
    return own + sum(cpu_of(int(one)) for each in threads for one in (each / "children").read_text().split())


def answering(base: str) -> None:
    """Wait until the site answers.

    Args:
        base: the address that its pages begin with.
    """
    for _ in range(600):
        try:
            if httpx.get(base, timeout=60).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the site never answered")


def one(site: Asked, lines: threading.local, at: int, due: float) -> tuple[float, int]:
    """One request: seconds from when it was due until its whole answer, and its status; 0 where there was none.

    Each asker keeps its line open, as browsers do, and takes pages packed. It is the plainest client that there is, so
    that the two cores are the site's: one for all purposes takes as much of them as the site itself.
    """
    try:
        if not hasattr(lines, "own"):
            lines.own = http.client.HTTPConnection(urlsplit(site.base).netloc, timeout=60)
        lines.own.request("GET", site.address(at), headers={"Accept-Encoding": "gzip"})
        answer = lines.own.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        lines.own.close()
        return time.perf_counter() - due, 0
    return time.perf_counter() - due, answer.status


if __name__ == "__main__":
    main()
