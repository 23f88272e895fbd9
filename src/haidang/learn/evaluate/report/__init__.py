"""The report of an evaluation: one page in both languages, and JSON.

For: whoever decides on the programme, and whoever doubts the decision.
Given: an `Evaluation`: the question, the effect, the decision by the declared rule, deviations from the plan.
Gives: `write_evaluation` (report.html, evaluation.json), `summary` for a terminal.
Never: estimates, or decides otherwise than the rule.
"""

from haidang.learn.evaluate.report.evaluation import Deviation, Evaluation
from haidang.learn.evaluate.report.files import write_evaluation
from haidang.learn.evaluate.report.page import evaluation_html
from haidang.learn.evaluate.report.say import Say

__all__ = ["Deviation", "Evaluation", "Say", "evaluation_html", "summary", "write_evaluation"]


def summary(say: Say) -> str:
    """The answer for a terminal."""
    heads, rows = say.estimators
    width = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    table = ["  ".join(cell.ljust(width[at]) for at, cell in enumerate(row)).rstrip() for row in (heads, *rows)]
    when = say.registered
    plan = say.word("unregistered") if when is None else say.word("plan", when=when)
    kept = [f"{what}: {why}" for what, why in say.deviations[1]]
    return "\n".join([say.told.title[say.language], *say.lead, "", *table, "", *say.sure, *kept, plan])
