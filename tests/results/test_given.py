"""Units that somebody gave as a table: no group of fewer than five is told, in the report or in the workbook."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from haidang.facts.few import FEWEST
from haidang.results import report_body
from haidang.results.catalogue import words_of
from haidang.results.figure_use import use_figures
from haidang.results.groups import covered_groups, divided, group_shares, groupings
from haidang.results.run import Run, write_run
from haidang.results.sections import sections
from haidang.results.workbook import sheets
from tests.results.example import write_example
from tests.results.shapes import write_bikes
from tests.results.test_amounts import table_names

UNITS = 40
TABLES = ("totals", "users", "budgets", "funnel", "choices", "facts", "periods")


def of_forty(tmp_path: Path, given: bool, left_out: int = 0) -> Run:
    """The example of forty factories, whose groups are as large a part as they were; so many of each are left out."""
    base = write_example(tmp_path / "base", draws=5)
    units = base.manifest.roles.units
    whole = float(
        base.table("totals").filter((pl.col("outcome") == units) & (pl.col("by") == "all"))["value"].max()  # pyright: ignore[reportArgumentType]
    )
    scaled = base.table("totals").with_columns(
        pl.when(pl.col("outcome") == units)
        .then(pl.col("value") * UNITS / whole)
        .otherwise(pl.col("value"))
        .alias("value")
    )
    manifest = base.manifest.model_dump(mode="json")
    if given:
        manifest["population"]["source"] = "my-factories.csv"
        manifest["inputs"] = {**manifest["inputs"], "my-factories.csv": "0" * 64}
    tables = {name: base.table(name) for name in TABLES} | {"totals": scaled}
    if given:
        tables["reach"] = reach_of(scaled, groupings(base)[0], units, left_out)
    return write_run(tmp_path / "run", tables, manifest, {})


def reach_of(totals: pl.DataFrame, by: str, units: str, left_out: int) -> pl.DataFrame:
    """A row for each unit, as many of a group as the run counts; the first of each are treated unlike the rest."""
    first = totals.filter(
        (pl.col("outcome") == units) & (pl.col("by") == by) & (pl.col("draw") == 0) & (pl.col("scenario") == "baseline")
    ).filter(pl.col("year") == pl.col("year").min())
    rows = [
        (group, int(at < left_out))
        for group, size in first.select("group", "value").iter_rows()
        for at in range(round(size))
    ]
    return pl.DataFrame(rows, schema=["group", "alike"], orient="row").with_row_index("unit")


@pytest.fixture
def given(tmp_path: Path) -> Run:
    return of_forty(tmp_path, given=True)


def counts(run: Run, by: str) -> dict[str, float]:
    from haidang.results import compare

    units = run.manifest.roles.units
    return {
        group.id: float(compare.totals(run, run.baseline.id, units, by, group.id)[:, 0].mean())
        for group in run.manifest.groups[by]
    }


def test_whoever_subtracts_what_is_shown_finds_five_or_more(given: Run) -> None:
    (by,) = groupings(given)
    sizes, covered = counts(given, by), covered_groups(given, by)
    assert covered, "the example has a group of fewer than five"
    shown = [size for name, size in sizes.items() if name not in covered]
    for many in range(len(shown) + 1):
        for some in combinations(shown, many):
            rest = sum(sizes.values()) - sum(some)
            assert rest < 1e-6 or rest >= FEWEST or not shown


def test_a_group_of_which_a_programme_reaches_all_but_a_few_is_hidden_as_these_few_are(tmp_path: Path) -> None:
    run = of_forty(tmp_path, given=True, left_out=2)
    (by,) = groupings(run)
    assert min(size for size in counts(run, by).values() if size) < FEWEST < max(counts(run, by).values())
    assert covered_groups(run, by) == {name for name, size in counts(run, by).items() if size > 0}


@pytest.mark.parametrize(
    ("reached", "told"),
    [
        ((40, 30, 20, 12), (40, 30, 20, 12)),
        ((40, 38, 20, 3), (40, 20)),
        ((12, 9, 7, 5), (12, 7)),
        ((9, 0, 0, 0), (9, 0, 0, 0)),
    ],
)
def test_no_step_of_the_funnel_is_told_that_fewer_than_five_reach_or_leave(
    tmp_path: Path, reached: tuple[int, ...], told: tuple[int, ...]
) -> None:
    given = of_forty(tmp_path, given=True)
    stages = [stage.id for stage in given.manifest.stages][: len(reached)]
    sizes = dict(zip(stages, (float(each) for each in reached), strict=True))
    funnel = given.table("funnel").filter(pl.col("stage").is_in(stages))
    tables = {name: given.table(name) for name in (*TABLES, "reach")} | {
        "funnel": funnel.with_columns(value=pl.col("stage").replace_strict(sizes, return_dtype=pl.Float64))
    }
    manifest = given.manifest.model_dump(mode="json")
    manifest["stages"] = [stage for stage in manifest["stages"] if stage["id"] in stages]
    for source, expected in (("my-factories.csv", told), ("built", reached)):
        manifest["population"]["source"] = source
        run = write_run(tmp_path / source, tables, manifest, {})
        figures = use_figures(run, run.programme.id, words_of(run.manifest, "en"))
        (figure,) = [each for each in figures if each.id == "funnel"]
        assert [row[1] for row in figure.table.rows] == [str(each) for each in expected]
        assert ("fewer than five reach" in figure.note) == (expected != reached)
        assert ("reach the last step" in figure.sentence) == (expected[-1] == reached[-1])


def test_the_report_and_the_workbook_tell_no_hidden_group(given: Run) -> None:
    (by,) = groupings(given)
    found = divided(given, given.programme.id)
    assert found is not None
    covered = covered_groups(given, by)
    titles = {group.title["en"] for group in given.manifest.groups[by] if group.id in covered}
    assert {group.id for group, _, _ in group_shares(given, given.programme.id, found.outcome.id, by)}.isdisjoint(
        covered
    )
    (who,) = [sheet for sheet in sheets(given, "en") if "group" in " ".join(sheet.columns).lower()]
    assert not titles & {str(cell) for row in who.rows for cell in row}
    assert len({row[1] for row in who.rows}) == 1, "two divisions of the same units can be subtracted"
    _, body = report_body(given, "en")
    assert "Groups of fewer than five are left out" in body


def test_rows_built_from_margins_are_nobody_and_are_shown(tmp_path: Path) -> None:
    run = of_forty(tmp_path, given=False)
    assert len(groupings(run)) > 1
    found = divided(run, run.programme.id)
    assert found is not None
    for by in groupings(run):
        assert len(group_shares(run, run.programme.id, found.outcome.id, by)) == len(run.manifest.groups[by])
    assert "fewer than five" not in report_body(run, "en")[1]


@pytest.mark.parametrize(
    ("refused", "told"),
    [((3, 40, 60, 80), (False, False, True, True)), ((2, 0, 90, 4), (False, True, True, False)),
     ((5, 6, 7, 8), (True, True, True, True))],
)  # fmt: skip
def test_how_many_found_no_room_in_a_year_is_not_told_of_too_few(
    tmp_path: Path, refused: tuple[int, ...], told: tuple[bool, ...]
) -> None:
    base = write_bikes(tmp_path / "base", 4)
    years = dict(zip(base.manifest.years, refused, strict=True))
    rows = base.table("budgets").with_columns(
        refused=pl.col("year")
        .replace_strict(years, return_dtype=pl.Float64)
        .cast(base.table("budgets")["refused"].dtype)
    )
    for given in (True, False):
        manifest = base.manifest.model_dump(mode="json")
        if given:
            manifest["population"]["source"] = "my-trips.csv"
            manifest["inputs"] = {**manifest["inputs"], "my-trips.csv": "0" * 64}
        run = write_run(
            tmp_path / str(given),
            {name: base.table(name) for name in table_names(base)} | {"budgets": rows},
            manifest,
            {},
        )
        tables = [table for part in sections(run, "bikes", (), words_of(run.manifest, "en")) for table in part.tables]
        (rooms,) = [table for table in tables if "Requests without room: Median" in table.columns]
        shown = [row[-3] != "fewer than five, or would tell them" for row in rooms.rows]
        assert shown == (list(told) if given else [True] * len(refused))
