"""The list as tables: a row for each unit, a row for each offer, and what is told of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.allocation import Allocation
from haidang.allocate.judged import Trial, budget_of, overrun
from haidang.allocate.why_listed import Why, label, reasons
from haidang.study.plan_file import OPTIMAL, programmes_digest, units_digest

Floats = NDArray[np.float64]
ALWAYS, NEVER = 0.95, 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The list.

    Args:
        units: a row for each unit: where it stands and why.
        offers: a row for each offer on the list.
        whole: what is told of the plan, as JSON takes it.
    """

    units: pl.DataFrame
    offers: pl.DataFrame
    whole: dict[str, Any]


def listed(found: Allocation, rejected: int = 0) -> Listed:
    """The list of an allocation.

    Args:
        found: the allocation.
        rejected: rows of the applicants' file that are no units.
    """
    why = tuple(reasons(found))
    units, offers = _units(found, why), _offers(found, why)
    return Listed(units, offers, _whole(found, units, offers, rejected))


def certainty(share: float) -> str:
    """How often a unit is on lists made from draws drawn anew, in a word."""
    return "always" if share >= ALWAYS else "never" if share <= NEVER else "sometimes"


def _units(found: Allocation, why: Sequence[Why]) -> pl.DataFrame:
    names = [one.id for one in found.offers]
    rows: list[dict[str, Any]] = []
    for at, one in enumerate(why):
        rows.append(
            {
                "id": int(found.valued.ids[at]),
                "weight": float(found.valued.weight[at]),
                "standing": one.standing,
                "offers": "; ".join(f"{names[made.offer]} {made.year}" for made in one.made),
                "expected": one.worth,
                **{f"expected_{r.id}": sum(made.amounts[r.id] for made in one.made) for r in found.resources},
                "worth_per_charge": _ratio(one.worth, sum(made.charge for made in one.made)),
                "next": "" if one.next_offer is None else f"{names[one.next_offer]} {one.next_year}",
                "next_expected": one.next_worth,
                **{f"next_{r.id}": one.next_amounts.get(r.id, 0.0) for r in found.resources},
                "next_worth_per_charge": _ratio(one.next_worth, one.next_charge),
                "held_by": found.failed[at] if one.standing == "not_eligible" else one.held_by,
                "share_in": float(found.share_in[at]),
                "share_same": float(found.share_same[at]),
                "certainty": certainty(float(found.share_in[at])),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _offers(found: Allocation, why: Sequence[Why]) -> pl.DataFrame:
    schema: dict[str, Any] = {
        "id": pl.Int64,
        "year": pl.Int32,
        "offer": pl.String,
        "expected": pl.Float64,
        **{f"expected_{one.id}": pl.Float64 for one in found.resources},
        "charge": pl.Float64,
        "worth_per_charge": pl.Float64,
    }
    rows = [
        (
            int(found.valued.ids[at]), made.year, found.offers[made.offer].id, made.worth,
            *(made.amounts[one.id] for one in found.resources), made.charge, _ratio(made.worth, made.charge),
        )
        for at, one in enumerate(why)
        for made in one.made
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("year", "id")


def _ratio(worth: float, charge: float) -> float | None:
    return worth / charge if charge > 0 else None


def _whole(found: Allocation, units: pl.DataFrame, offers: pl.DataFrame, rejected: int) -> dict[str, Any]:
    plan = found.plan
    years = found.valued.years
    return {
        "format": 1,
        "programme": found.file.base.id,
        "programme_digest": programmes_digest(found.file),
        "population": units_digest(found.table, found.card),
        "seed": found.seed,
        "goal": found.goal,
        "units": units.height,
        "real_units": float(units["weight"].sum()),
        "rejected_rows": rejected,
        "listed": int((units["standing"] == "listed").sum()),
        "standing": {str(name): int(count) for name, count in units["standing"].value_counts(sort=True).iter_rows()},
        "certainty": {str(name): int(count) for name, count in units["certainty"].value_counts(sort=True).iter_rows()},
        "offers": {one.id: int((offers["offer"] == one.id).sum()) for one in found.offers},
        "by_year": {str(year): int((offers["year"] == year).sum()) for year in years},
        "plan": {
            "expected": plan.value,
            "bound": plan.bound,
            "gap": plan.gap,
            "ended": plan.ended,
            "seconds": round(plan.seconds, 2),
            "used": {name: [float(each) for each in used] for name, used in plan.used.items()},
        },
        "prices": [
            {"row": label(row), "kind": row.kind, "price": float(price)}
            for row, price in zip(plan.rows, plan.prices, strict=True)
        ],
        "drawn_to_similar": found.drawn,
        "promises": {
            "drawn" if drawn else "own": {"promised": one.promised, "kept": one.kept, "error": one.error}
            for drawn, one in found.promises.items()
        },
        "budgets": {one.id: budget_of(one) for one in found.resources},
        "judged": {name: _judged(found, name) for name in found.judged.trials},
        "draws": found.judged.draws,
        "resolves": found.resolves,
    }


def _judged(found: Allocation, name: str) -> dict[str, Any]:
    """What one way of giving the money did, and how the listed plan differs from it, draw by draw."""
    trial, best = found.judged.trials[name], found.judged.trials[OPTIMAL]
    told: dict[str, Any] = {
        "commit": found.scales.get(name),
        "added": _points(trial.added[found.goal]),
        "spent": {one.id: _points(trial.spent[one.id].sum(axis=1)) for one in found.resources},
        "optimal_less_this": _points(best.added[found.goal] - trial.added[found.goal]),
        "optimal_better": float((best.added[found.goal] > trial.added[found.goal]).mean()),
        "others": {other: float(values.mean()) for other, values in trial.added.items()},
    }
    if name in found.judged.honoured:
        told["overrun"] = _overruns(found, found.judged.honoured[name])
    return told


def _overruns(found: Allocation, trial: Trial) -> Mapping[str, float]:
    return {one.id: float(overrun(one, trial.spent[one.id]).mean()) for one in found.resources}


def _points(values: Floats) -> dict[str, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return {"mean": float(values.mean()), "error": error, "p5": float(low), "p50": float(middle), "p95": float(high)}
