"""Allocations with a certificate: bars by size, and what other solvers do with the same towns.

Each run has a process of its own; a figure is the worst of its seeds. CPU time is all threads', after compilation, and
from the problem in memory to the plan. Memory is the most that the process ever held, with the
town and the compiler.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.allocate_one import town
from benchmarks.figure import Figure
from benchmarks.peers import peers_python
from haidang.allocate.problem import Problem
from haidang.allocate.verify import breaches

SEEDS = 5
RIVAL_SECONDS = 120.0
"""What a rival may take by the clock; one that has not stopped by twice that and a minute is ended."""
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
RIVALS = (
    ("highs", 1_000),
    ("scip", 1_000),
    ("cpsat", 1_000),
    ("highs", 10_000),
    ("scip", 10_000),
    ("cpsat", 10_000),
    ("pdlp", 100_000),
)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The bars, the other towns, and the rivals on the first seed of each size."""
    seeds = 1 if small else SEEDS
    figures: list[Figure] = []
    bounds: dict[int, tuple[float, float]] = {}
    for units, kind, gap, seconds, memory in BARS[: 2 if small else None]:
        found = [_run(units, seed, kind, gap) for seed in range(seeds)]
        bounds[units] = found[0]["value"], found[0]["bound"]
        figures += _figures(f"{units:,} units", found, gap, seconds, memory)
    for units, kind, gap in OTHERS[: 0 if small else None]:
        rules = ", 42 rules" if kind.endswith("+") else ""
        name = f"{units:,} units, {kind.rstrip('+')} options{rules}"
        figures += _figures(name, [_run(units, seed, kind, gap) for seed in range(seeds)], gap, None, None)
    notes: list[str] = []
    for solver, units in RIVALS[: 0 if small else None]:
        figures += _rival(solver, units, bounds[units][1], notes)
    return figures, notes


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


def _run(units: int, seed: int, kind: str, gap: float) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.allocate_one", str(units), str(seed), kind, str(gap), "600"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {units:,} units, {kind} options, seed {seed}: {found}", flush=True)
    return found


def _rival(solver: str, units: int, bound: float, notes: list[str]) -> list[Figure]:
    """What another solver finds in the time it is given, its plan looked at by the same second look."""
    python = sys.executable if solver == "highs" else peers_python()
    if python is None:
        notes.append(f"{solver} is not there: python -m benchmarks allocate --peers")
        return []
    problem = town(units, 0, "8")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "town.npz", Path(folder) / "found.npz"
        _write(problem, source)
        script = Path(__file__).with_name("allocate_rivals.py")
        command = [str(python), str(script), solver, str(source), str(target), str(RIVAL_SECONDS)]
        begun = time.perf_counter()
        name = f"{units:,} units, {solver}"
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=2 * RIVAL_SECONDS + 60)
        except subprocess.TimeoutExpired:
            notes.append(f"{name}: given {RIVAL_SECONDS:.0f} s, no answer after {time.perf_counter() - begun:.0f} s")
            return []
        if done.returncode or not target.exists():
            notes.append(f"{name}: failed after {time.perf_counter() - begun:.0f} s: {done.stderr.strip()[-200:]}")
            return []
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        choice = np.load(target)["choice"]
    figures = [
        Figure(f"{name}: CPU", "s", (told["cpu_s"],), note=f"given {RIVAL_SECONDS:.0f} s"),
        Figure(f"{name}: peak memory", "GB", (told["peak_gb"],)),
    ]
    if told["found"]:
        broken = breaches(problem, choice)
        value = sum(float(problem.values["level_gain"][u, y, choice[u, y]]) for u, y in np.argwhere(choice >= 0))
        figures.append(
            Figure(f"{name}: below our bound", "%", (100 * (1 - value / bound),), note=f"breaches {len(broken)}")
        )
    if np.isfinite(told["bound"]):
        figures.append(Figure(f"{name}: its bound above ours", "%", (100 * (told["bound"] / bound - 1),)))
    shown = "; ".join(f"{one.name.removeprefix(name + ': ')} {one.value:.4g} {one.unit} {one.note}" for one in figures)
    print(f"  {name}: {shown}", flush=True)
    return figures


def _write(problem: Problem, path: Path) -> None:
    names = {option.id: at for at, option in enumerate(problem.options)}
    pairs = [(names[option.id], names[other]) for option in problem.options for other in option.after]
    parts: dict[str, Any] = {"after": np.array(pairs), "resources": np.array([one.id for one in problem.resources])}
    for one in problem.resources:
        parts[f"amount_{one.id}"] = problem.amounts[one.id]
        parts[f"budget_{one.id}"] = np.array(one.per_year)
        parts[f"lasting_{one.id}"] = np.array(one.lasting)
    np.savez(path, values=problem.values["level_gain"], eligible=np.array(problem.eligible), **parts)
