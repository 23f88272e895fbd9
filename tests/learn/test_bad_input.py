"""What is wrong with data or a plan, at the command line: one line that says what and where, status 1, no file."""

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.cli import main
from tests.learn.fit.test_fit_command import FIT, ROWS
from tests.learn.pilot.plans import plan, units
from tests.learn.pilot.test_pilot_designs import CLUSTER, CUTOFF, ENCOURAGED, PHASED, SIZE, by_lot, by_waves
from tests.learn.pilot.test_pilot_designs import by_encouragement as by_letter

Spoil = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Case:
    """A command that is given something wrong.

    Args:
        words: of the command; the files lie in the folder that it is run in.
        spoil: of the table `file`, what is changed.
        said: what standard error must hold, from the file's name on.
        file: which table is spoiled, or what is done to the folder instead.
        plan: the declaration's changes, of a pilot.
    """

    words: str
    spoil: Spoil
    said: str
    file: str | Callable[[Path], None] = "results.csv"
    plan: tuple[tuple[str, str], ...] = ()


FITTED = "fit fit.yaml --data choices.csv --pack hcmc --out facts.yaml"
EVALUATED = "pilot evaluate pilot.yaml --data results.csv --assignment arms.csv --out report --date 2029-01-10"
WATCHED = "pilot monitor pilot.yaml --data reports.csv --assignment arms.csv"
ASSIGNED = "pilot assign pilot.yaml --units units.csv --salt 1 --out other.csv"


def choices(said: str, rest: str = "", **columns: object) -> Case:
    return Case(FITTED, lambda table: table.with_columns(**columns), said, "choices.csv", (("REST", rest),))


def cell(column: str, row: int, value: object) -> Spoil:
    return lambda table: table.with_columns(
        pl.when(pl.int_range(pl.len()) == row)
        .then(pl.lit(value))
        .otherwise(pl.col(column).cast(pl.String))
        .alias(column)
    )


def only(arm: str) -> Spoil:
    """The reports of one arm alone."""
    return lambda table: table.filter(pl.col("arm") == arm)


CASES = {
    "perfect separation": choices(
        r"choices\.csv: .*perfect separation along 'asc_bus', 'b', 'c'",
        mode=pl.when(pl.col("fare_bus") < pl.col("fare_car")).then(pl.lit("bus")).otherwise(pl.lit("car")),
    ),
    "no variation of an attribute": choices(
        r"choices\.csv: .*no variation behind 'c'", far_bus=pl.lit(2.0), far_car=pl.lit(2.0)
    ),
    "no variation of an outcome": Case(
        EVALUATED, lambda table: table.with_columns(level=1.0), r"results\.csv: level: expected values that differ"
    ),
    "collinear attributes": choices(
        r"choices\.csv: .*found 'b', 'c' collinear", far_bus=3 * pl.col("fare_bus"), far_car=3 * pl.col("fare_car")
    ),
    "a covariate that another says": Case(
        EVALUATED, lambda table: table, r"arms\.csv: twice: expected a column of its own, found a combination of",
        plan=(("[employees]", "[employees, twice]"),),
    ),
    "one cluster of choices": choices(r"choices\.csv: .*at least two clusters, found one", ", cluster: ward"),
    "one cluster of units": Case(
        ASSIGNED, lambda table: table.with_columns(ward=pl.lit("w1")),
        r"units\.csv: ward: .*one cluster for each of 2 arms, found 1",
        "units.csv", CLUSTER,
    ),
    "all treated by the score": Case(
        ASSIGNED, lambda table: table.with_columns(employees=200),
        r"units\.csv: employees: .*both sides of the cut-off, found all",
        "units.csv", CUTOFF,
    ),
    "all treated among those who answered": Case(
        EVALUATED, only("advised"), r"results\.csv: level: expected at least 5 known outcomes in each arm.*, found 0"
    ),
    "all said to be treated": Case(
        EVALUATED, lambda table: table.with_columns(arm=pl.lit("advised")),
        r"arms\.csv: expected arm 'control' for unit '\w+', found 'advised'; 300 of 600 units differ", "arms.csv",
    ),
    "a unit of which nothing is known": Case(
        ASSIGNED, cell("sector", 4, None), r"units\.csv:6: sector: expected a value of 'sector' for every unit",
        "units.csv",
    ),
    "a missing outcome where nothing bounds it": Case(
        EVALUATED, cell("level", 9, None), r"results\.csv:11: level: expected 'level' of every unit, found none of",
        plan=ENCOURAGED,
    ),
    "a missing outcome of a report": Case(
        WATCHED, cell("level", 9, None), r"reports\.csv:11: expected an outcome in every report, found none of 'f009'",
        "reports.csv",
    ),
    "a missing choice": choices(
        r"choices\.csv: .*finite value of 'far_bus' in every row where it is read, found 1 of 80 .*, first row 5",
        far_bus=pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise(pl.col("far_bus")),
    ),
    "a panel with a hole": Case(
        EVALUATED, lambda table: table.filter(pl.int_range(pl.len()) != 700),
        r"results\.csv: id: expected each unit in each of 5 periods, found 1 holes, the first at unit f100",
        plan=PHASED,
    ),
    "a panel with a row twice": Case(
        EVALUATED, lambda table: pl.concat([table, table[:1]]),
        r"results\.csv:3002: id: expected each unit once in a period, found 'f000' again", plan=PHASED,
    ),
    "a panel without a year": Case(
        EVALUATED, lambda table: table.filter(pl.col("period") != 2025),
        r"results\.csv: period: expected each period from 2024 to 2028, none at 2025", plan=PHASED,
    ),
    "periods out of order": Case(
        EVALUATED, lambda table: pl.concat([table[600:], table[:600]]),
        r"results\.csv:2402: period: expected a unit's rows in the order of time, found 2024 of 'f000' below a later",
        plan=PHASED,
    ),
    "reports out of order": Case(
        WATCHED, cell("date", 5, "2027-09-01"),
        r"reports\.csv:8: expected dates in order, found 2027-01-01 after 2027-09-01", "reports.csv",
    ),
    "an outcome from before the pilot": Case(
        EVALUATED, lambda table: table.with_columns(date=pl.lit("2025-12-31")),
        r"results\.csv:2: date: expected an outcome of a day from the pilot's first on, 2026-01-01",
    ),
    "an analysis of a plan that nobody registered": Case(
        EVALUATED, lambda table: table,
        r"pilot\.yaml: expected a registered pilot, found no register; register it first: haidang pilot register pilot",
        lambda folder: unregister(folder),
    ),
    "a look at a pilot that nobody registered": Case(
        WATCHED, lambda table: table, r"pilot\.yaml: expected a registered pilot, found no register; ",
        lambda folder: unregister(folder),
    ),
    "an analysis of a plan that was changed since": Case(
        EVALUATED, lambda table: table,
        r"pilot\.yaml: expected the declaration as registered, found changes of: smallest_worthwhile; amend it",
        lambda folder: change_plan(folder),
    ),
}  # fmt: skip


def run(words: str, folder: Path) -> int:
    """The exit status of the command as a shell sees it, run in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["haidang", *words.split()])
        with pytest.raises(SystemExit) as left:
            main()
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Path]:
    """The folder of a case before anything is spoiled; made once for all that share a plan."""
    known: dict[object, Path] = {}

    def made(case: Case) -> Path:
        key = (case.words == FITTED, case.plan)
        if key not in known:
            known[key] = tmp_path_factory.mktemp("good")
            (choices_in if case.words == FITTED else pilot_in)(known[key], case)
        return known[key]

    return made


def choices_in(folder: Path, case: Case) -> None:
    rng = np.random.default_rng(1)
    table = pl.DataFrame({name: rng.random(ROWS) for name in ("fare_bus", "fare_car", "far_bus", "far_car")})
    chosen = pl.Series(["bus" if one else "car" for one in rng.random(ROWS) < 0.5])
    table.with_columns(mode=chosen, ward=pl.lit("w1")).write_csv(folder / "choices.csv")
    (folder / "fit.yaml").write_text(FIT.replace(*case.plan[0]), encoding="utf-8")


def pilot_in(folder: Path, case: Case) -> None:
    """A pilot declared, registered and assigned, its reports and its results."""
    plan(folder, ("size: 60", f"size: {SIZE}"), *case.plan)
    units(SIZE).with_columns(twice=2 * pl.col("employees")).write_csv(folder / "units.csv")
    assert run("pilot register pilot.yaml --date 2025-12-01", folder) == 0
    assert run("pilot assign pilot.yaml --units units.csv --salt 1 --out arms.csv", folder) == 0
    assigned = pl.read_csv(folder / "arms.csv").sort("id")
    came = {ENCOURAGED: by_letter, PHASED: by_waves}.get(case.plan, by_lot)(assigned)
    results = came.join(assigned.select("id", "arm"), on="id", maintain_order="left")
    results.write_csv(folder / "results.csv")
    days = pl.Series([date(2027, 1, 1) + timedelta(days=row // 20) for row in range(came.height)])
    results.with_columns(bad=0.0, date=days).write_csv(folder / "reports.csv")


def unregister(folder: Path) -> None:
    (folder / "pilot.register.jsonl").unlink()


def change_plan(folder: Path) -> None:
    path = folder / "pilot.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("worthwhile: 0.5", "worthwhile: 0.4"), encoding="utf-8")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_one_line_that_names_the_file_with_status_1_and_nothing_is_written(
    case: Case, good: Callable[[Case], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(good(case), tmp_path / "own"))
    if callable(case.file):
        case.file(folder)
    else:
        case.spoil(pl.read_csv(folder / case.file)).write_csv(folder / case.file)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    capsys.readouterr()
    assert run(case.words, folder) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(r"haidang: [^\n]+\n", told.err), told.err
    assert re.match(f"haidang: {case.said}", told.err), told.err
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before
