"""A time limit that cuts the search short: how far past it an allocation goes, and whether what it has is still a plan.

The gap asked for is nought, so that the search ends by its limit wherever it has not proven the best plan by then.
Seconds are those of the clock, so other work on the machine counts against it.
"""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.figure import Figure

LIMITS = (
    (100_000, "8", 1.0),
    (100_000, "30", 3.0),
    (1_000_000, "8", 5.0),
    (1_000_000, "8", 10.0),
)
"""Units, options, seconds of the clock."""
SEEDS = 3
MOST = 10.0
"""Percent past the limit."""


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Each limit on towns of several seeds, each in a process of its own."""
    figures: list[Figure] = []
    notes: list[str] = []
    for units, kind, seconds in LIMITS[: 1 if small else None]:
        found = [_limited(units, seed, kind, seconds) for seed in range(1 if small else SEEDS)]
        name = f"{units:,} units, {kind} options, {seconds:g} s"
        past = tuple(100 * (one["wall_s"] / seconds - 1) for one in found)
        worst = max(past)
        gaps = ", ".join(f"{100 * one['gap']:.3g} %" for one in found)
        figures += [
            Figure(f"{name}: past the limit", "%", (worst,), bound=MOST, note=f"worst of {len(past)}; gaps {gaps}"),
            Figure(f"{name}: breaches", "", (max(one["breaches"] for one in found),), bound=0.0),
        ]
        early = sum(one["wall_s"] < 0.8 * seconds for one in found)
        if early:
            notes.append(f"{name}: {early} of {len(found)} ended before the limit, with nothing left to try")
    return figures, notes


def _limited(units: int, seed: int, kind: str, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.allocate_one", str(units), str(seed), kind, "0", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {units:,} units, {kind} options, {seconds:g} s, seed {seed}: {found}", flush=True)
    return found
