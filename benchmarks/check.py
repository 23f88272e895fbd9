"""Wall time of commands that must answer at once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figure import Figure


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds from start to end of the process, files in the system's cache."""
    times = 2 if small else 9
    python = sys.executable
    haidang = str(Path(python).with_name("haidang"))
    return [
        Figure("haidang check hcmc", "s", _walls([haidang, "check", "hcmc"], times), bound=1.0),
        Figure("haidang --help", "s", _walls([haidang, "--help"], times)),
        Figure("import haidang", "s", _walls([python, "-c", "import haidang"], times), bound=0.2),
        Figure("Python alone", "s", _walls([python, "-c", "pass"], times)),
    ], []


def _walls(command: list[str], times: int) -> tuple[float, ...]:
    found: list[float] = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - begun)
    return tuple(found[1:])
