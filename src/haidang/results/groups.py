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
    """The money that a scenario hands out: loans, else what it costs the public; none where it hands out nothing."""
    roles = run.manifest.roles
    for name in (roles.money, roles.cost):
        if run.has_outcome(name) and compare.horizon_effect(run, scenario, name).any():
            return name
    return None


def group_shares(run: Run, scenario: str, outcome: str, by: str) -> list[tuple[Named, Points, float]]:
    """Each group's share of the programme's money, and its share of all units in the first year of the baseline.

    Args:
        run: a finished run.
        scenario: the programme.
        outcome: from `paid_outcome`.
        by: one of the run's groupings.
    """
    whole = compare.horizon_effect(run, scenario, outcome)
    paid = whole > 0
    if not paid.any():
        return []
    groups = run.manifest.groups.get(by, ())
    units = run.manifest.roles.units
    sizes = [
        float(compare.totals(run, run.baseline.id, units, by, group.id)[:, 0].mean()) if run.has_outcome(units) else 0.0
        for group in groups
    ]
    shares = (compare.horizon_effect(run, scenario, outcome, by, group.id)[paid] / whole[paid] for group in groups)
    everybody = sum(sizes) or 1.0
    return [(group, points(share), size / everybody) for group, share, size in zip(groups, shares, sizes, strict=True)]


def by_title(run: Run, by: str, words: Catalogue) -> str:
    """How a grouping is called."""
    if by in run.manifest.columns:
        return run.manifest.columns[by][words.language]
    return words.text(f"by.{by}") if words.has(f"by.{by}") else by
