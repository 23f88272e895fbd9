"""Who got the money, or where the change comes from: each group's share, beside its share of all units.

The rows of a population built from margins are nobody. Those of a table that somebody gave are somebody: of them groups
of too few are left out, with those that would tell them, and only one division is told, since two divisions of the same
units can be subtracted from each other. Of a group's units those that the scenarios treat alike count by themselves:
what a programme does to a group is done to those whom it reaches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from haidang.facts.few import hidden_rows
from haidang.results import budgets, compare
from haidang.results.manifest import Language, Named, Outcome
from haidang.results.parts import by_title, hands_out, lead_outcome, raises_money
from haidang.results.points import Points, points
from haidang.results.run import Run

SHOWN = 3
"""So many groupings at most stand in a report; the workbook has them all."""
_FIRST = ("size", "sector", "area")
_YES_NO = {"yes", "no"}


@dataclass(frozen=True, slots=True)
class Divided:
    """What a report divides among groups: the programme's money, or the change in its main outcome."""

    outcome: Outcome
    is_money: bool


def divided(run: Run, scenario: str) -> Divided | None:
    """What a scenario hands out; where it hands out nothing, the gain in its main outcome; none without either."""
    roles = run.manifest.roles
    given = [name for name in budgets.resources(run, scenario) if hands_out(run, name) == "money"]
    has_money = bool(given) or (run.has_outcome(roles.money) and not raises_money(run))
    for name in (roles.money, roles.cost) if has_money else ():
        if run.has_outcome(name) and (compare.horizon_effect(run, scenario, name) > 0).any():
            return Divided(run.outcome(name), True)
    lead = lead_outcome(run, scenario)
    if has_money or lead is None or lead.kind == "mean":
        return None
    effect = points(compare.horizon_effect(run, scenario, lead.id))
    clear = effect.p95 <= 0 > effect.p50 if lead.good == "less" else effect.p5 >= 0 < effect.p50
    return Divided(lead, False) if clear else None


def is_given(run: Run) -> bool:
    """Whether the units are a table that somebody gave, and not rows built from margins."""
    return run.manifest.population.source in run.manifest.inputs


def groupings(run: Run) -> tuple[str, ...]:
    """The groupings in the order in which the model declares them; those of more than yes and no before the others.

    Of given units the first alone.
    """
    known = {name: [group.id for group in groups] for name, groups in run.manifest.groups.items()}
    ordered = in_order(known, run.manifest.groupings)
    return ordered[:1] if is_given(run) else ordered


def in_order(known: Mapping[str, Collection[str]], declared: Sequence[str]) -> tuple[str, ...]:
    """Groupings as they are told.

    Args:
        known: the groups of each grouping, by their ids.
        declared: the groupings in the order in which the model declares them.
    """
    listed = [name for name in declared if name in known]
    order = dict.fromkeys((*listed, *_FIRST, *known) if not listed else (*listed, *known))
    return tuple(sorted((name for name in order if known.get(name)), key=lambda name: set(known[name]) <= _YES_NO))


def is_flag(run: Run, by: str) -> bool:
    """Whether a grouping has no more than yes and no."""
    return {group.id for group in run.manifest.groups.get(by, ())} <= _YES_NO


def group_title(run: Run, by: str, group: Named, language: Language) -> str:
    """How a group is called where it stands alone: yes and no with what they answer."""
    return f"{by_title(run, by, language)}: {group.title[language]}" if is_flag(run, by) else group.title[language]


def shown_groupings(run: Run) -> tuple[str, ...]:
    """The groupings that a report shows: the first with more than yes and no, or where there is none the first."""
    ordered = groupings(run)
    rich = [name for name in ordered if not is_flag(run, name)]
    return tuple(rich[:SHOWN]) or ordered[:SHOWN]


def group_shares(run: Run, scenario: str, outcome: str, by: str) -> list[tuple[Named, Points, float]]:
    """Each group's share of an outcome's effect, and its share of all units in the first year of the baseline.

    Args:
        run: a finished run.
        scenario: the programme.
        outcome: from `divided`.
        by: one of the run's groupings.

    Returns:
        The groups that may be shown.
    """
    sign = -1.0 if run.outcome(outcome).good == "less" and outcome != run.manifest.roles.cost else 1.0
    whole = sign * compare.horizon_effect(run, scenario, outcome)
    told = whole > 0
    if not told.any():
        return []
    groups = run.manifest.groups.get(by, ())
    sizes = [_size(run, by, group) for group in groups]
    covered = covered_groups(run, by) if is_given(run) else frozenset[str]()
    everybody = sum(sizes) or 1.0
    return [
        (
            group,
            points(sign * compare.horizon_effect(run, scenario, outcome, by, group.id)[told] / whole[told]),
            size / everybody,
        )
        for group, size in zip(groups, sizes, strict=True)
        if group.id not in covered
    ]


def covered_groups(run: Run, by: str) -> frozenset[str]:
    """The groups that must not be shown: those of too few units and those that would tell them; all, if nobody counts.

    Args:
        run: a finished run.
        by: one of the run's groupings.
    """
    groups = run.manifest.groups.get(by, ())
    if not run.has_outcome(run.manifest.roles.units):
        return frozenset(group.id for group in groups)
    places = hidden_rows(_parts(run, by))
    return frozenset(group.id for at, group in enumerate(groups) if at in places)


def _parts(run: Run, by: str) -> list[list[float]]:
    """Units of each group, those that the scenarios treat alike apart where the run says which they are."""
    groups, reach = run.manifest.groups.get(by, ()), run.table("reach")
    if reach.is_empty() or groupings(run)[:1] != (by,):
        return [[_size(run, by, group)] for group in groups]
    counts = Counter(zip(reach["group"].to_list(), reach["alike"].to_list(), strict=True))
    classes = reach["alike"].unique().sort().to_list()
    return [[counts[group.id, each] for each in classes] for group in groups]


def _size(run: Run, by: str, group: Named) -> float:
    """Units of a group in the first year of the baseline; 0 where the run does not count them."""
    units = run.manifest.roles.units
    if not run.has_outcome(units):
        return 0.0
    return float(compare.totals(run, run.baseline.id, units, by, group.id)[:, 0].mean())
