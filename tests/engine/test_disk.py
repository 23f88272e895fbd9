"""Disks that are full, folders that cannot be written: one clear error, and nothing that looks whole."""

import errno
import resource
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from haidang.engine import Desk, RunError, simulate
from tests.engine.city import city, facts, setting_of

FULL = OSError(errno.ENOSPC, "No space left on device")
POLARS_FULL = pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)")


@pytest.fixture(scope="module")
def setting():
    """The baseline of a small city."""
    return setting_of(city(50, 1))


def run(setting, folder, draws=8):
    return simulate(setting, lambda draw: facts(), draws, desk=Desk(folder, "digest"))


@pytest.mark.parametrize("error", [FULL, POLARS_FULL], ids=["of Python", "of Polars"])
def test_a_disk_that_fills_up_is_one_clear_error_and_keeps_what_was_whole(setting, tmp_path, monkeypatch, error):
    whole = run(setting, tmp_path / "other")
    written, write_parquet = [], pl.DataFrame.write_parquet

    def write(frame, path, **given):
        written.append(path)
        if len(written) > 8:  # in the middle of the second group
            Path(path).write_bytes(b"PAR1")
            raise error
        return write_parquet(frame, path, **given)

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", write)
        with pytest.raises(RunError, match=r"No space left on device.*--resume"):
            run(setting, tmp_path / "parts")
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["000000-000003", "run.json"]
    again = run(setting, tmp_path / "parts")
    assert all(again[name].equals(whole[name]) for name in whole)


def test_a_real_limit_on_the_size_of_files_is_one_clear_error(tmp_path):
    """The system's own refusal in the middle of a write, as a full disk gives it, in a process of its own."""
    script = (
        "import jax, sys\n"
        "from pathlib import Path\n"
        "from haidang.engine import RunError\n"
        "from tests.engine.test_disk import limit, run\n"
        "from tests.engine.city import city, setting_of\n"
        "setting = setting_of(city(50, 1))\n"
        "limit(1500)\n"
        "try:\n"
        "    run(setting, Path(sys.argv[1]))\n"
        "except RunError as error:\n"
        "    print(error)\n"
    )
    root = Path(__file__).resolve().parents[2]
    found = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "parts")], cwd=root, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "expected room to write the finished draws" in found.stdout
    assert len(found.stdout.splitlines()) == 1
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["run.json"]


def limit(size):
    """No file of this process may grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_folder_that_cannot_be_made_is_one_clear_error(setting, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="expected a folder that can be written"):
        run(setting, tmp_path / "file" / "parts")


def test_a_folder_that_cannot_be_written_is_one_clear_error(setting, tmp_path, monkeypatch):
    def refuse(path, *given, **more):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(RunError, match=r"expected a folder that can be written.*Permission denied"):
        run(setting, tmp_path / "parts")


def test_a_label_that_cannot_be_read_is_one_clear_error(setting, tmp_path):
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RunError):
        run(setting, tmp_path)


def test_a_part_that_was_damaged_is_one_clear_error_and_not_a_result(setting, tmp_path):
    run(setting, tmp_path)
    (tmp_path / "000000-000003" / "totals.parquet").write_bytes(b"PAR1 not any more")
    with pytest.raises(RunError, match="000000-000003"):
        run(setting, tmp_path)
