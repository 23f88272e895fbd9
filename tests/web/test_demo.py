"""Examples on an empty site, and nowhere else; files that people sent are in a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.city import CREDIT, PNG, TAX_CODE
from tests.web.site import Site, command


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with examples and nothing else."""
    data = tmp_path_factory.mktemp("demo") / "data"
    made = command(data, "hcmc", "web", "demo", "--data", str(data))
    assert made.stdout == "7 example factories\n", made.stderr
    return data


def test_examples_are_made_once_and_never_beside_others(empty: Path, city_site: Site) -> None:
    for data in (empty, city_site.data):
        again = command(data, "hcmc", "web", "demo", "--data", str(data))
        assert again.returncode == 1
        assert "expected a site without factories, found some" in again.stderr
        assert "Traceback" not in again.stderr
    assert "Example" not in city_site.visitor("analyst").get("/en/factories/").text


def test_the_log_is_whole_after_examples(empty: Path) -> None:
    found = command(empty, "hcmc", "web", "verify", "--data", str(empty))
    assert found.returncode == 0, found.stderr
    assert int(found.stdout.split()[0]) > 10


def test_a_backup_holds_the_files_that_people_sent(city_site: Site, tmp_path: Path) -> None:
    file, data = tmp_path / "site.tar.gz", tmp_path / "again"
    assert command(city_site.data, "hcmc", "web", "backup", str(file), "--data", str(city_site.data)).returncode == 0
    restored = command(data, "hcmc", "web", "restore", str(file), "--data", str(data))
    assert restored.returncode == 0, restored.stderr
    contents = [path.read_bytes() for path in (data / "factories").rglob("*") if path.is_file()]
    assert PNG in contents


def test_the_table_for_the_pilot_is_read_by_the_evaluation(city_site: Site, tmp_path: Path) -> None:
    from haidang.learn.pilot.tables import read_table

    file = tmp_path / "outcomes.csv"
    file.write_text(city_site.visitor("analyst").get(f"/en/lending/outcomes/{CREDIT}.csv").text, encoding="utf-8")
    table = read_table(file)
    assert {"id", "applied", "approved", "amount_disbursed"} <= set(table.columns)
    assert str(int(TAX_CODE)) in table["id"].to_list()
