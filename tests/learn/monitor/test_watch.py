"""A running pilot is read in the order of its reports, and every look is kept."""

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


def test_a_lot_by_cluster_is_not_watched_unit_by_unit(tmp_path: Path) -> None:
    declaration = declared(
        tmp_path, LARGE, ("strata: [sector]", "cluster: ward"), ("rule: stratified", "rule: cluster")
    )
    assigned = assign(declaration, units(600), "salt").table
    with pytest.raises(PilotError, match="expected a lot by unit, found one by cluster"):
        looks(declaration, reports_of(declaration, reports(assigned), assigned))


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


def test_a_line_that_was_taken_out_of_a_log_is_missed(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for number in range(3):
        add_entry(log, "note", {"number": number}, "2026-01-01")
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join([lines[0], lines[2]]), encoding="utf-8")
    with pytest.raises(ChainError) as caught:
        add_entry(log, "note", {}, "2026-01-02")
    assert str(caught.value).startswith(f"{log}:2: ")
