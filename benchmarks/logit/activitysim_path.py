"""ActivitySim's path: expressions evaluated on a table, then `utils_to_probs` and `make_choices`.

Its own generator seeds one stream a row and would take most of the time; here it is given one vectorised stream
instead, which is kinder than a real run.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.logit.contend import contend
from benchmarks.logit.work import Work


class _OneStream:
    """A generator with the face that `make_choices` asks for."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def random_for_df(self, table: Any, n: int = 1) -> NDArray[np.float64]:
        return self._random.random((len(table), n))


def _state(stream: _OneStream) -> Any:
    """A state with default settings and no pipeline."""
    from activitysim.core import workflow

    folder = Path(tempfile.mkdtemp(prefix="state-"))
    for name in ("configs", "data", "output"):
        (folder / name).mkdir()
    (folder / "configs" / "settings.yaml").write_text("models: []\n", encoding="utf-8")
    state = workflow.State.make_default(folder)
    state.get_rn_generator = lambda: stream
    return state


def prepare(work: Work) -> Callable[[], NDArray[np.int64]]:
    """The table of units, and a table of coefficients for each scenario."""
    import pandas as pd
    from activitysim.core import chunk, logit, simulate

    logging.disable(logging.INFO)
    alternatives = work.coefficients.shape[1]
    names = [f"x{place}" for place in range(len(work.columns))]
    units = pd.DataFrame(dict(zip(names, work.columns, strict=True)))
    units.index.name = "unit"
    expressions = pd.Index(["1", *names], name="Expression")
    tables = [
        pd.DataFrame(t.T.astype(np.float64), expressions, [str(code) for code in range(alternatives)])
        for t in work.coefficients
    ]
    state = _state(_OneStream())
    whole = chunk.ChunkSizer(state, "logit", "logit", chunk_training_mode="disabled")

    def once() -> NDArray[np.int64]:
        counts = []
        for table in tables:
            utilities = simulate.eval_utilities(state, table, units, trace_label="logit", chunk_sizer=whole)
            probabilities = logit.utils_to_probs(state, utilities)
            choices, _ = logit.make_choices(state, probabilities)
            counts.append(np.bincount(choices.to_numpy(), minlength=alternatives))
        return np.stack(counts)

    return once


if __name__ == "__main__":
    contend(prepare, ("activitysim", "pandas", "numpy"))
