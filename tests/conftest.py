"""What every test stands on: strict arrays, repeatable examples, and the reference folder where there is one."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.once import ROOT as SHARED
from tests.postgres import postgres_server
from tests.sharing import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

# Read by JAX when a test first imports it: no silent widening of a type, no silent broadcasting of a rank.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUMPY_DTYPE_PROMOTION", "strict")
os.environ.setdefault("JAX_NUMPY_RANK_PROMOTION", "raise")
# A program is compiled once for all processes of the tests: what a run sets from its beginning (`study.prepare_jax`)
# holds from the first test on, since the flags are part of the name under which a compiled program is kept.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "haidang" / "jax"
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(CACHE))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_prefer_vector_width=512 --xla_cpu_multi_thread_eigen=false")
os.environ.setdefault("NPROC", "1")

# Compiling takes seconds the first time, so no deadline; the same examples on every machine, so no database.
settings.register_profile("house", deadline=None, max_examples=50, derandomize=True, database=None, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=1000, database=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_finish() -> None:
    """What was imported and collected stays: nobody looks through it for garbage again and again, nor often at all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def once_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Say where `once` keeps what it makes: beside the folders of all processes where there are several."""
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    place.mkdir(exist_ok=True)
    os.environ[SHARED] = str(place)


@pytest.fixture(scope="session", autouse=True)
def known() -> None:
    """Draw the same chart, and read the same shipped facts, once in a process."""
    from tests.known import keep

    keep()


@pytest.fixture
def drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chart of a test is drawn by it."""
    from tests.known import DRAW

    monkeypatch.setattr("vl_convert.vegalite_to_svg", DRAW)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a private PostgreSQL server, with a database in which nobody writes: `another` makes one."""
    with postgres_server("first") as address:
        yield address


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published figures and data beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder of published data, ../shared, which is not beside this repository")
    return folder
