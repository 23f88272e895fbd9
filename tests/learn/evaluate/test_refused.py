"""What is wrong with data is named, and nothing is dropped."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest

from haidang.learn.evaluate import (
    at_cutoff,
    check_order,
    clustered,
    encouraged,
    lee_bounds,
    paired,
    randomised,
    staggered,
    synthetic_control,
    synthetic_did,
)
from haidang.learn.evaluate.effect import Effect
from haidang.learn.evaluate.mistakes import (
    CollinearError,
    ColumnError,
    DuplicateError,
    EvaluationError,
    HoleError,
    MissingError,
    NoVariationError,
    OneArmError,
    PeriodError,
    TooFewError,
    TurnsOffError,
    WeakError,
)

RANDOM = np.random.default_rng(7)
UNITS = pl.DataFrame(
    {
        "y": RANDOM.normal(size=80),
        "d": [0, 1] * 40,
        "x": RANDOM.normal(size=80),
        "cluster": [f"ward {one // 5}" for one in range(80)],
        "pair": np.repeat(np.arange(40), 2),
    }
)
Change = Callable[[pl.DataFrame], pl.DataFrame]


def set_at(column: str, row: int, value: object) -> Change:
    return lambda table: table.with_columns(
        pl.when(pl.int_range(pl.len()) == row - 1).then(pl.lit(value)).otherwise(column).alias(column)
    )


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (lambda t: t.rename({"y": "outcome"}), ColumnError, "the table: y: no such column"),
        (lambda t: t.with_columns(y=pl.lit("much")), ColumnError, "y: expected numbers, found String"),
        (set_at("y", 17, None), MissingError, "none in rows 17; a unit without an outcome is attrition"),
        (set_at("y", 17, float("nan")), MissingError, "none in rows 17"),
        (lambda t: t.with_columns(y=pl.lit(3.0)), NoVariationError, "found 3 in every row"),
        (
            lambda t: t.with_columns(d=pl.lit(1)),
            OneArmError,
            "d: expected treated and untreated units, found all treated",
        ),
        (lambda t: t.with_columns(d=pl.lit(0)), OneArmError, "found nobody treated"),
        (set_at("d", 5, 2), ColumnError, "expected 0 or 1, found 2 in row 5"),
        (lambda t: t.with_columns(x=pl.lit(1.0)), NoVariationError, "x: expected values that differ, found 1"),
        (lambda t: t.with_columns(x=2.0 * pl.col("d") - 1.0), CollinearError, "x: expected a column of its own"),
        (set_at("x", 9, None), MissingError, "x: expected a value in every row, none in rows 9"),
        (lambda t: t.head(8), TooFewError, "at least 5 units in each arm .* found 4; randomisation_inference"),
        (lambda t: t.clear(), NoVariationError, "no rows"),
    ],
)
def test_a_trial_by_unit_names_what_is_wrong(change: Change, kind: type[EvaluationError], says: str) -> None:
    with pytest.raises(kind, match=says):
        randomised(change(UNITS), "y", "d", covariates=["x"])


def test_missing_outcomes_are_counted_beyond_the_first_five() -> None:
    with pytest.raises(MissingError, match=r"none in rows 1, 2, 3, 4, 5 and 75 more"):
        randomised(UNITS.with_columns(y=pl.lit(None, pl.Float64)), "y", "d")


def test_strata_of_one_arm_each_are_refused_and_a_collinear_covariate_is_named() -> None:
    with pytest.raises(CollinearError, match="expected a stratum with both arms"):
        randomised(UNITS.with_columns(s=pl.col("d")), "y", "d", strata="s")
    doubled = UNITS.with_columns(z=3.0 * pl.col("x") + 1.0)
    with pytest.raises(CollinearError, match="z: expected a column of its own, found a combination of x"):
        randomised(doubled, "y", "d", covariates=["x", "z"])


WARDS = UNITS.with_columns(d=(pl.int_range(80) // 5) % 2)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (
            lambda t: t.with_columns(cluster=pl.lit("all")),
            ColumnError,
            "expected one arm in a cluster, found both in all",
        ),
        (lambda t: t.head(30), TooFewError, "cluster: expected at least 4 clusters in each arm .* found 3"),
        (set_at("d", 1, 1), ColumnError, "found both in ward 0"),
        (set_at("cluster", 4, None), MissingError, "cluster: expected a value in every row"),
    ],
)
def test_a_trial_by_cluster_names_what_is_wrong(change: Change, kind: type[EvaluationError], says: str) -> None:
    with pytest.raises(kind, match=says):
        clustered(change(WARDS), "y", "d", "cluster")


def test_clusters_too_unequal_for_satterthwaite_are_refused() -> None:
    size = [400, 2, 2, 2, 400, 2, 2, 2]
    cluster = np.repeat(np.arange(8), size)
    table = pl.DataFrame({"y": RANDOM.normal(size=len(cluster)), "d": (cluster >= 4).astype(int), "c": cluster})
    with pytest.raises(TooFewError, match="at least 4 degrees of freedom"):
        clustered(table, "y", "d", "c")


def test_a_pair_that_is_not_one_is_named() -> None:
    with pytest.raises(ColumnError, match=r"pair: expected one treated and one untreated row in each pair.* 2"):
        paired(set_at("pair", 6, 99)(UNITS), "y", "d", "pair")
    with pytest.raises(TooFewError, match="at least 5 pairs"):
        paired(UNITS.head(8), "y", "d", "pair")


def test_an_encouragement_that_moved_nobody_is_named() -> None:
    table = UNITS.with_columns(took=pl.Series([0, 0, 1, 1] * 20))
    with pytest.raises(WeakError, match="expected take-up to differ"):
        encouraged(table, "y", "took", "d")
    with pytest.raises(TooFewError, match="at least 30 clusters"):
        encouraged(WARDS.with_columns(took=pl.col("d")), "y", "took", "d", cluster="cluster")


def panel(units: int = 50, periods: int = 6) -> pl.DataFrame:
    start = [2003 if one < 22 else None for one in range(units)]
    return pl.DataFrame(
        {
            "y": RANDOM.normal(size=units * periods),
            "unit": np.repeat(np.arange(units), periods),
            "year": np.tile(np.arange(2000, 2000 + periods), units),
            "start": [one for one in start for _ in range(periods)],
        }
    ).with_columns(on=(pl.col("year") >= pl.col("start").fill_null(9999)).cast(pl.Int64))


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (
            lambda t: t.with_columns(pl.col("year").cast(pl.String)),
            PeriodError,
            "year: expected periods counted by whole",
        ),
        (lambda t: t.with_columns(year=pl.date(pl.col("year"), 1, 1)), PeriodError, "found Date; number the years"),
        (lambda t: t.filter(pl.col("year") != 2002), PeriodError, "each period from 2000 to 2005, none at 2002"),
        (
            lambda t: t.with_columns(start=pl.lit(2009)),
            PeriodError,
            r"start in 2000..2005, found 2009 .* leave it empty",
        ),
        (lambda t: t.with_columns(start=pl.lit(1990)), PeriodError, "found 1990"),
        (lambda t: t.with_columns(start=pl.lit("2003")), PeriodError, "start: expected whole numbers, empty for never"),
        (set_at("start", 2, 2004), PeriodError, "one start for a unit, found several at units 0"),
        (
            lambda t: t.with_columns(start=pl.col("start") - 3),
            PeriodError,
            "a period before treatment, found none of units 0",
        ),
        (
            lambda t: t.with_columns(start=pl.lit(2003)),
            OneArmError,
            "treated later or never, found all treated at once",
        ),
        (lambda t: t.with_columns(start=pl.lit(None, pl.Int64)), OneArmError, "nobody treated"),
        (lambda t: t.filter(pl.int_range(pl.len()) != 7), HoleError, "1 holes, the first at unit 1, period 2001"),
        (lambda t: pl.concat([t, t[[3]]]), DuplicateError, r"found more for \(0, 2003\)"),
        (lambda t: t.reverse(), PeriodError, "in the order of time, found row 296 .* sort the table by unit and year"),
        (set_at("y", 4, None), MissingError, "none in rows 4"),
        (lambda t: t.filter(pl.col("unit") > 5), TooFewError, "at least 20 treated and untreated units .* found 16"),
        (lambda t: t.drop("start"), ColumnError, "start: no such column"),
    ],
)
def test_a_staggered_panel_names_what_is_wrong(change: Change, kind: type[EvaluationError], says: str) -> None:
    with pytest.raises(kind, match=says):
        staggered(change(panel()), "y", "unit", "year", "start")


def one_treated(units: int = 25) -> pl.DataFrame:
    return panel(units).with_columns(on=((pl.col("unit") == 3) & (pl.col("year") >= 2003)).cast(pl.Int64))


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (set_at("on", 24, 0), TurnsOffError, "a treatment that stays, found it ending at unit 3, year 2005"),
        (lambda t: t.with_columns(on=pl.lit(0)), OneArmError, "nobody treated"),
        (lambda t: t.filter(pl.col("unit") < 8), TooFewError, "at least 10 untreated units .* found 7"),
        (lambda t: t.filter(pl.col("year") > 2001), PeriodError, "at least 3 periods before treatment, found 1"),
        (set_at("on", 6, 1), TurnsOffError, "one first treated period, found 2; staggered takes several"),
        (lambda t: t.with_columns(on=pl.col("on") * 0.5), ColumnError, "expected 0 or 1, found 0.5"),
    ],
)
def test_a_panel_with_one_treated_unit_names_what_is_wrong(
    change: Change, kind: type[EvaluationError], says: str
) -> None:
    for estimate, donors in ((synthetic_control, "10"), (synthetic_did, "20")):
        with pytest.raises(kind, match=says.replace("10 untreated", f"{donors} untreated")):
            estimate(change(one_treated()), "y", "unit", "year", "on")


def test_a_synthetic_control_takes_one_treated_unit() -> None:
    with pytest.raises(OneArmError, match="expected one treated unit, found 22; synthetic_did takes several"):
        synthetic_control(panel(), "y", "unit", "year", "on")


def test_a_cut_off_names_what_is_wrong() -> None:
    table = pl.DataFrame({"y": RANDOM.normal(size=300), "score": RANDOM.uniform(size=300)})
    with pytest.raises(OneArmError, match="scores on both sides of 2"):
        at_cutoff(table, "y", "score", 2.0)
    with pytest.raises(TooFewError, match="at least 100 units on each side"):
        at_cutoff(table.sort("score"), "y", "score", table["score"].sort()[10])
    even = table.sort("score").with_columns(took=pl.Series([0, 1] * 150))
    with pytest.raises(WeakError, match="take-up to differ across the cut-off"):
        at_cutoff(even, "y", "score", float(even["score"][150]), takeup="took")


def test_dates_out_of_order_are_named() -> None:
    days = pl.DataFrame({"drawn": [date(2026, 1, 1), date(2026, 3, 1)], "seen": [date(2026, 2, 1), date(2026, 2, 1)]})
    check_order(days.head(1), "drawn", "seen")
    with pytest.raises(PeriodError, match="seen: expected no date before drawn, found one in rows 2"):
        check_order(days, "drawn", "seen")
    with pytest.raises(ColumnError, match="did you mean 'drawn'"):
        check_order(days, "drwn", "seen")


def test_bounds_need_known_outcomes_in_both_arms() -> None:
    with pytest.raises(TooFewError, match="at least 5 known outcomes in each arm"):
        lee_bounds(UNITS.with_columns(y=pl.when(pl.col("d") == 1).then("y")), "y", "d")
    with pytest.raises(ColumnError, match="did you mean 'pair'"):
        lee_bounds(UNITS, "pare", "d")


def test_a_number_that_is_none_never_becomes_an_effect() -> None:
    with pytest.raises(EvaluationError, match="do not identify an effect by local linear"):
        Effect("at_cutoff", float("nan"), 1.0, 0.0, 1.0, 10, None, "local_linear", "none 0")
