"""The packages that the kernel and allocations are compared with, in an environment of their own: other versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PEERS_VARIABLE = "HAIDANG_PEERS_PYTHON"
FOLDER = Path(".venv-bench")
_PINNED = Path(__file__).with_name("peers.txt")


def make_peers() -> None:
    """Make the environment from the pinned versions, once."""
    if _python_of(FOLDER).exists():
        return
    print(f"making {FOLDER} (a few minutes, once)", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    (FOLDER / ".gitignore").write_text("*\n", encoding="ascii")
    subprocess.run([str(_python_of(FOLDER)), "-m", "pip", "install", "--quiet", "-r", str(_PINNED)], check=True)


def peers_python() -> Path | None:
    """The Python that has the packages; none where they were not installed."""
    given = os.environ.get(PEERS_VARIABLE)
    found = Path(given) if given else _python_of(FOLDER)
    return found if found.exists() else None


def _python_of(folder: Path) -> Path:
    return folder / "bin" / "python"
