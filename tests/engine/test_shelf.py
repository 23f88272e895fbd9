"""What a streamed population carries lies in files for as long as it is needed, and a full disk is one clear error."""

import errno
import gc
import os
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.engine import ParquetSource
from haidang.engine.shelf import ScratchError, Shelf
from tests.engine.city import TOY, city, draw_of, instrument, programme, setting_of

FULL = OSError(errno.ENOSPC, "No space left on device")
CAPPED = programme(instrument("grant", budget="resource: grant, amount: 900e6 VND, per_unit: 15e6 VND"))


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Where scratch folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_bundle_is_taken_as_it_was_put_and_the_last_one_holds(scratch):
    shelf = Shelf()
    shelf.put("a", {"x": np.arange(3, dtype=np.int16), "y": np.array([np.nan, 1.5], np.float32)})
    assert "a" in shelf
    assert "b" not in shelf
    found = shelf.take("a")
    np.testing.assert_array_equal(found["x"], np.arange(3, dtype=np.int16))
    assert (found["x"].dtype, found["y"].dtype) == (np.int16, np.float32)
    shelf.put("a", {"x": np.zeros(1)})
    assert shelf.take("a")["x"].tolist() == [0.0]


def test_the_files_go_when_the_shelf_goes(scratch):
    shelf = Shelf()
    shelf.put("a", {"x": np.zeros(1)})
    assert len(list(scratch.iterdir())) == 1
    del shelf
    gc.collect()
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_one_clear_error(scratch, monkeypatch):
    shelf = Shelf()

    def full(*given):
        raise FULL

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ScratchError, match=r"No space left on device.*TMPDIR"):
        shelf.put("a", {"x": np.zeros(1)})


def test_a_folder_that_cannot_be_made_is_one_clear_error(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(Path("nowhere") / "at" / "all"))
    with pytest.raises(ScratchError, match="expected a folder for scratch files"):
        Shelf()


def test_a_streamed_draw_leaves_no_scratch_behind_and_equals_one_in_memory(scratch, tmp_path):
    table = city(600, 4, weight=None).sort("id")
    table.write_parquet(tmp_path / "units.parquet")
    streamed = draw_of(setting_of(ParquetSource(tmp_path / "units.parquet", TOY.card, 256), CAPPED))
    held = draw_of(setting_of(table, CAPPED))
    gc.collect()
    assert list(scratch.iterdir()) == []
    for name in ("totals", "users", "choices"):
        np.testing.assert_array_equal(getattr(streamed, name), getattr(held, name), err_msg=name)
    assert streamed.budgets == held.budgets
    assert pl.read_parquet(tmp_path / "units.parquet").equals(table)
