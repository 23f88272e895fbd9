"""Uncertain facts of a dynamic model from published figures, without derivatives.

An ensemble of facts drawn from what is known of them is moved, in a few steps of equal weight, towards the members
whose figures the published ones allow: ensemble smoothing with multiple data assimilation (Emerick and Reynolds 2013),
which is tempered ensemble Kalman inversion (Iglesias, Law and Stuart 2013), from the library
iterative_ensemble_smoother. Facts move on the scale on which each is standard normal, so that no member leaves its
fact's range. For figures that are linear in normal facts the ensemble is the exact posterior but for its size.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.facts import Distribution
from haidang.learn.fit.choices import Floats
from haidang.learn.fit.errors import FitError

FEWEST = 20
FARTHEST = 8.0
"""Standard normal scores beyond which a quantile is no longer told from the end of its range."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What published figures leave open about facts.

    Attributes:
        names: the facts.
        prior: members before, of shape (members, facts).
        members: members after, of the same shape.
        before: figures of the prior members, of shape (members, figures).
        after: figures of the members after.
        steps: how many steps were taken.
    """

    names: tuple[str, ...]
    prior: Floats
    members: Floats
    before: Floats
    after: Floats
    steps: int

    @property
    def mean(self) -> Floats:
        """Mean of the members after."""
        return self.members.mean(axis=0)

    @property
    def covariance(self) -> Floats:
        """Covariance of the members after, unbiased."""
        return np.atleast_2d(np.cov(self.members, rowvar=False))


def fit_moments(
    simulate: Callable[[Floats], Floats],
    names: Sequence[str],
    priors: Sequence[Distribution],
    published: Floats,
    errors: Floats,
    *,
    members: int = 100,
    steps: int = 4,
    seed: int = 1,
    tick: Callable[[int, int], None] = lambda done, all_of_them: None,
) -> Posterior:
    """Fit facts to published figures.

    Args:
        simulate: the figures (figures) at facts (facts), in canonical units; the same chance in every call.
        names: the facts.
        priors: what is known of each without the figures.
        published: the figures.
        errors: their standard errors.
        members: size of the ensemble.
        steps: how many steps lead from the prior to the posterior.
        seed: of the prior's members and of the figures' errors.
        tick: called after every simulation with how many are done, and of how many.

    Raises:
        FitError: too few members or steps, an error that is not positive, or figures that no fact moves.
    """
    from scipy import special

    if members < FEWEST or steps < 1:
        raise FitError(f"expected at least {FEWEST} members and one step, found {members} and {steps}")
    if not (errors > 0).all():
        raise FitError("expected a standard error above zero for every published figure, found none for some")
    law: Any = special
    chance = np.random.default_rng(seed)
    scores = chance.standard_normal((len(names), members))
    all_of_them = members * (steps + 1)
    done = 0

    def facts_of(at: Floats) -> Floats:
        """Members by facts, from scores (facts by members)."""
        shares = law.ndtr(np.clip(at, -FARTHEST, FARTHEST))
        return np.stack([prior.quantile(row) for prior, row in zip(priors, shares, strict=True)], axis=1)

    def figures_of(at: Floats) -> Floats:
        """Figures by members."""
        nonlocal done
        found: list[Floats] = []
        for one in facts_of(at):
            found.append(simulate(one))
            done += 1
            tick(done, all_of_them)
        figures = np.stack(found, axis=1)
        if not np.isfinite(figures).all():
            raise FitError("expected finite figures from every member, found others")
        return figures

    smoother = _smoother(errors, published, steps, chance)
    prior, before = scores, figures_of(scores)
    still = np.flatnonzero(before.std(axis=1) == 0.0)
    if len(still):
        raise FitError(f"expected figures that the facts move, found no variation in number {int(still[0]) + 1}")
    figures = before
    for _ in range(steps):
        smoother.prepare_assimilation(Y=figures)
        scores = smoother.assimilate_batch(X=scores)
        figures = figures_of(scores)
    return Posterior(tuple(names), facts_of(prior), facts_of(scores), before.T, figures.T, steps)


def _smoother(errors: Floats, published: Floats, steps: int, chance: np.random.Generator) -> Any:
    with warnings.catch_warnings():
        # The library's own import warns of what its dependencies deprecate; nothing of ours does.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            from iterative_ensemble_smoother import ESMDA
        except ImportError:
            hint = "install haidang[learn]"
            raise FitError("expected the library iterative_ensemble_smoother, found none", hint=hint) from None
    smoother: Any = ESMDA
    return smoother(covariance=errors**2, observations=published, alpha=steps, seed=chance)
