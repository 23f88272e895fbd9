"""A running pilot is read in the order of its reports, and every look is kept."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.errors import Place
from haidang.learn.monitor.chain import ChainError, add_entry, read_chain
from haidang.learn.monitor.record import record_looks
from haidang.learn.monitor.watch import looks, reports_of
from haidang.learn.pilot.assign import assign
from haidang.learn.pilot.declaration import PilotError
from tests.learn.pilot.plans import declared, units

LARGE = ("size: 60", "size: 600")


def reports(assigned: pl.DataFrame, effect: float = 0.0, bad: float = 0.02) -> pl.DataFrame:
    """A report of each unit, ten a day."""
    generator = np.random.default_rng(3)
    mixed = assigned[generator.permutation(assigned.height)]
    treated = (mixed["arm"] == "advised").to_numpy()
    level = np.clip(4.0 + generator.normal(0.0, 1.0, mixed.height) + effect * treated, 0.0, 10.0)
    return pl.DataFrame(
        {
            "id": mixed["id"],
            "date": [date(2027, 1, 1) + timedelta(days=place // 10) for place in range(mixed.height)],
            "level": level,
            "bad": (generator.random(mixed.height) < bad).astype(np.float64),
        }
    )


def test_an_effect_is_found_and_a_broken_guardrail_stops_the_pilot(tmp_path: Path) -> None:
    declaration = declared(tmp_path, LARGE)
    assigned = assign(declaration, units(600), "salt").table
    quiet = looks(declaration, reports_of(declaration, reports(assigned, effect=2.0), assigned))
    assert len(quiet) == 60
    assert quiet[-1].fired == ()
    assert 0.0 < quiet[-1].low < 2.0 < quiet[-1].high
    assert sum(quiet[-1].arrivals.values()) == 600
    loud = looks(declaration, reports_of(declaration, reports(assigned, bad=0.4), assigned))
    assert loud[-1].fired == ("default",)
    since = next(one.day for one in loud if one.fired)
    assert since < loud[-1].day


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda table: table.reverse(), r"r.csv:12: expected dates in order, found 2027-02-28 after 2027-03-01"),
        (lambda table: table.with_columns(pl.lit("soon").alias("date")), "r.csv:2: expected a day such as"),
        (lambda table: table.with_columns(pl.lit(date(2030, 1, 1)).alias("date")), "expected a day from 2026-01-01"),
        (lambda table: table.drop("bad"), "expected the column 'bad', found none"),
        (
            lambda table: table.with_columns(pl.lit(None, pl.Float64).alias("level")),
            "expected an outcome in every report",
        ),
        (
            lambda table: table.with_columns(pl.lit(11.0).alias("level")),
            "expected 'level' between 0 and 10 as declared",
        ),
        (lambda table: table.with_columns(pl.lit("x").alias("id")), "expected a unit of the pilot, found 'x'"),
        (lambda table: pl.concat([table, table.tail(1)]), "expected one report of each unit"),
        (lambda table: table.with_columns(pl.lit("advised").alias("arm")), "in arm 'control', where it was assigned"),
        (lambda table: table.head(0), "expected a report or more"),
    ],
)
def test_reports_that_are_not_as_they_must_be_are_named_by_row(tmp_path: Path, spoil, said: str) -> None:
    declaration = declared(tmp_path, LARGE)
    assigned = assign(declaration, units(600), "salt").table
    with pytest.raises(PilotError, match=said):
        reports_of(declaration, spoil(reports(assigned)), assigned, Place("r.csv"))


BY_WARD = (("strata: [sector]", "cluster: ward"), ("rule: stratified", "rule: cluster"))


def test_a_cluster_arrives_with_the_last_of_its_units_and_counts_once(tmp_path: Path) -> None:
    declaration = declared(tmp_path, *BY_WARD)
    assigned = assign(declaration, units(60), "salt").table
    # Ten wards of six. Ward by ward, but for one unit of the first, which reports last.
    ordered = assigned.join(units(60).select("id", "ward"), on="id").sort("ward", "id")["id"].to_list()
    came = reports(assigned).sort(
        pl.col("id").replace_strict({one: at for at, one in enumerate(ordered[1:])}, default=99)
    )
    came = came.with_columns(date=pl.Series([date(2027, 1, 1) + timedelta(days=at) for at in range(60)]))
    found = reports_of(declaration, came, assigned)
    assert (found.table.height, found.lots) == (10, 10)
    mine = came.filter(pl.col("id").is_in(ordered[:6]))
    assert found.table["level"][-1] == pytest.approx(mine["level"].mean())
    assert [day.toordinal() - date(2027, 1, 1).toordinal() for day in found.days] == [*range(10, 60, 6)[:9], 59]
    assert sum(looks(declaration, found)[-1].arrivals.values()) == 10
    early = came.filter(pl.col("id").is_in(ordered[:5]))
    with pytest.raises(PilotError, match="expected a cluster whose units have all reported, found none among the 1"):
        reports_of(declaration, early, assigned)


def test_peeking_at_whole_clusters_keeps_the_level_where_peeking_at_their_units_does_not(tmp_path: Path) -> None:
    declaration = declared(tmp_path, LARGE, *BY_WARD)
    alone = replace(declaration, units=replace(declaration.units, cluster=None))
    assigned = assign(declaration, units(600), "salt").table
    shared = np.random.default_rng(5)
    alarms = np.zeros((60, 2))
    for pilot in range(60):
        # Nothing works; what the wards share is nearly all that differs. Whose ward is treated is drawn again.
        ward = shared.permutation(100)[assigned["block"].to_numpy()]
        level = np.clip(5.0 + 2.5 * shared.normal(size=100)[ward] + 0.5 * shared.normal(size=600), 0.0, 10.0)
        order = np.argsort(shared.permutation(100)[ward], kind="stable")
        days = [date(2027, 1, 1) + timedelta(days=at // 6) for at in range(600)]
        came = (
            assigned.with_columns(level=level, bad=0.0)[order]
            .select("id", "level", "bad")
            .with_columns(date=pl.Series(days))
        )
        for kind, plan in enumerate((declaration, alone)):
            seen = looks(plan, reports_of(plan, came, assigned))
            alarms[pilot, kind] = any(one.low > 0.0 or one.high < 0.0 for one in seen)
    by_cluster, by_unit = alarms.mean(axis=0)
    assert by_cluster <= 0.05
    assert by_unit > 0.1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((("rule: stratified", "rule: cutoff, score: employees, cutoff: 150"),), "found a cut-off"),
        (
            (
                ("rule: stratified", "rule: phased"),
                ("Control}, share: 50 %", "Second}, share: 50 %, start: 2027"),
                ("Advised}, share: 50 %", "First}, share: 50 %, start: 2026"),
            ),
            "found waves",
        ),
    ],
)
def test_what_no_lot_between_two_arms_decides_is_not_watched_and_the_reason_is_told(tmp_path, changes, said) -> None:
    declaration = declared(tmp_path, LARGE, *changes)
    assigned = assign(declaration, units(600), "salt").table
    with pytest.raises(PilotError, match=f"expected a lot between two arms, {said}"):
        reports_of(declaration, reports(assigned), assigned)


def test_the_log_grows_by_new_days_and_finds_out_a_changed_past(tmp_path: Path) -> None:
    declaration = declared(tmp_path, LARGE)
    assigned = assign(declaration, units(600), "salt").table
    table, log = reports(assigned), tmp_path / "looks.jsonl"
    assert record_looks(log, declaration, table.head(105), assigned)[1] == 11
    assert record_looks(log, declaration, table.head(105), assigned)[1] == 0
    # The eleventh day had five reports when it was looked at, and ten in the end: it is looked at again.
    assert record_looks(log, declaration, table.head(200), assigned)[1] == 10
    assert [one.content["day"] for one in read_chain(log)][10:12] == ["2027-01-11", "2027-01-11"]
    changed = table.with_columns(pl.when(pl.col("id") == table["id"][3]).then(9.0).otherwise("level").alias("level"))
    with pytest.raises(PilotError, match="expected the reports up to 2027-01-01 as they were logged"):
        record_looks(log, declaration, changed, assigned)


def test_days_that_were_seen_before_an_amendment_are_held_against_what_they_were_seen_by(tmp_path: Path) -> None:
    first = declared(tmp_path, LARGE)
    amended = declared(tmp_path, LARGE, ("column: bad", "column: second"))
    assigned = assign(first, units(600), "salt").table
    table, log = reports(assigned).with_columns(pl.lit(0.0).alias("second")), tmp_path / "looks.jsonl"
    record_looks(log, first, table.head(100), assigned)
    with pytest.raises(PilotError, match="expected the log of this declaration, found one of another"):
        record_looks(log, amended, table, assigned)
    assert record_looks(log, amended, table.head(200), assigned, None, [first, amended])[1] == 10
    changed = table.with_columns(pl.lit(1.0).alias("bad"))
    with pytest.raises(PilotError, match="expected the reports up to 2027-01-01 as they were logged"):
        record_looks(log, amended, changed, assigned, None, [first, amended])
    with pytest.raises(PilotError, match="the column 'bad', by which earlier days were seen, found none"):
        record_looks(log, amended, table.drop("bad"), assigned, None, [first, amended])


def test_a_line_that_was_taken_out_of_a_log_is_missed(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for number in range(3):
        add_entry(log, "note", {"number": number}, "2026-01-01")
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join([lines[0], lines[2]]), encoding="utf-8")
    with pytest.raises(ChainError) as caught:
        add_entry(log, "note", {}, "2026-01-02")
    assert str(caught.value).startswith(f"{log}:2: ")
