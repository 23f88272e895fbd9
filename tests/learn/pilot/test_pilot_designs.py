"""Every design on the command line, from its declaration to an answer that holds the truth."""

import json
from collections.abc import Callable
from datetime import date, timedelta
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
        ((("strata: [sector]", "cluster: ward"), ("stratified", "cluster")), by_ward, "cluster_cr2", "clustered"),
        ((("rule: stratified", "rule: pairs, balance: [employees, revenue]"),), by_lot, "pairs", "paired"),
        (
            (("rule: stratified", "rule: rerandomised, balance: [employees, revenue], acceptance: 50 %"),),
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
    ids=["cluster", "pairs", "rerandomised", "encouragement", "cutoff", "phased"],
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


CLUSTER: Changes = (("strata: [sector]", "cluster: ward"), ("stratified", "cluster"))
ENCOURAGED: Changes = (("rule: stratified", "rule: encouragement, takeup: took"),)
CUTOFF: Changes = (("rule: stratified", "rule: cutoff, score: employees, cutoff: 150"), ("[employees]", "[revenue]"))
Spoil = Callable[[pl.DataFrame], pl.DataFrame]


def cells(column: str, rows: tuple[int, ...], value: object = None) -> Spoil:
    """Some cells of a column written anew, as a text table holds them."""

    def spoil(table: pl.DataFrame) -> pl.DataFrame:
        there = pl.int_range(pl.len()).is_in(rows)
        return table.with_columns(
            pl.when(there).then(pl.lit(value)).otherwise(pl.col(column).cast(pl.String)).alias(column)
        )

    return spoil


@pytest.mark.parametrize(
    ("changes", "came", "spoil", "said"),
    [
        (ENCOURAGED, by_encouragement, cells("level", (3,), "nan"), r"results.csv:5: level: expected 'level' of every"),
        (ENCOURAGED, by_encouragement, lambda table: table[1:], r"results.csv: expected a row with 'level' .* 'f000'"),
        (CLUSTER, by_ward, cells("level", (4,), "soon"), r"results.csv:6: level: expected a number, found 'soon'"),
        (CLUSTER, by_ward, cells("id", (4,), "f000"), r"results.csv:6: id: expected each unit once, found 'f000'"),
        (CLUSTER, by_ward, lambda table: table.drop("level"), r"results.csv: expected the column 'level', found none"),
        (ENCOURAGED, by_encouragement, cells("took", (9,)), r"results.csv:11: took: expected 'took' of every unit"),
        (ENCOURAGED, by_encouragement, lambda table: table.with_columns(took=1), r"results.csv: took: "),
        (CUTOFF, by_score, cells("level", (0,)), r"results.csv:2: level: expected 'level' of every unit, found none"),
        (PHASED, by_waves, cells("period", (5,), "soon"), r"results.csv:7: period: expected a number, found 'soon'"),
        (PHASED, by_waves, cells("level", (5,)), r"results.csv:7: level: expected 'level' of every unit"),
        (
            PHASED,
            by_waves,
            lambda table: table.filter(pl.col("id") != "f001"),
            r"results.csv: expected a row with 'level' .* found none for 'f001'",
        ),
    ],
)  # fmt: skip
def test_results_that_cannot_be_analysed_are_named_by_file_line_and_column(
    tmp_path: Path, changes: Changes, came: Spoil, spoil: Spoil, said: str
) -> None:
    path, known = on_the_road(tmp_path, *changes)
    with pytest.raises(HaidangError, match=said):
        answer(path, spoil(came(known)))
    assert not (tmp_path / "report").exists()


def test_outcomes_lost_in_a_lot_by_unit_are_counted_bounded_and_told(tmp_path: Path) -> None:
    path, known = on_the_road(tmp_path)
    found = answer(path, cells("level", (1, 2, 3))(by_lot(known)).filter(pl.col("id") != "f009"))
    said = " ".join(one["what"]["en"] for one in found["deviations"])
    assert "1 of the 600 units assigned are not in the data, the first being f009" in said
    assert "Outcomes are missing of" in said
    assert found["effect"]["n"] == SIZE - 4
    assert found["bounds"]["low"] <= found["effect"]["estimate"] <= found["bounds"]["high"]


@pytest.mark.parametrize(
    ("changes", "came", "rows"),
    [(ENCOURAGED, by_encouragement, SIZE - 3), (CUTOFF, by_score, None), (PHASED, by_waves, 5 * (SIZE - 3))],
    ids=["encouragement", "cutoff", "phased"],
)
def test_units_with_a_missing_outcome_that_nothing_bounds_are_left_out_only_when_asked_and_told(
    tmp_path: Path, changes: Changes, came: Spoil, rows: int | None
) -> None:
    path, known = on_the_road(tmp_path, *changes)
    lost = cells("level", (1, 2))(came(known)).with_row_index("row").filter(pl.col("row") != 9).drop("row")
    with pytest.raises(HaidangError, match=r"results.csv:3: level: .* found none of 'f001', 'f002'; .* --without-lost"):
        answer(path, lost)
    found = answer(path, lost, "--without-lost")
    said = " ".join(one["what"]["en"] for one in found["deviations"])
    assert "Units with a missing outcome are left out (control" in said
    assert f"of {SIZE} assigned), the first being f001; nothing bounds" in said
    assert "left_out" in found["decision"]["cautions"]
    assert rows in (None, found["effect"]["n"])
    assert found["effect"]["low"] < TRUTH < found["effect"]["high"]


@pytest.mark.parametrize(
    ("changes", "came", "broken"),
    [(CLUSTER, by_ward, False), ((("rule: stratified", "rule: pairs, balance: [employees, revenue]"),), by_lot, True)],
    ids=["cluster", "pairs"],
)
def test_outcomes_lost_in_a_lot_by_cluster_or_in_pairs_are_bounded_by_what_was_drawn_together(
    tmp_path: Path, changes: Changes, came: Spoil, broken: bool
) -> None:
    path, known = on_the_road(tmp_path, *changes)
    found = answer(path, cells("level", (1, 2, 3))(came(known)).filter(pl.col("id") != "f009"))
    said = " ".join(one["what"]["en"] for one in found["deviations"])
    assert "Outcomes are missing of" in said
    assert ("4 units lost the other of their pair and are not in the estimate" in said) == broken
    assert found["effect"]["n"] == SIZE - (8 if broken else 4)
    assert found["bounds"]["n"] == SIZE
    assert found["bounds"]["low"] < TRUTH < found["bounds"]["high"]
    assert found["bounds"]["low"] <= found["effect"]["estimate"] <= found["bounds"]["high"]


def test_a_pilot_by_cluster_is_watched_by_whole_clusters_and_says_so(tmp_path: Path) -> None:
    path, known = on_the_road(tmp_path, *CLUSTER, RANGE[::-1])
    days = [date(2027, 1, 1) + timedelta(days=at // 12) for at in range(SIZE)]
    came = by_ward(known).join(known.select("id", "ward"), on="id").sort("ward", "id").with_columns(bad=0.0)
    came.with_columns(pl.col("level").clip(0.0, 10.0), date=pl.Series(days)).write_csv(tmp_path / "reports.csv")
    told = ask(
        "monitor", path, "--data", tmp_path / "reports.csv", "--assignment", tmp_path / "arms.csv", "--lang", "vi"
    )
    assert "Mỗi báo cáo ở đây là một cụm trọn vẹn (ward)" in told
    assert "50 + 50" in told
