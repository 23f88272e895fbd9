"""A run that is killed at any moment never looks whole, and goes on to the very bytes of one that was left alone."""

import signal
import subprocess
import sys
import time

import pytest

from haidang.errors import HaidangError
from haidang.results import open_run

SCRIPT = """
import sys
from pathlib import Path
from haidang.packs import load_pack
from haidang.study import Question, run_study
question = Question("smart-manufacturing-credit", draws=20, rows=120, seed=3, workers=int(sys.argv[2]))
run_study(load_pack("hcmc"), question, Path(sys.argv[1]), resume=True)
"""
PATIENCE = 300
"""Seconds after which a test gives up; nothing is measured."""


def start(folder, workers=2):
    """Start the run in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, str(folder), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    """Wait for a process that must end well."""
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said


def bytes_of(folder):
    """Every table and text of a run, and its digest."""
    files = [*sorted((folder / "tables").iterdir()), folder / "facts.json"]
    return {path.name: path.read_bytes() for path in files}, open_run(folder).manifest.digest


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The run with one worker, never interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    finish(start(folder, workers=1))
    return folder


def parts(folder):
    """How many finished groups of draws lie there."""
    return len(list((folder / "parts").glob("0*"))) if (folder / "parts").is_dir() else -1


def writing(folder):
    """Whether the run is being put together, or lies there without its manifest."""
    return any(folder.glob(".writing-*")) or (folder / "tables").is_dir()


def half_a_group(folder):
    """Whether a group is being written under another name."""
    return any((folder / "parts").glob(".0*"))


def kill_when(process, reached):
    """Kill the process at the moment something is there; whether it was killed before it ended by itself."""
    limit = time.monotonic() + PATIENCE
    while process.poll() is None and not reached():
        assert time.monotonic() < limit, "the run never came that far"
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    return process.returncode == -signal.SIGKILL


def assert_not_whole(folder):
    """A folder without a manifest is refused in one line; with one it is whole to the last byte."""
    if (folder / "manifest.json").exists():
        open_run(folder)
        return
    with pytest.raises(HaidangError) as found:
        open_run(folder)
    assert "\n" not in str(found.value)


def test_two_runs_of_one_question_are_the_same_bytes(whole, tmp_path):
    finish(start(tmp_path / "again", workers=4))
    assert bytes_of(tmp_path / "again") == bytes_of(whole)


def test_a_run_killed_again_and_again_ends_in_the_bytes_of_one_left_alone(whole, tmp_path):
    folder = tmp_path / "run"
    moments = [
        lambda: half_a_group(folder),
        lambda: parts(folder) >= 2,
        lambda: writing(folder),
    ]
    killed = 0
    for moment in moments:
        before = parts(folder)
        killed += kill_when(start(folder), moment)
        assert_not_whole(folder)
        assert (folder / "manifest.json").exists() or parts(folder) >= before, "finished draws are kept"
    assert killed >= 2
    if not (folder / "manifest.json").exists():
        finish(start(folder))
    assert bytes_of(folder) == bytes_of(whole)
    assert not (folder / "parts").exists()
    assert not list(folder.glob(".*"))
