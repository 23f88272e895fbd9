"""Forecasts kept as they were made: a file to which lines are only added, each with the hash of the one before.

A line that is changed, taken out or moved no longer fits its hash or the next line's, and reading says which. Lines
taken off the end leave a chain that fits: whoever must rule that out keeps the last hash elsewhere (`head`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from haidang.errors import HaidangError, Place
from haidang.results.points import Points

FIRST = "0" * 64
"""What stands for the hash before the first line."""


class ArchiveError(HaidangError):
    """An archive of forecasts that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A forecast as it was made.

    Args:
        target: id of the target.
        made: the day.
        by: the target's day.
        low: its lower bound; none where there is none.
        high: its upper bound.
        method: how it was forecast.
        version: of the program.
        inputs: SHA-256 of what it was made from, `hash_of_inputs`.
        probability: of keeping the bound; none where no number was given.
        points: of the forecast at the target's day; none where there are none.
        evidence: whether the data were enough.
        programme: probability with the programme that moves it; none where none does.
    """

    target: str
    made: date
    by: date
    low: float | None
    high: float | None
    method: str | None
    version: str
    inputs: str
    probability: float | None
    points: Points | None
    evidence: str
    programme: float | None = None

    @property
    def told(self) -> float | None:
        """The probability that what came is held against: of what only a programme moves, the one with it.

        What would be without that programme is never seen.
        """
        return self.programme if self.method == "definition" else self.probability


def hash_of_inputs(inputs: object) -> str:
    """SHA-256 of plain values, whatever the order of their keys; days as ISO text.

    Args:
        inputs: lists, mappings, numbers, texts, days.
    """
    return hashlib.sha256(_canonical(inputs).encode()).hexdigest()


def append(path: Path, forecasts: Iterable[Archived]) -> str:
    """Add forecasts to an archive, all or none whenever the machine stops; the last hash.

    The archive with the new lines is written beside it and takes its place in one step. A writer holds the file alone
    while it reads the last hash and writes, so that two at once leave one chain.

    Args:
        path: of the archive; made where there is none.
        forecasts: to be added, in order.

    Raises:
        ArchiveError: what is there already was changed.
        RunWriteError: the folder may not be written or the disk is full.
    """
    from haidang.results.run import replace_bytes

    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path) as file:
        before = file.read()
        last = _checked(path, before)[1]
        lines: list[str] = []
        for one in forecasts:
            body = plain_of(one)
            last = linked(last, body)
            lines.append(json.dumps({**body, "hash": last}, ensure_ascii=False, sort_keys=True) + "\n")
        replace_bytes(path, before + "".join(lines).encode())
    return last


@contextmanager
def _alone(path: Path) -> Generator[IO[bytes]]:
    """The archive, held by nobody else; one that took its place while we waited is opened in its stead."""
    import fcntl

    while True:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                file.seek(0)
                yield file
                return


def read(path: Path) -> tuple[Archived, ...]:
    """Every forecast of an archive, in the order in which they were made.

    Raises:
        ArchiveError: a line was changed, taken out, moved or torn.
    """
    return _checked(path, path.read_bytes())[0]


def head(path: Path) -> str:
    """The hash of the last line, which stands for the whole archive.

    Raises:
        ArchiveError: a line was changed, taken out, moved or torn.
    """
    return _checked(path, path.read_bytes())[1]


def _checked(path: Path, content: bytes) -> tuple[tuple[Archived, ...], str]:
    found: list[Archived] = []
    last = FIRST
    if content and not content.endswith(b"\n"):
        line = content.count(b"\n") + 1
        raise ArchiveError("expected a whole line, found one that was cut off", Place(str(path), line), "delete it")
    for number, text in enumerate(content.splitlines(), start=1):
        place = Place(str(path), number)
        body = _line(text, place)
        told = body.pop("hash")
        last = linked(last, body)
        if told != last:
            raise ArchiveError("expected a line as it was archived, found it or the one before changed", place)
        found.append(from_plain(body))
    return tuple(found), last


def _line(text: bytes, place: Place) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError as mistake:
        raise ArchiveError("expected a forecast in JSON, found something else", place) from mistake
    if not isinstance(body, dict) or set(cast(dict[str, Any], body)) != {*Archived.__slots__, "hash"}:
        raise ArchiveError(f"expected a forecast with {', '.join(Archived.__slots__)} and hash", place)
    return cast(dict[str, Any], body)


def plain_of(one: Archived) -> dict[str, Any]:
    """A forecast as JSON holds it, days as ISO text."""
    return {**asdict(one), "made": one.made.isoformat(), "by": one.by.isoformat()}


def from_plain(body: Mapping[str, Any]) -> Archived:
    """A forecast from JSON."""
    own: dict[str, Any] = {"made": date.fromisoformat(body["made"]), "by": date.fromisoformat(body["by"])}
    if body["points"] is not None:
        own["points"] = Points(**body["points"])
    return Archived(**{**body, **own})


def linked(before: str, body: object) -> str:
    """The hash of a forecast in a chain, over its plain values and the hash before it; `FIRST` of the first."""
    return hashlib.sha256(f"{before}\n{_canonical(body)}".encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_day)


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"expected plain values to hash, found {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a target: the indicator's value on its day, or for a status 1 or 0; and the source of that."""

    target: str
    by: date
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast held against what came.

    Args:
        forecast: as it was archived.
        came: what came.
        happened: whether the bound was kept.
        brier: of the probability told; none where no number was given.
        crps: of the points, in the indicator's unit; none where there are none.
    """

    forecast: Archived
    came: Came
    happened: bool
    brier: float | None
    crps: float | None


def scored(archive: Sequence[Archived], outcomes: Sequence[Came]) -> tuple[Scored, ...]:
    """Every archived forecast of which the outcome is known, in the archive's order."""
    from haidang.track.odds.scoring import brier, crps_of_points

    known = {(one.target, one.by): one for one in outcomes}
    found: list[Scored] = []
    for forecast in archive:
        came = known.get((forecast.target, forecast.by))
        if came is None:
            continue
        above = forecast.low is None or came.value >= forecast.low
        happened = above and (forecast.high is None or came.value <= forecast.high)
        found.append(
            Scored(
                forecast, came, happened,
                None if forecast.told is None else brier(forecast.told, happened),
                None if forecast.points is None else crps_of_points(forecast.points, came.value),
            )
        )  # fmt: skip
    return tuple(found)
