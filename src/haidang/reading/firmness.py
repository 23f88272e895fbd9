"""How firmly a number is said: the words in front of it."""

from __future__ import annotations

import re
from dataclasses import replace

from haidang.reading.draft import Qualifier, Quantity
from haidang.reading.patterns import Patterns

__all__ = ["REACH", "firmly", "how_firmly"]

REACH = 60
"""How many characters on the left are searched for a qualifier."""
_UP_TO = re.compile(r"up\s+to(?!\w)", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)(?:từ|from|between)\s*$", re.IGNORECASE)

_ABOVE, _SAID = (
    re.compile(r"trên(?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:nói|kể|nêu|dẫn|bên)\s+$", re.IGNORECASE),
)
"""`Các loại xe nói trên là 25.000 đồng` points back, and does not say that it is more."""
_CAPPED = re.compile(
    r"(?<!\w)(?:cap|caps|capped|capping|limit|limits|limited|limiting)(?:\s+[^\s,;.]+){1,6}?\s+(?P<said>(?:at|to)(?:\s+charging)?\s*)$",
    re.IGNORECASE,
)
"""What a rule limits, in front of how far: `capping most late fees at`."""


def firmly(quantity: Quantity, qualifier: Qualifier) -> Quantity:
    """One number said with a qualifier, its bounds with it; a range stays as it is."""
    if quantity.minimum != quantity.maximum:
        return quantity
    least = None if qualifier == "at_most" else quantity.minimum
    most = None if qualifier in {"at_least", "more_than"} else quantity.maximum
    return replace(quantity, qualifier=qualifier, minimum=least, maximum=most)


def how_firmly(left: str, patterns: Patterns) -> tuple[Qualifier, int | None]:
    """The qualifier that ends the text on the left, the one that begins first where several end there; and where."""
    hits: list[tuple[int, Qualifier]] = [
        (found.start("said"), name)
        for text in dict.fromkeys((left, _FROM.sub("", left)))
        for name, pattern in patterns.before
        if (found := pattern.search(text)) is not None
    ]
    capped = None if hits else _CAPPED.search(left) or patterns.capped.search(left)
    if capped is not None:
        return "at_most", capped.start("said")
    if not hits:
        return "exactly", None
    at, name = min(hits)
    if name == "more_than" and patterns.compared.search(left[:at]) is not None:
        return "exactly", None
    if name == "more_than" and _ABOVE.match(left, at) is not None and _SAID.search(left[:at]) is not None:
        return "exactly", None
    if name == "at_most" and _UP_TO.match(left, at) is not None and patterns.raised.search(left[:at]) is not None:
        # `It will go up to 90%` tells how far, and exactly.
        return "exactly", None
    return name, at
