"""Why a simulated pilot finds less than its closed form says: the suspected causes switched off one after another.

Each step changes what the model's units would do in the pilot's worlds and simulates the declared pilot again, with the
declared lot and estimator. The error of chance is taken over batches that share no sample of units.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from haidang.learn.pilot.closed import power_of
from haidang.learn.pilot.declaration import Declaration
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.learn.pilot.power import Power, powers_of
from haidang.learn.pilot.world import World, lay_out, potential
from haidang.packs import load_pack

Floats = NDArray[np.float64]
Outcomes = list[Floats]
"""Of each world, the outcome in the last year in each arm (arms, units)."""

WORLDS, BATCHES, PILOTS, FRAME, ROWS = 16, 12, 480, 6000, 8000
FARTHEST = 3.0
"""How many errors of chance the closed form may lie from the simulation where every cause is switched off."""


def as_they_are(outcomes: Outcomes) -> Outcomes:
    """Nothing switched off."""
    return outcomes


def one_effect_in_all_worlds(outcomes: Outcomes) -> Outcomes:
    """The treated are shifted so that the mean effect is the same in each world; units still differ in theirs."""
    mean = float(np.mean([_effect(one) for one in outcomes]))
    return [np.stack([one[0], one[1] + mean - _effect(one)]) for one in outcomes]


def one_effect_for_all_units(outcomes: Outcomes) -> Outcomes:
    """Everybody in every world gains the mean effect."""
    mean = float(np.mean([_effect(one) for one in outcomes]))
    return [np.stack([one[0], one[0] + mean]) for one in outcomes]


def one_spread_too(outcomes: Outcomes) -> Outcomes:
    """One effect for all, and outcomes spread equally far in each world."""
    wide = float(np.mean([one[0].var(ddof=1) for one in outcomes])) ** 0.5
    even = [one[0] * (wide / one[0].std(ddof=1)) for one in outcomes]
    mean = float(np.mean([_effect(one) for one in outcomes]))
    return [np.stack([one, one + mean]) for one in even]


def no_effect(outcomes: Outcomes) -> Outcomes:
    """Nobody gains anything: what is found is false."""
    return [np.stack([one[0], one[0]]) for one in outcomes]


STEPS: dict[str, Callable[[Outcomes], Outcomes]] = {
    "as they are": as_they_are,
    "one effect in all worlds": one_effect_in_all_worlds,
    "one effect for all units": one_effect_for_all_units,
    "one spread in all worlds too": one_spread_too,
    "no effect": no_effect,
}


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """The simulated power at each step beside the closed form at the mean, and the closed form over worlds."""
    worlds, batches, pilots = (4, 3, 16) if small else (WORLDS, BATCHES, PILOTS)
    pack = load_pack("hcmc")
    declaration = load_declaration(pack.root / "pilots" / "smart-manufacturing-credit.yaml")
    frame, rows = (1500, 1000) if small else (FRAME, ROWS)
    if small:
        declaration = dataclasses.replace(declaration, units=dataclasses.replace(declaration.units, size=600))
    world = lay_out(pack, declaration, draws=worlds, seed=1, frame=frame, rows=rows)
    known = [potential(world, draw) for draw in range(worlds)]
    figures, notes = list[Figure](), list[str]()
    for step, change in STEPS.items():
        found = _simulated(declaration, world, known, change, batches, pilots)
        power = np.array([one.power for one in found])
        error = float(power.std(ddof=1) / len(power) ** 0.5)
        closed = float(np.mean([one.closed_power for one in found]))
        share = 100.0 * float(power.mean())
        figures.append(Figure(f"{step}: found", "%", (share,), note=f"chance of the simulation {100 * error:.2f}"))
        figures.append(Figure(f"{step}: closed form at the mean effect", "%", (100.0 * closed,)))
        if step == "as they are":
            over = _over_worlds(declaration, [one[declaration.outcome.column][:, -1] for one in known], found)
            figures.append(Figure(f"{step}: closed form, mean over worlds", "%", (100.0 * over,)))
            figures.append(_apart(step, float(power.mean()) - over, error))
        elif step != "no effect":
            figures.append(_apart(step, float(power.mean()) - closed, error))
        notes.append(_told(step, found))
    return figures, notes


def _simulated(
    declaration: Declaration,
    world: World,
    known: list[Mapping[str, Floats]],
    change: Callable[[Outcomes], Outcomes],
    batches: int,
    pilots: int,
) -> list[Power]:
    """Batches of pilots whose units do in the last year what the step makes of it."""
    name = declaration.outcome.column
    changed = change([one[name][:, -1] for one in known])
    potentials: list[Mapping[str, Floats]] = [
        {**one, name: np.concatenate([one[name][:, :-1], new[:, None]], axis=1)}
        for one, new in zip(known, changed, strict=True)
    ]
    alone = dataclasses.replace(world, peers=False)
    return [
        powers_of(declaration.id, declaration, alone, potentials, pilots=pilots, seed=100 + batch)[0]
        for batch in range(batches)
    ]


def _over_worlds(declaration: Declaration, outcomes: Outcomes, found: list[Power]) -> float:
    """The closed form at each world's own effect and spread, averaged: what the simulation averages too."""
    error = float(np.mean([one.closed_error for one in found]))
    control, treated = 1.0 - declaration.arms[1].share, declaration.arms[1].share
    spread = np.array([one[0].var(ddof=1) / control + one[1].var(ddof=1) / treated for one in outcomes])
    own = error * np.sqrt(spread / spread.mean())
    return float(
        np.mean([power_of(_effect(one), width, declaration.alpha) for one, width in zip(outcomes, own, strict=True)])
    )


def _effect(one: Floats) -> float:
    return float((one[1] - one[0]).mean())


def _apart(step: str, gap: float, error: float) -> Figure:
    return Figure(f"{step}: closed form apart", "errors", (abs(gap) / error,), bound=FARTHEST)


def _told(step: str, found: list[Power]) -> str:
    mean = {
        name: float(np.mean([getattr(one, name) for one in found]))
        for name in ("truth", "truth_low", "truth_high", "error", "closed_error", "coverage", "bias")
    }
    spread = float(np.mean([one.spread**2 for one in found])) ** 0.5
    return (
        f"{step}: {sum(one.pilots for one in found)} pilots, effect {mean['truth']:.4f} ({mean['truth_low']:.4f} to "
        f"{mean['truth_high']:.4f}), error stated {mean['error']:.5f}, by closed form {mean['closed_error']:.5f}, "
        f"found {spread:.5f}, bias {mean['bias']:+.5f}, covered {100 * mean['coverage']:.1f} %"
    )
