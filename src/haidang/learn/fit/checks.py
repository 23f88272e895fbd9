"""What data cannot tell, said before or after an estimate is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from haidang.learn.fit.choices import Choices, Floats, Groups, Linear
from haidang.learn.fit.coefficients import Freedom
from haidang.learn.fit.derivatives import jax
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.maximise import Top
from haidang.learn.fit.terms import centred, gaps_of

STRAIGHT = 1e-9
FLAT = 5.0
"""A standard error, in standard deviations of its attribute, beyond which separation is looked for."""
LISTED = 5


def check_chosen(choices: Choices, place: Callable[[int], str]) -> None:
    """See that every choice is of something that could be chosen, and that there was something to choose.

    Args:
        choices: the choices.
        place: how a choice is called in the data.

    Raises:
        FitError: no choice, an alternative chosen that was not available, or a choice among one.
    """
    if not len(choices):
        raise FitError("expected choices, found none")
    rows = np.arange(len(choices))
    wrong = np.flatnonzero(~choices.available[rows, choices.chosen])
    if len(wrong):
        first = int(wrong[0])
        name = choices.alternatives[int(choices.chosen[first])]
        raise FitError(
            f"expected the alternative chosen to be available, found '{name}' chosen and not available in "
            f"{len(wrong)} of {len(choices)} choices, first {place(first)}"
        )
    alone = np.flatnonzero(choices.available.sum(axis=1) < 2)
    if len(alone):
        raise FitError(
            f"expected at least two available alternatives, found one in {len(alone)} of {len(choices)} choices, "
            f"first {place(int(alone[0]))}"
        )
    if not (np.isfinite(choices.weight).all() and (choices.weight >= 0).all() and choices.weight.any()):
        raise FitError("expected weights of zero or more, found others")


def check_clusters(cluster: np.ndarray[Any, Any] | None) -> None:
    """See that there are at least two clusters.

    Raises:
        FitError: there is one.
    """
    if cluster is not None and int(cluster.max()) < 1:
        raise FitError("expected at least two clusters, found one: no error can be told from it")


def moving(observed: Choices | Groups, freedom: Freedom) -> Floats:
    """How the log-likelihood's gaps move with each free number, one row per alternative not chosen, or per item."""
    linear = linearised(observed, freedom)
    if isinstance(observed, Choices):
        slopes = gaps_of(observed, linear)[0].reshape(-1, linear.slopes.shape[-1])
    else:
        slopes = centred(observed, linear.slopes)
    return slopes @ freedom.basis


def linearised(observed: Choices | Groups, freedom: Freedom) -> Linear:
    """The utilities, or the straight line that touches them where the search begins."""
    utilities = observed.utilities
    if isinstance(utilities, Linear):
        return utilities
    slopes = np.asarray(jax.jacfwd(utilities)(freedom.base))
    return Linear(slopes, np.asarray(utilities(freedom.base)) - slopes @ freedom.base)


def check_told(rows: Floats, freedom: Freedom, skip: Sequence[int] = ()) -> None:
    """See that each coefficient moves something, and none moves as others do together.

    Args:
        rows: as `moving` gives.
        freedom: what is estimated.
        skip: places of coefficients that move no utility of their own, such as scales of nests and spreads.

    Raises:
        FitError: a coefficient's attribute does not vary, or some are collinear.
    """
    used = [column for column in range(freedom.free) if not _only(freedom.basis[:, column], skip)]
    size = np.sqrt((rows[:, used] ** 2).mean(axis=0))
    still = [used[place] for place in np.flatnonzero(size <= STRAIGHT * max(float(size.max()), 1e-300))]
    if still:
        names = _names(freedom.basis[:, still], freedom)
        raise FitError(
            f"expected attributes that differ between the alternatives of a choice, found no variation behind {names}"
        )
    scaled = rows[:, used] / size
    values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
    if values[0] <= STRAIGHT * values[-1]:
        weights = freedom.basis[:, used] @ (vectors[:, 0] / size)
        scale = np.abs(weights) * np.sqrt((rows[:, used] ** 2).sum() / len(rows))
        touched = np.abs(weights) > 1e-4 * np.abs(weights).max() if not scale.any() else scale > 1e-4 * scale.max()
        names = _listed([freedom.names[place] for place in np.flatnonzero(touched)])
        raise FitError(f"expected coefficients that can be told apart, found {names} collinear: hold one of them")


def check_separation(observed: Choices | Groups, freedom: Freedom, top: Top, rows: Floats) -> None:
    """Where the search ran away or an error is immense, see whether the coefficients predict every choice.

    Raises:
        FitError: choices are separated (Albert and Anderson 1984), or the search did not settle.
    """
    size = np.sqrt((rows**2).mean(axis=0))
    bent = np.diag(np.linalg.pinv(-top.hessian, hermitian=True)) if np.isfinite(top.hessian).all() else np.inf * size
    immense = ~(np.sqrt(np.maximum(bent, 0.0)) * size < FLAT)
    flat = np.sqrt(np.maximum(-np.diag(top.hessian), 0.0)) < 1e-4 * size * np.sqrt(len(rows))
    if top.found and not immense.any() and not flat.any():
        return
    direction = _separating(_constraints(observed, freedom))
    if direction is not None:
        weights = freedom.basis @ direction
        names = _listed([freedom.names[p] for p in np.flatnonzero(np.abs(weights) > 1e-6 * np.abs(weights).max())])
        raise FitError(
            f"expected choices that no rule predicts, found perfect separation along {names}: the likelihood grows "
            "without end"
        )
    if not top.found:
        raise FitError(f"expected the search to settle, found it moving after {top.steps} steps")


def _constraints(observed: Choices | Groups, freedom: Freedom) -> Floats:
    """Rows d such that d @ free <= 0 everywhere means that what was chosen was always at least as good."""
    if isinstance(observed, Choices):
        return moving(observed, freedom)
    slopes = linearised(observed, freedom).slopes @ freedom.basis
    pairs: list[Floats] = []
    ends = np.cumsum(np.bincount(observed.group))
    for first, last in zip([0, *ends[:-1]], ends, strict=True):
        own, taken = slopes[first:last], observed.taken[first:last]
        pairs.append((own[~taken][:, None, :] - own[taken][None, :, :]).reshape(-1, slopes.shape[1]))
    return np.concatenate(pairs)


def _separating(rows: Floats) -> Floats | None:
    """A direction along which no choice gets less likely and some more; none where there is none."""
    from scipy import optimize

    scaled = rows / np.maximum(np.abs(rows).max(axis=0), 1e-300)
    scaled = np.unique(scaled[np.abs(scaled).any(axis=1)], axis=0)
    solve: Any = optimize
    found = solve.linprog(
        scaled.sum(axis=0), A_ub=scaled, b_ub=np.zeros(len(scaled)), bounds=[(-1.0, 1.0)] * rows.shape[1]
    )
    if found.x is None or float(scaled.sum(axis=0) @ found.x) > -1e-6:
        return None
    return np.asarray(found.x) / np.maximum(np.abs(rows).max(axis=0), 1e-300)


def _only(column: Floats, places: Sequence[int]) -> bool:
    return bool(places) and not np.delete(column, list(places)).any()


def _names(columns: Floats, freedom: Freedom) -> str:
    return _listed([freedom.names[place] for place in np.flatnonzero(np.abs(columns).any(axis=1))])


def _listed(names: Sequence[str]) -> str:
    shown = [f"'{name}'" for name in names[:LISTED]]
    return ", ".join([*shown, f"{len(names) - LISTED} more"] if len(names) > LISTED else shown)
