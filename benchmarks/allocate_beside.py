"""Other solvers with the same towns, seed by seed, in the same run as ours.

Each has a process and a thread of its own, and a limit on its CPU time, so that a busy machine takes nothing from it.
What each reports as its best plan is looked at by the verifier that looks at ours, and a breach is sized. How far a
plan lies below the best is measured from the bound that our dual function certifies.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.allocate import BARS, SEEDS, measured
from benchmarks.allocate_one import town
from benchmarks.figure import Figure
from benchmarks.peers import peers_python
from haidang.allocate.problem import Problem
from haidang.allocate.verify import Breach, breaches

LONGEST = 1800.0
"""Seconds of the clock after which a process is ended, whatever it did."""
AT_ONCE = 2
"""So many rivals work beside each other."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What a solver is given.

    Args:
        solver: its name in `allocate_rivals`.
        units: how many.
        seconds: of CPU time.
        seeds: how many towns.
    """

    solver: str
    units: int
    seconds: float
    seeds: int

    @property
    def name(self) -> str:
        """How it is shown."""
        return f"{self.units:,} units, {self.solver}"


CONTESTS = (
    Contest("highs", 10_000, 60.0, SEEDS),
    Contest("scip", 10_000, 60.0, SEEDS),
    Contest("cpsat", 10_000, 60.0, SEEDS),
    Contest("highs", 1_000, 90.0, SEEDS),
    Contest("scip", 1_000, 60.0, SEEDS),
    Contest("cpsat", 1_000, 60.0, SEEDS),
    Contest("pdlp", 100_000, 400.0, SEEDS),
)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Ours on every town, then the rivals; with `small` for some seconds on one town of a thousand."""
    contests = [Contest(one.solver, 1_000, 10.0, 1) for one in CONTESTS[:3]] if small else list(CONTESTS)
    gaps = {units: gap for units, _, gap, _, _ in BARS}
    towns = sorted({(one.units, seed) for one in contests for seed in range(one.seeds)})
    ours = {(units, seed): measured(units, seed, "8", gaps[units]) for units, seed in towns}
    notes: list[str] = []
    entries = [(one, seed) for one in contests if _there(one, notes) for seed in range(one.seeds)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda entry: _one(*entry, ours[entry[0].units, entry[1]], notes), entries))
    figures: list[Figure] = []
    for contest in contests:
        mine = [told for (other, _), told in zip(entries, found, strict=True) if other == contest and told is not None]
        figures += _figures(contest, mine)
    return figures, notes


def _there(contest: Contest, notes: list[str]) -> bool:
    if _python(contest) is not None:
        return True
    notes.append(f"{contest.name}: not there; python -m benchmarks allocate-rivals --peers")
    return False


def _python(contest: Contest) -> Path | None:
    return Path(sys.executable) if contest.solver == "highs" else peers_python()


def _one(contest: Contest, seed: int, ours: dict[str, float], notes: list[str]) -> dict[str, Any] | None:
    """What a solver finds in a town; none, and a note, where it failed."""
    problem = town(contest.units, seed, "8")
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "town.npz", Path(folder) / "found.npz"
        write(problem, source)
        script = Path(__file__).with_name("allocate_rivals.py")
        command = [str(_python(contest)), str(script), contest.solver, str(source), str(target), str(contest.seconds)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            notes.append(f"{contest.name}, seed {seed}: no answer after {LONGEST:.0f} s of the clock")
            return None
        if done.returncode or not target.exists():
            after = time.perf_counter() - begun
            notes.append(f"{contest.name}, seed {seed}: failed after {after:.0f} s: {done.stderr.strip()[-200:]}")
            print(f"  {notes[-1]}", flush=True)
            return None
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        choice = np.load(target)["choice"]
    told |= _judged(problem, choice, told, ours)
    print(f"  {contest.name}, seed {seed}: {json.dumps(told)}", flush=True)
    return told


def _judged(problem: Problem, choice: np.ndarray, told: dict[str, Any], ours: dict[str, float]) -> dict[str, Any]:
    """Its plan and its bound beside ours, in percent, and what its plan breaks."""
    value = sum(float(problem.values["level_gain"][u, y, choice[u, y]]) for u, y in np.argwhere(choice >= 0))
    broken = breaches(problem, choice)
    return {
        "below": 100 * (1 - value / ours["bound"]),
        "above": 100 * (told["bound"] / ours["bound"] - 1) if np.isfinite(told["bound"]) else None,
        "times": told["cpu_s"] / ours["cpu_s"],
        "broken": [f"{one.what}, {one.where}: {one.found:,.0f} of {one.asked:,.0f}" for one in broken],
        "passed": max((_passed(one) for one in broken), default=0.0),
    }


def _passed(breach: Breach) -> float:
    """By how many millionths a limit is passed; endless where it is nought."""
    return 1e6 * (breach.found / breach.asked - 1) if breach.asked else float("inf")


def _figures(contest: Contest, found: Sequence[dict[str, Any]]) -> list[Figure]:
    if not found:
        return []
    given = f"given {contest.seconds:.0f} s, {len(found)} of {contest.seeds} seeds"

    def figure(what: str, unit: str, key: str, note: str = "") -> list[Figure]:
        values = tuple(float(one[key]) for one in found if one[key] is not None)
        return [Figure(f"{contest.name}: {what}", unit, values, note=note)] if values else []

    ended = sum(one["ended"] for one in found)
    plans = [one for one in found if one["found"]]
    broken = "; ".join(text for one in plans for text in one["broken"][:1])
    return [
        *figure("CPU", "s", "cpu_s", f"{given}; did not stop when asked: {ended}"),
        *figure("CPU, times ours", "", "times"),
        *figure("peak memory", "GB", "peak_gb"),
        *(figure("below our bound", "%", "below", f"{len(plans)} plans") if plans else []),
        *(figure("limit passed most", "millionths", "passed", broken) if plans else []),
        *figure("its bound above ours", "%", "above"),
    ]


def write(problem: Problem, path: Path) -> None:
    """Keep a problem for `allocate_rivals`.

    Args:
        problem: with a budget a year for each resource, without rules.
        path: the file to write.
    """
    names = {option.id: at for at, option in enumerate(problem.options)}
    pairs = [(names[option.id], names[other]) for option in problem.options for other in option.after]
    parts: dict[str, Any] = {"after": np.array(pairs), "resources": np.array([one.id for one in problem.resources])}
    for one in problem.resources:
        parts[f"amount_{one.id}"] = problem.amounts[one.id]
        parts[f"budget_{one.id}"] = np.array(one.per_year)
        parts[f"lasting_{one.id}"] = np.array(one.lasting)
    np.savez(path, values=problem.values["level_gain"], eligible=np.array(problem.eligible), **parts)
