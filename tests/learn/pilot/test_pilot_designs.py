"""Every design on the command line, from its declaration to an answer that holds the truth."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError
from tests.learn.pilot.plans import plan, units

Changes = tuple[tuple[str, str], ...]
SIZE, TRUTH = 600, 1.0
RANGE = ("better: more, between: [0, 10]", "better: more")
PHASED: Changes = (
    ("rule: stratified", "rule: phased"),
    ("years: 2026..2027", "years: 2026..2028"),
    ("Control}, share: 50 %", "Never}, share: 40 %"),
    (
        "advised: {title: {vi: Tư vấn, en: Advised}, share: 50 %}",
        "first: {title: {vi: Đợt đầu, en: First}, share: 30 %, start: 2026}\n"
        "  second: {title: {vi: Đợt sau, en: Second}, share: 30 %, start: 2027}",
    ),
    ("start: 2026-01-01, end: 2027-12-31", "start: 2026-01-01, end: 2028-12-31"),
)


def ask(*words: str | Path) -> str:
    """What a command prints; its mistake is raised."""
    found = CliRunner().invoke(app, ["pilot", *map(str, words)])
    if isinstance(found.exception, HaidangError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


def on_the_road(folder: Path, *changes: tuple[str, str]) -> tuple[Path, pl.DataFrame]:
    """A pilot declared, registered and assigned; its units with their arms and all that was known of them."""
    path = plan(folder, ("size: 60", f"size: {SIZE}"), RANGE, *changes)
    known = units(SIZE)
    known.write_csv(folder / "units.csv")
    ask("register", path, "--date", "2025-12-01")
    ask("assign", path, "--units", folder / "units.csv", "--salt", "lottery 12 34", "--out", folder / "arms.csv")
    arms = pl.read_csv(folder / "arms.csv").select("id", "arm")
    return path, arms.join(known, on="id")


def answer(path: Path, data: pl.DataFrame, *options: str) -> dict:
    """What `haidang pilot evaluate` says of data that came."""
    folder = path.parent
    data.write_csv(folder / "results.csv")
    words = ["--data", folder / "results.csv", "--assignment", folder / "arms.csv", "--out", folder / "report"]
    return json.loads(ask("evaluate", path, *words, "--date", "2029-01-10", "--json", *options))


def noise(seed: int, size: int = SIZE) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=size)


def by_lot(known: pl.DataFrame) -> pl.DataFrame:
    level = 4.0 + noise(2) + TRUTH * (known["arm"] == "advised").to_numpy()
    return known.select("id").with_columns(level=level)


def by_ward(known: pl.DataFrame) -> pl.DataFrame:
    ward = known["ward"].str.slice(1).cast(pl.Int64).to_numpy()
    return by_lot(known).with_columns(level=pl.col("level") + 0.7 * noise(3, 100)[ward])


def by_encouragement(known: pl.DataFrame) -> pl.DataFrame:
    """Who would take advice anyhow is better off already; being encouraged moves half of the rest."""
    eager = noise(4)
    asked = (known["arm"] == "advised").to_numpy()
    took = (eager > 1.0) | (asked & (eager > -0.3))
    level = 4.0 + 0.8 * eager + 0.5 * noise(5) + TRUTH * took
    return known.select("id").with_columns(level=level, took=took.astype(np.int64))


def by_score(known: pl.DataFrame) -> pl.DataFrame:
    score = known["employees"].to_numpy()
    level = 4.0 + 0.004 * score + 0.3 * noise(6) + TRUTH * (score >= 150)
    return known.select("id").with_columns(level=level)


def by_waves(known: pl.DataFrame) -> pl.DataFrame:
    starts = known["arm"].replace_strict({"control": None, "first": 2026, "second": 2027}, return_dtype=pl.Int64)
    rows = [
        known.select("id").with_columns(
            period=pl.lit(year),
            level=pl.Series(4.0 + 0.3 * (year - 2024) + noise(7) + 0.5 * noise(year))
            + TRUTH * (starts <= year).fill_null(value=False).cast(pl.Float64),
        )
        for year in range(2024, 2029)
    ]
    return pl.concat(rows)


@pytest.mark.parametrize(
    ("changes", "came", "method", "design"),
    [
        ((), by_lot, "least_squares_hc2", "randomised"),
        ((("strata: [sector]", "cluster: ward"), ("stratified", "cluster")), by_ward, "cluster_cr2", "clustered"),
        ((("rule: stratified", "rule: pairs, balance: [employees, revenue]"),), by_lot, "pairs", "paired"),
        (
            (("rule: stratified", "rule: rerandomised, balance: [employees, revenue], acceptance: 10 %"),),
            by_lot,
            "least_squares_hc2",
            "randomised",
        ),
        ((("rule: stratified", "rule: encouragement, takeup: took"),), by_encouragement, "two_stage_hc1", "encouraged"),
        (
            (("rule: stratified", "rule: cutoff, score: employees, cutoff: 150"), ("[employees]", "[revenue]")),
            by_score,
            "local_linear",
            "at_cutoff",
        ),
        (PHASED, by_waves, "callaway_santanna", "staggered"),
    ],
    ids=["stratified", "cluster", "pairs", "rerandomised", "encouragement", "cutoff", "phased"],
)
def test_the_design_chooses_the_estimator_and_the_answer_holds_the_truth(
    tmp_path: Path, changes: Changes, came: Callable[[pl.DataFrame], pl.DataFrame], method: str, design: str
) -> None:
    path, known = on_the_road(tmp_path, *changes)
    found = answer(path, came(known))
    effect = found["effect"]
    assert found["design"] == design
    assert effect["low"] < TRUTH < effect["high"]
    assert effect["low"] > 0.0
    assert effect["method"] == method
    assert found["deviations"] == []
    assert effect["second"] is not None
