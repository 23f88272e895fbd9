"""Has a worker at work, and another where it falls: a process of its own between the server and the worker.

It is no thread of the server's process, because that forks: a child forked while a thread begins a process keeps the
pipe by which the thread learns that the process has begun, and the thread would wait for as long as that child lives.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

GLANCE, PAUSE = 0.5, 1.0
"""Seconds between two looks at the worker, and before another begins."""


def main() -> None:
    """Keep a worker until told to stop, or until whoever began this process is gone."""
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid()
    while os.getppid() == parent:
        worker = subprocess.Popen([sys.executable, "-m", "haidang.web.jobs.work"])
        try:
            while worker.poll() is None and os.getppid() == parent:
                time.sleep(GLANCE)
        finally:
            if worker.poll() is None:
                worker.terminate()
            worker.wait()
        if os.getppid() == parent:
            told = f"haidang: the worker ended with status {worker.returncode}; another begins"
            print(told, file=sys.stderr, flush=True)
            time.sleep(PAUSE)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
