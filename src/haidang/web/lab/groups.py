"""Who wins and who loses: the main effect by size, sector, place; never of fewer than five units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.results import Run, points
from haidang.results.catalogue import catalogue
from haidang.results.compare import horizon_effect, horizon_unit, totals
from haidang.results.groups import covered_groups, group_title, shown_groupings
from haidang.results.manifest import Named
from haidang.results.numerals import apart, number, percent
from haidang.results.parts import by_title, lead_outcome
from haidang.web.words import Language

SURE = 0.95
"""The share of draws that a verdict asks for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group.

    Args:
        title: of the group.
        units: how many there are; empty where that is hidden.
        effect: against no programme: median, both ends of the interval, unit.
        apart: against the programme as declared, in the same draws: median and both ends.
        more: in which share of draws the group gains more than under the programme as declared.
        verdict: see `verdict`; empty of the programme as declared itself.
    """

    title: str
    units: str = ""
    effect: tuple[str, ...] = ()
    apart: tuple[str, ...] = ("", "", "")
    more: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Division:
    """All groups of one column.

    Args:
        title: of the column.
        outcome: what is told.
        lines: the groups; those of too few units have their title alone.
    """

    title: str
    outcome: str
    lines: tuple[Line, ...]


def divisions(run: Run, scenario: str, language: Language) -> tuple[Division, ...]:
    """The main effect of a scenario by group, against no programme and against the programme as declared."""
    lead = lead_outcome(run, scenario)
    if lead is None:
        return ()
    found: list[Division] = []
    for by in shown_groupings(run):
        covered = covered_groups(run, by)
        lines = tuple(
            Line(group_title(run, by, one, language)) if one.id in covered else _line(run, scenario, by, one, language)
            for one in run.manifest.groups[by]
        )
        found.append(Division(by_title(run, by, language), lead.title[language], lines))
    return tuple(found)


def _count(run: Run, by: str, group: str) -> float:
    return float(totals(run, run.baseline.id, run.manifest.roles.units, by, group)[:, 0].mean())


def _line(run: Run, scenario: str, by: str, group: Named, language: Language) -> Line:
    words, lead = catalogue(language), lead_outcome(run, scenario)
    assert lead is not None
    effect = horizon_effect(run, scenario, lead.id, by, group.id)
    declared = horizon_effect(run, run.programme.id, lead.id, by, group.id)
    unit = horizon_unit(lead)
    title, units = group_title(run, by, group, language), number(round(_count(run, by, group.id)), language, 12)
    told = apart(points(effect), unit, words)
    if scenario == run.programme.id:
        return Line(title, units, told)
    differs, more = effect - declared, percent(float((effect > declared).mean()), language)
    return Line(title, units, told, apart(points(differs), unit, words)[:3], more, verdict(differs, lead.good))


def verdict(differs: NDArray[np.float64], good: str) -> str:
    """Whether a group `wins` or `loses`, as 95 % of the draws have it; `alike` where so many are equal, else `open`.

    Draws are counted, as the column beside it counts them: between two of few draws a quantile can lie above nothing
    where fewer of them do.

    Args:
        differs: the group's effect less its effect under the programme as declared, by draw.
        good: whether `more` or `less` of it is; where it is `neutral`, nothing is said.
    """
    if good == "neutral":
        return ""
    worse, better = ("wins", "loses") if good == "less" else ("loses", "wins")
    said = (("alike", differs == 0), (better, differs > 0), (worse, differs < 0))
    return next((word for word, draws in said if draws.mean() >= SURE), "open")
