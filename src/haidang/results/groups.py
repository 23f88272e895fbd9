"""Who got the money: the users' money by group, beside the groups' size."""

from __future__ import annotations

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.manifest import Named
from haidang.results.points import Points, points
from haidang.results.run import Run

GROUPINGS = ("size", "sector", "area")
"""The groupings that a report shows, where the run has them."""


def paid_outcome(run: Run, scenario: str) -> str | None:
    """The money that a scenario's users get: loans, else what it costs the public."""
    roles = run.manifest.roles
    for name in (roles.money, roles.cost):
        if run.has_outcome(name) and compare.users(run, scenario, name)[0].sum() > 0:
            return name
    return None


def group_shares(run: Run, scenario: str, outcome: str, by: str) -> list[tuple[Named, Points, float]]:
    """Each group's share of the users' money, and its share of all units in the first year of the baseline."""
    groups = run.manifest.groups.get(by, ())
    whole = compare.users(run, scenario, outcome)[0]
    paid = whole > 0
    units = run.manifest.roles.units
    sizes = [
        float(compare.totals(run, run.baseline.id, units, by, group.id)[:, 0].mean()) if run.has_outcome(units) else 0.0
        for group in groups
    ]
    return [
        (
            group,
            points(compare.users(run, scenario, outcome, by, group.id)[0][paid] / whole[paid]),
            size / (sum(sizes) or 1),
        )
        for group, size in zip(groups, sizes, strict=True)
    ]


def by_title(run: Run, by: str, words: Catalogue) -> str:
    """How a grouping is called."""
    if by in run.manifest.columns:
        return run.manifest.columns[by][words.language]
    return words.text(f"by.{by}") if words.has(f"by.{by}") else by
