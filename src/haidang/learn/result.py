"""A forecast beside what came: one outcome, a reference class of several, or a list of cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from haidang.learn.rank import RankOrder, rank_order
from haidang.learn.scores import crps, crps_of_point, inside

Numbers = NDArray[np.float64]
Kind = Literal["one", "class", "cases"]
Scores = Mapping[str, float | None]

QUANTILES = (5, 25, 50, 75, 95)
FORECASTERS = ("model", "official", "naive")
FEWEST_RANKED = 3
"""Two things are in the right order by chance in every second case."""


@dataclass(frozen=True, slots=True)
class Held:
    """One forecast held against one outcome, in the unit of the result.

    Args:
        id: of the fact that came, or of the case.
        title: in both languages.
        draws: the forecast (draws).
        outcome: what came.
        outcome_source: the document that says so, as a report cites it.
        official: the official forecast.
        naive: the naive forecast.
        cutoff: the last day of what the terms of the forecast knew.
        fitted: whether the model's facts were fitted to this outcome.
    """

    id: str
    title: Mapping[str, str]
    draws: Numbers
    outcome: float
    outcome_source: Mapping[str, str | None] | None
    official: float | None
    naive: float
    cutoff: date
    fitted: bool = False

    @property
    def quantiles(self) -> dict[str, float]:
        """The 5, 25, 50, 75 and 95 % points of the forecast."""
        return {str(point): float(np.quantile(self.draws, point / 100.0)) for point in QUANTILES}

    @property
    def median(self) -> float:
        """The middle of the forecast."""
        return float(np.median(self.draws))

    @property
    def scores(self) -> Scores:
        """The continuous ranked probability score of the model, the official and the naive forecast."""
        return {
            "model": crps(self.draws, self.outcome),
            "official": None if self.official is None else crps_of_point(self.official, self.outcome),
            "naive": crps_of_point(self.naive, self.outcome),
        }

    @property
    def log_scores(self) -> Scores | None:
        """The same of natural logarithms; none where something is not above zero."""
        points = [self.outcome, self.naive, *(() if self.official is None else (self.official,))]
        if min(points) <= 0 or self.draws.min() <= 0:
            return None
        outcome = float(np.log(self.outcome))
        return {
            "model": crps(np.log(self.draws), outcome),
            "official": None if self.official is None else crps_of_point(float(np.log(self.official)), outcome),
            "naive": crps_of_point(float(np.log(self.naive)), outcome),
        }

    def covered(self, share: float) -> bool:
        """Whether the outcome lies in the middle `share` of the forecast."""
        return inside(self.draws, self.outcome, share)

    def as_json(self) -> dict[str, Any]:
        """What a run keeps of one of several; the draws are told by their quantiles."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "fitted": self.fitted,
            "cutoff": self.cutoff.isoformat(),
            "quantiles": self.quantiles,
            "outcome": self.outcome,
            "outcome_source": _plain(self.outcome_source),
            "official": self.official,
            "naive": self.naive,
            "crps": dict(self.scores),
            "covered90": self.covered(0.9),
            "covered50": self.covered(0.5),
        }


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """What a backtest found for one quantity.

    Args:
        id: of the backtest and the quantity.
        kind: one outcome, a reference class of one forecast, or cases with a forecast each.
        programmes: whose report shows it; none for all.
        title: of the backtest, in both languages.
        quantity: what was forecast, in both languages.
        cutoff: the last day of what the model knew.
        unit: of all amounts: canonical for money, else as the fact that came states it; `share` for a share.
        held: the forecasts beside what came.
        read: the facts that the forecasts read.
        note: what the reader should know, in both languages.
    """

    id: str
    kind: Kind
    programmes: tuple[str, ...]
    title: Mapping[str, str]
    quantity: Mapping[str, str]
    cutoff: date
    unit: str
    held: tuple[Held, ...]
    read: tuple[str, ...]
    note: Mapping[str, str] | None

    @property
    def scored(self) -> tuple[Held, ...]:
        """Those to which the model was not fitted."""
        return tuple(one for one in self.held if not one.fitted)

    @property
    def scores(self) -> Scores:
        """Scores averaged over what is scored; none for an official forecast that is missing somewhere."""
        return _averages([one.scores for one in self.scored])

    @property
    def log_scores(self) -> Scores | None:
        """Scores of natural logarithms, averaged; none where something is not above zero."""
        found = [one.log_scores for one in self.scored]
        known = [one for one in found if one is not None]
        return _averages(known) if len(known) == len(found) else None

    @property
    def worse_than_naive(self) -> bool:
        """Whether the naive forecast was nearer, by its score, or as near."""
        model, naive = self.scores["model"], self.scores["naive"]
        return model is not None and naive is not None and model >= naive

    @property
    def rank(self) -> RankOrder | None:
        """How well the forecasts' medians order the cases that are scored; none for fewer than three."""
        return self._ranked(lambda one: not one.fitted)

    @property
    def rank_fitted(self) -> RankOrder | None:
        """The same among the cases that the model was fitted to."""
        return self._ranked(lambda one: one.fitted)

    def coverage(self, share: float) -> float:
        """Which part of what is scored lies in the middle `share` of its forecast."""
        return sum(one.covered(share) for one in self.scored) / len(self.scored)

    def as_json(self) -> dict[str, Any]:
        """What a run keeps beside its tables and a page shows."""
        first = self.held[0]
        alone = self.kind == "one"
        shared = self.kind != "cases"
        return {
            "id": self.id,
            "kind": self.kind,
            "programmes": list(self.programmes),
            "title": dict(self.title),
            "cutoff": self.cutoff.isoformat(),
            "quantity": dict(self.quantity),
            "unit": self.unit,
            "quantiles": first.quantiles if shared else {},
            "outcome": first.outcome if alone else None,
            "outcome_source": _plain(first.outcome_source) if alone else None,
            "official": first.official if shared else None,
            "naive": first.naive if shared else None,
            "crps": dict(self.scores),
            "crps_log": None if self.log_scores is None else dict(self.log_scores),
            "worse_than_naive": self.worse_than_naive,
            "covered90": first.covered(0.9) if alone else None,
            "coverage90": self.coverage(0.9),
            "coverage50": self.coverage(0.5),
            "scored": len(self.scored),
            "rank": None if self.rank is None else self.rank.as_json(),
            "rank_fitted": None if self.rank_fitted is None else self.rank_fitted.as_json(),
            "cases": [] if alone else [one.as_json() for one in self.held],
            "read": list(self.read),
            "note": _plain(self.note),
        }

    def _ranked(self, meant: Callable[[Held], bool]) -> RankOrder | None:
        found = [one for one in self.held if meant(one)]
        if self.kind != "cases" or len(found) < FEWEST_RANKED:
            return None
        return rank_order([one.median for one in found], [one.outcome for one in found])


def _averages(scores: Sequence[Scores]) -> Scores:
    return {name: _average([one[name] for one in scores]) for name in FORECASTERS}


def _average(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _plain(words: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if words is None else dict(words)
