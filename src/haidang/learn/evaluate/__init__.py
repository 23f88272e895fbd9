"""Evaluation: did the programme work, by how much, and how sure is that.

For: a pilot's or a programme's data, analysed by the design that made them.
Given: a polars table and the names of its columns; for randomisation inference, the very draw of the assignment.
Gives: one `Effect` for each design (`randomised`, `clustered`, `paired`, `encouraged`, `staggered`,
`synthetic_control`, `synthetic_did`, `at_cutoff`) with diagnostics and a second estimator; `randomisation_inference`,
`lee_bounds`; `decide`, the rule declared beforehand; `write_evaluation`, the report in both
languages.
Never: drops a row unsaid, hides a warning, or gives an interval where the design's approximation is known to fail.

Estimators are those of diff-diff and pyfixest; ours are what has to repeat the assignment (`repeat`), placebos, bounds,
and the estimators on arrays (`arrays`, `arrays_panel`) that a simulation calls thousands of times.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.learn.evaluate.assignments import Assignments, flipped, permuted
    from haidang.learn.evaluate.bounds import Bounds, lee_bounds
    from haidang.learn.evaluate.by_cluster import clustered
    from haidang.learn.evaluate.by_encouragement import encouraged
    from haidang.learn.evaluate.by_pair import paired
    from haidang.learn.evaluate.by_steps import staggered
    from haidang.learn.evaluate.by_unit import randomised
    from haidang.learn.evaluate.cutoff import at_cutoff
    from haidang.learn.evaluate.dates import check_order
    from haidang.learn.evaluate.effect import Diagnostic, Effect, Point
    from haidang.learn.evaluate.mistakes import EvaluationError
    from haidang.learn.evaluate.repeat import randomisation_inference
    from haidang.learn.evaluate.report.evaluation import Deviation, Evaluation
    from haidang.learn.evaluate.report.files import write_evaluation
    from haidang.learn.evaluate.rule import Decision, decide
    from haidang.learn.evaluate.synthetic import synthetic_control, synthetic_did

__all__ = [
    "Assignments",
    "Bounds",
    "Decision",
    "Deviation",
    "Diagnostic",
    "Effect",
    "Evaluation",
    "EvaluationError",
    "Point",
    "at_cutoff",
    "check_order",
    "clustered",
    "decide",
    "encouraged",
    "flipped",
    "lee_bounds",
    "paired",
    "permuted",
    "randomisation_inference",
    "randomised",
    "staggered",
    "synthetic_control",
    "synthetic_did",
    "write_evaluation",
]

_HOMES = {
    "Assignments": "assignments",
    "Bounds": "bounds",
    "Decision": "rule",
    "Deviation": "report.evaluation",
    "Diagnostic": "effect",
    "Effect": "effect",
    "Evaluation": "report.evaluation",
    "EvaluationError": "mistakes",
    "Point": "effect",
    "at_cutoff": "cutoff",
    "check_order": "dates",
    "clustered": "by_cluster",
    "decide": "rule",
    "encouraged": "by_encouragement",
    "flipped": "assignments",
    "lee_bounds": "bounds",
    "paired": "by_pair",
    "permuted": "assignments",
    "randomisation_inference": "repeat",
    "randomised": "by_unit",
    "staggered": "by_steps",
    "synthetic_control": "synthetic",
    "synthetic_did": "synthetic",
    "write_evaluation": "report.files",
}
"""The module of each public name: the records load no estimator, an estimator loads its own library only."""


def __getattr__(name: str) -> Any:
    """A public name, from its module, which is imported now."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"haidang.learn.evaluate.{_HOMES[name]}"), name)
