"""Every programme of the pack through the same engine: what a draw of each costs, and the memory that it takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.clock import peak_bytes
from benchmarks.figure import Figure
from benchmarks.setting import PACK, setting_of
from haidang.packs import load_pack

DRAWS = 8
WARM = 2


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Nanoseconds of CPU per unit, alternative, period and scenario; seconds of a draw; megabytes at the peak."""
    figures: list[Figure] = []
    notes = [f"baseline, programme and all its variants, {DRAWS} draws after {WARM} that compile, one process each"]
    for name in load_pack(PACK).programmes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "found.json"
            size = ["--small"] if small else []
            subprocess.run([sys.executable, "-m", "benchmarks.programmes", name, str(out), *size], check=True)
            found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        work = f"{found['rows']:,} rows x {found['alternatives']} alternatives x {found['periods']} periods"
        figures.append(
            Figure(name, "CPU ns", tuple(found["ns"]), "least", note=f"{work} x {found['scenarios']} scenarios")
        )
        figures.append(Figure("  a draw", "s", tuple(found["wall"])))
        figures.append(Figure("  peak memory", "MB", (found["peak"] / 1e6,)))
    return figures, notes


def measure_one(name: str, small: bool) -> dict[str, Any]:
    """What the draws of one programme cost, in this process."""
    import jax

    from haidang.engine import simulate_draw

    setting, facts = setting_of(name, ("all",), 512 if small else None, WARM + DRAWS)
    cpu: list[float] = []
    wall: list[float] = []
    with jax.enable_x64(True):
        for draw in range(WARM + DRAWS):
            given, begun, clock = facts(draw), time.process_time(), time.monotonic()
            simulate_draw(setting, draw, given)
            cpu.append(time.process_time() - begun)
            wall.append(time.monotonic() - clock)
    size = {
        "rows": setting.source.rows,
        "alternatives": len(setting.model.card.alternatives) + 1,
        "periods": len(setting.years),
        "scenarios": len(setting.scenarios),
    }
    decisions = size["rows"] * size["alternatives"] * size["periods"] * size["scenarios"]
    return size | {
        "ns": [1e9 * one / decisions for one in cpu[WARM:]],
        "wall": wall[WARM:],
        "peak": peak_bytes(),
    }


if __name__ == "__main__":
    found = measure_one(sys.argv[1], "--small" in sys.argv)
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
