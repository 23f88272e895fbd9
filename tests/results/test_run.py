"""A run on disk: whole or refused, equal bytes for equal numbers, nothing half written."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from haidang.errors import HaidangError
from haidang.results import (
    DamagedRunError,
    ForeignRunError,
    Run,
    RunWriteError,
    UnfinishedRunError,
    UnknownNameError,
    open_run,
    table_schema,
    write_run,
)
from tests.results.example import fact_texts, manifest, write_example

TABLES = ("totals", "users", "budgets", "funnel", "choices", "facts")


def small_tables() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(schema=table_schema(name)) for name in TABLES}


def test_a_run_that_was_written_opens_with_the_same_numbers(tmp_path: Path) -> None:
    written = write_example(tmp_path / "run", draws=5)
    opened = open_run(tmp_path / "run")
    assert opened.manifest == written.manifest
    for name in TABLES:
        assert opened.table(name).equals(written.table(name))
    assert opened.baseline.id == "baseline"
    assert opened.programme.id == "credit"
    assert opened.facts["awareness"].assumption is not None


def test_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    run = write_example(tmp_path / "one", draws=5)
    shuffled = {name: run.table(name).sample(fraction=1.0, shuffle=True, seed=3) for name in TABLES}
    again = write_run(tmp_path / "two", shuffled, manifest(5, 7), fact_texts())
    assert again.manifest.digest == run.manifest.digest
    for name in TABLES:
        file = f"tables/{name}.parquet"
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_another_number_gives_another_digest(tmp_path: Path) -> None:
    one, two = (write_example(tmp_path / str(seed), draws=5, seed=seed) for seed in (1, 2))
    assert one.manifest.digest != two.manifest.digest


def test_a_folder_without_a_manifest_is_unfinished(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=2)
    (run.path / "manifest.json").unlink()
    with pytest.raises(UnfinishedRunError, match="--resume"):
        open_run(run.path)


def test_a_folder_that_was_never_a_run_is_foreign(tmp_path: Path) -> None:
    for make in (lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text("x")):
        path = tmp_path / "other"
        make(path)
        with pytest.raises(ForeignRunError):
            open_run(path)
        if path.is_dir():
            path.rmdir()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("no json", ForeignRunError),
        ("[1, 2]", ForeignRunError),
        ('{"name": "something else"}', ForeignRunError),
        ('{"haidang": "9", "format": 2}', ForeignRunError),
        ('{"haidang": "0.1.0", "format": 1}', DamagedRunError),
    ],
)
def test_a_manifest_of_something_else_is_refused(tmp_path: Path, text: str, kind: type[HaidangError]) -> None:
    run = write_example(tmp_path / "run", draws=2)
    (run.path / "manifest.json").write_text(text)
    with pytest.raises(kind) as caught:
        open_run(run.path)
    assert "\n" not in str(caught.value)
    assert "manifest.json" in str(caught.value)


@pytest.mark.parametrize("name", [*(f"tables/{table}.parquet" for table in TABLES), "facts.json"])
def test_a_changed_or_missing_file_is_damage(tmp_path: Path, name: str) -> None:
    run = write_example(tmp_path / "run", draws=2)
    file = run.path / name
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(DamagedRunError, match=name):
        open_run(run.path)
    file.unlink()
    with pytest.raises(DamagedRunError, match="missing"):
        open_run(run.path)


def test_a_manifest_that_lost_its_digests_is_damage(tmp_path: Path) -> None:
    run = write_example(tmp_path / "run", draws=2)
    file = run.path / "manifest.json"
    raw = json.loads(file.read_text())
    file.write_text(json.dumps(raw | {"files": {}}))
    with pytest.raises(DamagedRunError):
        open_run(run.path)
    file.write_text(json.dumps(raw | {"digest": "0" * 64}))
    with pytest.raises(DamagedRunError, match="digest"):
        open_run(run.path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    tables = small_tables()
    tables["users"] = tables["users"].drop("baseline_value")
    with pytest.raises(RunWriteError, match="baseline_value"):
        write_run(tmp_path / "run", tables, manifest(1, 1), {})
    assert not (tmp_path / "run").exists()


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    tables = small_tables()
    del tables["funnel"]
    with pytest.raises(RunWriteError, match="funnel"):
        write_run(tmp_path / "run", tables, manifest(1, 1), {})


@pytest.mark.parametrize("steps", range(12))
def test_a_full_disk_at_any_step_leaves_nothing_that_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    write_example(tmp_path / "run", draws=2, seed=1)
    left = steps
    flush = os.fsync

    def full(handle: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(handle)

    monkeypatch.setattr(os, "fsync", full)
    try:
        with pytest.raises(RunWriteError, match="No space left"):
            write_example(tmp_path / "run", draws=2, seed=2)
    finally:
        monkeypatch.setattr(os, "fsync", flush)
    try:
        survivor: Run | None = open_run(tmp_path / "run")
    except UnfinishedRunError:
        survivor = None
    # Once the manifest is in place the run is whole, whatever then fails.
    assert survivor is None or survivor.manifest.seed == 2
    assert not list((tmp_path / "run").glob(".writing-*"))
    assert write_example(tmp_path / "run", draws=2, seed=3).manifest.seed == 3


@pytest.mark.parametrize("where", ["a file in the way", "a read-only folder"])
def test_a_place_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    target = tmp_path / "run"
    if where == "a file in the way":
        target.write_text("here first")
    else:
        # Root may write anywhere, so the refusal is the system call's, not the folder's.
        def refuse(*_: object, **__: object) -> str:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(RunWriteError) as caught:
        write_example(target, draws=2)
    assert "\n" not in str(caught.value)


def test_what_an_interrupted_writer_left_is_swept_up(tmp_path: Path) -> None:
    left_over = tmp_path / "run" / ".writing-dead"
    left_over.mkdir(parents=True)
    write_example(tmp_path / "run", draws=2)
    assert not left_over.exists()


def test_parts_of_an_unfinished_run_are_left_alone(tmp_path: Path) -> None:
    part = tmp_path / "run" / "parts" / "0.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"part")
    write_example(tmp_path / "run", draws=2)
    assert part.read_bytes() == b"part"


@pytest.mark.parametrize(
    ("ask", "hint"),
    [(lambda run: run.scenario("grnat"), "grant"), (lambda run: run.outcome("level_gian"), "level_gain")],
)
def test_an_unknown_name_gets_the_nearest_spelling(tmp_path: Path, ask: Callable[[Run], object], hint: str) -> None:
    run = write_example(tmp_path / "run", draws=2)
    with pytest.raises(UnknownNameError, match=f"did you mean '{hint}'"):
        ask(run)


def test_a_run_of_the_baseline_alone_has_nothing_to_compare(tmp_path: Path) -> None:
    run = write_example(tmp_path / "all", draws=2)
    alone = {name: run.table(name) for name in TABLES}
    only = manifest(2, 7)
    only["scenarios"] = only["scenarios"][:1]  # type: ignore[index]
    written = write_run(tmp_path / "alone", alone, only, fact_texts())
    assert written.programmes == ()
    with pytest.raises(UnknownNameError, match="only the baseline"):
        _ = written.programme
