"""The time on which a passage or a table reports, for those of its values that tell none.

The first months of a year and its quarters and halves hold for what stands behind them until another time is told; a
month or a year only with which a sentence opens, and to the end of its paragraph. What is long over holds for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from haidang.reading.dates import Mention
from haidang.reading.draft import Draft, Period, Span
from haidang.reading.rules import Rules, alternatives
from haidang.reading.tables import PARTING, cell_at, columns

__all__ = ["Report", "is_longer"]

OPENING = 40
"""Characters within which a sentence opens with a time."""
RECENT, MONTH, YEAR = timedelta(days=366), timedelta(days=31), timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Report:
    """What holds for a sentence.

    Args:
        period: on which the sentences before it report.
        sentences: how many have told none since.
        last: of which the sentence before tells, wherever it does.
        heading: of a table, the time of each of its columns.
    """

    period: Period | None = None
    sentences: int = 0
    last: Period | None = None
    heading: tuple[Period | None, ...] = ()

    def behind(
        self, sentence: Span, times: tuple[Mention, ...], published: date | None, begins: bool, rules: Rules
    ) -> Report:
        """The report that holds for a sentence, which may begin a paragraph."""
        if begins and self.period is not None and not _is_count_so_far(self.period):
            return replace(self, period=None).behind(sentence, times, published, False, rules)
        if all(one.period is None for one in times):
            last = self.last if _goes_on(rules).match(sentence.text) is not None else None
            return replace(self, period=self.period or last, sentences=self.sentences + 1, last=last)
        if PARTING in sentence.text:
            return Report(heading=columns(sentence.text, times))
        recent = [
            (one.start, one.period)
            for one in times
            if one.period is not None and is_longer(one.period)
            if published is not None and _is_recent(one.period, published)
        ]
        held = [period for start, period in recent if start <= OPENING or _is_count_so_far(period)]
        return Report(held[-1] if held else None, last=recent[-1][1] if recent else None)

    def of(self, draft: Draft) -> Period | None:
        """The period of a draft: its own, or for a value without one that of the report."""
        if draft.period is not None or draft.kind != "indicator" or not self.sentences:
            return draft.period
        if self.heading and len(self.heading) == draft.sentence.text.count(PARTING) + 1:
            return self.heading[cell_at(draft.sentence.text, draft.span.start - draft.sentence.start)]
        return self.period


@lru_cache(maxsize=8)
def _goes_on(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{alternatives(rules.going_on)})(?!\w)", re.IGNORECASE)


def is_longer(period: Period) -> bool:
    """Whether a period is longer than a day."""
    return period.start != period.end


def _is_recent(period: Period, published: date) -> bool:
    """Whether a period has two ends and was over no more than a year before a document."""
    if period.start is None or period.end is None:
        return False
    return period.end <= published <= period.end + RECENT


def _is_count_so_far(period: Period) -> bool:
    """Whether a period is longer than a month and shorter than a year."""
    return period.start is not None and period.end is not None and MONTH < period.end - period.start < YEAR
