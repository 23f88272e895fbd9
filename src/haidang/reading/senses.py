"""What a word of several senses counts here: `14 cảng` are airports beside `sân bay`, ports beside `tàu biển`.

A wrong translation is worse than none. So such a word is the unit that the words beside it tell, where they tell one
and no other, and else the document's own word.
"""

from __future__ import annotations

from haidang.reading.amounts import Amount
from haidang.reading.numbers import number
from haidang.reading.units import Line

__all__ = ["meant"]

BESIDE = 160
"""How many characters on either side of a number tell what is counted."""


def meant(line: Line, unit: str, first: Amount, start: int, end: int) -> str:
    """The unit that a word of several senses means, with the rate behind it as it was.

    Args:
        line: the sentence.
        unit: of the number, or the word that counts different things.
        first: the number: what is told with decimals is measured, `85,3 điểm`, and counts nothing.
        start: of the number.
        end: of its unit.
    """
    word, *rates = unit.split("/")
    senses = line.patterns.several.get(word)
    if senses is None:
        return unit
    counted = line.patterns.counted
    measured = [name for name, _ in senses if name not in counted]
    if measured and _has_decimals(line, first):
        return "/".join((measured[0], *rates))
    told = [name for name, words in senses if words.search(line.text, max(0, start - BESIDE), end + BESIDE)]
    return "/".join((told[0] if len(told) == 1 else word, *rates))


def _has_decimals(line: Line, first: Amount) -> bool:
    value = None if first.word is not None else number(first.text, line.digits)
    return value is not None and value != int(value)
