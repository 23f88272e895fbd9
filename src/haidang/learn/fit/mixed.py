"""Mixed logit: coefficients that differ from unit to unit, their likelihood averaged over draws.

A unit's chance of all its choices, given its coefficients, is averaged over draws of them (McFadden and Train 2000;
Train 2009). Draws are made block by block inside the sum and never held together: memory is that of one block. Each
block's gradient is taken by JAX while the block is at hand and carried along with the sum: nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np

from haidang.learn.fit.choices import Array, Choices, Floats, Linear
from haidang.learn.fit.coefficients import Freedom
from haidang.learn.fit.derivatives import jax, jnp
from haidang.learn.fit.draws import Draws
from haidang.learn.fit.mixed_names import spread_name
from haidang.learn.fit.terms import gaps_of
from haidang.models.logit import NEVER

Law: TypeAlias = Literal["normal", "lognormal", "triangular"]
LAWS: tuple[Law, ...] = ("normal", "lognormal", "triangular")
STEEPEST = 600.0
"""A utility gap beyond which the chance is nothing; its exponential is still a number."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A coefficient that differs between units.

    Args:
        law: normal: mean + spread z; triangular: mean + spread t with t in [-1, 1]; lognormal: the sign times
            exp(mean + spread z).
        mean: place of its mean among the coefficients (of the logarithm's, where it is lognormal).
        spread: place of its spread.
        sign: of a lognormal coefficient.
    """

    law: Law
    mean: int
    spread: int
    sign: float = 1.0


@dataclass(frozen=True, slots=True)
class Laid:
    """Choices laid out by unit: alternatives other than the one chosen, a unit's choices in a row.

    Attributes:
        slopes: of shape (places, others, units, coefficients), utility less that of the alternative chosen.
        offset: of shape (places, others, units); `NEVER` where there is no such alternative or no such choice.
        shifts: of shape (coefficients that differ, units).
        points: of shape (blocks, coefficients that differ, draws of a block).
    """

    slopes: Floats
    offset: Floats
    shifts: Floats
    points: Floats


def lay_out(choices: Choices, linear: Linear, names: Sequence[str], draws: Draws) -> Laid:
    """Lay choices out by unit; `names` are those of the coefficients that differ."""
    slopes, offset = gaps_of(choices, linear)
    offset = np.where(choices.available, offset, NEVER)
    others = np.arange(len(choices.alternatives))[None, :] != choices.chosen[:, None]
    shape = (len(choices), len(choices.alternatives) - 1)
    slopes, offset = slopes[others].reshape(*shape, -1), offset[others].reshape(shape)
    sizes = np.bincount(choices.unit)
    order = np.argsort(choices.unit, kind="stable")
    place = np.arange(len(choices)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    laid = np.zeros((int(sizes.max()), shape[1], len(sizes), slopes.shape[2]))
    base = np.full(laid.shape[:3], NEVER)
    laid[place, :, choices.unit[order]] = slopes[order]
    base[place, :, choices.unit[order]] = offset[order]
    block = draws.block(laid.shape[0] * laid.shape[2])
    points = draws.points(len(names)).reshape(-1, block, len(names)).transpose(0, 2, 1)
    return Laid(laid, base, draws.shifts(choices.labels, names).T.copy(), points)


def _quantile(law: Law, u: Array) -> Array:
    """The standard variable of a law at shares `u`."""
    if law == "triangular":
        return jnp.where(u < 0.5, jnp.sqrt(2.0 * u) - 1.0, 1.0 - jnp.sqrt(2.0 * (1.0 - u)))
    return jax.scipy.special.ndtri(u)


def _block(spreads: tuple[Spread, ...], fixed: Array, own: Array, slopes: Array, z: Sequence[Array]) -> Array:
    """Log-chance of each unit's choices in each draw of a block, (units, draws).

    Args:
        spreads: the coefficients that differ.
        fixed: the part of the gaps that is the same in every draw (places, others, units).
        own: each unit's copy of means and spreads (2, coefficients that differ, units).
        slopes: of the coefficients that differ (coefficients that differ, places, others, units).
        z: for each coefficient that differs, its standard variable (units, draws).
    """
    moved: list[Array] = []
    for place, one in enumerate(spreads):
        part = own[1, place][:, None] * z[place]
        moved.append(one.sign * jnp.exp(own[0, place][:, None] + part) if one.law == "lognormal" else part)

    def choice(log_chance: Array, at: tuple[Array, Array]) -> tuple[Array, None]:
        gaps, here = at
        total = jnp.zeros_like(log_chance)
        for other in range(fixed.shape[1]):
            gap = gaps[other][:, None] + jnp.zeros_like(log_chance)
            for place in range(len(spreads)):
                gap = gap + here[place, other][:, None] * moved[place]
            total = total + jnp.exp(jnp.minimum(gap, STEEPEST))
        return log_chance - jnp.log1p(total), None

    start = jnp.zeros_like(z[0])
    if fixed.shape[0] == 1:
        return choice(start, (fixed[0], slopes[:, 0]))[0]
    return jax.lax.scan(choice, start, (fixed, jnp.swapaxes(slopes, 0, 1)))[0]


def _units(
    spreads: tuple[Spread, ...], coefficients: Array, blocks: Array, laid: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Each unit's simulated log-likelihood and its gradient by all coefficients, (units), (units, coefficients).

    Only so many `blocks` of the points are used, so that a search may begin on few of them with the same program.
    """
    slopes, offset, shifts, points = laid
    units, draws = slopes.shape[2], blocks * points.shape[2]
    logs = [one for one in spreads if one.law == "lognormal"]
    straight = jnp.ones_like(coefficients).at[jnp.array([one.mean for one in logs], int)].set(0.0)
    fixed = jnp.einsum("tjuk,k->tju", slopes, coefficients * straight) + offset
    means, sizes = (
        jnp.stack([coefficients[place] for place in places])
        for places in ([one.mean for one in spreads], [one.spread for one in spreads])
    )
    # A spread counts by its size: its sign says nothing.
    own = jnp.broadcast_to(jnp.stack([means, jnp.abs(sizes)])[:, :, None], (2, len(spreads), units))
    random = jnp.stack([slopes[..., one.mean] for one in spreads])

    def step(at: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        top, total, by_fixed, by_own = carry
        u = shifts[:, :, None] + points[at][:, None, :]
        u = jnp.clip(u - jnp.floor(u), 1e-12, 1.0 - 1e-12)
        z = [_quantile(one.law, u[place]) for place, one in enumerate(spreads)]

        def chances(common: Array, each: Array) -> Array:
            return _block(spreads, common, each, random, z)

        log_chance, pull = jax.vjp(chances, fixed, own)
        higher = jnp.maximum(top, jnp.max(log_chance, axis=1))
        weight, kept = jnp.exp(log_chance - higher[:, None]), jnp.exp(top - higher)
        more_fixed, more_own = pull(weight)
        return (
            higher,
            total * kept + weight.sum(axis=1),
            by_fixed * kept[None, None, :] + more_fixed,
            by_own * kept[None, None, :] + more_own,
        )

    nothing = jnp.zeros(units, fixed.dtype)
    start = (nothing + NEVER, nothing, jnp.zeros_like(fixed), jnp.zeros_like(own))
    top, total, by_fixed, by_own = jax.lax.fori_loop(0, blocks, step, start)
    scores = jnp.einsum("tjuk,tju->uk", slopes, by_fixed) * straight[None, :]
    for place, one in enumerate(spreads):
        scores = scores.at[:, one.spread].add(by_own[1, place] * jnp.sign(sizes[place]))
        if one.law == "lognormal":
            scores = scores.at[:, one.mean].add(by_own[0, place])
    return top + jnp.log(total) - jnp.log(draws.astype(total.dtype)), scores / total[:, None]


@cache
def _slope_program() -> Any:
    def evaluate(
        spreads: tuple[Spread, ...], free: Array, base: Array, basis: Array, blocks: Array, laid: tuple[Array, ...]
    ) -> tuple[Array, Array]:
        units, scores = _units(spreads, base + basis @ free, blocks, laid)
        return units, scores @ basis

    compiled: Any = jax.jit(evaluate, static_argnums=0)
    return compiled


@cache
def _hessian_program() -> Any:
    def evaluate(
        spreads: tuple[Spread, ...],
        free: Array,
        base: Array,
        basis: Array,
        weight: Array,
        direction: Array,
        blocks: Array,
        laid: tuple[Array, ...],
    ) -> Array:
        def gradient(at: Array) -> Array:
            return (weight @ _units(spreads, base + basis @ at, blocks, laid)[1]) @ basis

        return jax.jvp(gradient, (free,), (direction,))[1]

    compiled: Any = jax.jit(evaluate, static_argnums=0)
    return compiled


@dataclass(frozen=True, slots=True)
class Simulated:
    """The simulated log-likelihood of laid out choices.

    Attributes:
        spreads: the coefficients that differ.
        weight: of each unit.
        blocks: how many blocks of draws are used.
        free: what is estimated: base and basis.
        arrays: the choices and the draws, held by JAX.
    """

    spreads: tuple[Spread, ...]
    weight: Floats
    blocks: int
    free: Any
    arrays: Any

    def slope(self, free: Floats) -> tuple[Floats, Floats]:
        """Each unit's log-likelihood and its gradient."""
        units, scores = _slope_program()(self.spreads, free, *self.free, np.int64(self.blocks), self.arrays)
        return np.asarray(units), np.asarray(scores)

    def hessian(self, free: Floats) -> Floats:
        """Second derivative of the weighted log-likelihood, a direction at a time."""
        program = _hessian_program()
        blocks = np.int64(self.blocks)
        rows = [
            np.asarray(program(self.spreads, free, *self.free, self.weight, one, blocks, self.arrays))
            for one in np.eye(len(free))
        ]
        bent = np.stack(rows)
        return (bent + bent.T) / 2.0

    def on_few(self) -> Simulated:
        """The same on a tenth of the draws, where a search may begin."""
        return replace(self, blocks=max(1, self.blocks // 10))


def simulate(laid: Laid, spreads: tuple[Spread, ...], freedom: Freedom, weight: Floats) -> Simulated:
    """The simulated log-likelihood of choices on all their draws."""
    arrays: Any = jax.device_put((laid.slopes, laid.offset, laid.shifts, laid.points))
    free: Any = jax.device_put((freedom.base, freedom.basis))
    return Simulated(spreads, weight, len(laid.points), free, arrays)


def spreads_of(laws: Mapping[str, tuple[Law, float]], names: Sequence[str]) -> tuple[Spread, ...]:
    """The coefficients that differ, from their laws and signs by name."""
    return tuple(
        Spread(law, names.index(name), names.index(spread_name(name)), sign) for name, (law, sign) in laws.items()
    )
