"""What the page of a pilot says, by its kind of design: of what assigns, when it is frozen, what is watched.

A word that a kind says otherwise than the rest stands in the words under `pilots.of`, by the kind's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from haidang.web.pilots.kinds import KINDS, by_lot
from haidang.web.words import Language, words

if TYPE_CHECKING:
    from haidang.learn.pilot.declaration import Declaration

BY_KIND = (
    "registers", "not_yet", "after_lots", "after_lots_tick", "after_lots_warning", "lots", "lots_how",
    "lots_how_alone", "lots_do", "lots_first", "lots_drawn", "site_lots_how", "site_lots_do", "not_watched",
    "evaluation_how", "file_lots_table", "file_recipe",
)  # fmt: skip
"""Words that some kind of design says in its own way."""


def keys_of(rule: str, language: Language) -> Mapping[str, str]:
    """By word the key under which a kind of design finds it."""
    texts = words(language).texts
    own = {name: f"pilots.of.{rule}.{name}" for name in BY_KIND}
    return {name: key if key in texts else f"pilots.{name}" for name, key in own.items()}


def assigns(declared: Declaration, language: Language) -> str:
    """What decides which unit gets which arm, in sentences."""
    from haidang.results.numerals import number, percent

    rule, units, own = declared.assignment, declared.units, words(language)
    side = "" if by_lot(declared) else "_above" if rule.above else "_below"
    values = {
        "strata": ", ".join(units.strata),
        "cluster": units.cluster or "",
        "balance": ", ".join(rule.balance),
        "acceptance": percent(rule.acceptance or 0.0, language),
        "takeup": rule.takeup or "",
        "score": rule.score or "",
        "cutoff": number(rule.cutoff or 0.0, language, 6),
    }
    said = [f"pilots.assigns.{rule.rule}{side}"]
    if units.cluster and rule.rule != "cluster":
        said.append("pilots.assigns.whole")
    if units.strata and rule.rule != "stratified" and "strata" in KINDS[rule.rule].lots:
        said.append("pilots.assigns.within")
    return " ".join(own.text(key, **values) for key in said)
