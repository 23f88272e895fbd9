"""Which format lies in which files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from haidang.errors import HaidangError, Place
from haidang.facts import Source
from haidang.results.run import replace_bytes
from haidang.track.exchange.flat import ODDS, Sheet, TableError, records_of, tables_of
from haidang.track.exchange.odds_tables import Told, odds_tables
from haidang.track.exchange.read_package import NAME as PACKAGE
from haidang.track.exchange.read_package import read_package
from haidang.track.exchange.read_series import is_sdmx, read_sdmx
from haidang.track.exchange.series_files import package_files, sdmx_bytes
from haidang.track.exchange.sheets import LARGEST, csv_bytes, read_csv, read_xlsx, xlsx_bytes
from haidang.track.records import KINDS, claims_of
from haidang.track.store.codec import SOURCE, CodecError, Stored, decode, encode, kind_of_stored
from haidang.track.tracked import Tracked, gather

FORMATS = ("csv", "xlsx", "json", "sdmx", "datapackage")


NOTHING = gather((), {})
"""No record."""


class ExchangeError(HaidangError):
    """A file that is none of those that can be read."""


@dataclass(frozen=True, slots=True)
class ToldOdds:
    """How likely each target is, to be written beside the records.

    Args:
        as_of: the day on which it was told, in ISO form.
        targets: as `track.plain` tells them.
    """

    as_of: str
    targets: Sequence[Told]


NO_ODDS = ToldOdds("", ())
"""Records by themselves."""


def write_files(tracked: Tracked, folder: Path, form: str, pack: str, odds: ToldOdds = NO_ODDS) -> tuple[Path, ...]:
    """Write the records.

    Args:
        tracked: the records; of the documents those that a record names are written.
        folder: where to; made where there is none.
        form: one of `FORMATS`; SDMX-CSV and the data package hold the indicators only.
        pack: id of the pack.
        odds: of the targets, where they are known; those formats have them that hold targets.

    Returns:
        The files.

    Raises:
        HaidangError: a text does not fit the format, or a file cannot be written.
    """
    files = _files(tracked, form, pack, odds)
    for name, content in files.items():
        replace_bytes(folder / name, content)
    return tuple(folder / name for name in files)


def _files(tracked: Tracked, form: str, pack: str, odds: ToldOdds) -> Mapping[str, bytes]:
    if form == "sdmx":
        return {f"{pack}-indicators.csv": sdmx_bytes(tracked, pack)}
    if form == "datapackage":
        return package_files(tracked, pack)
    stored = _stored(tracked)
    if form == "json":
        plain: dict[str, list[Any]] = {}
        for one in stored:
            plain.setdefault(kind_of_stored(one), []).append(json.loads(encode(one)))
        if odds.targets:
            plain[ODDS] = [{"as_of": odds.as_of, **one} for one in odds.targets]
        return {f"{pack}.json": (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()}
    tables = tables_of(stored) | odds_tables(odds.targets, odds.as_of)
    if form == "xlsx":
        return {f"{pack}.xlsx": xlsx_bytes(tables)}
    return {f"{name}.csv": csv_bytes(rows) for name, rows in tables.items()}


def _stored(tracked: Tracked) -> tuple[Stored, ...]:
    records = tuple(tracked.records())
    named = {claim.place.source for one in records for claim in claims_of(one)}
    for one in tracked.commitments.values():
        named |= {stage.evidence.source for stage in one.stages if stage.evidence is not None}
        named |= {part.evidence.source for part in one.milestones if part.evidence is not None}
    sources: Iterable[Source] = (tracked.sources[name] for name in sorted(named) if name in tracked.sources)
    return (*sources, *records)


def read_files(paths: Sequence[Path], known: Tracked = NOTHING) -> tuple[Stored, ...]:
    """The records of files that were written as CSV, XLSX, JSON, SDMX-CSV or a data package.

    Args:
        paths: JSON files, workbooks, CSV files named after their table, SDMX-CSV by any name, `datapackage.json`, or
            folders of those.
        known: the records that are there, which values of SDMX-CSV and of a package join.

    Raises:
        HaidangError: a file is not there or not as it should be.
    """
    sheets: list[Sheet] = []
    found: list[Stored] = []
    for path in _each(paths):
        suffix = path.suffix.lower()
        if suffix == ".csv":
            sheet = read_csv(path)
            if is_sdmx(sheet):
                found += read_sdmx(sheet, known)
            else:
                sheets.append(sheet)
        elif path.name == PACKAGE:
            found += read_package(path, known)
        elif suffix == ".xlsx":
            sheets += read_xlsx(path)
        elif suffix == ".json":
            found += _read_json(path)
        else:
            raise ExchangeError("expected a .csv, .xlsx or .json file", Place(str(path)))
    return (*found, *records_of(sheets))


def _each(paths: Sequence[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir() and (path / PACKAGE).is_file():
            yield path / PACKAGE
        elif path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in (".csv", ".xlsx", ".json"))
            if not inside:
                raise ExchangeError("expected .csv, .xlsx or .json files, found none in it", Place(str(path)))
            yield from inside
        else:
            yield path


def _read_json(path: Path) -> list[Stored]:
    try:
        if path.stat().st_size > LARGEST:
            raise ExchangeError(f"expected at most {LARGEST // 10**6} MB, found more", Place(str(path)))
        plain: Any = json.loads(path.read_bytes())
    except OSError as mistake:
        raise ExchangeError(f"expected a file that can be read: {mistake.strerror}", Place(str(path))) from None
    except (ValueError, RecursionError):
        raise ExchangeError("expected JSON, found something else", Place(str(path))) from None
    if not isinstance(plain, dict):
        raise ExchangeError("expected a list of records for each kind, found something else", Place(str(path)))
    found: list[Stored] = []
    stated = {kind: records for kind, records in cast("dict[str, Any]", plain).items() if kind != ODDS}
    for kind, records in stated.items():
        if kind not in (*KINDS, SOURCE) or not isinstance(records, list):
            raise ExchangeError(f"expected a list of records for a kind, found '{kind}'", Place(str(path), None, kind))
        for number, record in enumerate(cast("list[Any]", records)):
            try:
                found.append(decode(kind, json.dumps(record)))
            except CodecError as mistake:
                raise ExchangeError(mistake.problem, Place(str(path), None, f"{kind}[{number}]")) from None
    return found


__all__ = ["FORMATS", "ExchangeError", "TableError", "ToldOdds", "read_files", "write_files"]
