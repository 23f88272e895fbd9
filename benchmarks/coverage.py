"""How often each design's 95 % interval holds the truth over 1,000 simulated pilots, and at the least size allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks import pilots
from benchmarks.figure import Figure
from benchmarks.pilots import Trial
from haidang.learn.evaluate import enough

PILOTS, LEAST, MOST = 1_000, 93.0, 97.0
Pilot = Callable[[np.random.Generator], Trial]

DESIGNS: dict[str, Pilot] = {
    "by unit, 200 units, a covariate": pilots.by_unit,
    "by cluster, 24 clusters": pilots.by_cluster,
    "matched pairs, 30 pairs": pilots.by_pair,
    "encouragement, 600 units": pilots.by_encouragement,
    "encouragement by cluster, 60 clusters": pilots.by_encouraged_clusters,
    "staggered, 60 treated and 60 never": pilots.by_steps,
    "synthetic control, 39 donors": pilots.by_one_unit,
    "synthetic difference-in-differences, 4 treated of 30": pilots.by_few_units,
    "cut-off, 1,000 units": pilots.by_score,
    "randomisation inference, 14 units, every lot": pilots.by_lot,
    "Lee bounds, the truth at the lower one, 2,000 units": pilots.by_bounds,
    "the same, 40 clusters": pilots.by_bounds_of_clusters,
    "the same, 200 matched pairs": pilots.by_bounds_of_pairs,
}

SMALLEST: dict[str, Pilot] = {
    "by unit, 5 and 5": partial(pilots.by_unit, units=2 * enough.ROWS_OF_AN_ARM, treated=enough.ROWS_OF_AN_ARM),
    "by cluster, 4 and 4": partial(pilots.by_cluster, clusters=2 * enough.CLUSTERS_OF_AN_ARM),
    "matched pairs, 5": partial(pilots.by_pair, pairs=enough.PAIRS),
    "encouragement by cluster, 30": partial(pilots.by_encouraged_clusters, clusters=enough.CLUSTERS),
    "staggered, 20 treated and 20 never": partial(
        pilots.by_steps, cohort=enough.UNITS_OF_AN_ARM // 2, never=enough.UNITS_OF_AN_ARM
    ),
    "synthetic difference-in-differences, 1 treated, 20 donors": partial(
        pilots.by_few_units, treated=1, donors=enough.DONORS_OF_NORMAL
    ),
    "cut-off, 100 and 100": partial(pilots.by_score, units=2 * enough.ROWS_OF_A_SIDE),
}


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The share of simulated pilots whose interval holds the truth, in percent, design by design."""
    count = 50 if small else PILOTS
    figures, notes = list[Figure](), list[str]()
    for bounded, designs in ((True, DESIGNS), (False, SMALLEST)):
        for name, pilot in designs.items():
            begun = time.process_time()
            found = simulate(pilot, count)
            spent = time.process_time() - begun
            share = 100.0 * sum(one.covered for one in found) / count
            figures.append(Figure(f"{name}: covered", "%", (share,), bound=LEAST if bounded else None, sense="least"))
            if bounded:
                figures.append(Figure(f"{name}: covered at most", "%", (share,), bound=MOST))
            bias = float(np.mean([one.estimate - one.truth for one in found]))
            notes.append(f"{name}: {count} pilots, mean error {bias:+.4f}, {1e3 * spent / count:.1f} CPU ms a pilot")
    return figures, notes


def simulate(pilot: Pilot, count: int, seed: int = 20_261_128) -> list[Trial]:
    """So many pilots, each from a stream of its own."""
    return [pilot(np.random.default_rng((seed, one))) for one in range(count)]
