"""A command of Haidang run in a process of its own, its time split in phases.

`python -m benchmarks.phased BEGUN OUT.json ARGUMENT ...` runs `haidang ARGUMENT ...` and writes the seconds of each
phase. BEGUN is the parent's monotonic clock just before it started the process, so that imports are counted too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PHASES = (
    ("haidang.study.prepared", "units_of", "population"),
    ("haidang.study.study", "simulate", "simulate"),
    ("haidang.study.study", "write_run", "write"),
    ("haidang.faces.simulation", "add_backtests", "backtests"),
    ("haidang.faces.simulation", "write_faces", "report"),
)
"""The function that does each phase, where it is looked up."""


def run_phased(arguments: list[str], cache: Path) -> dict[str, float]:
    """Run `haidang` with these arguments and a cache folder of its own.

    Returns:
        Seconds by phase: `start` until the first phase, the phases, `wall` in all, `compile` within `simulate`; and
        `peak` bytes of resident memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "phases.json"
        command = [sys.executable, "-m", "benchmarks.phased", repr(time.monotonic()), str(out), *arguments]
        begun = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"XDG_CACHE_HOME": str(cache)})
        wall = time.monotonic() - begun
        found: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
        return found | {"wall": wall}


def _watch(spent: dict[str, float], first: list[float]) -> None:
    """Put a clock around each phase's function."""

    def timed(phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            begun = time.monotonic()
            first.append(begun)
            try:
                return function(*arguments, **named)
            finally:
                spent[phase] = spent.get(phase, 0.0) + time.monotonic() - begun

        return call

    for module, name, phase in PHASES:
        place = import_module(module)
        setattr(place, name, timed(phase, getattr(place, name)))


def _watch_compiling(spent: dict[str, float]) -> None:
    """Add up what JAX says that tracing, lowering and compiling (or reading the cache) took."""
    from jax import monitoring

    def heard(event: str, seconds: float, **_: Any) -> None:
        if event.startswith("/jax/core/compile"):
            spent["compile"] = spent.get("compile", 0.0) + seconds

    monitoring.register_event_duration_secs_listener(heard)


def main(begun: float, out: Path, arguments: list[str]) -> None:
    """Run the command under the clocks and write what they show."""
    from benchmarks.clock import peak_bytes

    spent: dict[str, float] = {}
    first: list[float] = []
    _watch(spent, first)
    _watch_compiling(spent)
    from haidang.cli import main as haidang

    sys.argv = ["haidang", *arguments]
    status = 0
    try:
        haidang()
    except SystemExit as end:
        status = int(end.code or 0)
    spent["start"] = first[0] - begun if first else 0.0
    spent["peak"] = float(peak_bytes())
    out.write_text(json.dumps(spent), encoding="utf-8")
    raise SystemExit(status)


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
