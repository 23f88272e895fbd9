"""`python -m benchmarks.allocate_one UNITS SEED OPTIONS GAP SECONDS`: one allocation, measured in this process."""

from __future__ import annotations

import json
import sys
import time

from benchmarks.allocate_instance import instance, with_rules
from benchmarks.clock import peak_bytes
from haidang.allocate.problem import Problem
from haidang.allocate.solve import solve
from haidang.allocate.verify import breaches

_WARM = 20_000


def main(units: int, seed: int, kind: str, gap: float, seconds: float) -> dict[str, float]:
    """CPU seconds after compilation, peak memory of the process, the certified gap, and what a second look finds.

    Args:
        units: how many.
        seed: of the town.
        kind: how many options, with `+` where rules are to be kept too.
        gap: at which the search may end.
        seconds: how long it may take.
    """
    # Compiled for the same size of block and the same options; what is found is thrown away.
    solve(town(min(units, _WARM), seed + 100, kind), seconds=seconds, gap=0.5)
    problem = town(units, seed, kind)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = solve(problem, seconds=seconds, gap=gap)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = peak_bytes()
    broken = breaches(problem, plan.choice, plan.value, plan.bound)
    return {
        "cpu_s": cpu,
        "wall_s": wall,
        "peak_gb": peak / 1e9,
        "gap": plan.gap,
        "value": plan.value,
        "bound": plan.bound,
        "breaches": len(broken),
    }


def town(units: int, seed: int, kind: str) -> Problem:
    """The town of a seed: eight options, or twenty or thirty in chains, with or without rules."""
    options = int(kind.rstrip("+"))
    found = instance(units, seed, options, {8: 0, 20: 2, 30: 3}[options])
    return with_rules(found, seed) if kind.endswith("+") else found


if __name__ == "__main__":
    _units, _seed, _kind, _gap, _seconds = sys.argv[1:]
    print(json.dumps(main(int(_units), int(_seed), _kind, float(_gap), float(_seconds))))
