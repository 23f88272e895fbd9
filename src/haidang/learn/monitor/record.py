"""Keeping every look at a pilot: one line a day in a log that only grows, held against the reports it was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from haidang.errors import Place
from haidang.learn.monitor.chain import add_entry, read_chain
from haidang.learn.monitor.watch import ARM, DATE, ID, Look, looks, reports_of
from haidang.learn.pilot.declaration import Declaration, PilotError, digest


def record_looks(
    log: Path,
    declaration: Declaration,
    table: pl.DataFrame,
    assigned: pl.DataFrame,
    place: Place | None = None,
    registered: Sequence[Declaration] = (),
) -> tuple[list[Look], int]:
    """Look at the reports so far and add to the log the days that it does not hold yet.

    Args:
        log: the log.
        declaration: the pilot.
        table: all reports so far, in the order of their dates.
        assigned: the units with their arms.
        place: the file of the reports, for messages.
        registered: every version of the pilot that its register holds: a day is held against the one it was seen by.

    Returns:
        The look of each day, and how many were added.

    Raises:
        PilotError: the reports are not as they must be, those of a logged day have changed since, or the log is of
            another pilot.
        ChainError: the log was tampered with.
    """
    reports = reports_of(declaration, table, assigned, place)
    found = looks(declaration, reports)
    entries, frozen = read_chain(log), digest(declaration)
    known = {digest(one): one for one in (*registered, declaration)}
    for entry in entries:
        if entry.content["declaration"] not in known:
            problem = "expected the log of this declaration, found one of another"
            raise PilotError(problem, Place(str(log), entry.number))
    seen_by = {entry.content["declaration"] for entry in entries} | {frozen}
    rows = {name: _rows(known[name], reports.table, place) for name in seen_by}
    logged = {str(one.content["day"]): one for one in entries}
    last = entries[-1].content["day"] if entries else ""
    fresh: list[Look] = []
    for one in found:
        entry = logged.get(one.day.isoformat())
        if entry is None:
            fresh += [one] if one.day.isoformat() >= last else []
            continue
        # A day may have grown since it was looked at; what stood there then must still stand there.
        own, before = rows[entry.content["declaration"]], int(sum(entry.content["arrivals"].values()))
        if _print_of(own[:before]) != entry.content["reports"]:
            problem = f"expected the reports up to {one.day} as they were logged, found them changed"
            raise PilotError(problem, place, f"line {entry.number} of {log} holds what was seen then")
        if before != sum(one.arrivals.values()) and one.day.isoformat() >= last:
            fresh.append(one)
    for one in fresh:
        fingerprint = _print_of(rows[frozen][: sum(one.arrivals.values())])
        add_entry(log, "look", one.as_json() | {"declaration": frozen, "reports": fingerprint}, one.day.isoformat())
    return found, len(fresh)


def _rows(declaration: Declaration, table: pl.DataFrame, place: Place | None) -> list[str]:
    """What a declaration reads of each report.

    Raises:
        PilotError: a column is gone that an earlier version of the pilot read.
    """
    columns = sorted({ID, DATE, ARM, declaration.outcome.column, *(one.column for one in declaration.guardrails)})
    for name in columns:
        if name not in table.columns:
            raise PilotError(f"expected the column '{name}', by which earlier days were seen, found none", place)
    return ["\x1f".join(map(str, row)) for row in table.select(columns).iter_rows()]


def _print_of(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
