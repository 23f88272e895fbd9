"""From the first state of each room's tables, with something in every column, to today's: nothing is lost.

From the first release on, migrations are only added (CONTRIBUTING).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web.desk import small_city
from tests.web.site import ran

MIGRATE = "from tests.web.migrating import main\nmain()\n"


def assert_forward(said: str) -> None:
    """Every row is there as it was, both chains are whole, and the models are those of the migrations."""
    told = json.loads(said)
    assert told["wrong"] == []
    assert len(told["tables"]) >= 23
    assert set(told["tables"].values()) == {2}
    assert told["later"], "no migration was tried that is not the first of its room"
    entries, records = told["whole"]
    assert entries > 3
    assert records > 0
    assert told["changed"] == "none"


def test_a_filled_database_of_the_first_state_comes_whole_to_todays(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("first")
    assert_forward(ran(home / "data", small_city(root, home / "pack"), MIGRATE))
