"""Several processes make the bytes of one, and one that is lost costs its work and nothing else."""

import subprocess
from pathlib import Path

import polars as pl
import pytest

from haidang.engine import Desk
from haidang.engine.run import _keep
from haidang.engine.tables import NAMES
from haidang.packs import load_pack
from haidang.study import Question, run_study
from haidang.study import company as companies

DRAWS = 48


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run that one process makes."""
    out = tmp_path_factory.mktemp("alone") / "run"
    run_study(load_pack("hcmc"), question(1), out)
    return out


def question(workers: int) -> Question:
    """A small run of enough groups for two processes."""
    return Question("smart-manufacturing-credit", draws=DRAWS, rows=150, seed=5, workers=workers)


def tables(out: Path) -> dict[str, bytes]:
    """The bytes of every table."""
    return {path.name: path.read_bytes() for path in sorted((out / "tables").glob("*.parquet"))}


def test_two_processes_make_the_bytes_of_one(alone, tmp_path):
    assert companies.how_many(question(2)) == 1
    run_study(load_pack("hcmc"), question(2), tmp_path / "run")
    assert tables(tmp_path / "run") == tables(alone)
    assert not (tmp_path / "run" / "parts").exists()


def test_a_helper_that_is_killed_costs_its_work_and_nothing_else(alone, tmp_path, monkeypatch):
    started: list[subprocess.Popen[bytes]] = []
    usual = subprocess.Popen

    def remembered(*given, **named):
        started.append(usual(*given, **named))
        return started[-1]

    def kill(done: int, draws: int) -> None:
        if done and started:
            started[0].kill()  # SIGKILL, and nothing once it has ended

    monkeypatch.setattr(companies.subprocess, "Popen", remembered)
    run_study(load_pack("hcmc"), question(2), tmp_path / "run", progress=kill)
    assert len(started) == 1
    assert tables(tmp_path / "run") == tables(alone)
    assert pl.read_parquet(tmp_path / "run" / "tables" / "facts.parquet")["draw"].n_unique() == DRAWS


def test_a_group_that_another_process_finished_first_stays_as_it_is(tmp_path):
    desk = Desk(tmp_path, "digest")
    table = {name: pl.DataFrame({"draw": [0]}) for name in NAMES}
    _keep(desk, range(4), table)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    _keep(desk, range(4), table)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["000000-000003"]


def test_a_small_run_needs_no_company():
    assert companies.how_many(Question("smart-manufacturing-credit", draws=8, workers=4)) == 0
