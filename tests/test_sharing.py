"""The sharing out of tests between processes: what is named is there."""

from pathlib import Path

from tests.sharing import ALONE, LONG, ROOMS, place_of, unit_of


def test_every_file_that_is_named_is_there(root: Path) -> None:
    assert all((root / one).exists() for one in (*ALONE, *LONG))


def test_the_rooms_that_share_sites_go_together_and_first() -> None:
    rooms = [f"{ROOMS}test_pages.py::test_a[x::y]", f"{ROOMS}test_lab.py::test_b"]
    assert [unit_of(one) for one in rooms] == [ROOMS, ROOMS]
    assert unit_of("tests/web/test_killed.py::test_c[sqlite]") == "tests/web/test_killed.py"
    others = ["tests/facts/test_units.py::test_d", "tests/study/test_cluster.py::test_e", rooms[0]]
    assert sorted(others, key=place_of) == others[::-1]
