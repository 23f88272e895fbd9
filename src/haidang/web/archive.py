"""The whole site in one archive, written while it runs, and laid out again elsewhere.

The database is copied by SQLite's own online backup, or from a snapshot of PostgreSQL's, so the copy is of one moment.
Whole runs never change, nor do the files of jobs that are done; of the files that people send, some may be taken away
again, so those that were there before that moment are held on to. A list of digests goes into the archive last, and
nothing is laid out that does not match it.
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
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path, PurePosixPath
from typing import IO

from haidang.errors import HaidangError, Place
from haidang.web import dump
from haidang.web.alone import alone
from haidang.web.home import DATABASE as POSTGRESQL

DUMPED = "database.dump"
DATABASE, RECORDS, RUNS, JOBS, PILOTS = "haidang.sqlite3", "records.sqlite3", "runs", "jobs", "pilots"
LIST = "digests.json"
SENT = ("desk", "factories", "lending")
"""Folders of files that people sent: none changes once it has its name."""
LARGEST = 1 << 40
"""Bytes that an archive may hold when laid out; more is taken for a bomb."""

_PIECE = 1 << 20


class ArchiveError(HaidangError):
    """An archive that cannot be written or must not be laid out."""


def _silent(done: int, whole: int) -> None:
    """Nobody is told how far it is."""


def write_backup(data: Path, file: Path, database: str = "", progress: Callable[[int, int], None] = _silent) -> int:
    """Copy a site's databases, runs and kept files into an archive; where that cannot be, nothing of it is left.

    Args:
        data: the site's folder.
        file: a new file.
        database: the address of its PostgreSQL database; none where it is SQLite in the folder.
        progress: told how many files are in it, and how many there will be; each is read once more afterwards.

    Returns:
        How many files it holds.

    Raises:
        ArchiveError: there is no such site, the file is there already, or the disk does not take it.
        DumpError: the database cannot be copied.
    """
    if not (data.is_dir() if database else (data / DATABASE).is_file()):
        raise ArchiveError(f"expected the folder of a site with {DATABASE}, found none", Place(str(data)))
    if file.exists():
        raise ArchiveError("expected a new file, found one that is there already", Place(str(file)))
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    digests: dict[str, str] = {}
    try:
        with tempfile.TemporaryDirectory(dir=data) as folder, tarfile.open(partial, "w:gz", compresslevel=1) as archive:
            files = [*_files(data, Path(folder), database)]
            for name, path in files:
                progress(len(digests), len(files))
                digests[name] = digest_of(path)
                archive.add(path, name, recursive=False)
            text = json.dumps(digests, sort_keys=True).encode()
            entry = tarfile.TarInfo(LIST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        check_backup(partial)
        partial.rename(file)
    except (OSError, sqlite3.OperationalError) as broken:
        raise _not_written(broken, file) from broken
    finally:
        partial.unlink(missing_ok=True)
    return len(digests)


def _not_written(broken: OSError | sqlite3.OperationalError, place: Path) -> ArchiveError:
    """What is said where the disk does not take what is written: that it is full, or what the system says."""
    if isinstance(broken, OSError):
        full = broken.errno in {ENOSPC, EDQUOT}
    else:
        full = getattr(broken, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if full:
        return ArchiveError("expected room on the disk for what is written, found it full", Place(str(place)))
    return ArchiveError(f"expected to write on the disk, found that the system refuses it: {broken}", Place(str(place)))


def _files(data: Path, here: Path, database: str) -> Iterable[tuple[str, Path]]:
    """All that a backup holds, by its name in it; copies are made in a folder of their own."""
    sent = _held(_sent_files(data), here / "sent")
    with ExitStack() as stack:
        with _at_rest(data / PILOTS):  # what the database says of a pilot and its files are of one moment
            if database:
                copy = stack.enter_context(dump.snapshot(database, here / DUMPED))
            else:
                copy = _copy_databases(data, here)
            pilots = _copied(data / PILOTS, here / PILOTS)
        done = copy()
    names = (DUMPED, DATABASE, RECORDS)
    copies = [(name, here / name) for name in names if (here / name).is_file()]
    sent = {**_held(_sent_files(data), here / "more"), **sent}
    return (*copies, *_finished_runs(data / RUNS), *_files_of_jobs(data / JOBS, done), *sent.items(), *pilots)


def read_backup(file: Path, data: Path, database: str = "") -> int:
    """Lay out an archive in a new folder, and where its site was on PostgreSQL, in an empty database.

    Args:
        file: the archive.
        data: the new folder.
        database: the address of the empty database.

    Returns:
        How many files it held.

    Raises:
        ArchiveError: the folder is there already, the archive is not whole, it is of the other kind of database, or the
            disk does not take it.
        DumpError: the database cannot be filled.
    """
    if data.exists() and any(data.iterdir()):
        raise ArchiveError("expected a new folder, found one that holds something", Place(str(data)))
    digests = check_backup(file)
    if (DUMPED in digests) != bool(database):
        found = ("PostgreSQL", "none") if DUMPED in digests else ("SQLite", "one")
        raise ArchiveError(
            f"expected {'an empty' if DUMPED in digests else 'no'} database in {POSTGRESQL} for the backup of a site "
            f"on {found[0]}, found {found[1]}", Place(str(file)),
        )  # fmt: skip
    partial = data.absolute().with_name(f".{data.name}.{os.getpid()}")
    try:
        with tarfile.open(file, "r:gz") as archive:
            _unpack(archive, partial)
        (partial / LIST).unlink()
        if database:
            dump.lay_out(partial / DUMPED, database)
            (partial / DUMPED).unlink()
        if data.exists():
            data.rmdir()
        partial.rename(data)
    except OSError as broken:
        raise _not_written(broken, data) from broken
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(digests)


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Write an archive's files into a new folder, and nothing else that one may hold.

    The filter of the standard library does the same, and is not in each Python that this one runs on.

    Raises:
        ArchiveError: it holds something else than files, or a name that leads out of the folder.
    """
    folder.mkdir(parents=True)
    for member in archive:
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or not _harmless(member.name):
            raise ArchiveError(f"expected a plain file inside the archive, found {member.name!r}")
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as written:
            shutil.copyfileobj(content, written)


def _copy_databases(data: Path, folder: Path) -> Callable[[], list[int]]:
    """Copies of the databases, each of one moment; what is given says which jobs were done then.

    That of the records comes last: a change of theirs is on the disk before the site says that it is, so the copy
    holds every change that the copy of the site's database speaks of.
    """
    for name in (DATABASE, RECORDS):
        if (data / name).is_file():
            _copy_database(data / name, folder / name)

    def done() -> list[int]:
        with closing(sqlite3.connect(folder / DATABASE)) as own:
            return [number for (number,) in own.execute("SELECT id FROM jobs_job WHERE state = 'done' ORDER BY id")]

    return done


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


def _files_of_jobs(jobs: Path, done: Iterable[int]) -> Iterator[tuple[str, Path]]:
    """What jobs left that were done: the files of one that is not may still change."""
    for number in done:
        for path in sorted((jobs / str(number)).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{JOBS}/{path.relative_to(jobs).as_posix()}", path


def _sent_files(data: Path) -> Iterator[tuple[str, Path]]:
    """The files that people sent; one that is being written has a point before its name."""
    for room in SENT:
        for path in sorted((data / room).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(data).as_posix(), path


def _held(files: Iterable[tuple[str, Path]], folder: Path) -> dict[str, Path]:
    """Files under a second name, so that they are there whoever takes the first away."""
    found: dict[str, Path] = {}
    folder.mkdir()
    for turn, (name, path) in enumerate(files):
        with suppress(FileNotFoundError):  # taken away before it was held
            os.link(path, folder / str(turn))
            found[name] = folder / str(turn)
    return found


@contextmanager
def _at_rest(pilots: Path) -> Generator[None]:
    """Keep other hands off the files of the pilots, whose registers and logs grow; and no pilot is declared."""
    with ExitStack() as stack:
        stack.enter_context(alone(pilots))
        for pilot in _numbered(pilots):
            stack.enter_context(alone(pilot))
        yield


def _copied(pilots: Path, copies: Path) -> list[tuple[str, Path]]:
    """Copies of the pilots' files."""
    for pilot in _numbered(pilots):
        shutil.copytree(pilot, copies / pilot.name, ignore=shutil.ignore_patterns(".*", "trial-*"))
    found = (path for path in sorted(copies.rglob("*")) if path.is_file())
    return [(f"{PILOTS}/{path.relative_to(copies).as_posix()}", path) for path in found]


def _numbered(pilots: Path) -> list[Path]:
    return sorted(each for each in pilots.glob("*") if each.name.isdecimal())


def check_backup(file: Path) -> dict[str, str]:
    """Read an archive through and hold every file against the list.

    Returns:
        SHA-256 of each file in it, by its name.

    Raises:
        ArchiveError: it cannot be read, or does not hold what its list says.
    """
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


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as stream:
        return _digest_of(stream)


def _digest_of(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := stream.read(_PIECE):
        found.update(piece)
    return found.hexdigest()
