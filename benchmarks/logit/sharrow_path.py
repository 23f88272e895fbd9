"""sharrow: a compiled `Flow` that draws choices in parallel, given uniform numbers by NumPy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.logit.contend import contend
from benchmarks.logit.work import Work


def prepare(work: Work) -> Callable[[], NDArray[np.int64]]:
    """The flow of the six terms and the constant, compiled for this work."""
    import pandas as pd
    import sharrow

    alternatives = work.coefficients.shape[1]
    names = [f"x{place}" for place in range(len(work.columns))]
    units = work.columns.shape[1]
    frame = pd.DataFrame(dict(zip(names, work.columns, strict=True)), index=pd.RangeIndex(units, name="unit"))
    tree = sharrow.DataTree(units=sharrow.dataset.construct(frame), root_node_name="units")
    folder = tempfile.mkdtemp(prefix="flow-")
    flow = tree.setup_flow({"one": "1", **{name: name for name in names}}, cache_dir=folder)
    tables = [np.ascontiguousarray(table.T) for table in work.coefficients]

    def once() -> NDArray[np.int64]:
        draws = np.random.default_rng(1).random((units, 1), np.float32)
        chosen = [np.asarray(flow.logit_draws(table, draws)[0]).ravel() for table in tables]
        return np.stack([np.bincount(one, minlength=alternatives) for one in chosen])

    return once


if __name__ == "__main__":
    contend(prepare, ("sharrow", "numba", "numpy"))
