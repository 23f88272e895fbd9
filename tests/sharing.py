"""How the tests are shared out between processes: file by file, since what a file sets up is then set up once.

The rooms of the site share a few running sites, each of which takes some twenty seconds to furnish: whoever gets one
of their files gets them all. What takes longest begins first, so that no process waits at the end for another.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOMS = "tests/web/"
ALONE = frozenset(
    f"tests/web/test_{name}.py"
    for name in (
        "archive", "backups", "colours", "desk_whole", "dong", "given", "home", "house", "jobs", "killed", "lab_slug",
        "lab_told", "ledger", "limit", "migrations", "moving", "peers", "pipeline", "planted", "postgres_rooms",
        "reread", "serve", "told", "uploads",
    )
)  # fmt: skip
"""Files of the rooms that share no site."""
LONG = (
    ROOMS,
    "tests/web/test_postgres_rooms.py",
    "tests/web/test_killed.py",
    "tests/web/test_planted.py",
    "tests/study/test_cluster.py",
    "tests/allocate/test_allocation.py",
    "tests/allocate/test_planned_run.py",
    "tests/learn/pilot/test_circle.py",
    "tests/study/test_interrupted.py",
)
"""Where a process is busy longest with what it was given."""


def unit_of(nodeid: str) -> str:
    """What a test goes together with: its file, or the rooms that share sites."""
    file = nodeid.split("::", 1)[0]
    return ROOMS if file.startswith(ROOMS) and file not in ALONE else file


def place_of(nodeid: str) -> int:
    """How early a test's unit begins; those that are not long begin after them, as they were found."""
    unit = unit_of(nodeid)
    return LONG.index(unit) if unit in LONG else len(LONG)


class ByUnit(LoadScopeScheduling):
    """Gives a process one unit after another."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByUnit:
    """Share the tests out by units, in the order in which they were found."""
    config.option.loadscopereorder = False
    return ByUnit(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long ones begin first."""
    items.sort(key=lambda item: place_of(item.nodeid))
