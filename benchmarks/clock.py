"""Time and memory of this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def cpu_seconds(work: Callable[[], object], repetitions: int = 7, least: float = 0.2) -> tuple[float, ...]:
    """CPU seconds of one call, all threads together, for each repetition; compiled and warm.

    Args:
        work: returns when its work is done.
        repetitions: how many figures are taken.
        least: how many seconds of work one figure is averaged over.
    """
    work()
    begun = time.process_time()
    work()
    calls = max(1, round(least / max(time.process_time() - begun, 1e-6)))
    found: list[float] = []
    for _ in range(repetitions):
        begun = time.process_time()
        for _ in range(calls):
            work()
        found.append((time.process_time() - begun) / calls)
    return tuple(found)


def calibration_seconds() -> float:
    """CPU seconds of a loop that says how fast this core is now: additions in plain Python, the least of five."""
    found: list[float] = []
    for _ in range(5):
        begun = time.process_time()
        total = 0
        for number in range(1_000_000):
            total += number
        found.append(time.process_time() - begun)
    return min(found)


def resident_bytes() -> int:
    """What this process holds in memory now."""
    return _status("VmRSS")


def peak_bytes() -> int:
    """The most that this process held since it began, or since `forget_peak`."""
    return _status("VmHWM")


def forget_peak() -> None:
    """Let the peak be counted anew from what is held now."""
    _CLEAR.write_text("5")


def peak_growth(work: Callable[[], object]) -> int:
    """How much more memory than before a call takes at its peak, bytes."""
    forget_peak()
    before = resident_bytes()
    work()
    return max(0, peak_bytes() - before)


def _status(key: str) -> int:
    for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"no {key} in {_STATUS}")
