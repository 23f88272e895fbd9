"""How factories decide: the estimates behind `facts/decision.yaml`.

    python -m haidang.packs.hcmc.fits.decisions --data recommendations.parquet --out facts/decision.yaml

Two steps. First the responses to cost and saving, from a conditional logit with plant effects, in the spirit of
Anderson and Newell (2004): energy items of plants that adopted some and refused others. Then, with these two held
fixed, the intercepts of technology groups, the response to size and the spread between plants, from a logit with a
normal plant effect on the items of all kinds. Money is in US dollars of the year of the visit; a model that uses the
coefficients must turn its own money into dollars first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from haidang.errors import HaidangError
from haidang.packs.hcmc.fits.facts import Fitted, facts_text
from haidang.packs.hcmc.fits.logit import (
    Estimate,
    Floats,
    Integers,
    fit_conditional,
    fit_pooled,
    fit_random,
    marginal_share,
    random_likelihood,
)
from haidang.packs.hcmc.fits.records import (
    GROUPS,
    PAYBACKS,
    SIZES,
    Decisions,
    payback_bin,
    read_parquet,
    read_workbook,
    select,
    size_class,
)

SPLIT = 2015
# What the literature on these data says of the same model and years.
PUBLISHED = {"log_cost": (-0.303, 0.009), "log_saving": (0.186, 0.010), "decisions": 50135, "plants": 7843}


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """The two estimates and their common covariance.

    Attributes:
        money: conditional logit on log cost and log saving.
        rest: logit with plant effects: groups in the order of `GROUPS`, log employees, log of the plants' deviation.
        covariance: of all coefficients, those of `money` first; the second step carries the error of the first.
    """

    money: Estimate
    rest: Estimate
    covariance: Floats

    @property
    def coefficients(self) -> Floats:
        """All coefficients, those of `money` first."""
        return np.concatenate([self.money.coefficients, self.rest.coefficients])

    @property
    def deviation(self) -> float:
        """Standard deviation of the plant effect, in logit units."""
        return float(np.exp(self.rest.coefficients[-1]))

    def shares(self, decisions: Decisions) -> Floats:
        """Chance that a plant drawn at random adopts each item."""
        utility = decisions.money @ self.money.coefficients + design(decisions) @ self.rest.coefficients[:-1]
        return marginal_share(utility, self.deviation)


def design(decisions: Decisions) -> Floats:
    """One column per group and the logarithm of employees."""
    return np.column_stack([np.eye(len(GROUPS))[decisions.group], decisions.size])


def fit_two_steps(decisions: Decisions) -> TwoSteps:
    """Estimate both steps; the covariance stacks their scores by plant (Newey, 1984).

    Raises:
        FitError: a step does not converge.
    """
    energy, sized = decisions.where(decisions.energy).divided(), decisions.sized()
    money = fit_conditional(energy.money, energy.adopted, energy.plant)
    rest = fit_random(design(sized), sized.adopted, sized.plant, sized.money @ money.coefficients)
    return TwoSteps(money, rest, _stacked(money, rest, energy, sized))


def _stacked(money: Estimate, rest: Estimate, energy: Decisions, sized: Decisions) -> Floats:
    first, total = len(money.coefficients), len(money.coefficients) + len(rest.coefficients)
    scores = np.zeros((int(max(energy.visit.max(), sized.visit.max())) + 1, total))
    scores[energy.plants(), :first] = money.scores
    scores[sized.plants(), first:] = rest.scores
    slope = np.zeros((total, total))
    slope[:first, :first], slope[first:, first:] = money.hessian, rest.hessian
    slope[first:, :first] = _cross(money.coefficients, rest.coefficients, sized)
    inverse = np.linalg.pinv(slope)
    covariance = inverse @ (scores.T @ scores) @ inverse.T
    return (covariance + covariance.T) / 2.0


def _cross(money: Floats, rest: Floats, sized: Decisions, width: float = 1e-5) -> Floats:
    """How the second step's score moves with the first step's coefficients."""
    x = design(sized)

    def score(at: Floats) -> Floats:
        return random_likelihood(rest, x, sized.adopted, sized.plant, sized.money @ at)[1].sum(axis=0)

    return np.column_stack([(score(money + s) - score(money - s)) / (2.0 * width) for s in width * np.eye(len(money))])


def time_split(decisions: Decisions) -> dict[str, Any]:
    """Fit on the years to 2015, predict the later ones: shares by group, payback and size, and single plants."""
    fitted = fit_two_steps(decisions.within(0, SPLIT))
    later = decisions.sized().within(SPLIT + 1, 9999)
    share = fitted.shares(later)
    base = float(decisions.sized().within(0, SPLIT).adopted.mean())
    edges = ["0.02", *(f"{edge:g}" for edge in PAYBACKS), "9"]
    bins = [f"{low}-{high} years" for low, high in pairwise(edges)]
    return {
        "fitted_on": f"2001-{SPLIT}",
        "predicted": f"{SPLIT + 1}-2023",
        "decisions": len(later),
        "share_predicted": float(share.mean()),
        "share_realised": float(later.adopted.mean()),
        "share_before": base,
        "by_group": _shares(list(GROUPS), later.group, share, later),
        "by_payback": _shares(bins, payback_bin(later.money), share, later),
        "by_size": _shares(list(SIZES), size_class(later.size), share, later),
        "single_plants": {
            "area_under_curve": area_under_curve(share, later.adopted),
            "log_score": log_score(share, later.adopted),
            "log_score_base_rate": log_score(np.full(len(later), base), later.adopted),
        },
    }


def _shares(names: Sequence[str], of: Integers, share: Floats, decisions: Decisions) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for position, name in enumerate(names):
        here = of == position
        if here.any():
            realised = float(decisions.adopted[here].mean())
            rows.append(
                {"id": name, "n": int(here.sum()), "realised": realised, "predicted": float(share[here].mean())}
            )
    return rows


def area_under_curve(share: Floats, adopted: Integers | np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """Chance that an adopted item had a higher predicted share than a refused one (Mann and Whitney, 1947)."""
    yes = np.asarray(adopted, dtype=bool)
    _, place, ties = np.unique(share, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2.0)[place]
    positive, negative = int(yes.sum()), int((~yes).sum())
    return float((ranks[yes].sum() - positive * (positive + 1) / 2) / (positive * negative))


def log_score(share: Floats, adopted: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """Mean logarithm of the probability given to what happened; nearer to zero is better."""
    return float(np.mean(np.log(np.where(adopted, share, 1.0 - share))))


def cost_elasticity(decisions: Decisions) -> tuple[float, float]:
    """Slope of log cost on log sales within groups, and its standard error clustered by plant."""
    known = decisions.where(~np.isnan(decisions.sales))
    x = np.column_stack([np.eye(len(GROUPS))[known.group], known.sales])
    slopes = np.linalg.lstsq(x, known.money[:, 0], rcond=None)[0]
    rest = x * (known.money[:, 0] - x @ slopes)[:, None]
    scores = np.stack([np.bincount(known.plant, rest[:, c]) for c in range(x.shape[1])], axis=1)
    inverse = np.linalg.pinv(x.T @ x)
    return float(slopes[-1]), float(np.sqrt((inverse @ (scores.T @ scores) @ inverse)[-1, -1]))


def report(decisions: Decisions, fitted: TwoSteps) -> dict[str, Any]:
    """Everything that was estimated, as plain numbers."""
    energy, sized = decisions.where(decisions.energy).divided(), decisions.sized()
    offset = sized.money @ fitted.money.coefficients
    pooled = fit_pooled(design(sized), sized.adopted, sized.plant, offset)
    free = fit_pooled(np.column_stack([design(sized), sized.money]), sized.adopted, sized.plant, np.zeros(len(sized)))
    slope, error = cost_elasticity(decisions)
    names = [*GROUPS, "log_size"]
    return {
        "restriction": "fiscal years 2001-2023, answer known, cost and saving > 0, payback in (0.02, 9] years",
        "money": "US dollars of the year of the visit",
        "conditional": {
            "sample": "first stream of savings is energy, plants with adopted and refused items",
            "decisions": len(energy),
            "plants": int(energy.plant.max()) + 1,
            "log_likelihood": fitted.money.log_likelihood,
            **_named(["log_cost", "log_saving"], fitted.money.coefficients, fitted.money.standard_errors),
            "published": PUBLISHED,
        },
        "plant_effect": {
            "sample": "all kinds of items, employees known; log cost and log saving held at the conditional estimates",
            "decisions": len(sized),
            "plants": int(sized.plant.max()) + 1,
            "log_likelihood": fitted.rest.log_likelihood,
            "deviation": fitted.deviation,
            **_named(names, fitted.rest.coefficients, np.sqrt(np.diag(fitted.covariance))[2:]),
        },
        "covariance": {"of": ["log_cost", "log_saving", *names, "log_deviation"], "rows": fitted.covariance.tolist()},
        "pooled": _named(names, pooled.coefficients, pooled.standard_errors),
        "pooled_free": _named([*names, "log_cost", "log_saving"], free.coefficients, free.standard_errors),
        "cost_elasticity_with_sales": {"value": slope, "se": error},
    }


def _named(names: Sequence[str], values: Floats, errors: Floats) -> dict[str, Any]:
    pairs = zip(values[: len(names)], errors[: len(names)], strict=True)
    return {name: {"value": float(v), "se": float(e)} for name, (v, e) in zip(names, pairs, strict=True)}


def write(path: Path, text: str) -> None:
    """Replace a file as a whole."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8")
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def rounded(value: Any) -> Any:
    """The same structure with numbers of eight significant digits."""
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, Mapping):
        return {str(key): rounded(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Estimate, write the facts and the JSON file beside this script; 1 where the user must mend something."""
    parser = argparse.ArgumentParser(description="Estimate how factories decide and write the facts.")
    data = parser.add_mutually_exclusive_group(required=True)
    data.add_argument("--data", type=Path, help="the joined Parquet file")
    data.add_argument("--workbook", type=Path, help="the official workbook (xlsx)")
    parser.add_argument("--out", type=Path, required=True, help="the facts file to write")
    parser.add_argument("--report", type=Path, default=Path(__file__).with_suffix(".json"))
    given = parser.parse_args(arguments)
    path: Path = given.data or given.workbook
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        decisions = select(read_parquet(path) if given.data else read_workbook(path))
        fitted, today = fit_two_steps(decisions), date.today().isoformat()
        told = {"data": {"file": path.name, "sha256": digest}, "date": today, **report(decisions, fitted)}
        told["time_split"] = time_split(decisions)
        counts = np.bincount(decisions.sized().group, minlength=len(GROUPS)).astype(np.float64)
        outcome = Fitted(fitted.coefficients, fitted.covariance, fitted.deviation, counts, rounded(told))
        write(given.out, facts_text(outcome))
        write(given.report, json.dumps(rounded(told), indent=1, ensure_ascii=False) + "\n")
    except (HaidangError, OSError) as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
