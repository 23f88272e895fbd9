"""What the effect means for the programme, by a rule that was declared before the data came.

The rule knows one number, the smallest effect that is worth the programme's cost, and reads the interval beside it:

| the interval | the estimate | action |
|---|---|---|
| all of it at least worthwhile | | scale |
| all of it better than nothing | at least worthwhile | scale |
| all of it better than nothing, worthwhile not ruled out | less than worthwhile | change |
| neither nothing nor worthwhile ruled out | | change, and learn more |
| worthwhile ruled out | | stop |
| all of it worse than nothing | | stop |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from haidang.errors import Place
from haidang.learn.evaluate.effect import Effect
from haidang.learn.evaluate.mistakes import EvaluationError

if TYPE_CHECKING:
    from haidang.learn.evaluate.bounds import Bounds

Action = Literal["scale", "change", "stop"]
Better = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and why.

    Args:
        action: scale, change or stop.
        reason: key of the sentence that says why.
        smallest_worthwhile: the rule's number, in the outcome's unit of measure, above zero.
        better: whether more or less of the outcome is better.
        cautions: names of diagnostics with a bad verdict, and of bounds for attrition by which the rule would say
            something else: the action stands on what may not hold.
    """

    action: Action
    reason: str
    smallest_worthwhile: float
    better: Better
    cautions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The decision as JSON takes it."""
        return {
            "action": self.action,
            "reason": self.reason,
            "smallest_worthwhile": self.smallest_worthwhile,
            "better": self.better,
            "cautions": list(self.cautions),
        }


def decide(
    effect: Effect, smallest_worthwhile: float, *, better: Better = "more", bounds: Bounds | None = None
) -> Decision:
    """Scale, change or stop, by the table above.

    Args:
        effect: what was found.
        smallest_worthwhile: the smallest effect worth its cost, declared beforehand, above zero whichever way is
            better.
        better: whether more or less of the outcome is better.
        bounds: for attrition, where outcomes were lost.

    Raises:
        EvaluationError: the smallest worthwhile effect is not above zero.
    """
    if not smallest_worthwhile > 0.0:
        raise EvaluationError(
            f"expected a smallest worthwhile effect above zero, found {smallest_worthwhile:g}",
            Place("the plan", key="smallest_worthwhile"),
            "say which way is better by better: more or less",
        )
    sign = 1.0 if better == "more" else -1.0
    estimate = sign * effect.estimate

    def read(one: Effect | Bounds) -> tuple[Action, str]:
        low, high = sorted((sign * one.low, sign * one.high))
        return _read(low, estimate, high, smallest_worthwhile)

    action, reason = read(effect)
    cautions = [one.name for one in effect.diagnostics if one.verdict == "bad"]
    if bounds is not None and read(bounds)[0] != action:
        cautions.append("bounds_row")
    return Decision(action, reason, smallest_worthwhile, better, tuple(dict.fromkeys(cautions)))


def _read(low: float, estimate: float, high: float, worthwhile: float) -> tuple[Action, str]:
    """The row of the table, more being better."""
    if high < 0.0:
        return "stop", "harm"
    if high < worthwhile:
        return "stop", "too_little" if low > 0.0 else "nothing_worthwhile"
    if low >= worthwhile:
        return "scale", "surely_worthwhile"
    if low <= 0.0:
        return "change", "unsure"
    return ("scale", "probably_worthwhile") if estimate >= worthwhile else ("change", "perhaps_too_little")
