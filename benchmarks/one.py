"""`python -m benchmarks.one CASE OUT.json [--small]`: measure one case in this process."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.figure import Findings
from benchmarks.machine import machine


def main(name: str, path: Path, small: bool) -> None:
    """Measure a case and write what it found.

    Args:
        name: the case.
        path: the file to write.
        small: whether to do less work than the figures are stated for.
    """
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_prefer_vector_width=512")
    case = next(case for case in CASES if case.name == name)
    before = machine()
    figures, notes = import_module(case.module).measure(small)
    found = Findings(name, before, tuple(figures), tuple(notes)).as_json() | {
        "small": small,
        "load_after": [round(one, 2) for one in os.getloadavg()],
    }
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "--small" in sys.argv)
