"""Many draws: groups of draws are the tasks, finished groups lie on disk, and a run that was stopped goes on.

A group's tables are written to a folder of another name and renamed when whole, so a group is there or it is not,
whatever moment the process dies. The tables do not depend on how many workers ran or which group was done first.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from uuid import uuid4

import jax
import polars as pl

from haidang.engine.draw import simulate_draw
from haidang.engine.setting import DrawFacts, Setting
from haidang.engine.tables import NAMES, Tables, join, tables_of
from haidang.errors import HaidangError, Place

Progress = Callable[[int, int], None]
GROUP = 4
_TURN_SECONDS = 0.0005
_GLANCE_SECONDS = 0.02
_CLAIMS = ".claims"
Others = Callable[[], Callable[[], bool]]
"""Starts the other processes of a run, and gives what tells whether any is still at work."""
Elsewhere = Callable[[Iterable[range]], Iterable[tuple[range, Tables]]]
"""Simulates groups of draws in another place, and gives each when it is done."""
_COMPRESSION = "zstd"


class RunError(HaidangError):
    """A run that cannot go on where it is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the finished groups of a run lie, and the digest of what the run is of."""

    folder: Path
    digest: str


def simulate(
    setting: Setting,
    facts: DrawFacts,
    draws: int,
    *,
    desk: Desk | None = None,
    workers: int = 1,
    others: Others | None = None,
    elsewhere: Elsewhere | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Simulate draws 0 to `draws` - 1 of a setting.

    Args:
        setting: model, population, scenarios.
        facts: the facts of a draw, one array a period in the setting's order.
        draws: how many draws.
        desk: where finished groups are kept; groups that are there already are not run again. None keeps all in memory.
        workers: how many groups run at once, in threads of this process.
        others: processes that work at the same desk (`share`); what they have begun is left to them, and done here
            where they end without it.
        elsewhere: what simulates groups instead of this process, such as a cluster.
        progress: called with the draws done and the draws in all.

    Returns:
        The tables of the run, the same for any number of workers.

    Raises:
        RunError: the desk holds the groups of another run, or cannot be written.
        OverflowingSumError: an outcome's sum is too large to be exact.
    """
    groups = groups_of(draws)
    done = _found(desk, groups)

    def note() -> None:
        if progress is not None:
            progress(sum(len(group) for group in done), draws)

    note()
    company = None if others is None else others()
    open_groups = (group for group in groups if group not in done and (company is None or claim(desk, group)))
    found = _work(setting, facts, open_groups, workers) if elsewhere is None else elsewhere(open_groups)
    for group, tables in found:
        _keep(desk, group, tables)
        done[group] = tables
        note()
    while desk is not None and len(done) < len(groups):
        at_work = company is not None and company()
        for group in groups:
            if group not in done and (desk.folder / _name(group)).is_dir():
                done[group] = _read(desk.folder / _name(group))
                note()
        if not at_work:
            for group, tables in _work(setting, facts, [group for group in groups if group not in done], workers):
                _keep(desk, group, tables)
                done[group] = tables
                note()
        sleep(_GLANCE_SECONDS)
    return join([done[group] for group in groups])


def share(setting: Setting, facts: DrawFacts, draws: int, desk: Desk, wanted: Callable[[], bool]) -> None:
    """Work at the desk of a run that another process leads: do the groups that nobody has begun.

    Args:
        setting: the setting of that run.
        facts: its facts.
        draws: how many draws it has.
        desk: its desk.
        wanted: whether the leader is still there; nothing more is begun when it is not.
    """
    mine = (group for group in groups_of(draws) if wanted() and claim(desk, group))
    for group, tables in _work(setting, facts, mine, 1):
        _keep(desk, group, tables)


def groups_of(draws: int) -> list[range]:
    """The draws in groups: the pieces that workers take."""
    return [range(first, min(first + GROUP, draws)) for first in range(0, draws, GROUP)]


def claim(desk: Desk | None, group: range) -> bool:
    """Begin a group, unless it is done or somebody has begun it. A claim is a file that only one process can make."""
    if desk is None:
        return True
    if (desk.folder / _name(group)).is_dir():
        return False
    claims = desk.folder / _CLAIMS
    try:
        claims.mkdir(exist_ok=True)
        os.close(os.open(claims / _name(group), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    except OSError as error:
        raise RunError(f"expected a folder that can be written, found: {error}", Place(str(desk.folder))) from error
    return True


def _work(setting: Setting, facts: DrawFacts, groups: Iterable[range], workers: int) -> Iterable[tuple[range, Tables]]:
    """The groups' tables as they are finished. No more groups are started when the caller stops listening."""

    def task(group: range) -> tuple[range, Tables]:
        with jax.enable_x64(True):
            return group, tables_of(setting, group, [simulate_draw(setting, draw, facts(draw)) for draw in group])

    if workers <= 1:
        yield from map(task, groups)
        return
    waiting = iter(groups)
    with _short_turns(), ThreadPoolExecutor(workers) as pool:
        running: set[Future[tuple[range, Tables]]] = {
            pool.submit(task, group) for _, group in zip(range(workers), waiting, strict=False)
        }
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                following = next(waiting, None)
                if following is not None:
                    running.add(pool.submit(task, following))
                yield future.result()


@contextmanager
def _short_turns() -> Generator[None]:
    """Let a thread that comes back from a compiled program wait less for Python's lock: a fifth of the time is won."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _name(group: range) -> str:
    return f"{group.start:06d}-{group.stop - 1:06d}"


def _found(desk: Desk | None, groups: Sequence[range]) -> dict[range, Tables]:
    """The groups that are on the desk, whole, and of this very run."""
    if desk is None:
        return {}
    try:
        desk.folder.mkdir(parents=True, exist_ok=True)
        label = desk.folder / "run.json"
        if label.exists():
            digest = json.loads(label.read_text(encoding="utf-8")).get("digest")
            if digest != desk.digest:
                raise RunError(
                    "expected the parts of the same run, found parts of one with other inputs, seed or version",
                    Place(str(desk.folder)),
                    "choose another folder with --out, or delete this one",
                )
        else:
            _write_text(label, json.dumps({"digest": desk.digest}))
        for stray in desk.folder.glob(".*"):
            shutil.rmtree(stray, ignore_errors=True) if stray.is_dir() else stray.unlink()
    except (OSError, ValueError) as error:
        raise RunError(f"expected a folder that can be written, found: {error}", Place(str(desk.folder))) from error
    return {group: _read(desk.folder / _name(group)) for group in groups if (desk.folder / _name(group)).is_dir()}


def _read(folder: Path) -> Tables:
    """The tables of a finished group."""
    try:
        return {name: pl.read_parquet(folder / f"{name}.parquet") for name in NAMES}
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RunError(
            "expected the tables of finished draws, found a file that is missing or damaged",
            Place(str(folder)),
            "delete this folder and run again with --resume",
        ) from error


def _write_text(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def _keep(desk: Desk | None, group: range, tables: Tables) -> None:
    """Put a finished group on the desk; it appears there whole."""
    if desk is None:
        return
    temporary = desk.folder / f".{_name(group)}.{uuid4().hex}"
    try:
        temporary.mkdir()
        for name in NAMES:
            path = temporary / f"{name}.parquet"
            tables[name].write_parquet(path, compression=_COMPRESSION, statistics=False)
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
        os.replace(temporary, desk.folder / _name(group))
    except (OSError, pl.exceptions.PolarsError) as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if (desk.folder / _name(group)).is_dir():
            return  # a process left over from an interrupted run was first, with the same bytes
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RunError(
            f"expected room to write the finished draws, found: {reason}",
            Place(str(desk.folder)),
            "the draws written so far are kept; free some room and run again with --resume",
        ) from error
