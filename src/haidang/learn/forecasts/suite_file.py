"""Reading what a suite of series is: which file and columns, where series are cut, how numbers are bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haidang.errors import HaidangError, Place
from haidang.facts import Reader, read_yaml

KEYS = (
    "id", "title", "file", "source", "columns", "where", "unit", "top", "resolution", "origins", "pool", "beside",
    "model", "note",
)  # fmt: skip
FOLDER = "series"
POOLS = ("whole", "known", "none")


class SuiteError(HaidangError):
    """A suite, or the file of its series, that cannot be used."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """The pack's own model as one of the forecasters.

    Args:
        backtest: whose forecasts they are.
        quantities: for each time, in years, the id of the quantity.
        place: where it is named.
    """

    backtest: str
    quantities: Mapping[float, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite of series as its file states it.

    Args:
        id: its name.
        title: in both languages.
        file: the name of the file with the series, which is not part of the pack.
        source: who publishes it.
        columns: those of the series' name, the time and the value, by these words.
        where: what other columns must hold.
        unit: of the values.
        top: what no value can pass; none where there is no such thing.
        resolution: to what the values are told, in their unit.
        by_share: whether origins are shares of a series, or times.
        origins: where series are cut; the first is the one that is judged.
        pool: what the other series give to the prior of one: `whole`, all their numbers; `known`, those up to the
            origin; `none`, no diffusion forecast is made.
        beside: another suite whose series, up to the origin, join the pool.
        model: the pack's own model.
        note: what the reader should know.
        place: the file.
    """

    id: str
    title: Mapping[str, str]
    file: str
    source: str
    columns: Mapping[str, str]
    where: Mapping[str, str]
    unit: str
    top: float | None
    resolution: float
    by_share: bool
    origins: tuple[float, ...]
    pool: str
    beside: str | None
    model: Modelled | None
    note: Mapping[str, str] | None
    place: Place


def suites_of(root: Path) -> dict[str, Path]:
    """The files of a pack's suites by name.

    Args:
        root: the folder of the pack.
    """
    return {path.stem: path for path in sorted((root / "backtests" / FOLDER).glob("*.yaml"))}


def load_suite(path: Path) -> Suite:
    """Read a suite.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    reader.forbid_empty()
    if reader.text("id") != path.stem:
        problem = f"expected the name of the file, '{path.stem}', found '{reader.text('id')}'"
        raise SuiteError(problem, reader.place("id"))
    columns = reader.child("columns")
    columns.forbid_unknown(("series", "time", "value"))
    where = reader.child_or("where", None)
    by_share, origins = _origins(reader)
    pool = reader.one_of("pool", POOLS)
    top = reader.number_or("top", None)
    if pool != "none" and top is None:
        raise SuiteError("expected 'top', which a pool of shares needs, found none", reader.place("pool"))
    if pool == "whole" and not by_share:
        problem = "expected 'pool: known' where origins are times, found 'whole', which would read past them"
        raise SuiteError(problem, reader.place("pool"))
    note = reader.title_or(None, "note")
    return Suite(
        id=path.stem,
        title=reader.title(),
        file=reader.text("file"),
        source=reader.text("source"),
        columns={key: columns.text(key) for key in ("series", "time", "value")},
        where={} if where is None else {key: where.text(key) for key in where.keys},
        unit=reader.text("unit"),
        top=top,
        resolution=_above_zero(reader, "resolution"),
        by_share=by_share,
        origins=origins,
        pool=pool,
        beside=reader.text_or("beside", None),
        model=_model(reader.child_or("model", None)),
        note=note,
        place=reader.place("id"),
    )


def _above_zero(reader: Reader, key: str) -> float:
    value = reader.number(key)
    if value <= 0:
        raise SuiteError(f"expected a number above zero, found {value:g}", reader.place(key))
    return value


def _origins(reader: Reader) -> tuple[bool, tuple[float, ...]]:
    origins = reader.child("origins")
    origins.forbid_unknown(("shares", "times"))
    if len(origins.keys) != 1:
        raise SuiteError("expected either 'shares' or 'times', found both", origins.place())
    key = origins.keys[0]
    found = tuple(_origin(text, key, origins) for text in origins.texts(key))
    if not found or len(set(found)) < len(found):
        raise SuiteError("expected one origin or more, each once, found none or one twice", origins.place(key))
    return key == "shares", found


def _origin(text: str, key: str, origins: Reader) -> float:
    if key == "times":
        return time_of(text, origins.place(key))
    above, _, below = text.partition("/")
    try:
        share = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        share = 0.0
    if not 0 < share < 1:
        problem = f"expected a share between nothing and all, such as 1/3, found '{text}'"
        raise SuiteError(problem, origins.place(key))
    return share


def _model(reader: Reader | None) -> Modelled | None:
    if reader is None:
        return None
    reader.forbid_unknown(("backtest", "quantities"))
    told = reader.child("quantities")
    return Modelled(
        reader.text("backtest"),
        {time_of(day, told.place(day)): told.text(day) for day in told.keys},
        reader.place("backtest"),
    )


def time_of(text: str, place: Place) -> float:
    """A year, or a day as the part of its year that has gone when it ends.

    Raises:
        SuiteError: it is neither.
    """
    word = text.strip()
    if word.isdigit() and len(word) == 4:
        return float(word)
    try:
        day = date.fromisoformat(word)
    except ValueError:
        problem = f"expected a year or a day such as 2020-07-31, found '{text}'"
        raise SuiteError(problem, place) from None
    length = date(day.year + 1, 1, 1).toordinal() - date(day.year, 1, 1).toordinal()
    return day.year + day.timetuple().tm_yday / length
