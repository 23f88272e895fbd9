"""An evaluation as a whole: the question, the answer, the decision, and what was not as planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from haidang.frameworks.framework import Language
from haidang.learn.evaluate.bounds import Bounds
from haidang.learn.evaluate.effect import Effect
from haidang.learn.evaluate.rule import Decision

Titles = Mapping[Language, str]
Design = Literal[
    "randomised",
    "clustered",
    "paired",
    "encouraged",
    "staggered",
    "synthetic_control",
    "synthetic_did",
    "at_cutoff",
]


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that was done otherwise than declared.

    Args:
        what: that was otherwise.
        why: the reason; none where nobody gave one.
    """

    what: Titles
    why: Titles | None = None

    def as_json(self) -> dict[str, Any]:
        """The deviation as JSON takes it."""
        return {"what": dict(self.what), "why": None if self.why is None else dict(self.why)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that the report says.

    Args:
        title: of the pilot.
        question: that the pilot was to answer.
        outcome: what was measured.
        unit: its unit of measure, as it is written.
        design: how treatment came about.
        effect: what was found, with its second estimator.
        decision: by the rule declared beforehand.
        registered: date and hash of the registered plan; none where the analysis was not registered.
        deviations: from that plan.
        lot: the effect by randomisation inference, where the lot can be repeated.
        bounds: for attrition, where outcomes were lost.
        factor: by which effects are divided before they are written in `unit`: 1e9 for billions.
    """

    title: Titles
    question: Titles
    outcome: Titles
    unit: Titles
    design: Design
    effect: Effect
    decision: Decision
    registered: str | None = None
    deviations: tuple[Deviation, ...] = ()
    lot: Effect | None = None
    bounds: Bounds | None = None
    factor: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The evaluation as JSON takes it, effects in the outcome's own unit."""
        return {
            "title": dict(self.title),
            "question": dict(self.question),
            "outcome": dict(self.outcome),
            "unit": dict(self.unit),
            "design": self.design,
            "effect": self.effect.as_json(),
            "decision": self.decision.as_json(),
            "registered": self.registered,
            "deviations": [one.as_json() for one in self.deviations],
            "lot": None if self.lot is None else self.lot.as_json(),
            "bounds": None if self.bounds is None else self.bounds.as_json(),
            "factor": self.factor,
        }
