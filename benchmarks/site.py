"""The public pages under load: so many readers a second, whether the pages before have come or not.

`python -m benchmarks.site` lays a site of a large city on SQLite (`benchmarks.site_city`: 10,000 factories, 10,000
promises, 200 runs), asks for its public pages in turn, and says how long they took, how many failed, and how busy
server and asker were. Exit status 1: a bound is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

HAIDANG = str(Path(sys.executable).parent / "haidang")
PROGRAMME = "smart-manufacturing-credit"
BOUND = 150
"""Milliseconds within which 95 % of the pages are to come."""
PAGES = (
    "", f"programmes/{PROGRAMME}/", "targets/", "commitments/", "facts/", "method/", "pilots/", "proposals/",
    "commitments/?page={page}", "commitments/promise-{some}/", "commitments/?q={some}", "late/",
)  # fmt: skip
"""The eight that everybody begins at, and the lists and promises behind them, another at each asking."""


def main() -> None:
    """Lay a site, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100, help="requests a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=2, help="of the server")
    parser.add_argument("--size", type=int, default=10_000, help="factories, and promises")
    parser.add_argument("--runs", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, run = Path(folder) / "site", Path(folder) / "run"
        haidang("run", f"hcmc/{PROGRAMME}", "--draws", "10", "--rows", "8000", "--out", str(run))
        counts = [str(asked.size), str(asked.size), str(asked.runs)]
        words = [sys.executable, "-m", "benchmarks.site_city", str(data), str(run), *counts]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        words = ["serve", "--data", str(data), "--port", "8765", "--no-example", "--processes", str(asked.processes)]
        server = subprocess.Popen([HAIDANG, *words], stdout=subprocess.DEVNULL)
        try:
            site = Asked("http://127.0.0.1:8765/vi/", data, asked.size, server.pid)
            kept = asyncio.run(measure(site, asked.rate, asked.seconds))
        finally:
            server.terminate()
            server.wait()
    sys.exit(0 if kept else 1)


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
    """

    base: str
    data: Path
    size: int
    server: int

    def address(self, at: int) -> str:
        """The page of the asking of this number."""
        return self.base + PAGES[at % len(PAGES)].format(page=at % 90 + 2, some=at * 37 % self.size)


async def measure(site: Asked, rate: int, seconds: int) -> bool:
    """Ask at a steady pace, tell what came of it, and say whether it is within the bounds."""
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as client:
        await answering(client, site.base)
        for drawn in ("standing.json", "records.json"):
            while not (site.data / "pages" / drawn).exists():
                await asyncio.sleep(0.5)  # the worker draws the day's pages first
        for at in range(len(PAGES)):
            await client.get(site.address(at))
        load, began, busy = os.getloadavg()[0], time.perf_counter(), cpu_of(site.server)
        waits = [asyncio.create_task(one(client, site.address(at), began + at / rate)) for at in range(rate * seconds)]
        found = [await each for each in waits]
    spent, busy = time.perf_counter() - began, cpu_of(site.server) - busy
    took = np.array([each for each, status in found if status == 200])
    points = np.percentile(took, [50, 95, 99]) * 1000
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{len(found)} requests in {spent:.1f} s ({len(found) / spent:.0f} a second), load before {load:.1f}")
    print(
        f"{len(found) - len(took)} failed; median {points[0]:.0f} ms, 95 % {points[1]:.0f} ms, 99 % {points[2]:.0f} ms"
    )
    print(f"the server used {busy:.1f} s of CPU, {busy / len(found) * 1000:.1f} ms a request")
    print(f"the asker itself used {used.ru_utime + used.ru_stime:.1f} s of CPU")
    for at, page in enumerate(PAGES):
        own = np.array([each for number, (each, _) in enumerate(found) if number % len(PAGES) == at]) * 1000
        print(f"  /vi/{page:<45} median {np.median(own):6.0f} ms, 95 % {np.percentile(own, 95):6.0f} ms")
    return len(took) == len(found) and len(found) / spent >= 0.95 * rate and bool(points[1] <= BOUND)


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process and those that it began have used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    threads = Path(f"/proc/{process}/task").iterdir()
    return own + sum(cpu_of(int(one)) for each in threads for one in (each / "children").read_text().split())


async def answering(client: httpx.AsyncClient, base: str) -> None:
    """Wait until the site answers."""
    for _ in range(600):
        try:
            if (await client.get(base)).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise AssertionError("the site never answered")


async def one(client: httpx.AsyncClient, address: str, due: float) -> tuple[float, int]:
    """One request at its time: how long from then until its whole answer, and its status; 0 where there was none."""
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    try:
        answer = await client.get(address)
    except httpx.TransportError:
        return time.perf_counter() - due, 0
    return time.perf_counter() - due, answer.status_code


if __name__ == "__main__":
    main()
