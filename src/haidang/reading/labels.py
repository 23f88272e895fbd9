"""The unit of a number that stands behind a label: `Số lao động: 1.250`, `Diện tích (ha): 450`, `| Projects | 45 |`."""

from __future__ import annotations

import re

from haidang.reading.firmness import how_firmly
from haidang.reading.units import Line

__all__ = ["unit_of_label"]

LONGEST_LABEL = 120
"""Characters of a label in front of its number."""
_BULLET = re.compile(r"^\s*(?:[-–•*+]\s+|\d{1,2}[.)]\s+|[a-zđ]\)\s+)?")
_END = re.compile(r"\s*[:|]\s*$")
_BRACKETS = re.compile(r"\((?P<inside>[^()]{1,40})\)\s*$")
_ASIDE = re.compile(r"^(?:đơn vị(?: tính)?|đvt|unit)\s*:?\s*", re.IGNORECASE)
_NUMBERS = re.compile(r"[\d\s.,%+–-]*")


def unit_of_label(line: Line, at: int) -> tuple[str, float] | None:
    """The unit that a label gives a number at a place, and what multiplies it; none where nothing is such a label."""
    left = line.text[max(0, at - LONGEST_LABEL) : at]
    if ":" not in left and "|" not in left:
        return None
    _, said_at = how_firmly(left, line.patterns)
    left = left if said_at is None else left[:said_at]
    end = _END.search(left)
    if end is None:
        return None
    for cell in reversed(left[: end.start()].split("|")):
        label = cell.strip()
        if label != "%" and _NUMBERS.fullmatch(label):
            continue
        brackets = _BRACKETS.search(label)
        alone = label if "|" in left else ""
        whole = _unit(line, alone if brackets is None else _ASIDE.sub("", brackets["inside"].strip()))
        return whole or _counted(line, _BULLET.sub("", re.split(r"[:;(]", label)[0]).strip())
    return None


def _unit(line: Line, text: str) -> tuple[str, float] | None:
    """The unit that a text is and nothing else, `tỷ đồng`, `USD million`."""
    factor, words = 1.0, text.casefold().split()
    rest = [word for word in words if word not in line.rules.multipliers]
    for word in words:
        factor *= line.rules.multipliers.get(word, 1.0)
    unit = line.patterns.units.get(" ".join(rest))
    silent = line.rules.money_where_silent.get(text.casefold())
    return (unit, factor) if unit is not None else None if silent is None else (silent, factor)


def _counted(line: Line, label: str) -> tuple[str, float] | None:
    """What a label counts: `Số hồ sơ tiếp nhận`, `Dự án mới`, `New projects`, `Number of permits issued`."""
    if " " not in label and not label.endswith("s"):
        # `Phòng: 305` is the name of a room.
        return None
    found = line.patterns.label_counts.match(label)
    if found is not None:
        word = found["unit"]
    elif line.language == "en":
        named = [one["word"] for one in line.patterns.any_unit.finditer(re.split(r"\s(?:of|in|by|per)\s", label)[0])]
        word = named[-1] if named and line.patterns.number_lead.match(label) is None else None
    else:
        first = line.patterns.any_unit.match(label)
        word = None if first is None else first["word"]
    if word is None:
        plural = line.patterns.number_lead.match(label)
        return None if plural is None else (plural["noun"], 1.0)
    name = line.patterns.units[" ".join(word.split()).casefold()]
    return (name, 1.0) if name in line.patterns.counted else None
