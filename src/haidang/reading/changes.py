"""What a quantity rises or falls from: a value of now or before, whatever the sentence aims at."""

from __future__ import annotations

import re
from datetime import date

from haidang.reading.amounts import Found
from haidang.reading.dates import Mention
from haidang.reading.draft import Period

__all__ = ["is_beginning", "time_of_beginning"]

REACH = 40
"""Characters in front of a number that are searched for what it begins."""
NEAR = 12
"""Characters behind a number within which a time is its own."""
_FROM = re.compile(
    r"(?<!\w)(?:từ|from)(?:\s+(?:mức|con số|khoảng|gần|hơn|about|nearly|the|a|an|its|initial|previous|level of))*\s*$",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?<!\w)(?:(?:từ|so với)\s+(?:mức|con số)\s+(?:hiện tại|hiện nay|hiện hành)(?:\s+là)?|"
    r"(?:from|than|with|to)\s+(?:(?:the|its|a)\s+)?(?:current|present))\s*$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?(?:(?:vào\s+|hồi\s+|in\s+)?(?:năm\s+)?(?:19|20)\d{2}\s+)?"
    r"(?:lên|xuống|thành|to|up to|down to)(?!\w)",
    re.IGNORECASE,
)


_ASIDE = re.compile(r"\s*\([^()]{0,60}\)")


def is_beginning(text: str, found: Found) -> bool:
    """Whether a number is what another rises or falls from: `from 9 percent to 15 percent`, `từ mức 21% lên 80%`."""
    quantity, left = found.quantity, text[max(0, found.start - REACH) : found.start]
    if quantity.minimum != quantity.maximum:
        return False
    return _NOW.search(left) is not None or (_FROM.search(left) is not None and _TO.match(text, found.end) is not None)


def time_of_beginning(
    text: str, times: tuple[Mention, ...], found: Found, since: int, today: date | None
) -> Period | None:
    """The time right behind such a number; else until that of the change, where it has been; else none.

    Args:
        text: the sentence.
        times: that it names.
        found: the number.
        since: where its part of the sentence begins.
        today: the day of the document, where it is known.
    """
    aside = _ASIDE.match(text, found.end)
    until = found.end + NEAR if aside is None else aside.end()
    behind = next((one.period for one in times if found.end <= one.start <= until), None)
    if behind is not None:
        return behind
    changed = next((one.period for one in reversed(times) if since <= one.start < found.start), None)
    if changed is None or changed.start is None or changed.end is None or (today is not None and changed.end > today):
        return None
    return Period(None, changed.end)
