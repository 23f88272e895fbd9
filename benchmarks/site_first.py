"""From nothing to the first page: `haidang serve` in an empty folder, until somebody who asks has a page.

`python -m benchmarks.site_first` does it three times and tells each. Exit status 1: one took longer than the bound.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.site import HAIDANG

BOUND = 10.0
"""Seconds after which the first page is to be there."""
TIMES = 3
PORT = 8767


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds from the command to the first page."""
    took = tuple(first_page() for _ in range(1 if small else TIMES))
    return [Figure("from nothing to the first page", "s", took, bound=BOUND)], []


def main() -> None:
    """Serve, ask, tell."""
    load, took = os.getloadavg()[0], [first_page() for _ in range(TIMES)]
    print(f"the first page after {', '.join(f'{each:.1f}' for each in took)} s (bound {BOUND:.0f}), load {load:.1f}")
    sys.exit(0 if max(took) <= BOUND else 1)


def first_page() -> float:
    """Seconds from the command, in a folder that is not there, to the whole first page."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        words = ["serve", "--data", str(Path(folder) / "site"), "--port", str(PORT)]
        server = subprocess.Popen([HAIDANG, *words], stdout=subprocess.DEVNULL)
        try:
            while not answers():
                assert server.poll() is None, "the site ended"
                time.sleep(0.05)
            return time.perf_counter() - began
        finally:
            server.terminate()
            server.wait()


def answers() -> bool:
    """Whether the first page comes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/vi/", timeout=30) as page:
            return page.status == 200 and b"</html>" in page.read()
    except OSError:
        return False


if __name__ == "__main__":
    main()
