"""How much a pilot will be able to say: thousands of pilots of it in worlds where the truth is known.

A world is a draw of the uncertain facts and of chance in which every unit's outcome in every arm is known. A simulated
pilot samples its units, assigns them by the declared rule, shows of each the outcome of its arm, and estimates. Bias,
coverage and power are then counted; the closed forms stand beside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.pilot.assign import ID, numbers_of, rule_over
from haidang.learn.pilot.closed import (
    Spread,
    detectable,
    explained_part,
    intracluster,
    power_of,
    standard_error,
)
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.estimate import estimate, given_columns
from haidang.learn.pilot.keys import Chance, drawn_chance
from haidang.learn.pilot.rules import Drawn
from haidang.learn.pilot.world import World, potential, simulate_arms

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
SAMPLES = 24
"""How many samples of units are drawn; pilots beyond that assign the same units anew in another world."""
WORLDS_WITH_PEERS = 4


@dataclass(frozen=True, slots=True)
class Power:
    """What a design can say, one treated arm against the control.

    Args:
        design: its name.
        arm: the treated arm.
        rule: its rule of assignment.
        units: how many take part, and `treated` of them in this arm.
        treated: see above.
        pilots: how many were simulated.
        truth: the effect that the model has, averaged over worlds, in the outcome's unit.
        truth_low: the 5th percentile of the truth over worlds.
        truth_high: the 95th.
        bias: mean estimate less the truth.
        bias_error: how far chance of the simulation alone moves the bias (standard error).
        spread: standard deviation of the estimate about its world's truth.
        error: mean standard error that the estimator states.
        coverage: how often its interval holds the truth.
        power: how often it finds something, at the effects that the model has.
        power_worthwhile: how often it would find the smallest worthwhile effect.
        detectable: the smallest effect that it finds with the declared power.
        closed_error: the standard error by closed form.
        closed_power: the power at the mean truth by closed form.
        closed_detectable: the smallest effect found, by closed form.
        offers_cost: what the offers cost, mean over worlds, VND; none where the model keeps no cost.
        measuring_cost: what measuring costs, VND.
        peers: how far peers move the estimate, mean over worlds; none where the model has no peers.
    """

    design: str
    arm: str
    rule: str
    units: int
    treated: int
    pilots: int
    truth: float
    truth_low: float
    truth_high: float
    bias: float
    bias_error: float
    spread: float
    error: float
    coverage: float
    power: float
    power_worthwhile: float
    detectable: float
    closed_error: float
    closed_power: float
    closed_detectable: float
    offers_cost: float | None
    measuring_cost: float
    peers: float | None

    @property
    def cost(self) -> float:
        """All that the pilot costs, VND."""
        return (self.offers_cost or 0.0) + self.measuring_cost


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Units of a pilot: their places in the frame, their table, the rule laid out over them, what is adjusted for."""

    places: NDArray[np.int64]
    table: pl.DataFrame
    rule: Callable[[Chance], Drawn]
    given: Floats


def power_table(
    worlds: Mapping[str, World],
    designs: Mapping[str, Declaration],
    *,
    pilots: int,
    seed: int,
    progress: Progress | None = None,
) -> list[Power]:
    """What each design can say.

    Args:
        worlds: for each design, its model laid out; designs of the same units and offers may share one.
        designs: by name.
        pilots: how many pilots of each are simulated.
        seed: of samples and assignments.
        progress: called with the designs done and the designs in all.
    """
    known: dict[int, list[Mapping[str, Floats]]] = {}
    found: list[Power] = []
    for place, (name, declaration) in enumerate(designs.items()):
        world = worlds[name]
        if id(world) not in known:
            known[id(world)] = [potential(world, draw) for draw in range(world.draws)]
        found += powers_of(name, declaration, world, known[id(world)], pilots=pilots, seed=seed)
        if progress is not None:
            progress(place + 1, len(designs))
    return found


def powers_of(
    name: str,
    declaration: Declaration,
    world: World,
    potentials: list[Mapping[str, Floats]],
    *,
    pilots: int,
    seed: int,
) -> list[Power]:
    """What one design can say, arm by arm, where every unit's outcomes are these.

    Args:
        name: of the design.
        declaration: the design.
        world: its model laid out.
        potentials: for each draw and outcome, the sum up to each year's end (arms, years, units); see `potential`.
        pilots: how many pilots are simulated.
        seed: of samples and assignments.
    """
    generator = np.random.default_rng(np.random.SeedSequence([seed, 0x9022]))
    samples = [_sample(declaration, world, generator) for _ in range(min(SAMPLES, pilots))]
    return [
        _power(name, declaration, world, potentials, samples, place, pilots, generator)
        for place in range(1, len(declaration.arms))
    ]


def _sample(declaration: Declaration, world: World, generator: np.random.Generator) -> _Sample:
    places = generator.choice(world.frame.height, declaration.units.size)
    width = len(str(len(places)))
    ids = pl.Series(ID, [f"{place:0{width}d}" for place in range(len(places))])
    table = world.frame[places].with_columns(ids)
    return _Sample(places, table, rule_over(declaration, table), given_columns(declaration, table))


@dataclass(frozen=True, slots=True, eq=False)
class _Revealed:
    """What one simulated pilot shows of the units of two arms, and its world's truth."""

    y: Floats
    d: Floats
    taken: Floats
    truth: float


def _power(
    name: str,
    declaration: Declaration,
    world: World,
    potentials: list[Mapping[str, Floats]],
    samples: list[_Sample],
    arm: int,
    pilots: int,
    generator: np.random.Generator,
) -> Power:
    year = horizon(declaration)
    outcomes = [one[declaration.outcome.column][:, year] for one in potentials]
    taken = [_takeup(declaration, one, year) for one in potentials]
    truths = np.array([_truth(declaration, world, *one, arm) for one in zip(outcomes, taken, strict=True)])
    rows: list[tuple[float, float, float, bool, bool]] = []
    treated = 0
    for pilot in range(pilots):
        sample, draw = samples[pilot % len(samples)], pilot % len(outcomes)
        drawn = sample.rule(drawn_chance(generator))
        own = np.flatnonzero((drawn.arm == 0) | (drawn.arm == arm))
        code, places = drawn.arm[own], sample.places[own]
        y, used = outcomes[draw][code, places], taken[draw][code, places]
        d = (code == arm).astype(np.float64)
        treated = int(d.sum())
        found = estimate(declaration, sample.table[own], y, d, drawn.block[own], sample.given[own], used)
        low, high = found.interval(1.0 - declaration.alpha)
        rows.append(
            (found.estimate, found.standard_error, found.df, low <= truths[draw] <= high, low > 0.0 or high < 0.0)
        )
    estimates, errors, df, covers, finds = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    gaps = estimates - truths[np.arange(pilots) % len(outcomes)]
    error, freedom = float(errors.mean()), float(np.median(df))
    closed = _closed(declaration, world, samples[0], outcomes, taken, arm, treated)
    truth = float(truths.mean())
    return Power(
        design=name,
        arm=declaration.arms[arm].id,
        rule=declaration.assignment.rule,
        units=declaration.units.size,
        treated=treated,
        pilots=pilots,
        truth=truth,
        truth_low=float(np.quantile(truths, 0.05)),
        truth_high=float(np.quantile(truths, 0.95)),
        bias=float(gaps.mean()),
        bias_error=float(gaps.std(ddof=1) / pilots**0.5),
        spread=float(gaps.std(ddof=1)),
        error=error,
        coverage=float(covers.mean()),
        power=float(finds.mean()),
        power_worthwhile=power_of(declaration.smallest_worthwhile, error, declaration.alpha, freedom),
        detectable=detectable(error, declaration.alpha, declaration.power, freedom),
        closed_error=closed,
        closed_power=power_of(truth, closed, declaration.alpha, freedom),
        closed_detectable=detectable(closed, declaration.alpha, declaration.power, freedom),
        offers_cost=_offers_cost(declaration, world, potentials),
        measuring_cost=declaration.measuring_cost * declaration.units.size,
        peers=_moved_by_peers(declaration, world, potentials, generator, arm) if world.peers else None,
    )


def horizon(declaration: Declaration) -> int:
    """The place of the year at whose end arms are compared: the last, or of waves the last before the second starts."""
    if declaration.assignment.rule != "phased":
        return len(declaration.years) - 1
    starts = sorted(one.start for one in declaration.arms if one.start is not None)
    later = [year for year in starts[1:]] or [declaration.years[-1] + 1]
    return max(0, declaration.years.index(later[0] - 1))


def _takeup(declaration: Declaration, one: Mapping[str, Floats], year: int) -> Floats:
    """Whether each unit takes the programme up in each arm (arms, units)."""
    column = declaration.assignment.takeup
    if column is None:
        shape = one[declaration.outcome.column][:, year].shape
        return np.broadcast_to(np.arange(shape[0], dtype=np.float64)[:, None] > 0, shape).astype(np.float64)
    if column not in one:
        raise PilotError(f"expected a take-up that the model keeps for every unit, found '{column}'", declaration.place)
    return (one[column][:, year] > 0).astype(np.float64)


def _truth(declaration: Declaration, world: World, y: Floats, taken: Floats, arm: int) -> float:
    """The effect that a pilot of this design looks for in one world."""
    gain = y[arm] - y[0]
    if declaration.assignment.rule == "encouragement":
        moved = float((taken[arm] - taken[0]).mean())
        return float(gain.mean()) / moved if moved else 0.0
    if declaration.assignment.rule == "cutoff":
        score = numbers_of(world.frame, (str(declaration.assignment.score),))[:, 0]
        far = np.abs(score - float(declaration.assignment.cutoff or 0.0))
        near = np.argsort(far, kind="stable")[: max(50, len(far) // 10)]
        return float(gain[near].mean())
    return float(gain.mean())


def _closed(
    declaration: Declaration,
    world: World,
    sample: _Sample,
    outcomes: list[Floats],
    taken: list[Floats],
    arm: int,
    treated: int,
) -> float:
    """The standard error by closed form, from the variances of all worlds."""
    rule, size = declaration.assignment.rule, declaration.units.size
    control = round(size * declaration.arms[0].share) if rule != "cutoff" else size - treated
    every = given_columns(declaration, world.frame)
    cluster, cluster_size, alike = declaration.units.cluster, 1.0, 0.0
    drawn = sample.rule(drawn_chance(np.random.default_rng(0)))
    if cluster is not None:
        cluster_size = size / len(np.unique(drawn.block))
        alike = float(np.mean([intracluster(one[0, sample.places], drawn.block) for one in outcomes]))
    if rule == "pairs":
        order = np.argsort(drawn.block, kind="stable")
        alike = float(np.mean([_correlation(one[0, sample.places[order]]) for one in outcomes]))
    moved = float(np.mean([(one[arm] - one[0]).mean() for one in taken])) if rule == "encouragement" else 1.0
    spread = Spread(
        control=float(np.mean([one[0].var(ddof=1) for one in outcomes])),
        treated=float(np.mean([one[arm].var(ddof=1) for one in outcomes])),
        explained=float(np.mean([explained_part(one[0], every) for one in outcomes])),
        alike=alike,
        moved=moved if moved else 1e-12,
    )
    return standard_error(rule, (float(control), float(treated)), spread, cluster_size)


def _correlation(ordered: Floats) -> float:
    one, other = ordered[::2], ordered[1::2]
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0


def _offers_cost(declaration: Declaration, world: World, potentials: list[Mapping[str, Floats]]) -> float | None:
    """What the arms' offers cost over the years, VND, mean over worlds."""
    cost = cost_outcome(world)
    if cost is None:
        return None
    shares = np.array([one.share for one in declaration.arms])
    if declaration.assignment.rule == "cutoff":
        score = numbers_of(world.frame, (str(declaration.assignment.score),))[:, 0]
        above = float((score >= float(declaration.assignment.cutoff or 0.0)).mean())
        shares = np.array([1.0 - above, above] if declaration.assignment.above else [above, 1.0 - above])
    return float(np.mean([shares @ one[cost][:, -1].mean(axis=-1) for one in potentials])) * declaration.units.size


def cost_outcome(world: World) -> str | None:
    """The outcome that is the public cost; none where the model keeps none for every unit."""
    name = str(dict(world.setting.model.card.roles).get("cost", "subsidy"))
    return name if name in world.outcomes else None


def _moved_by_peers(
    declaration: Declaration,
    world: World,
    potentials: list[Mapping[str, Floats]],
    generator: np.random.Generator,
    arm: int,
) -> float:
    """How far the arms' difference moves when units see what their peers were offered, mean over a few worlds.

    The engine runs the pilot as assigned, the whole population around it, once with everybody seeing what their own
    world did and once with the baseline's peers; what differs is what reached a unit through others.
    """
    year, size = horizon(declaration), min(declaration.units.size, world.frame.height)
    moved: list[float] = []
    for draw in range(min(WORLDS_WITH_PEERS, world.draws)):
        places = generator.choice(world.frame.height, size, replace=False)
        shares = np.array([one.share for one in declaration.arms])
        code = np.full(world.frame.height, -1, np.int64)
        weights = shares / shares.sum() if shares.sum() else np.full(len(shares), 1.0 / len(shares))
        code[places] = generator.choice(len(shares), size, p=weights)
        seen = simulate_arms(world, draw, code, apart=False)[declaration.outcome.column][year]
        alone = potentials[draw][declaration.outcome.column][np.maximum(code, 0), year, np.arange(len(code))]
        shift = seen - alone
        moved.append(float(shift[code == arm].mean() - shift[code == 0].mean()))
    return float(np.mean(moved))
