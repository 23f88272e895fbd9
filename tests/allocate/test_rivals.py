"""What other solvers are given in the benchmarks is the same problem: their rows keep what the second look keeps."""

from pathlib import Path

import numpy as np

from benchmarks.allocate_beside import write
from benchmarks.allocate_instance import instance
from benchmarks.allocate_rivals import rows
from haidang.allocate.verify import breaches


def test_a_plan_keeps_the_rows_of_other_solvers_where_it_breaks_nothing(tmp_path: Path) -> None:
    problem = instance(12, 3)
    write(problem, tmp_path / "town.npz")
    town = np.load(tmp_path / "town.npz")
    cells = np.argwhere(np.broadcast_to(town["eligible"][:, None, :], town["values"].shape))
    matrix, most = rows(town, cells)
    random = np.random.default_rng(0)
    kept, broken = 0, 0
    for attempt in range(1200):
        offers = random.permutation(len(cells))[: 1 + attempt % 5]
        unit, year, option = cells[offers].T
        if len(set(zip(unit, year, strict=True))) < len(offers):
            continue
        choice = np.full((12, 5), -1)
        choice[unit, year] = option
        fine = bool((matrix @ np.isin(np.arange(len(cells)), offers) <= most).all())
        assert fine == (breaches(problem, choice) == ()), choice
        kept, broken = kept + fine, broken + (not fine)
    assert min(kept, broken) > 50
