"""A model that also tells a weighted sum of its outcomes, so that the sum is an outcome like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from haidang.errors import did_you_mean
from haidang.models import Model, Outcome, Scene, Taken
from haidang.study.around import Around
from haidang.study.offers import OfferError

Array = Any
GOAL = "weighted_goal"


class Weighted(Around):
    """A model with one more tracked outcome: the sum of weights times outcomes, each in its own unit of measure.

    Args:
        inner: the model.
        weights: by tracked outcome.

    Raises:
        OfferError: an outcome that is not tracked, or a weight that is not above zero.
    """

    def __init__(self, inner: Model, weights: Mapping[str, float]) -> None:
        """Put the sum on the card."""
        super().__init__(inner)
        known = {one.id: one for one in inner.card.outcomes if one.id in inner.card.tracked}
        for name, weight in weights.items():
            if name not in known:
                hint = did_you_mean(name, known)
                raise OfferError(f"expected a tracked outcome in the goal, found '{name}'", hint=hint)
            if not 0 < weight < float("inf"):
                raise OfferError(f"expected a weight above zero of '{name}' in the goal, found {weight:g}")
            if known[name].good == "less":
                raise OfferError(f"expected outcomes of which more is good, found '{name}'")
        self.weights = dict(weights)
        title = {
            language: " + ".join(
                f"{weight:g} × {known[name].title['vi' if language == 'vi' else 'en']}"
                for name, weight in weights.items()
            )
            for language in ("vi", "en")
        }
        quantum = min(weight * known[name].quantum for name, weight in weights.items())
        summed = Outcome(GOAL, {"vi": title["vi"], "en": title["en"]}, "1", quantum=quantum)
        self.card = replace(inner.card, outcomes=(*inner.card.outcomes, summed), tracked=(*inner.card.tracked, GOAL))

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, and their weighted sum."""
        found = self.inner.outcomes(scene, taken, after)
        parts = [weight * found[name] for name, weight in self.weights.items()]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return {**found, GOAL: total}
