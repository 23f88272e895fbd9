"""Recommendations of the Industrial Assessment Centers, from the joined Parquet file or the official workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.packs.hcmc.fits.logit import Floats, Integers

NEEDED = (
    "assessment_id", "fiscal_year", "arc_digit_rounded", "resource_code", "implemented", "cost_usd",
    "saving_usd_per_year", "employees", "sales_usd",
)  # fmt: skip
# The official workbook's names (database manual 10.2) for the same columns.
RECOMMENDATIONS = {
    "ID": "assessment_id", "FY": "fiscal_year", "ARC2": "arc", "IMPSTATUS": "status", "IMPCOST": "cost_usd",
    "PSOURCCODE": "resource_code", "PSAVED": "saving_usd_per_year",
}  # fmt: skip
ASSESSMENTS = {"ID": "assessment_id", "EMPLOYEES": "employees", "SALES": "sales_usd"}

GROUPS = {
    "motors": "motors, compressed air, electrical power and process heat (electric), ARC 2.1-2.4",
    "combustion": "combustion, boilers, steam, heat recovery, insulation (fuel), ARC 2.1-2.4",
    "operations_electric": "operations, lighting, HVAC controls, building, renewables (electric), ARC 2.5-2.9",
    "operations_fuel": "operations, space heating, building (fuel), ARC 2.5-2.9",
    "demand": "demand, tariff and load management (ED, EF)",
    "recycling": "recycling, maintenance, manufacturing enhancement (energy), ARC 3.5-4.4",
    "labour": "labour saving: automation, handling, work flow",
    "output": "more output: bottlenecks, quality, yield",
    "practice": "space, downtime, management practice, ARC 4.5-4.8",
    "waste": "waste and raw material, ARC 3 and 4.0-4.4",
    "water": "water and sewer",
    "administration": "administrative and purchasing cost",
    "other": "other",
}
SHORTEST, LONGEST = 0.02, 9.0
YEARS = (2001, 2023)
SIZES = ("1-49", "50-99", "100-249", "250-499", "500+")
PAYBACKS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


class RecordsError(HaidangError):
    """A file of recommendations that cannot be used."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Items in ascending order of their plant visit.

    Attributes:
        money: items by two, natural logarithms of cost [USD of the year] and saving [USD of the year per year].
        size: natural logarithm of employees; not a number where unknown.
        sales: natural logarithm of sales [USD of the year]; not a number where unknown.
        group: position in `GROUPS`.
        year: fiscal year.
        energy: whether the first stream of savings is energy.
        adopted: whether the item was carried out.
        plant: visits numbered from zero without gaps.
        visit: the same numbers as first read, which subsets keep.
    """

    money: Floats
    size: Floats
    sales: Floats
    group: Integers
    year: Integers
    energy: NDArray[np.bool_]
    adopted: NDArray[np.bool_]
    plant: Integers
    visit: Integers

    def __len__(self) -> int:
        """How many items."""
        return len(self.adopted)

    def where(self, kept: NDArray[np.bool_]) -> Decisions:
        """The items kept, their plants numbered anew."""
        _, plant = np.unique(self.plant[kept], return_inverse=True)
        return Decisions(
            money=self.money[kept],
            size=self.size[kept],
            sales=self.sales[kept],
            group=self.group[kept],
            year=self.year[kept],
            energy=self.energy[kept],
            adopted=self.adopted[kept],
            plant=plant.astype(np.int64),
            visit=self.visit[kept],
        )

    def sized(self) -> Decisions:
        """The items of plants whose employees are known."""
        return self.where(~np.isnan(self.size))

    def plants(self) -> Integers:
        """The visit of each plant, in the order of their numbers."""
        return self.visit[np.unique(self.plant, return_index=True)[1]]

    def divided(self) -> Decisions:
        """The items of plants that adopted some and refused others."""
        count = np.bincount(self.plant)
        taken = np.bincount(self.plant, self.adopted.astype(np.float64))
        return self.where(((taken > 0) & (taken < count))[self.plant])

    def within(self, first: int, last: int) -> Decisions:
        """The items of these fiscal years."""
        return self.where((self.year >= first) & (self.year <= last))


def read_parquet(path: Path) -> pl.DataFrame:
    """The joined file as it stands.

    Raises:
        RecordsError: a column that the estimation needs is missing.
    """
    table = pl.read_parquet(path)
    _require(table, NEEDED, path)
    return table.select(NEEDED)


def read_workbook(path: Path) -> pl.DataFrame:
    """The official workbook: sheet ASSESS and all sheets whose name begins with RECC.

    Raises:
        RecordsError: a sheet or a column is missing.
    """
    sheets = pl.read_excel(path, sheet_id=0, engine="openpyxl")
    pieces = [sheet for name, sheet in sheets.items() if name.upper().startswith("RECC")]
    assess = next((sheet for name, sheet in sheets.items() if name.upper() == "ASSESS"), None)
    if assess is None or not pieces:
        raise RecordsError(f"expected sheets ASSESS and RECC..., found {', '.join(sheets)}", Place(str(path)))
    _require(assess, ASSESSMENTS, path)
    for piece in pieces:
        _require(piece, RECOMMENDATIONS, path)
    items = pl.concat(
        [
            piece.select(pl.col(old).cast(pl.String).alias(new) for old, new in RECOMMENDATIONS.items())
            for piece in pieces
        ]
    )
    plants = assess.select(pl.col(old).cast(pl.String).alias(new) for old, new in ASSESSMENTS.items())
    arc = pl.col("arc").cast(pl.Float64, strict=False)
    # The classification's chapters are put together as in the joined file, so that both give the same groups.
    chapter = pl.when(arc < 2.5).then(2).when(arc < 3.5).then(3).when(arc < 4.5).then(4).when(arc < 5.5).then(5)
    status = pl.col("status").replace_strict({"I": 1, "N": 0}, default=None)
    numbers = ("fiscal_year", "cost_usd", "saving_usd_per_year", "employees", "sales_usd")
    return (
        items.join(plants.unique("assessment_id"), on="assessment_id", how="left")
        .with_columns(chapter.alias("arc_digit_rounded"), status.alias("implemented"))
        .with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in numbers)
        .select(NEEDED)
    )


def read_decisions(path: Path) -> pl.DataFrame:
    """Every recommendation of a file, with what a description of choices names beside the file's own columns.

    `energy` is 1 where the first stream of savings is energy; `payback_years` is missing where cost or saving is, or is
    not above zero.

    Raises:
        RecordsError: a sheet or a column is missing.
    """
    table = read_workbook(path) if path.suffix.lower() == ".xlsx" else read_parquet(path)
    return table.with_columns(
        energy=pl.col("resource_code").str.starts_with("E").fill_null(False).cast(pl.Int8),
        payback_years=pl.when(pl.min_horizontal("cost_usd", "saving_usd_per_year") > 0).then(
            pl.col("cost_usd") / pl.col("saving_usd_per_year")
        ),
    )


def select(table: pl.DataFrame) -> Decisions:
    """Items of fiscal years 2001-2023 with a known answer, cost and saving above zero, payback in (0.02, 9] years."""
    payback = pl.col("cost_usd") / pl.col("saving_usd_per_year")
    kept = (
        table.filter(
            pl.col("fiscal_year").is_between(*YEARS),
            pl.col("implemented").is_not_null(),
            pl.col("cost_usd") > 0,
            pl.col("saving_usd_per_year") > 0,
            payback.is_between(SHORTEST, LONGEST, closed="right"),
        )
        .with_columns(_group().alias("group"))
        .sort("assessment_id", maintain_order=True)
    )
    _, plant = np.unique(kept["assessment_id"].to_numpy(), return_inverse=True)
    return Decisions(
        money=np.log(_floats(kept, "cost_usd", "saving_usd_per_year")),
        size=_log(_floats(kept, "employees")[:, 0]),
        sales=_log(_floats(kept, "sales_usd")[:, 0]),
        group=kept["group"].to_numpy().astype(np.int64),
        year=kept["fiscal_year"].to_numpy().astype(np.int64),
        energy=kept["resource_code"].str.starts_with("E").fill_null(False).to_numpy(),
        adopted=kept["implemented"].to_numpy() == 1,
        plant=plant.astype(np.int64),
        visit=plant.astype(np.int64),
    )


def size_class(size: Floats) -> Integers:
    """Position in `SIZES` of plants by the logarithm of their employees."""
    return np.searchsorted(np.log([50.0, 100.0, 250.0, 500.0]), size, side="right").astype(np.int64)


def payback_bin(money: Floats) -> Integers:
    """How many of `PAYBACKS` an item's payback [year] exceeds."""
    return np.searchsorted(np.log(PAYBACKS), money[:, 0] - money[:, 1], side="left").astype(np.int64)


def _group() -> pl.Expr:
    """Position in `GROUPS`, from the chapter of the classification and the resource first saved."""
    code, chapter = pl.col("resource_code"), pl.col("arc_digit_rounded")
    electric, fuel = code.is_in(["E1", "EC"]), code.str.starts_with("E")
    rules = (
        (code.is_in(["ED", "EF"]), "demand"),
        (electric & (chapter == 2), "motors"),
        (fuel & (chapter == 2), "combustion"),
        (electric & (chapter == 3), "operations_electric"),
        (fuel & (chapter == 3), "operations_fuel"),
        (fuel & (chapter == 4), "recycling"),
        (code.is_in(["W0", "W1", "R5"]) & chapter.is_not_null(), "water"),
        (chapter == 5, "practice"),
        ((code == "R1") & chapter.is_not_null(), "labour"),
        ((code == "R2") & chapter.is_not_null(), "administration"),
        (code.str.starts_with("P") & chapter.is_not_null(), "output"),
        ((code.str.starts_with("W") | code.is_in(["R3", "R4"])) & chapter.is_in([3, 4]), "waste"),
    )
    names = list(GROUPS)
    chain = pl.lit(names.index("other"))
    for condition, name in reversed(rules):
        chain = pl.when(condition).then(names.index(name)).otherwise(chain)
    return chain


def _floats(table: pl.DataFrame, *names: str) -> Floats:
    return table.select(pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in names).to_numpy()


def _log(values: Floats) -> Floats:
    return np.log(np.where(values > 0, values, np.nan))


def _require(table: pl.DataFrame, names: tuple[str, ...] | dict[str, str], path: Path) -> None:
    for name in names:
        if name not in table.columns:
            hint = did_you_mean(name, table.columns)
            raise RecordsError(f"expected a column '{name}', found none", Place(str(path)), hint)
