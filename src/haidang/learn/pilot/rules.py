"""The rules by which units get their arm, each a pure function of the units, the arms' shares and a source of chance.

Units come ordered by id. Every rule gives the place of each unit's arm and the block within which arms were exchanged:
a stratum, a pair, a cluster; nought where there is one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.learn.pilot.declaration import PilotError
from haidang.learn.pilot.keys import Chance, Keys

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_PAIRED = 6000
"""Units of a stratum whose distances to one another are held at once."""
MOST_TRIES = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An assignment.

    Args:
        arm: the place of each unit's arm (units).
        block: within which block it was drawn (units).
        tries: how many assignments were drawn until one was accepted.
    """

    arm: Whole
    block: Whole
    tries: int = 1


def simple(ids: Sequence[str], shares: Sequence[float], chance: Chance) -> Drawn:
    """Each unit on its own: the arm in whose part of the unit interval its number falls."""
    part = chance("arm", ids).astype(np.float64) / 2.0**64
    bounds = np.cumsum(shares)[:-1]
    return Drawn(np.searchsorted(bounds, part, side="right").astype(np.int64), np.zeros(len(ids), np.int64))


def complete(ids: Sequence[str], shares: Sequence[float], chance: Chance) -> Drawn:
    """Fixed numbers of units: in the order of their numbers, the first so many get the first arm, and so on."""
    return Drawn(_dealt(chance("arm", ids), shares), np.zeros(len(ids), np.int64))


def stratified(ids: Sequence[str], shares: Sequence[float], stratum: Whole, chance: Chance) -> Drawn:
    """Fixed numbers in each stratum; what does not divide is dealt over all strata together.

    In each stratum every arm gets the whole part of its share. The units left over, its misfits, are the last in the
    order of their numbers; all misfits together are shared out so that the arms' totals are as declared (Carril 2017).
    """
    keys = chance("arm", ids)
    arm = np.full(len(ids), -1, np.int64)
    for one in np.unique(stratum):
        members = np.flatnonzero(stratum == one)
        ordered = members[np.argsort(keys[members], kind="stable")]
        counts = np.floor(len(members) * np.asarray(shares) + 1e-9).astype(np.int64)
        arm[ordered[: counts.sum()]] = np.repeat(np.arange(len(shares)), counts)
    misfits = np.flatnonzero(arm < 0)
    wanted = counts_of(len(ids), shares) - np.bincount(arm[arm >= 0], minlength=len(shares))
    dealt = np.repeat(np.arange(len(shares)), _to_sum(wanted, len(misfits)))
    order = np.argsort(chance("misfit", [ids[int(place)] for place in misfits]), kind="stable")
    arm[misfits[order]] = dealt
    return Drawn(arm, stratum)


def clustered(clusters: Sequence[str], shares: Sequence[float], stratum: Whole | None, chance: Chance) -> Drawn:
    """Whole clusters: all units of one get one arm.

    Args:
        clusters: the cluster of each unit.
        shares: of the arms, among clusters.
        stratum: of each unit, the same for all units of a cluster; none for one stratum.
        chance: the source of chance.

    Raises:
        PilotError: there are fewer clusters than arms, or a cluster lies in two strata.
    """
    names, place = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    if len(names) < len(shares):
        problem = f"expected at least one cluster for each of {len(shares)} arms, found {len(names)}"
        raise PilotError(problem, hint="units of one cluster cannot be told from what else happened in it")
    listed = [str(name) for name in names]
    if stratum is None:
        found = complete(listed, shares, chance)
    else:
        low, high = np.full(len(names), np.iinfo(np.int64).max), np.full(len(names), -1, np.int64)
        np.minimum.at(low, place, stratum)
        np.maximum.at(high, place, stratum)
        if (low != high).any():
            split = listed[int(np.flatnonzero(low != high)[0])]
            raise PilotError(f"expected all units of a cluster in one stratum, found cluster '{split}' in several")
        found = stratified(listed, shares, low, chance)
    return Drawn(found.arm[place], place.astype(np.int64))


def paired(ids: Sequence[str], pair: Whole, chance: Chance) -> Drawn:
    """Within each pair the unit with the lower number is left as it is, the other treated."""
    keys, arm = chance("arm", ids), np.zeros(len(ids), np.int64)
    order = np.lexsort((keys, pair))
    arm[order[1::2]] = 1
    return Drawn(arm, pair)


def rerandomised(
    ids: Sequence[str],
    shares: Sequence[float],
    stratum: Whole | None,
    balance: Floats,
    acceptance: float,
    chance: Chance,
) -> Drawn:
    """Assignments are drawn until one is balanced (Morgan and Rubin 2012).

    Balance is the Mahalanobis distance between each arm's means and the first arm's; an assignment is accepted where
    the largest is no more than the quantile `acceptance` of its law under a single draw.

    Args:
        ids: of the units.
        shares: of the arms.
        stratum: of each unit; none for one.
        balance: the columns that are to be balanced (units, columns).
        acceptance: the part of all assignments that is accepted, about, where there are two arms.
        chance: the source of chance.

    Raises:
        PilotError: the columns repeat one another, or no assignment is accepted.
    """
    from scipy.stats import chi2

    centred = balance - balance.mean(axis=0)
    covariance = np.atleast_2d(np.cov(centred, rowvar=False))
    if np.linalg.matrix_rank(covariance) < balance.shape[1]:
        raise PilotError("expected columns to balance of which none follows from the others, found some that do")
    inverse, threshold = np.linalg.inv(covariance), float(chi2.ppf(acceptance, balance.shape[1]))
    for attempt in range(1, MOST_TRIES + 1):

        def numbers(purpose: str, names: Sequence[str], attempt: int = attempt) -> Keys:
            return chance(f"try {attempt} {purpose}", names)

        found = complete(ids, shares, numbers) if stratum is None else stratified(ids, shares, stratum, numbers)
        if _largest_distance(found.arm, len(shares), centred, inverse) <= threshold:
            return Drawn(found.arm, found.block, attempt)
    raise PilotError(f"expected a balanced assignment, found none in {MOST_TRIES} draws", hint="accept more of them")


def pairs_of(stratum: Whole, columns: Floats) -> Whole:
    """Units in pairs: within each stratum the two nearest that are free are joined, then the next two, and so on.

    Distance is Mahalanobis's over all units; of equal ones the pair of the earlier ids comes first. What a stratum of
    odd size leaves is paired across strata.

    Args:
        stratum: of each unit (units).
        columns: in which the two of a pair are to be alike (units, columns).

    Returns:
        The number of each unit's pair (units).

    Raises:
        PilotError: the number of units is odd, or a stratum is too large.
    """
    if len(stratum) % 2:
        raise PilotError(f"expected an even number of units for pairs, found {len(stratum)}")
    centred = columns - columns.mean(axis=0)
    covariance = np.atleast_2d(np.cov(centred, rowvar=False))
    values, vectors = np.linalg.eigh(covariance)
    kept = values > values.max() * 1e-10
    white = centred @ vectors[:, kept] / np.sqrt(values[kept])
    pair, left, count = np.full(len(stratum), -1, np.int64), list[int](), 0
    for one in np.unique(stratum):
        members = np.flatnonzero(stratum == one)
        joined, rest = _nearest_pairs(white[members])
        for first, second in joined:
            pair[members[first]] = pair[members[second]] = count
            count += 1
        left.extend(int(members[place]) for place in rest)
    joined, _ = _nearest_pairs(white[left]) if left else ([], [])
    for first, second in joined:
        pair[left[first]] = pair[left[second]] = count
        count += 1
    return pair


def _nearest_pairs(white: Floats) -> tuple[list[tuple[int, int]], list[int]]:
    """Pairs in the order in which they are joined, and the unit that is left of an odd number."""
    units = len(white)
    if units > MOST_PAIRED:
        raise PilotError(f"expected at most {MOST_PAIRED} units to pair in a stratum, found {units}", hint="add strata")
    first, second = np.triu_indices(units, 1)
    squares, products = np.square(white).sum(axis=1), np.asarray(white @ white.T, np.float64)
    apart = squares[first] + squares[second] - 2.0 * products[first, second]
    distance: Floats = np.asarray(np.round(apart, 9), np.float64)
    free, joined = np.ones(units, np.bool_), list[tuple[int, int]]()
    for place in np.argsort(distance, kind="stable"):
        one, other = int(first[place]), int(second[place])
        if free[one] and free[other]:
            free[one] = free[other] = False
            joined.append((one, other))
            if 2 * len(joined) >= units - 1:
                break
    return joined, [int(place) for place in np.flatnonzero(free)]


def counts_of(units: int, shares: Sequence[float]) -> Whole:
    """How many units each arm gets: the whole parts, and one more for the largest remainders until all are dealt."""
    exact = units * np.asarray(shares, np.float64)
    counts = np.floor(exact + 1e-9).astype(np.int64)
    for place in np.argsort(-(exact - counts), kind="stable")[: units - int(counts.sum())]:
        counts[place] += 1
    return counts


def _to_sum(wanted: Whole, total: int) -> Whole:
    """Numbers that are nowhere below nought and add up, as near to those wanted as that allows."""
    found = np.maximum(wanted, 0)
    while found.sum() > total:
        found[int(np.argmax(found))] -= 1
    return found


def _dealt(keys: Keys, shares: Sequence[float]) -> Whole:
    arm = np.empty(len(keys), np.int64)
    arm[np.argsort(keys, kind="stable")] = np.repeat(np.arange(len(shares)), counts_of(len(keys), shares))
    return arm


def _largest_distance(arm: Whole, arms: int, centred: Floats, inverse: Floats) -> float:
    """The largest Mahalanobis distance between an arm's means and the first arm's, in units of its variance."""
    control = arm == 0
    largest = 0.0
    for one in range(1, arms):
        mine = arm == one
        gap = centred[mine].mean(axis=0) - centred[control].mean(axis=0)
        largest = max(largest, float(gap @ inverse @ gap) / (1.0 / mine.sum() + 1.0 / control.sum()))
    return largest
