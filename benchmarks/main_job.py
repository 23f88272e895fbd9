"""Wall time of the main job by the command line, split in phases."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.phased import run_phased
from benchmarks.setting import PACK, PROGRAMME

_PHASES = ("start", "population", "compile", "simulate", "write", "backtests", "report")
_JOBS = (("programme", [], 15.0, 3), ("all variants", ["--variants", "all"], 60.0, 2))
_NAME = f"{PACK}/{PROGRAMME}"


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds of the first run, with nothing compiled, and of the runs after it."""
    draws = 8 if small else 200
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for title, extra, bound, times in _JOBS:
            cold = _run(root, f"cold-{title}", [*extra, "--draws", "4"])
            figures.append(Figure(f"{title}: 4 draws, nothing compiled", "s", (cold["wall"],)))
            full = [*extra, "--draws", str(draws)]
            runs = [_run(root, f"{title}-{place}", full) for place in range(1 if small else times)]
            walls = tuple(one["wall"] for one in runs)
            figures.append(Figure(f"{title}: {draws} draws", "s", walls, "median", bound))
            figures += [Figure(f"  {phase}", "s", tuple(one.get(phase, 0.0) for one in runs)) for phase in _PHASES]
            figures.append(Figure("  peak of resident memory", "MB", tuple(one["peak"] / 1e6 for one in runs)))
    return figures, ["start: interpreter and imports; compile, within simulate: tracing, and reading what is compiled"]


def _run(root: Path, name: str, extra: list[str]) -> dict[str, float]:
    return run_phased(["run", _NAME, *extra, "--out", str(root / name.replace(" ", "-"))], root / "cache")
