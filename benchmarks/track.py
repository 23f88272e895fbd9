"""A city's whole record: 10,000 promises with 100,000 claims and 5,000 series, stored, tracked and reported."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.clock import forget_peak, peak_bytes
from benchmarks.figure import Figure
from haidang.faces.track import uncollected
from haidang.facts import Source
from haidang.track.current import combine
from haidang.track.odds import Asked, Bound, Series, level_odds
from haidang.track.overview import Overview, overview
from haidang.track.records import (
    Claim,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    Period,
    Quantity,
    Record,
    SourcePlace,
    Stage,
    Target,
)
from haidang.track.report import write_pages
from haidang.track.store import Draft, Store, open_store
from haidang.track.tracked import Tracked, gather, series

PROMISES, CLAIMS, SERIES, VALUES, TARGETS = 10_000, 10, 5_000, 10, 200
TODAY = date(2026, 11, 28)
CITY = ("city", {"vi": "Thành phố", "en": "City"})
BOUND = 30.0


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds of each step; `work` is the processor's time of all of them."""

    work: float
    read: float
    tracked: float
    odds: float
    reported: float


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds from the database to the report, and of what else a record goes through."""
    promises, count = (500, 250) if small else (PROMISES, SERIES)
    sources = {f"paper-{n}": _source(n) for n in range(200)}
    records = [*_promises(promises), *_indicators(count), *_targets()]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "track.sqlite3"))
        begun = time.perf_counter()
        store.write([Draft(one, 0) for one in [*sources.values(), *records]], "import", "bench")
        written = time.perf_counter() - begun
        forget_peak()
        with uncollected():  # as the command does
            spent, found = _road(store, Path(folder) / "report")
        peak = peak_bytes()
        begun = time.perf_counter()
        changes = store.verify().changes
        verified = time.perf_counter() - begun
        files = list((Path(folder) / "report").iterdir())
        largest = max(file.stat().st_size for file in files)
    size = f"{promises:,} promises, {promises * CLAIMS:,} claims, {count:,} series of {VALUES}, {TARGETS} targets"
    whole = spent.read + spent.tracked + spent.odds + spent.reported
    return [
        Figure("from the database to the report", "s", (whole,), bound=30.0, note=size),
        Figure(
            "processor's time of that", "s", (spent.work,), note="what it takes on a machine that does nothing else"
        ),
        Figure("of that: read", "s", (spent.read,)),
        Figure("of that: tracked on a day, with the odds of the targets", "s", (spent.tracked,)),
        Figure("of that: the odds of every series", "s", (spent.odds,)),
        Figure("of that: the report in both languages", "s", (spent.reported,), note=f"{len(files)} pages"),
        Figure("largest page", "MB", (largest / 1e6,), bound=5.0),
        Figure("peak memory of the process", "GB", (peak / 1e9,)),
        Figure("all records written in one change", "s", (written,)),
        Figure("the log verified", "s", (verified,), note=f"{changes:,} changes"),
    ], [f"{len(found.attention):,} things need attention, {len(found.contradictions):,} contradictions"]


def _road(store: Store, folder: Path) -> tuple[_Spent, Overview]:
    times = [time.perf_counter()]
    worked = time.process_time()
    tracked = combine(gather((), {}), store.held()).tracked
    times.append(time.perf_counter())
    found = overview(CITY, tracked, TODAY)
    times.append(time.perf_counter())
    _odds_of_all(found.tracked)
    times.append(time.perf_counter())
    write_pages(found, folder, "vi")
    times.append(time.perf_counter())
    worked = time.process_time() - worked
    return _Spent(worked, *(late - early for early, late in pairwise(times))), found


def _odds_of_all(tracked: Tracked) -> None:
    """The odds that each series reaches a bound by 2030, whether or not a target asks for it."""
    asked: list[Asked] = []
    for one in tracked.indicators.values():
        points = series(one)
        known = Series(one.id, tuple(each.end for each in points), tuple(each.value for each in points), "log")
        asked.append(Asked(one.id, known, date(2030, 12, 31), Bound(low=BOUND)))
    level_odds(asked)


def _source(number: int) -> Source:
    return Source(f"paper-{number}", f"Paper {number}", "A publisher", "2025-11", f"https://example.org/{number}")


def _promises(count: int) -> list[Record]:
    """Invented promises: ten claims each, four milestones, one to four stages."""
    random = np.random.default_rng(1)
    found: list[Record] = []
    for number in range(count):
        first = date(2025, 1, 1) + timedelta(days=int(random.integers(0, 500)))
        # Every amount is another one, so that nothing is told from memory.
        amounts = (1e6 * random.integers(1, 10**7, CLAIMS)).tolist()
        claims = tuple(
            Claim(
                f"claim-{place}", SourcePlace(f"paper-{(number + place) % 200}", "page 1"),
                first + timedelta(days=place), "amount", None,
                Quantity(amounts[place], amounts[place], "VND"),
            )
            for place in range(CLAIMS)
        )  # fmt: skip
        names = ("announced", "signed", "funded", "running")[: 1 + number % 4]
        stages = tuple(
            Stage(name, first + timedelta(days=30 * place), SourcePlace("paper-1")) for place, name in enumerate(names)
        )
        parts = tuple(
            Milestone(f"part-{place}", {"vi": "Phần", "en": "Part"}, None, 0.5 if place else None, None, None, first)
            for place in range(4)
        )
        title = {"vi": f"Lời hứa số {number}", "en": f"Promise {number}"}
        found.append(
            Commitment(
                f"promise-{number}", title, "pledge", ("A bank",), None, claims, stages, parts, date(2026, 6, 30)
            )
        )  # fmt: skip
    return found


def _indicators(count: int) -> list[Record]:
    """Invented series that walk."""
    random = np.random.default_rng(2)
    title = {"vi": "Chỉ số", "en": "Indicator"}
    found: list[Record] = []
    for number in range(count):
        values = 20 * np.exp(np.cumsum(random.normal(0.03, 0.05, VALUES)))
        seen = tuple(
            Observation(
                Claim(
                    f"value-{year}", SourcePlace(f"paper-{number % 200}"), date(year + 1, 1, 31), "value", None,
                    Quantity(value, value, "firms"), Period(date(year, 1, 1), date(year, 12, 31)),
                )
            )
            for year, value in zip(range(2016, 2016 + VALUES), values.tolist(), strict=True)
        )  # fmt: skip
        name = {language: f"{text} {number}" for language, text in title.items()}
        found.append(Indicator(f"indicator-{number}", name, "firms", title, "higher", seen, None, None, None, 12))
    return found


def _targets() -> list[Record]:
    title = {"vi": "Mục tiêu", "en": "Target"}
    claim = Claim("asked", SourcePlace("paper-1"), date(2025, 10, 15), "target", None, Quantity(BOUND, None, "firms"))
    return [
        Target(
            f"target-{number}", title, "level", date(2030, 12, 31), (claim,), f"indicator-{number}", BOUND, None,
            "firms",
        )
        for number in range(TARGETS)
    ]  # fmt: skip
