"""What a sentence of which nothing was drafted says, asks, plans or tells all the same: one draft, for the whole of it.

An office would rather reject a draft than miss a promise. So a sentence in which somebody says, denies, warns, asks,
plans or does something is drafted as it stands, of the kind of its verb; a heading only where it tells a deed, a plan
or a proposal. What only praises, thanks or asks stays out, as do captions and lists of who was there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from haidang.reading.dates import Mention
from haidang.reading.draft import Kind
from haidang.reading.promises import Promise
from haidang.reading.rules import Rules, words_pattern

__all__ = ["statement"]

SHORTEST, SHORTEST_HEADING = 8, 7
"""Words below which a sentence, and a line without an end, states nothing that could be held against anybody."""
_ENDED = re.compile(r"[.!;…][”\"’')\]]*(?:[,.]\s*)?$")


def statement(text: str, times: Sequence[Mention], named: bool, rules: Rules) -> Promise | None:
    """The claim of a sentence that has no other.

    Args:
        text: of the sentence.
        times: that it names.
        named: whether an organisation stands in it or shortly before it; who only says something need not be one.
        rules: by whose words it is known, written as they stand there: `Cần Giờ` needs nothing.
    """
    heading = _ENDED.search(text) is None
    if len(text.split()) < (SHORTEST_HEADING if heading else SHORTEST):
        return None
    if any(words_pattern(words).search(text) is not None for words in (rules.talk, rules.silent)):
        return None
    for kind, words in rules.stating.items():
        verb = words_pattern(words, cased=True).search(text)
        if verb is not None and (named or kind == "indicator") and not (heading and kind == "indicator"):
            time = min(times, key=lambda one: abs(one.start - verb.start()), default=None)
            return Promise(cast("Kind", kind), 0, len(text), verb.start(), time)
    return None
