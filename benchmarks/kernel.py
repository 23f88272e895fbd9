"""CPU time of one multinomial logit under two scenarios, ours and others', on the same data in the same run.

The contenders run one after another, several rounds, so that what disturbs the machine disturbs all of them; the figure
is the least over rounds. Each gives counts that must agree with the closed-form shares.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from benchmarks.logit.work import UNITS, Work, expected_counts, make_work, save
from benchmarks.peers import peers_python

ROUNDS = 3
BOUND_NS = 4.0
BOUND_RATIO = 10.0
_WIDE = 6.0
"""How many standard deviations a count may lie from its mean: 1 in 10^9 by chance."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Who does the work: a module of `benchmarks.logit`, and whether it is a peer that must be ten times slower."""

    title: str
    module: str
    peer: bool = False


OURS = Contender("Haidang", "ours")
OTHERS = (
    Contender("JAX in its natural style", "jax_natural"),
    Contender("NumPy float32 in blocks", "numpy_blocks"),
)
PEERS = (
    Contender("sharrow logit_draws", "sharrow_path", peer=True),
    Contender("ActivitySim's path", "activitysim_path", peer=True),
)


class WrongCountsError(Exception):
    """A contender that did other work than was asked for."""


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Nanoseconds of CPU per unit, alternative and scenario, counts included; memory; ratios."""
    work = make_work(UNITS // 10 if small else UNITS)
    python = peers_python()
    contenders = [(OURS, Path(sys.executable)), *((one, Path(sys.executable)) for one in OTHERS)]
    notes: list[str] = []
    if python is None:
        notes.append("ActivitySim and sharrow are not installed: python -m benchmarks kernel --peers")
    else:
        contenders += [(one, python) for one in PEERS]
    with tempfile.TemporaryDirectory() as folder:
        save(work, Path(folder) / "work.npz")
        found: dict[str, list[dict[str, Any]]] = {one.title: [] for one, _ in contenders}
        for _ in range(1 if small else ROUNDS):
            for one, runner in contenders:
                found[one.title].append(_run(one, runner, Path(folder), work))
    notes += [f"{title}: {rounds[0]['versions']}" for title, rounds in found.items()]
    return _figures([one for one, _ in contenders], found), notes


def _run(one: Contender, python: Path, folder: Path, work: Work) -> dict[str, Any]:
    out = folder / f"{one.module}.json"
    command = [str(python), "-W", "ignore", "-m", f"benchmarks.logit.{one.module}", str(folder / "work.npz"), str(out)]
    subprocess.run(command, check=True)
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    mean, deviation = expected_counts(work)
    far = np.abs(np.asarray(found["counts"]) - mean) / deviation
    if far.max() > _WIDE:
        raise WrongCountsError(f"{one.title}: a count lies {far.max():.1f} standard deviations from its closed form")
    return found


def _figures(contenders: list[Contender], found: dict[str, list[dict[str, Any]]]) -> list[Figure]:
    times = {
        title: tuple(1e9 * seconds / one["decisions"] for one in rounds for seconds in one["seconds"])
        for title, rounds in found.items()
    }
    figures: list[Figure] = []
    for one in contenders:
        bound = BOUND_NS if one is OURS else None
        figures.append(Figure(f"{one.title}, time", "CPU ns", times[one.title], "least", bound))
        growth = tuple(entry["growth"] / 1e6 for entry in found[one.title])
        figures.append(Figure(f"{one.title}, memory over what it holds", "MB", growth))
    for one in contenders:
        if one is not OURS:
            pairs = zip(found[OURS.title], found[one.title], strict=True)
            ratio = tuple(min(theirs["seconds"]) / min(mine["seconds"]) for mine, theirs in pairs)
            bound = BOUND_RATIO if one.peer else None
            figures.append(Figure(f"{one.title} / Haidang, round by round", "times", ratio, "median", bound, "least"))
    return figures
