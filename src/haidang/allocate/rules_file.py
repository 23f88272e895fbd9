"""Group rules from a file: at least or at most so much for a group, in words that a programme officer writes.

rules:
  small-firms: {at_least: 40 %, of: loan, among: {size: [small, medium]}}
  no-area-takes-all: {at_most: 60 %, of: loan, each: area}
  enough-factories: {at_least: 200, of: units}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from haidang.allocate.problem import OFFERS, UNITS, Rule
from haidang.errors import HaidangError, did_you_mean
from haidang.facts import Reader, Scalar, canonical, canonical_unit, read_yaml

Sense = Literal["at_least", "at_most"]
_KEYS = ("at_least", "at_most", "of", "among", "each", "years")


class RuleError(HaidangError):
    """A rule that contradicts itself, or speaks of what is not there."""


def load_rules(
    path: Path, measures: Mapping[str, str], groups: Mapping[str, Sequence[str]], years: Sequence[int]
) -> tuple[Rule, ...]:
    """The rules of a file.

    Args:
        path: the file.
        measures: what may be measured, with its unit of measure.
        groups: the columns that rules may speak of, with the groups that units stand in.
        years: of the plan.

    Raises:
        HaidangError: the file is not as it should be, or speaks of what is not there; with the nearest that is.
    """
    top = Reader(read_yaml(path), path)
    top.forbid_unknown(("rules",))
    found: list[Rule] = []
    for name, entry in top.children("rules").items():
        entry.forbid_unknown(_KEYS)
        found += _rules(name, entry, {**measures, OFFERS: "1", UNITS: "1"}, groups, years)
    return tuple(found)


def _rules(
    name: str, entry: Reader, measures: Mapping[str, str], groups: Mapping[str, Sequence[str]], years: Sequence[int]
) -> list[Rule]:
    given = [one for one in ("at_least", "at_most") if entry.optional(one) is not None]
    if len(given) != 1:
        raise RuleError("expected either 'at_least' or 'at_most'", entry.place())
    sense: Sense = "at_least" if given[0] == "at_least" else "at_most"
    measure = entry.text("of")
    if measure not in measures:
        raise RuleError(
            f"expected something that is measured, found '{measure}'", entry.place("of"), _near(measure, measures)
        )
    share, amount = _bound(entry, sense, measures[measure])
    when = _years(entry, years)
    if entry.optional("each") is not None:
        column = _column(entry.text("each"), entry, "each", groups)
        return [
            Rule(f"{name}: {group}", measure, sense, column, (group,), share, amount, when) for group in groups[column]
        ]
    if entry.optional("among") is None:
        return [Rule(name, measure, sense, None, (), share, amount, when)]
    among = entry.child("among")
    if len(among.keys) != 1:
        raise RuleError(f"expected one column, found {len(among.keys)}", entry.place("among"))
    column = _column(among.keys[0], entry, "among", groups)
    single = isinstance(among.required(column), Scalar)
    words = (among.text(column),) if single else among.texts(column)
    for word in words:
        if word not in groups[column]:
            hint = did_you_mean(word, groups[column])
            raise RuleError(
                f"expected a group of '{column}' that some unit is in, found '{word}'", among.place(column), hint
            )
    return [Rule(name, measure, sense, column, words, share, amount, when)]


def _bound(entry: Reader, sense: Sense, unit: str) -> tuple[float | None, float | None]:
    """A share of what all get, or an amount in the unit of what is measured."""
    node = entry.required(sense)
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text.replace(".", "", 1).isdigit():
        if unit != "1":
            raise RuleError(f"expected a share such as 40 % or an amount in {unit}, found '{text}'", entry.place(sense))
        return None, float(text)
    value, written = entry.quantity(sense)
    if value < 0:
        raise RuleError(f"expected nothing below 0, found '{text}'", entry.place(sense))
    if canonical_unit(written) == "1":
        share = canonical(value, written)
        if share > 1:
            raise RuleError(f"expected a share of at most 100 %, found '{text}'", entry.place(sense))
        return share, None
    if canonical_unit(written) != canonical_unit(unit):
        raise RuleError(f"expected {unit} or a share, found {written}", entry.place(sense))
    return None, canonical(value, written)


def _years(entry: Reader, years: Sequence[int]) -> tuple[int, ...] | None:
    if entry.optional("years") is None:
        return None
    found = tuple(int(one) for one in entry.texts("years") if one.isdigit())
    if not found or not set(found) <= set(years):
        raise RuleError(f"expected years from {years[0]} to {years[-1]}", entry.place("years"))
    return found


def _column(name: str, entry: Reader, key: str, groups: Mapping[str, Sequence[str]]) -> str:
    if name not in groups:
        raise RuleError(f"expected a column of groups, found '{name}'", entry.place(key), _near(name, groups))
    return name


def _near(word: str, known: Mapping[str, object]) -> str:
    return did_you_mean(word, known)
