"""A stochastic Bass path under a ceiling nobody knows: how likely a series is under it, and where it goes from there.

The state has two parts: `x`, the logit of the share that has adopted, and `g`, the logarithm of how fast time runs for
it. A year takes the share along the curve from where it stands, as far as the curve goes in `exp(g)` years:

    g' = f g + omega u,  x' = logit(m B(expit(x) / m, exp(g'))) + sigma e

with m the ceiling, 0 < f < 1, and B the Bass curve among adopters who are not alike (`unlike_after`). So a technology
may stall for years and go on, but is pushed back by the small `sigma e` alone. A number is seen as `x + tau v`, and
with an error from rounding. Likelihoods are those of the extended Kalman filter (Jazwinski 1970), exact where B is a
line.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from haidang.models.diffusion import bass_after

Numbers = NDArray[np.float64]

PARAMETERS = ("ceiling", "innovation", "imitation", "path_noise", "seen_noise", "pace_noise", "pace_forgets", "unlike")
"""What a row of parameters holds: c of the ceiling `m = 1 - exp(-exp(c))`; logarithms of p and q, per year; of sigma,
tau and omega; of how fast a change of pace is forgotten, `f = exp(-exp(.))`; and of the variance of readiness."""

_IMPOSSIBLE = -1e9
_EDGE = 1e-6
"""Shares are kept this far from nobody and everybody, where single precision still tells a logit."""


class Seen(NamedTuple):
    """A series on a grid of whole years, all the same length so that one compiled function serves every series.

    Args:
        logit: of the share seen in each year (years); zero where none was.
        error: variance of that logit from rounding (years).
        mask: 1 in a year with an observation, else 0 (years).
        live: 1 from the first to the last year, else 0, the end of the grid (years).
    """

    logit: Numbers
    error: Numbers
    mask: Numbers
    live: Numbers


class State(NamedTuple):
    """Mean and covariance of `x` and `g` at the last year, by particle."""

    x: Any
    g: Any
    xx: Any
    xg: Any
    gg: Any


def unlike_after(share: Any, time: Any, innovation: Any, imitation: Any, unlike: Any) -> Any:
    """Share of final adopters some time after a given share, where some are readier than others.

    The readiness of each is a multiple of the Bass hazard with a gamma distribution of mean one; the readier adopt
    first, and with a part `1 - F` left the mean readiness of those is `(1 - F)^v` (Vaupel, Manton and Stallard 1979):

        dF/dt = (p + q F) (1 - F)^(1 + v)

    One step by the rule of the midpoint, each half along the Bass curve, so that it is exact at v = 0.

    Args:
        share: share of final adopters now.
        time: years from now; a year or so.
        innovation: coefficient p, per year.
        imitation: coefficient q, per year.
        unlike: variance v of the readiness.
    """

    def ready(part: Any) -> Any:
        return ((1.0 - part) ** 2 + _EDGE) ** (0.5 * unlike)

    middle = bass_after(share, 0.5 * time * ready(share), innovation, imitation)
    return bass_after(share, time * ready(middle), innovation, imitation)


def _year_on(jnp: Any, x: Any, g: Any, row: Any) -> Any:
    """Logit of the share a year later, but for the chance that moves it off the curve."""
    ceiling = 1.0 - jnp.exp(-jnp.exp(row[0]))
    share = 1.0 / (1.0 + jnp.exp(-x))
    after = ceiling * unlike_after(share / ceiling, jnp.exp(g), jnp.exp(row[1]), jnp.exp(row[2]), jnp.exp(row[7]))
    after = jnp.clip(after, _EDGE, 1.0 - _EDGE)
    return jnp.log(after) - jnp.log1p(-after)


def _kept(jnp: Any, logarithm: Any) -> Any:
    """What part of a change of pace is left a year later."""
    return jnp.exp(-jnp.exp(logarithm))


@cache
def _filter() -> Any:
    """The compiled filter: for rows of parameters and a series, log likelihoods and states at its last year."""
    jax: Any = import_module("jax")
    jnp = jax.numpy

    def year_on(x: Any, g: Any, row: Any) -> Any:
        return _year_on(jnp, x, g, row)

    slope = jax.value_and_grad(year_on, argnums=(0, 1))

    def one(row: Any, seen: Seen) -> Any:
        sigma2, tau2, omega2 = jnp.exp(2.0 * row[3]), jnp.exp(2.0 * row[4]), jnp.exp(2.0 * row[5])
        kept = _kept(jnp, row[6])

        def step(carry: Any, year: Any) -> Any:
            state, total = carry
            logit, error, mask, live = year
            g, gg, xg = kept * state.g, kept * kept * state.gg + omega2, kept * state.xg
            x, (dx, dg) = slope(state.x, g, row)
            xx = dx * dx * state.xx + 2.0 * dx * dg * xg + dg * dg * gg + sigma2
            xg = dx * xg + dg * gg
            spread = xx + tau2 + error
            gain_x, gain_g = mask * xx / spread, mask * xg / spread
            off = logit - x
            new = State(x + gain_x * off, g + gain_g * off, xx - gain_x * xx, xg - gain_x * xg, gg - gain_g * xg)
            going = State(*(jnp.where(live > 0, left, right) for left, right in zip(new, state, strict=True)))
            total = total - 0.5 * mask * (jnp.log(2.0 * jnp.pi * spread) + off * off / spread)
            return (going, total), None

        # The first year gives the state its place; only the later ones tell of the parameters.
        none = jnp.zeros_like(row[0])
        settled = omega2 / (1.0 - kept * kept)
        begin = State(seen.logit[0], none, tau2 + seen.error[0], none, settled)
        (state, total), _ = jax.lax.scan(step, (begin, none), tuple(part[1:] for part in seen))
        return total, state

    return jax.jit(jax.vmap(one, in_axes=(0, None)))


def likelihoods(rows: Numbers, seen: Seen) -> tuple[Numbers, State]:
    """Log likelihood of a series under each row of parameters, and where the state stands at its last year.

    Args:
        rows: parameters (particles x parameters).
        seen: the series.
    """
    single = Seen(*(cast(Numbers, part.astype(np.float32)) for part in seen))
    total, state = _filter()(rows.astype(np.float32), single)
    fit = np.asarray(total, np.float64)
    # Parameters at which single precision gives up count as impossible.
    return np.where(np.isfinite(fit), fit, _IMPOSSIBLE), State(*(np.asarray(part, np.float64) for part in state))


@cache
def _walk() -> Any:
    jax: Any = import_module("jax")
    jnp = jax.numpy

    def step(carry: Any, noise: Any) -> Any:
        x, g, rows = carry
        g = _kept(jnp, rows[:, 6]) * g + jnp.exp(rows[:, 5]) * noise[1]
        x = _year_on(jnp, x, g, rows.T) + jnp.exp(rows[:, 3]) * noise[0]
        return (x, g, rows), x + jnp.exp(rows[:, 4]) * noise[2]

    def walk(x: Any, g: Any, rows: Any, noise: Any) -> Any:
        return jax.lax.scan(step, (x, g, rows), noise)[1]

    return jax.jit(walk)


def walk_on(rows: Numbers, state: State, years: int, chance: np.random.Generator) -> Numbers:
    """Logits that would be seen in each year after the last, one path a row of parameters (years x particles)."""
    first, second = chance.standard_normal((2, len(rows)))
    root = np.sqrt(np.maximum(state.xx, 0.0))
    x = state.x + root * first
    along = np.where(root > 0, state.xg / np.where(root > 0, root, 1.0), 0.0)
    rest = np.sqrt(np.maximum(state.gg - along**2, 0.0))
    g = state.g + along * first + rest * second
    noise = chance.standard_normal((years, 3, len(rows)))
    return np.asarray(_walk()(*(part.astype(np.float32) for part in (x, g, rows, noise))), np.float64)
