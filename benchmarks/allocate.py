"""Allocations with a certificate: bars by size.

Each run has a process of its own; a figure is the worst of its seeds. CPU time is all threads', after compilation, and
from the problem in memory to the plan. Memory is the most that the process ever held, with the
town and the compiler.
"""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.figure import Figure

SEEDS = 5
BARS = (
    (1_000, "8", 0.0005, 5.0, 0.5),
    (10_000, "8", 0.0002, 8.0, 0.5),
    (100_000, "8", 0.0002, 20.0, 1.0),
    (1_000_000, "8", 0.0002, 200.0, 4.0),
)
"""Units, options, the gap that must be proven, CPU seconds, gigabytes."""
OTHERS = (
    (10_000, "20", 0.0002),
    (10_000, "30", 0.0002),
    (100_000, "20", 0.0002),
    (100_000, "30", 0.0002),
    (1_000, "8+", 0.0005),
    (100_000, "8+", 0.0002),
)
"""Longer chains, and with `+` forty-two rules besides the budgets."""


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The bars and the other towns."""
    seeds = 1 if small else SEEDS
    figures: list[Figure] = []
    for units, kind, gap, seconds, memory in BARS[: 2 if small else None]:
        found = [measured(units, seed, kind, gap) for seed in range(seeds)]
        figures += _figures(f"{units:,} units", found, gap, seconds, memory)
    for units, kind, gap in OTHERS[: 0 if small else None]:
        rules = ", 42 rules" if kind.endswith("+") else ""
        name = f"{units:,} units, {kind.rstrip('+')} options{rules}"
        figures += _figures(name, [measured(units, seed, kind, gap) for seed in range(seeds)], gap, None, None)
    return figures, []


def _figures(
    name: str, found: list[dict[str, float]], gap: float, cpu: float | None, peak: float | None
) -> list[Figure]:
    worst = {key: max(one[key] for one in found) for key in found[0]}
    spread = f"worst of {len(found)}; CPU {min(one['cpu_s'] for one in found):.2g} to {worst['cpu_s']:.2g} s"
    return [
        Figure(f"{name}: certified gap", "%", (100 * worst["gap"],), bound=100 * gap, note=spread),
        Figure(f"{name}: CPU", "s", (worst["cpu_s"],), bound=cpu),
        Figure(f"{name}: peak memory", "GB", (worst["peak_gb"],), bound=peak),
        Figure(f"{name}: breaches found by the second look", "", (worst["breaches"],), bound=0.0),
    ]


def measured(units: int, seed: int, kind: str, gap: float) -> dict[str, float]:
    """What `allocate_one` measures of a town, in a process of its own.

    Args:
        units: how many.
        seed: of the town.
        kind: how many options, with `+` where rules are to be kept too.
        gap: at which the search may end.
    """
    command = [sys.executable, "-m", "benchmarks.allocate_one", str(units), str(seed), kind, str(gap), "600"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {units:,} units, {kind} options, seed {seed}: {found}", flush=True)
    return found
