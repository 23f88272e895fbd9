"""The machine that a figure was taken on."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("haidang", "jax", "jaxlib", "numpy", "polars")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, versions, and how busy the machine is."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "avx512": "avx512f" in _flags(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.system(),
        "python": sys.version.split()[0],
        "versions": {name: found for name in _PACKAGES if (found := _version(name)) is not None},
        "load": [round(one, 2) for one in os.getloadavg()],
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cpuinfo(key: str) -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return ""


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor()


def _flags() -> set[str]:
    return set(_cpuinfo("flags").split())
