"""`python -m benchmarks [CASE ...] [--out FOLDER] [--peers] [--small]`: measure, and show figures beside bounds."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES
from benchmarks.figure import Case, table
from benchmarks.peers import PEERS_VARIABLE, make_peers


def main() -> int:
    """Measure the cases asked for, each in its own process; 1 where one failed or missed a bound."""
    asked = _arguments()
    out = asked.out or Path(tempfile.mkdtemp(prefix="haidang-bench-"))
    out.mkdir(parents=True, exist_ok=True)
    if asked.peers:
        make_peers()
    environment = dict(os.environ)
    if asked.peers_python:
        environment[PEERS_VARIABLE] = str(asked.peers_python)
    chosen = [case for case in CASES if case.name in asked.cases] if asked.cases else list(CASES)
    fine = [_measure(case, out, asked.small, environment) for case in chosen]
    print(f"\nfigures: {out}")
    return 0 if all(fine) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what BENCHMARKS.md reports.")
    parser.add_argument("cases", nargs="*", choices=[*(case.name for case in CASES), []], help="all unless given")
    parser.add_argument("--out", type=Path, help="folder for one JSON file a case")
    parser.add_argument("--peers", action="store_true", help="make .venv-bench, with the packages compared against")
    parser.add_argument("--peers-python", type=Path, help="a Python that has those packages already")
    parser.add_argument("--small", action="store_true", help="less work, to see that cases run; bounds mean nothing")
    return parser.parse_args()


def _measure(case: Case, out: Path, small: bool, environment: dict[str, str]) -> bool:
    """Run a case in a process of its own and print what it found."""
    print(f"\n== {case.name}: {case.title}", flush=True)
    path = out / f"{case.name}.json"
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.one", case.name, str(path), *(["--small"] if small else [])]
    status = subprocess.run(command, env=environment, check=False).returncode
    if status or not path.exists():
        print(f"{case.name}: failed with status {status}")
        return False
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    print(table(found["figures"]))
    for note in found["notes"]:
        print(f"note: {note}")
    print(f"load average before and after: {found['machine']['load'][0]}, {found['load_after'][0]}", flush=True)
    return all(row["held"] is not False for row in found["figures"])


if __name__ == "__main__":
    raise SystemExit(main())
