"""How well the odds' forecasts of short series are calibrated, on published series of the folder beside the repository.

`python benchmarks/odds_calibration.py ../shared` rolls the origin over every series, shows the method the last three to
eight points before it, and holds the forecasts one to five years ahead against what came. The priors were chosen on
the half `chosen` and are reported on the half `held`; regions, countries and technologies alternate between the two.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from haidang.results.scores import crps, crps_of_normal
from haidang.track.odds.one_point import from_one_point
from haidang.track.odds.priors import TRENDS, Scale, TrendPrior
from haidang.track.odds.series import Series, clock, from_line
from haidang.track.odds.trend import learn, ragged

Array = NDArray[np.float64]
HORIZONS = (1.0, 2.0, 3.0, 5.0)
POINTS = range(3, 9)
SHARES = tuple((np.arange(100) + 0.5) / 100)
LEVELS = (0.5, 0.8, 0.9)


@dataclass(frozen=True)
class Case:
    """One origin: what was seen, and what came some years later, on the line of the scale."""

    kind: str
    entity: str
    half: str
    years: tuple[float, ...]
    values: tuple[float, ...]
    horizon: float
    came: float


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file, by the names of its columns."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def published(shared: Path) -> Iterator[tuple[str, Scale, str, list[tuple[float, float]]]]:
    """Kind, scale, entity and points of every published series."""
    data = shared / "data"
    found: dict[tuple[str, Scale, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows(data / "ev_adoption_2010_2023.csv"):
        if row["mode"] == "Cars" and row["parameter"] in ("EV sales share", "EV stock share"):
            found[row["parameter"], "logit", row["region"]].append((float(row["year"]), float(row["value"]) / 100))
        if row["mode"] == "Cars" and row["parameter"] == "EV stock" and row["powertrain"] == "BEV":
            found["EV stock", "log", row["region"]].append((float(row["year"]), float(row["value"])))
    for row in rows(data / "technology_diffusion_us.csv"):
        key = "technology in US homes", "logit", row["Entity"]
        found[key].append((float(row["Year"]), float(list(row.values())[2]) / 100))
    columns = {
        "electricity demand": "Electricity demand (TWh)",
        "emissions of electricity": "Emissions (MtCO2)",
        "carbon intensity": "Carbon intensity of electricity (gCO2/kWh)",
    }
    for row in rows(data / "electricity_mix_asia_2000_2021.csv"):
        for kind, column in columns.items():
            if row[column]:
                found[kind, "log", row["Entity"]].append((float(row["Year"]), float(row[column])))
    for row in rows(shared / "facts" / "hcmc_rankings.csv"):
        if row["index"] == "GFCI":
            year, month = row["edition"].split("-")
            found["rank (GFCI)", "rank", "HCMC"].append((int(year) + (int(month) - 1) / 12, float(row["rank"])))
    for (kind, scale, entity), points in found.items():
        yield kind, scale, entity, sorted(points)


def cases(shared: Path) -> dict[Scale, list[Case]]:
    """Every origin of every series, by scale."""
    found: dict[Scale, list[Case]] = {"log": [], "logit": [], "rank": []}
    entities: dict[str, list[str]] = defaultdict(list)
    for kind, scale, entity, points in sorted(published(shared)):
        entities[kind].append(entity)
        half = "held" if kind.startswith("rank") or len(entities[kind]) % 2 == 0 else "chosen"
        line = [(year, _line(value, scale)) for year, value in points if 0 < value < (1 if scale == "logit" else 1e99)]
        for end in range(min(POINTS) - 1, len(line)):
            for horizon in HORIZONS:
                came = [value for year, value in line if abs(year - line[end][0] - horizon) < 0.01]
                for count in POINTS:
                    seen = line[end + 1 - count : end + 1]
                    if came and end + 1 >= count and seen[-1][0] - seen[0][0] <= 2 * count:
                        years, values = zip(*seen, strict=True)
                        found[scale].append(Case(kind, entity, half, years, values, horizon, came[0]))
    return found


def _line(value: float, scale: Scale) -> float:
    return float(np.log(value / (1 - value)) if scale == "logit" else np.log(value))


def forecasts(found: list[Case], prior: TrendPrior) -> Array:
    """The hundred equally likely points of each forecast (cases, points)."""
    parts = []
    for start in range(0, len(found), 1000):
        some = found[start : start + 1000]
        years = ragged([case.years for case in some])
        posterior = learn(ragged([case.values for case in some]), years, prior)
        mixture = posterior.forecast(np.array([case.years[-1] + case.horizon for case in some]))
        parts.append(np.stack([mixture.quantile(share) for share in SHARES], axis=1))
    return np.concatenate(parts)


def single_forecasts(found: list[Case], scale: Scale) -> Array:
    """The hundred equally likely points of each forecast from the last value alone (cases, points)."""
    series = [
        Series(case.entity, (date(2000, 1, 1),), (float(from_line(np.array([case.values[-1]]), scale)[0]),), scale)
        for case in found
    ]
    years = np.array([clock(one.dates)[-1] + case.horizon for one, case in zip(series, found, strict=True)])
    mixture = from_one_point(series, scale, np.arange(len(found)), years)
    return np.stack([mixture.quantile(share) for share in SHARES], axis=1)


@dataclass(frozen=True)
class Measured:
    """Means over cases: score of the method, of four naive forecasts, and how often its intervals held the outcome."""

    count: int
    own: float
    last: float
    drift: float
    last_interval: float
    drift_interval: float
    held: tuple[float, ...]


def measured(found: list[Case], points: Array) -> Measured:
    """The scores of some cases on the line of the scale."""
    rows = np.array([[crps(one, case.came), *naive(case)] for case, one in zip(found, points, strict=True)])
    came = np.array([case.came for case in found])
    inside = []
    for level in LEVELS:
        low, high = np.quantile(points, [0.5 - level / 2, 0.5 + level / 2], axis=1, method="hazen")
        inside.append(float(np.mean((low <= came) & (came <= high))))
    return Measured(len(found), *(float(one) for one in rows.mean(axis=0)), tuple(inside))


def naive(case: Case) -> tuple[float, float, float, float]:
    """Scores of the last value and of the mean change carried on: as points, and with their textbook intervals.

    The intervals are those of a random walk without and with drift (Hyndman and Athanasopoulos 2021, section 5.5).
    """
    values, years = np.array(case.values), np.array(case.years)
    gaps, changes = np.diff(years), np.diff(values)
    span = years[-1] - years[0]
    pace = (values[-1] - values[0]) / span
    about_none = max(float(np.sqrt(np.mean(changes**2 / gaps))), 1e-6)
    left = changes - pace * gaps
    about_drift = max(float(np.sqrt(np.sum(left**2 / gaps) / (len(changes) - 1))), 1e-6)
    ahead = values[-1] + pace * case.horizon
    wide = about_drift * np.sqrt(case.horizon * (1 + case.horizon / span))
    return (
        abs(values[-1] - case.came),
        abs(ahead - case.came),
        crps_of_normal(float(values[-1]), about_none * np.sqrt(case.horizon), case.came),
        crps_of_normal(float(ahead), float(wide), case.came),
    )


def table(found: list[Case], points: Array) -> None:
    """A line for each kind, and one for all."""
    groups: Mapping[str, list[int]] = defaultdict(list)
    for place, case in enumerate(found):
        for name in (case.kind, f"~ {len(case.values)} points", f"~ {case.horizon:g} years", "~ all"):
            groups[name].append(place)
    for name, places in sorted(groups.items()):
        one = measured([found[place] for place in places], points[places])
        held = "  ".join(f"{100 * share:5.1f}" for share in one.held)
        naive_ = f"{one.last:.4f} {one.drift:.4f}  {one.last_interval:.4f} {one.drift_interval:.4f}"
        print(f"{name:28s} {one.count:6d}  own {one.own:.4f}  naive {naive_}  inside 50/80/90: {held}")


def main() -> None:
    """Print what the half `held` says of the priors in use."""
    for scale, every in cases(Path(sys.argv[1])).items():
        for half in ("chosen", "held"):
            found = [case for case in every if case.half == half]
            if not found:
                continue
            print(f"\n{scale}, {half}")
            table(found, forecasts(found, TRENDS[scale]))
            print(f"\n{scale}, {half}, the last value alone")
            # Each origin once: the same last value ends a case of three values, of four and so on.
            single = [case for case in found if len(case.values) == min(POINTS)]
            table(single, single_forecasts(single, scale))


if __name__ == "__main__":
    main()
