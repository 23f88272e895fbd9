"""The kinds of design that a form can declare, and what it asks of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.learn.pilot.declaration import Declaration


@dataclass(frozen=True, slots=True)
class Kind:
    """What the form asks of a kind of design.

    Args:
        lots: the fields of how units get their arm.
        needs: those of them that it cannot be without.
        arms: the parts of its arms, the one that the others are compared with first.
        waves: whether its further arms are waves, one a row.
        shares: whether arms have a share: all but where a score decides.
        watched: whether reports may be looked at while it runs.
        drawn: whether chance decides who gets which arm.
    """

    lots: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    arms: tuple[str, ...] = ("control", "first", "second")
    waves: bool = False
    shares: bool = True
    watched: bool = True
    drawn: bool = True


TWO = ("control", "first")
KINDS: Mapping[str, Kind] = {
    "stratified": Kind(("strata",), ("strata",)),
    "complete": Kind(),
    "simple": Kind(),
    "pairs": Kind(("balance", "strata"), ("balance",), TWO),
    "rerandomised": Kind(("balance", "acceptance", "strata"), ("balance",)),
    "cluster": Kind(("cluster", "strata"), ("cluster",)),
    "phased": Kind(("cluster", "strata"), arms=("control",), waves=True, watched=False),
    "encouragement": Kind(("takeup", "cluster", "strata"), ("takeup",), TWO),
    "cutoff": Kind(("score", "cutoff", "above"), ("score", "cutoff"), TWO, shares=False, watched=False, drawn=False),
}
"""By rule of assignment. Strata of a lot over all units would make it one within strata: there they are not asked."""
FIRST = "stratified"
"""The kind before one is chosen."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a form's questions under one heading."""

    key: str
    names: tuple[str, ...]


WHAT = Part("what", ("name", "title_vi", "title_en", "question_vi", "question_en", "programme"))
WHO = Part("who", ("units_from", "size", "units_file", "where"))
LAST = (
    Part("outcome", ("column", "unit", "better", "least", "most", "smallest_worthwhile", "measuring_cost")),
    Part("when", ("first_year", "last_year", "start", "end")),
    Part("how", ("estimator", "covariates", "alpha", "power")),
)
ARMS = ("control", "first", "second")
IDS: Mapping[str, str] = {"control": "control", "first": "treated", "second": "second"}
"""By name of an arm in the form its id."""


def by_lot(declared: Declaration) -> bool:
    """Whether a lot decides who gets which arm of a pilot; else its score does."""
    return KINDS[declared.assignment.rule].drawn


def parts_of(rule: str) -> tuple[Part, ...]:
    """The questions about a kind of design, in the order in which they are asked."""
    kind = KINDS[rule]
    arms = tuple(Part(one, _arm(kind, one)) for one in kind.arms)
    return Part("lots", ("rule", *kind.lots)), WHAT, WHO, *arms, *LAST


def _arm(kind: Kind, name: str) -> tuple[str, ...]:
    share = (f"{name}_share",) if kind.shares else ()
    start = (f"{name}_start",) if kind.waves else ()
    offers = (f"{name}_offers",) if name != "control" or kind.waves else ()
    return f"{name}_vi", f"{name}_en", *share, *start, *offers


def arm_ids(kind: Kind, own: Mapping[str, str], waves: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The ids of arms, by their name in the form, and of waves in order; each another.

    Args:
        kind: the kind of design.
        own: the ids of arms that a plan was opened with, by name; the rest are called as the form calls them.
        waves: those of its waves, empty for one that was added.
    """
    taken = {one for one in (*own.values(), *waves) if one}
    arms, found = dict[str, str](), list[str]()
    for name in kind.arms:
        arms[name] = own.get(name) or _free(IDS[name], taken)
    for place, one in enumerate(waves):
        found.append(one or next(name for name in _waves(place) if name not in taken))
        taken.add(found[-1])
    return arms, found


def _waves(place: int) -> Iterator[str]:
    """What the wave of a place may be called, from wave-1 on."""
    return (f"wave-{number}" for number in count(place + 1))


def _free(name: str, taken: set[str]) -> str:
    """A name that is not taken, and is from now on."""
    found = next(one for number in count(1) if (one := name if number == 1 else f"{name}-{number}") not in taken)
    taken.add(found)
    return found
