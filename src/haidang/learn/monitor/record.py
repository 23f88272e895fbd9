"""Keeping every look at a pilot: one line a day in a log that only grows, held against the reports it was made of."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from haidang.errors import Place
from haidang.learn.monitor.chain import add_entry, read_chain
from haidang.learn.monitor.watch import ARM, DATE, ID, Look, looks, reports_of
from haidang.learn.pilot.declaration import Declaration, PilotError, digest


def record_looks(
    log: Path, declaration: Declaration, table: pl.DataFrame, assigned: pl.DataFrame, place: Place | None = None
) -> tuple[list[Look], int]:
    """Look at the reports so far and add to the log the days that it does not hold yet.

    Args:
        log: the log.
        declaration: the pilot.
        table: all reports so far, in the order of their dates.
        assigned: the units with their arms.
        place: the file of the reports, for messages.

    Returns:
        The look of each day, and how many were added.

    Raises:
        PilotError: the reports are not as they must be, those of a logged day have changed since, or the log is of
            another declaration.
        ChainError: the log was tampered with.
    """
    reports = reports_of(declaration, table, assigned, place)
    found = looks(declaration, reports)
    entries, frozen = read_chain(log), digest(declaration)
    columns = sorted({ID, DATE, ARM, declaration.outcome.column, *(one.column for one in declaration.guardrails)})
    rows = ["\x1f".join(map(str, row)) for row in reports.table.select(columns).iter_rows()]
    ends = [sum(one.arrivals.values()) for one in found]
    prints = [_print_of(rows[:end]) for end in ends]
    known = {str(one.content["day"]): one for one in entries}
    for entry in entries:
        if entry.content["declaration"] != frozen:
            problem = "expected the log of this declaration, found one of another"
            raise PilotError(problem, Place(str(log), entry.number))
    for one, fingerprint in zip(found, prints, strict=True):
        logged = known.get(one.day.isoformat())
        if logged is not None and logged.content["reports"] != fingerprint:
            # A day may have grown since it was looked at; what stood there then must still stand there.
            before = int(sum(logged.content["arrivals"].values()))
            if _print_of(rows[:before]) != logged.content["reports"]:
                problem = f"expected the reports up to {one.day} as they were logged, found them changed"
                raise PilotError(problem, place, f"line {logged.number} of {log} holds what was seen then")
    last = entries[-1].content["day"] if entries else ""
    added = 0
    for one, fingerprint in zip(found, prints, strict=True):
        day = one.day.isoformat()
        logged = known.get(day)
        if day < last or (logged is not None and logged.content["reports"] == fingerprint):
            continue
        content = one.as_json() | {"declaration": frozen, "reports": fingerprint}
        add_entry(log, "look", content, day)
        added += 1
    return found, added


def _print_of(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
