"""A run on disk: opened only when it is whole, written so that half of it never looks whole.

The tables and the texts come first; the manifest, which holds the digest of each of them, is renamed into place last.
A folder without a manifest is unfinished, a folder whose files do not match their digests is damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter, ValidationError

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.results.manifest import FORMAT, Backtest, FactText, Manifest, Outcome, Scenario
from haidang.results.schema import NAMES, OPTIONAL, UNKNOWN, table_keys, table_schema

MANIFEST, FACTS, BACKTEST, TABLES = "manifest.json", "facts.json", "backtest.json", "tables"


class UnfinishedRunError(HaidangError):
    """The folder has no manifest: the run was interrupted, or is still going on."""


class DamagedRunError(HaidangError):
    """A file of the run is missing or is not what its manifest says."""


class ForeignRunError(HaidangError):
    """The folder is not a run, or a run of a format that this version does not read."""


class RunWriteError(HaidangError):
    """The run could not be put on disk."""


class UnknownNameError(HaidangError):
    """A scenario or an outcome that the run does not have."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run. Tables are read when first asked for and kept."""

    path: Path
    manifest: Manifest

    def table(self, name: str) -> pl.DataFrame:
        """One of totals, users, budgets, funnel, choices, facts, periods and markets; no rows where it has none."""
        return _table(self, name)

    @property
    def facts(self) -> Mapping[str, FactText]:
        """Words, values and sources of every fact that the run read."""
        return _texts(self)

    @property
    def backtests(self) -> tuple[Backtest, ...]:
        """What the model said about what is known by now, for this programme; empty where none was run."""
        own = self.manifest.programme
        return tuple(each for each in _backtests(self) if not each.programmes or own in each.programmes)

    @property
    def baseline(self) -> Scenario:
        """The scenario without a programme."""
        return self.manifest.scenarios[0]

    @property
    def programme(self) -> Scenario:
        """The programme as declared, first of the scenarios after the baseline.

        Raises:
            UnknownNameError: the run holds the baseline alone.
        """
        if len(self.manifest.scenarios) < 2:
            raise UnknownNameError("the run holds only the baseline, so there is nothing to compare", self._place())
        return self.manifest.scenarios[1]

    @property
    def programmes(self) -> tuple[Scenario, ...]:
        """The programme and its variants."""
        return self.manifest.scenarios[1:]

    @property
    def designs(self) -> tuple[Scenario, ...]:
        """The programme and those of its variants that somebody could choose."""
        return tuple(each for each in self.programmes if each == self.programme or not each.supposition)

    @property
    def suppositions(self) -> tuple[Scenario, ...]:
        """The variants that tell what would come if something were so."""
        return tuple(each for each in self.programmes if each not in self.designs)

    def scenario(self, name: str) -> Scenario:
        """A scenario by its identifier.

        Raises:
            UnknownNameError: with the nearest spelling.
        """
        known = {scenario.id: scenario for scenario in self.manifest.scenarios}
        if name not in known:
            raise UnknownNameError(f"unknown scenario '{name}'", self._place(), did_you_mean(name, known))
        return known[name]

    def outcome(self, name: str) -> Outcome:
        """An outcome by its identifier.

        Raises:
            UnknownNameError: with the nearest spelling.
        """
        known = {outcome.id: outcome for outcome in self.manifest.outcomes}
        if name not in known:
            raise UnknownNameError(f"unknown outcome '{name}'", self._place(), did_you_mean(name, known))
        return known[name]

    def has_outcome(self, name: str) -> bool:
        """Whether the model of this run records the outcome."""
        return any(outcome.id == name for outcome in self.manifest.outcomes)

    def _place(self) -> Place:
        return Place(str(self.path / MANIFEST))


def open_run(path: str | os.PathLike[str]) -> Run:
    """Open a finished run and check it against its digests.

    Raises:
        UnfinishedRunError: there is no manifest yet.
        ForeignRunError: there is no such folder, or it is something else.
        DamagedRunError: a file does not match the manifest.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ForeignRunError("expected the folder of a run, found none", Place(str(folder)))
    file = folder / MANIFEST
    if not file.is_file():
        if (folder / "parts").is_dir() or (folder / TABLES).is_dir():
            raise UnfinishedRunError(
                f"the run is unfinished: it has no {MANIFEST}", Place(str(folder)), "finish it with --resume"
            )
        raise ForeignRunError(f"expected a run, found a folder without {MANIFEST}", Place(str(folder)))
    manifest = _manifest(file)
    for name, digest in _expected_files(manifest, file).items():
        _match(folder / name, digest)
    if manifest.digest != _digest(manifest.files):
        raise DamagedRunError("the digest is not that of the tables", Place(str(file), key="digest"))
    return Run(folder, manifest)


def write_run(
    path: str | os.PathLike[str],
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, object],
    facts: Mapping[str, object],
) -> Run:
    """Put a run on disk: tables, facts, and the manifest last.

    Rows are sorted by their keys and written with a fixed layout, so equal numbers give equal bytes. An earlier run in
    the same folder loses its manifest first. `format`, `files` and `digest` of the manifest are set here.

    Args:
        path: the run's folder; made where absent. Other entries in it (`parts/`) are left alone.
        tables: totals, users, budgets, funnel, choices and facts, and where the model has them periods and markets,
            with the columns of `table_schema`.
        manifest: what the contract of a run asks for.
        facts: words and sources by fact, for `facts.json`.

    Raises:
        RunWriteError: a table lacks a column, the disk is full, or the folder may not be written.
    """
    folder = Path(path)
    filled = [name for name in NAMES if name not in OPTIONAL or (name in tables and not tables[name].is_empty())]
    ordered = {name: ordered_table(name, tables) for name in filled}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        _sync_folder(folder)
        for left_over in folder.glob(".writing-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            files = _write_files(staging, ordered, facts)
            text = _json({**manifest, "format": FORMAT, "files": files, "digest": _digest(files)})
            _check_manifest(text, folder / MANIFEST)
            _write_bytes(staging / MANIFEST, text)
            shutil.rmtree(folder / TABLES, ignore_errors=True)
            os.replace(staging / TABLES, folder / TABLES)
            os.replace(staging / FACTS, folder / FACTS)
            _sync_folder(folder)
            os.replace(staging / MANIFEST, folder / MANIFEST)
            _sync_folder(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RunWriteError(f"the run could not be written: {reason}", Place(str(folder))) from error
    return Run(folder, _manifest(folder / MANIFEST))


def write_backtests(path: str | os.PathLike[str], backtests: Sequence[Mapping[str, object]]) -> None:
    """Lay backtests beside a finished run, in one step.

    Raises:
        RunWriteError: the folder may not be written or the disk is full.
    """
    replace_bytes(Path(path) / BACKTEST, _json(list(backtests)))


def replace_bytes(file: Path, content: bytes) -> None:
    """Write a file in one step: what was there stays until the new content is whole.

    Raises:
        RunWriteError: the folder may not be written or the disk is full.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
        os.close(handle)
        draft = Path(name)
        try:
            _write_bytes(draft, content)
            draft.chmod(0o644)
            os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise RunWriteError(f"could not be written: {error.strerror or error}", Place(str(file))) from error


def ordered_table(name: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One of a run's tables with the columns, the types and the order that it has on disk.

    Raises:
        RunWriteError: the table or a column of it is not there.
    """
    schema = table_schema(name)
    if name not in tables:
        raise RunWriteError(f"expected a table '{name}', found none", Place(TABLES, key=name))
    absent = [column for column in schema if column not in tables[name].columns]
    missing = [column for column in absent if column not in UNKNOWN]
    if missing:
        raise RunWriteError(f"expected a column '{missing[0]}', found none", Place(f"{TABLES}/{name}", key=missing[0]))
    whole = tables[name].with_columns(**{column: pl.lit(None) for column in absent})
    typed = whole.select([pl.col(column).cast(kind) for column, kind in schema.items()])
    return typed.sort(table_keys(name), maintain_order=True)


def _write_files(staging: Path, tables: Mapping[str, pl.DataFrame], facts: Mapping[str, object]) -> dict[str, str]:
    (staging / TABLES).mkdir()
    files: dict[str, str] = {}
    for name, table in tables.items():
        file = staging / TABLES / f"{name}.parquet"
        # A fixed codec, level and group size and no statistics: the bytes depend on the numbers alone.
        table.write_parquet(file, compression="zstd", compression_level=3, statistics=False, row_group_size=1 << 20)
        _sync_file(file)
        files[f"{TABLES}/{name}.parquet"] = _file_digest(file)
    _sync_folder(staging / TABLES)
    _write_bytes(staging / FACTS, _json(facts))
    files[FACTS] = _file_digest(staging / FACTS)
    return files


def _write_bytes(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_file(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _json(value: object) -> bytes:
    try:
        return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
    except ValueError as error:
        raise RunWriteError(f"expected finite numbers beside the tables: {error}") from error


def _digest(files: Mapping[str, str]) -> str:
    """One digest for all tables: of their names and digests, in the order of the names."""
    lines = "".join(f"{name} {files[name]}\n" for name in sorted(files) if name.startswith(f"{TABLES}/"))
    return hashlib.sha256(lines.encode()).hexdigest()


def _file_digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _match(file: Path, digest: str) -> None:
    if not file.is_file():
        raise DamagedRunError("the run is damaged: this file is missing", Place(str(file)))
    if _file_digest(file) != digest:
        raise DamagedRunError("the run is damaged: this file is not the one that was written", Place(str(file)))


def _expected_files(manifest: Manifest, file: Path) -> Mapping[str, str]:
    for name in (*(f"{TABLES}/{table}.parquet" for table in NAMES if table not in OPTIONAL), FACTS):
        if name not in manifest.files:
            raise DamagedRunError(f"expected a digest of {name}, found none", Place(str(file), key="files"))
    return {name: manifest.files[name] for name in manifest.files if not name.startswith("/") and ".." not in name}


def _manifest(file: Path) -> Manifest:
    return _check_manifest(file.read_bytes(), file)


def _check_manifest(text: bytes, file: Path) -> Manifest:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise ForeignRunError("expected a manifest in JSON, found something else", Place(str(file))) from error
    if not isinstance(raw, dict) or "haidang" not in raw or "format" not in raw:
        raise ForeignRunError("expected the manifest of a run, found something else", Place(str(file)))
    if raw["format"] != FORMAT:
        raise ForeignRunError(
            f"expected format {FORMAT}, found {raw['format']}", Place(str(file), key="format"),
            "another version wrote it",
        )  # fmt: skip
    try:
        return Manifest.model_validate(raw)
    except ValidationError as error:
        raise DamagedRunError(*_first(error, file)) from error


def _first(error: ValidationError, file: Path) -> tuple[str, Place]:
    first = error.errors(include_url=False)[0]
    return first["msg"], Place(str(file), key=".".join(str(step) for step in first["loc"]))


@lru_cache(maxsize=24)
def _table(run: Run, name: str) -> pl.DataFrame:
    file = f"{TABLES}/{name}.parquet"
    if name in OPTIONAL and file not in run.manifest.files:
        return pl.DataFrame(schema=table_schema(name))
    return pl.read_parquet(run.path / file)


@lru_cache(maxsize=4)
def _texts(run: Run) -> Mapping[str, FactText]:
    file = run.path / FACTS
    try:
        return TypeAdapter(dict[str, FactText]).validate_json(file.read_bytes())
    except ValidationError as error:
        raise DamagedRunError(*_first(error, file)) from error


@lru_cache(maxsize=4)
def _backtests(run: Run) -> tuple[Backtest, ...]:
    file = run.path / BACKTEST
    if not file.is_file():
        return ()
    try:
        return TypeAdapter(tuple[Backtest, ...]).validate_json(file.read_bytes())
    except ValidationError as error:
        raise DamagedRunError(*_first(error, file)) from error
