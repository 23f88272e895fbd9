"""Has a worker and a sampler at work, and another where one falls: a process of its own between the server and them.

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
"""Seconds between two looks at the processes, and before another begins."""

PATIENCE = 10.0
"""Seconds that a process has to end once it was told to."""

KEPT = {"worker": "haidang.web.jobs.work", "sampler": "haidang.web.lab.sampler"}
"""What is kept at work, and the module that it runs."""


def main() -> None:
    """Keep them until told to stop, or until whoever began this process is gone."""
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid()
    running: dict[str, subprocess.Popen[bytes]] = {}
    due = dict.fromkeys(KEPT, 0.0)
    try:
        while os.getppid() == parent:
            for name, module in KEPT.items():
                process = running.get(name)
                if process is not None and process.poll() is not None:
                    told = f"haidang: the {name} ended with status {process.returncode}; another begins"
                    print(told, file=sys.stderr, flush=True)
                    del running[name]
                    due[name] = time.monotonic() + PAUSE
                if name not in running and time.monotonic() >= due[name]:
                    running[name] = subprocess.Popen([sys.executable, "-m", module, str(os.getpid())])
            time.sleep(GLANCE)
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            await_end(process)


def await_end(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has ended, and kill it where it does not hear: a library's callback may swallow the signal.

    Nothing is lost by that: a job is taken up again where its finished parts end.
    """
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
