"""The list as tables: a row for each unit, a row for each offer, and what is told of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.allocation import Allocation
from haidang.allocate.judged import Trial, overrun
from haidang.allocate.why_listed import Why, label, reasons
from haidang.study.plan_file import OPTIMAL, programmes_digest, units_digest
from haidang.study.resource import budget_of

Floats = NDArray[np.float64]
ALWAYS, NEVER = 0.95, 0.05
_ROUNDING = 1e-12
BILLION, MONEY = 1e9, "VND"
UNTESTED = "untested"


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
    if not np.isfinite(share):
        return UNTESTED
    return "always" if share >= ALWAYS else "never" if share <= NEVER else "sometimes"


def _units(found: Allocation, why: Sequence[Why]) -> pl.DataFrame:
    moved = _moved_by_unit(found)
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
                "worth_per_charge": _ratio(one.counted, sum(made.charge for made in one.made)),
                "next": "" if one.next_offer is None else f"{names[one.next_offer]} {one.next_year}",
                "next_expected": one.next_worth,
                **{f"next_{r.id}": one.next_amounts.get(r.id, 0.0) for r in found.resources},
                "next_worth_per_charge": _ratio(one.next_counted, one.next_charge),
                "held_by": found.failed[at] if one.standing == "not_eligible" else one.held_by,
                "share_in": float(found.share_in[at]) if found.resolves else None,
                "share_same": float(found.share_same[at]) if found.resolves else None,
                "certainty": certainty(float(found.share_in[at])),
                **moved[at],
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _moved_by_unit(found: Allocation) -> list[dict[str, str]]:
    """For each unit whether it is in whatever fact moves, and which moves bring it in or put it out."""
    listed = np.asarray((found.offered >= 0).any(axis=1), np.bool_)
    names = [f"{one.fact.id} {one.end}" for one in found.moves.made]
    within = found.moves.within.reshape(len(names), found.valued.ids.size)
    rows: list[dict[str, str]] = []
    for at, here in enumerate(listed.tolist()):
        differs = "; ".join(name for name, there in zip(names, within[:, at].tolist(), strict=True) if there != here)
        word = UNTESTED if not names else "sometimes" if differs else "always" if here else "never"
        rows.append({"moved": word, "enters_with": "" if here else differs, "leaves_with": differs if here else ""})
    return rows


def _moves(found: Allocation, units: pl.DataFrame) -> dict[str, Any]:
    """Who comes on the list and who leaves it where one fact moves to an end of its range."""
    listed = np.asarray((found.offered >= 0).any(axis=1), np.bool_)
    ids = found.valued.ids
    return {
        "carry": found.moves.shares,
        "below_noise": found.moves.below,
        "enough_draws": found.moves.enough,
        "standing": {str(name): int(count) for name, count in units["moved"].value_counts(sort=True).iter_rows()},
        "made": [
            {
                "fact": one.fact.id,
                "end": one.end,
                "value": one.value,
                "unit": one.fact.unit,
                "expected": one.expected,
                "listed": int(within.sum()),
                "enter": ids[within & ~listed].tolist(),
                "leave": ids[listed & ~within].tolist(),
            }
            for one, within in zip(found.moves.made, found.moves.within, strict=True)
        ],
    }


def _another(found: Allocation) -> list[dict[str, Any]]:
    """What another billion dong, or another unit, of each budget that binds would add at most.

    With a little more of a budget no plan is worth more than the bound and the price of what is more, so the plan gains
    that and its gap at the most (weak duality).
    """
    rows: list[dict[str, Any]] = []
    for one in found.resources:
        step = BILLION if one.unit == MONEY else 1.0
        yearly = [(year, found.plan.price(one.id, year)) for year in found.valued.years]
        pairs = zip(found.plan.rows, found.plan.prices, strict=True)
        total = sum(float(price) for row, price in pairs if row.kind == "total" and row.id == one.id)
        for year, price in ((None, total), *yearly):
            if price > 0:
                told = {"resource": one.id, "year": year, "amount": step, "unit": one.unit}
                # A budget that is committed several times brings so many times as much.
                rows.append({**told, "adds_at_most": price * step * found.request.commit})
    return rows


def _curve(found: Allocation) -> dict[str, Any] | None:
    """Plans from the most of the goal to the most of the outcome that was set against it."""
    if found.request.against is None:
        return None
    last = len(found.curve) - 1
    rows = [
        {
            "goal": one.first,
            "other": one.second,
            # The last plan was made for the other outcome, and its bound is one on that.
            "bound": None if at == last else _finite(one.bound),
            "gap": _finite(one.plan.gap),
            "rate": one.rate,
            "ended": one.plan.ended,
        }
        for at, one in enumerate(found.curve)
    ]
    return {"outcome": found.request.against, "points": rows}


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
            *(made.amounts[one.id] for one in found.resources), made.charge, _ratio(made.counted, made.charge),
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
        "facts": dict(found.facts),
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
        "commit": found.request.commit,
        "served": {"by": found.served.by, "tranches": {name: list(one) for name, one in found.served.tranches.items()}},
        "robust": None if found.request.robust is None else {"tail": found.request.robust, "value": plan.value},
        "against": _curve(found),
        "plan": {
            "expected": plan.outcomes[found.goal],
            # A search that was cut short early knows no bound: none is told, and no number that is not one.
            "bound": _finite(plan.bound),
            "gap": _finite(plan.gap),
            "ended": plan.ended,
            "seconds": round(plan.seconds, 2),
            "used": {name: [float(each) for each in used] for name, used in plan.used.items()},
        },
        "prices": [
            {"row": label(row), "kind": row.kind, "price": float(price)}
            for row, price in zip(plan.rows, plan.prices, strict=True)
            if row.kind != "draw"
        ],
        "another": _another(found),
        "moves": _moves(found, units),
        "drawn_to_similar": found.drawn,
        "promises": {
            "drawn" if drawn else "own": {"promised": one.promised, "kept": one.kept, "error": one.error}
            for drawn, one in found.promises.items()
        },
        "budgets": {one.id: budget_of(one) for one in found.resources},
        "judged": {name: _judged(found, name) for name in found.judged.trials},
        "draws": found.judged.draws,
        "relaxed": found.relaxed,
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


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _points(values: Floats) -> dict[str, float]:
    # Sums that cancel leave roundings, which are nothing.
    values = np.where(np.abs(values) <= _ROUNDING * np.abs(values).max(initial=0.0), 0.0, values)
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return {"mean": float(values.mean()), "error": error, "p5": float(low), "p50": float(middle), "p95": float(high)}
