"""From the sums of draws to the tables of a run: one row a number, sorted, with the words that name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine.draw import DrawResult
from haidang.engine.setting import Setting

Tables = Mapping[str, pl.DataFrame]
NAMES = ("totals", "users", "choices", "funnel", "budgets", "periods", "markets")


def tables_of(setting: Setting, draws: Sequence[int], results: Sequence[DrawResult]) -> Tables:
    """The tables of several draws.

    Returns:
        `totals` (scenario, draw, year, outcome, by, group, value), `users` (scenario, draw, outcome, by, group,
        scenario_value, baseline_value), `choices` (scenario, draw, year, alternative, value), `funnel` (scenario, draw,
        year, stage, value) and `budgets` (scenario, draw, year, instrument, resource, available, requested, spent,
        applicants, served, refused); where periods are months `periods` (scenario, draw, year, month, outcome, value)
        of the whole population; where there is a market `markets` (scenario, draw, year, month, price, bid, offered,
        traded). Both are empty otherwise.
    """
    card = setting.model.card
    scenarios = [one.id for one in setting.scenarios]
    outcomes = ["units", *(one.id for one in card.outcomes)]
    tracked = ["units", *(one.id for one in card.outcomes if one.id in card.tracked)]
    margins = setting.source.groups.labels()
    years = list(setting.result_years)
    alternatives = ["nothing", *(one.id for one in card.alternatives)]
    users = np.stack([one.users for one in results])
    return {
        "totals": _by_group(
            [("draw", list(draws)), ("scenario", scenarios), ("year", years), ("outcome", outcomes)],
            margins,
            {"value": np.stack([one.totals for one in results])},
        ),
        "users": _by_group(
            [("draw", list(draws)), ("scenario", scenarios), ("outcome", tracked)],
            margins,
            {"scenario_value": users[:, :, 0], "baseline_value": users[:, :, 1]},
        ),
        "choices": _long(
            [("draw", list(draws)), ("scenario", scenarios), ("year", years), ("alternative", alternatives)],
            {"value": np.stack([one.choices for one in results])},
        ),
        "funnel": _long(
            [
                ("draw", list(draws)),
                ("scenario", scenarios),
                ("year", years),
                ("stage", [one.id for one in card.stages]),
            ],
            {"value": np.stack([one.stages for one in results])},
        ),
        "budgets": _budgets(setting, draws, results),
        "periods": _periods(setting, draws, results),
        "markets": _markets(setting, draws, results),
    }


def join(parts: Sequence[Tables]) -> Tables:
    """The tables of several groups of draws as one, in the order of scenarios and draws."""
    return {name: pl.concat([part[name] for part in parts]).sort("draw", maintain_order=True) for name in NAMES}


def _long(axes: Sequence[tuple[str, Sequence[Any]]], values: Mapping[str, NDArray[np.float64]]) -> pl.DataFrame:
    """One row for each place of an array, with the labels of its axes."""
    shape = tuple(len(labels) for _, labels in axes)
    places = np.indices(shape).reshape(len(shape), -1)
    columns = {name: _labels(labels, places[axis]) for axis, (name, labels) in enumerate(axes)}
    return pl.DataFrame(columns | {name: pl.Series(name, array.reshape(-1)) for name, array in values.items()})


def _by_group(
    axes: Sequence[tuple[str, Sequence[Any]]],
    margins: tuple[tuple[str, str], ...],
    values: Mapping[str, NDArray[np.float64]],
) -> pl.DataFrame:
    frame = _long([*axes, ("margin", list(range(len(margins))))], values)
    place = frame["margin"].to_numpy()
    return (
        frame.drop("margin")
        .insert_column(len(axes), _labels([by for by, _ in margins], place).alias("by"))
        .insert_column(len(axes) + 1, _labels([group for _, group in margins], place).alias("group"))
    )


def _labels(labels: Sequence[Any], places: NDArray[Any]) -> pl.Series:
    """The label of each place; words as an enumeration, which keeps the tables small."""
    if labels and isinstance(labels[0], int):
        return pl.Series(np.asarray(labels, np.int32)[places])
    words = list(dict.fromkeys(labels))
    codes = np.asarray([words.index(one) for one in labels], np.int64)
    return pl.Series(words, dtype=pl.Enum(words) if words else pl.String).gather(pl.Series(codes[places]))


def _budgets(setting: Setting, draws: Sequence[int], results: Sequence[DrawResult]) -> pl.DataFrame:
    rows = [
        (scenario.id, draw, year, scenario.instruments[slot.instrument].id, slot.budget.resource, record)
        for draw, result in zip(draws, results, strict=True)
        for scenario, by_year in zip(setting.scenarios, result.budgets, strict=True)
        for year, records in zip(setting.result_years, by_year, strict=True)
        for slot, record in zip(scenario.slots, records, strict=True)
    ]
    schema = {
        "scenario": pl.String,
        "draw": pl.Int32,
        "year": pl.Int32,
        "instrument": pl.String,
        "resource": pl.String,
        "available": pl.Int64,
        "requested": pl.Int64,
        "spent": pl.Int64,
        "applicants": pl.Float64,
        "served": pl.Float64,
        "refused": pl.Float64,
    }
    return pl.DataFrame(
        [
            (*row[:5], r.available, r.requested, r.spent, r.applicants, r.served, max(0.0, r.applicants - r.served))
            for row in rows
            for r in (row[5],)
        ],
        schema=schema,
        orient="row",
    )


def _periods(setting: Setting, draws: Sequence[int], results: Sequence[DrawResult]) -> pl.DataFrame:
    """Outcomes of the whole population by month; no rows where periods are years."""
    outcomes = ["units", *(one.id for one in setting.model.card.outcomes)]
    scenarios = [one.id for one in setting.scenarios]
    periods = list(range(len(setting.years))) if setting.months is not None else []
    values = np.stack([one.periods for one in results])[:, :, : len(periods)]
    frame = _long(
        [("draw", list(draws)), ("scenario", scenarios), ("period", periods), ("outcome", outcomes)], {"value": values}
    )
    at = frame["period"].cast(pl.Int64).to_numpy()
    months = np.asarray(setting.months or (), np.int32)
    return (
        frame.drop("period")
        .insert_column(2, pl.Series("year", np.asarray(setting.years, np.int32)[at]))
        .insert_column(3, pl.Series("month", months[at] if len(months) else np.zeros(0, np.int32)))
    )


def _markets(setting: Setting, draws: Sequence[int], results: Sequence[DrawResult]) -> pl.DataFrame:
    """What happened on the market; no rows without one."""
    rows = [
        (scenario.id, draw, setting.years[period], setting.month(period) or 12, one)
        for draw, result in zip(draws, results, strict=True)
        for scenario, records in zip(setting.scenarios, result.markets, strict=True)
        for period, one in enumerate(records)
    ]
    schema = {
        "scenario": pl.String,
        "draw": pl.Int32,
        "year": pl.Int32,
        "month": pl.Int32,
        "price": pl.Float64,
        "bid": pl.Float64,
        "offered": pl.Float64,
        "traded": pl.Float64,
    }
    return pl.DataFrame(
        [(*row[:4], row[4].price, row[4].bid, row[4].offered, row[4].traded) for row in rows],
        schema=schema,
        orient="row",
    )
