"""The whole site in one archive, written while it runs, and laid out again elsewhere.

The database is copied by SQLite's own online backup, so the copy is of one moment. Whole runs never change. A
list of digests goes into the archive last, and nothing is laid out that does not match it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO

from haidang.errors import HaidangError, Place

DATABASE, RUNS, LIST = "haidang.sqlite3", "runs", "digests.json"
SENT = ("factories", "lending")
"""The folders of files that people sent, each file under its hash."""
LARGEST = 1 << 40
"""Bytes that an archive may hold when laid out; more is taken for a bomb."""

_PIECE = 1 << 20


class ArchiveError(HaidangError):
    """An archive that cannot be written or must not be laid out."""


def write_backup(data: Path, file: Path) -> int:
    """Copy a site's database and runs into an archive.

    Args:
        data: the site's folder, with its SQLite database; PostgreSQL has tools of its own.
        file: a new file.

    Returns:
        How many files it holds.

    Raises:
        ArchiveError: there is no such site, or the file is there already.
    """
    if not (data / DATABASE).is_file():
        raise ArchiveError(f"expected the folder of a site with {DATABASE}, found none", Place(str(data)))
    if file.exists():
        raise ArchiveError("expected a new file, found one that is there already", Place(str(file)))
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    digests: dict[str, str] = {}
    try:
        with tempfile.TemporaryDirectory(dir=data) as folder, tarfile.open(partial, "w:gz", compresslevel=1) as archive:
            copy = Path(folder) / DATABASE
            _copy_database(data / DATABASE, copy)
            for name, path in ((DATABASE, copy), *_finished_runs(data / RUNS), *_sent_files(data)):
                digests[name] = _digest(path)
                archive.add(path, name, recursive=False)
            text = json.dumps(digests, sort_keys=True).encode()
            entry = tarfile.TarInfo(LIST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        _check(partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return len(digests)


def read_backup(file: Path, data: Path) -> int:
    """Lay out an archive in a new folder.

    Returns:
        How many files it held.

    Raises:
        ArchiveError: the folder is there already, or the archive is not whole.
    """
    if data.exists() and any(data.iterdir()):
        raise ArchiveError("expected a new folder, found one that holds something", Place(str(data)))
    digests = _check(file)
    partial = data.absolute().with_name(f".{data.name}.{os.getpid()}")
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(partial, filter="data")
        (partial / LIST).unlink()
        if data.exists():
            data.rmdir()
        partial.rename(data)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(digests)


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as own, closing(sqlite3.connect(target)) as copy:
        own.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise ArchiveError(f"the database's own check says: {found}", Place(str(source)))


def _finished_runs(runs: Path) -> Iterator[tuple[str, Path]]:
    for run in sorted(runs.iterdir()) if runs.is_dir() else ():
        if (run / "manifest.json").is_file() and not run.name.startswith("."):
            for path in sorted(run.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    yield f"{RUNS}/{path.relative_to(runs).as_posix()}", path


def _sent_files(data: Path) -> Iterator[tuple[str, Path]]:
    """The files that people sent; one that is being written has a point before its name."""
    for room in SENT:
        for path in sorted((data / room).glob("*/*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(data).as_posix(), path


def _check(file: Path) -> dict[str, str]:
    """Read an archive through and hold every file against the list."""
    place, found, told, size = Place(str(file)), dict[str, str](), dict[str, str](), 0
    try:
        with tarfile.open(file, "r:gz") as archive:
            for entry in archive:
                size += entry.size
                stream = archive.extractfile(entry) if entry.isreg() else None
                if stream is None or size > LARGEST or not _harmless(entry.name):
                    raise ArchiveError(f"expected a plain file inside the archive, found {entry.name!r}", place)
                if entry.name == LIST:
                    told = json.loads(stream.read())
                else:
                    found[entry.name] = _digest_of(stream)
    except (tarfile.TarError, EOFError, OSError, ValueError) as broken:
        raise ArchiveError(f"expected a whole archive, found one that cannot be read: {broken}", place) from None
    if not told or told != found:
        wrong = sorted(set(told.items()) ^ set(found.items()))
        raise ArchiveError(f"expected the files of its list, found {wrong[0][0] if wrong else 'none'} otherwise", place)
    return found


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return _digest_of(stream)


def _digest_of(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := stream.read(_PIECE):
        found.update(piece)
    return found.hexdigest()
