"""What takes long to make and is the same for all processes of the tests: made by whichever needs it first."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = "TESTS_SHARED_ROOT"
"""In the environment, the folder that all processes of one run of the tests share (`conftest`)."""


@cache
def _own() -> str:
    """The folder of a process that is none of the tests', such as a measurement; gone with it."""
    folder = tempfile.mkdtemp(prefix="haidang-once-")
    atexit.register(shutil.rmtree, folder)
    return folder


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, made where it is not there yet: who comes meanwhile waits for it. Nobody changes it.

    Args:
        name: of the folder.
        make: fills the folder that it is given.
    """
    root = Path(os.environ.get(ROOT) or _own())
    with (root / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, whole = root / name, root / f"{name}.whole"
        if not whole.exists():
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
