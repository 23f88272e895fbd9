"""Choices estimated: Swissmetro with and without a coefficient that differs, beside Biogeme and xlogit.

CPU seconds of all threads, from arrays in memory to coefficients with their errors; with compiling, in a process of its
own without kept programs, and again in the same process. The log-likelihoods must agree. Needs the folder of published
data beside the repository.
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

from benchmarks.clock import peak_growth
from benchmarks.figure import Figure
from benchmarks.peers import peers_python

DATA = Path("..") / "shared" / "data" / "swissmetro.csv.gz"
KINDS = ("multinomial", "mixed", "panel")
AT_LEAST = {"multinomial": 1.0, "mixed": 2.0, "panel": 2.0}
"""How many times as fast as the fastest of the others, once compiled."""
DRAWS = 500
TOLERANCE = {"multinomial": 0.01, "mixed": 1.5, "panel": 3.0}
"""How far log-likelihoods may lie apart: simulated ones differ by their draws."""
RIVALS = (("multinomial", "xlogit"), ("multinomial", "biogeme"), ("mixed", "xlogit"), ("panel", "xlogit"))
REPETITIONS = 3


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Every kind in a process of its own, ours and theirs."""
    if not DATA.exists():
        return [], [f"{DATA} is not there"]
    figures, notes = list[Figure](), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "choices.npz"
        np.savez(source, **swissmetro())
        ours: dict[str, dict[str, Any]] = {}
        for kind in KINDS[: 1 if small else None]:
            ours[kind] = _run([sys.executable, "-m", "benchmarks.fit", kind, str(source)])
            figures += [
                Figure(f"{kind}: CPU with compiling", "s", (ours[kind]["first_s"],)),
                Figure(f"{kind}: CPU once compiled", "s", tuple(ours[kind]["again_s"])),
                Figure(f"{kind}: memory over what is held", "MB", (ours[kind]["growth_mb"],)),
            ]
        for kind, who in RIVALS[: 0 if small else None]:
            figures += _rival(kind, who, source, ours[kind], notes)
    return figures, notes


def _rival(kind: str, who: str, source: Path, ours: dict[str, Any], notes: list[str]) -> list[Figure]:
    python = peers_python()
    if python is None:
        notes.append(f"{who} is not there: python -m benchmarks fit --peers")
        return []
    script = Path(__file__).resolve().with_name("fit_rivals.py")
    # Biogeme leaves files where it runs.
    found = _run([str(python.absolute()), str(script), who, kind, str(source)], source.parent)
    apart = abs(found["log_likelihood"] - ours["log_likelihood"])
    times = found["again_s"] / float(np.median(ours["again_s"]))
    return [
        Figure(f"{kind}, {who}: CPU, first", "s", (found["first_s"],)),
        Figure(f"{kind}, {who}: CPU, again", "s", (found["again_s"],)),
        Figure(f"{kind}, {who}: log-likelihoods apart", "", (apart,), bound=TOLERANCE[kind]),
        Figure(f"{kind}, {who}: times our CPU", "", (times,), bound=AT_LEAST[kind], sense="least"),
    ]


def _run(command: list[str], folder: Path | None = None) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {command[-3:]}: {found}", flush=True)
    return found


def swissmetro() -> dict[str, Any]:
    """The sample of Biogeme's example: four coefficients, three alternatives, 6,768 choices of 752 people."""
    import polars as pl

    table = pl.read_csv(DATA).filter(pl.col("PURPOSE").is_in([1, 3]) & (pl.col("CHOICE") != 0))
    columns = {name: table[name].to_numpy().astype(np.float64) for name in table.columns}
    slopes = np.zeros((table.height, 3, 4))
    slopes[:, 2, 0], slopes[:, 0, 1] = 1.0, 1.0
    pays = columns["GA"] == 0
    for place, name in enumerate(("TRAIN", "SM", "CAR")):
        slopes[:, place, 2] = columns[f"{name}_CO"] * (pays if name != "CAR" else 1.0) / 100
        slopes[:, place, 3] = columns[f"{name}_TT"] / 100
    stated = columns["SP"] != 0
    there = [columns[f"{name}_AV"] > 0 for name in ("TRAIN", "SM", "CAR")]
    available = np.stack([there[0] & stated, there[1], there[2] & stated], axis=1)
    chosen = columns["CHOICE"].astype(np.int64) - 1
    return {"slopes": slopes, "available": available, "chosen": chosen, "unit": columns["ID"].astype(np.int64)}


def ours(kind: str, source: str) -> dict[str, Any]:
    """Our own, with compiling and again; and what a repeated fit takes in memory."""
    from haidang.learn.fit import Choices, fit_choices
    from haidang.learn.fit.choices import Linear
    from haidang.learn.fit.coefficients import Coefficient
    from haidang.learn.fit.draws import Draws

    data = np.load(source)
    names = ["asc_car", "asc_train", "b_cost", "b_time", *([] if kind == "multinomial" else ["b_time_spread"])]
    rows = len(data["chosen"])
    wide = np.concatenate([data["slopes"], np.zeros((rows, 3, len(names) - 4))], axis=2)
    people, unit = np.unique(data["unit"], return_inverse=True) if kind == "panel" else (np.arange(rows),) * 2
    choices = Choices(
        ("train", "sm", "car"), Linear(wide, np.zeros((rows, 3))), data["available"], data["chosen"], np.ones(rows),
        unit, None, tuple(str(one) for one in people),
    )  # fmt: skip
    laws = {} if kind == "multinomial" else {"b_time": ("normal", 1.0)}

    def fit() -> float:
        return fit_choices(choices, [Coefficient(one) for one in names], laws=laws, draws=Draws(DRAWS)).log_likelihood

    seconds: list[float] = []
    value = 0.0
    for _ in range(1 + REPETITIONS):
        begun = time.process_time()
        value = fit()
        seconds.append(time.process_time() - begun)
    growth = peak_growth(fit) / 1e6
    return {"first_s": seconds[0], "again_s": seconds[1:], "log_likelihood": value, "growth_mb": growth}


if __name__ == "__main__":
    print(json.dumps(ours(*sys.argv[1:])))
