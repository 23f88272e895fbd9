"""How a contender is run: `python -m benchmarks.logit.<name> WORK.npz OUT.json`, in the contender's own environment."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import cpu_seconds, peak_growth
from benchmarks.logit.work import Work, load

Contender = Callable[[Work], Callable[[], NDArray[np.int64]]]


def contend(prepare: Contender, packages: tuple[str, ...], repetitions: int = 7) -> None:
    """Prepare the work, measure it, and write times, memory and counts.

    Args:
        prepare: from the work to the call that does it all and gives the counts (scenarios by alternatives).
        packages: names of the packages whose versions are kept with the figures.
        repetitions: how many times are taken.
    """
    from importlib.metadata import version

    work = load(Path(sys.argv[1]))
    once = prepare(work)
    counts = once()
    found = {
        "seconds": cpu_seconds(once, repetitions),
        "growth": peak_growth(once),
        "counts": np.asarray(counts).tolist(),
        "decisions": work.decisions,
        "versions": {name: version(name) for name in packages},
    }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
