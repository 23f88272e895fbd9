"""From observed choices to coefficients: the room's main door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from haidang.learn.fit.checks import check_chosen, check_clusters, check_separation, check_told, moving
from haidang.learn.fit.choices import Choices, Floats, Groups, Integers, Linear
from haidang.learn.fit.coefficients import Coefficient, Freedom, Restriction, freedom
from haidang.learn.fit.derivatives import jax
from haidang.learn.fit.draws import Draws
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.fitted import Fitted, Kind, covariances
from haidang.learn.fit.maximise import Tick, Top, newton, quasi_newton
from haidang.learn.fit.terms import GroupTerms, LogitTerms, group_data, logit_data

Laws = Mapping[str, tuple[str, float]]
"""For each coefficient that differs between units, its law and, where it is lognormal, its sign."""
Nests = Mapping[str, tuple[str | None, tuple[str, ...]]]
"""For each nest, the coefficient that is its scale (none where it is one) and its alternatives."""

FIRST_SPREAD = 0.1


def fit_choices(
    observed: Choices | Groups,
    coefficients: Sequence[Coefficient],
    *,
    restrictions: Sequence[Restriction] = (),
    nests: Nests | None = None,
    laws: Laws | None = None,
    draws: Draws | None = None,
    place: Callable[[int], str] = lambda row: f"number {row + 1}",
    tick: Tick = lambda fine, part: None,
) -> Fitted:
    """Estimate coefficients by maximum likelihood.

    Args:
        observed: choices of one alternative of several, or yes-no items in groups.
        coefficients: in the order in which the utilities read them; scales of nests and spreads among them, which the
            utilities do not read.
        restrictions: what must hold between them.
        nests: alternatives that share a part of their noise.
        laws: coefficients that differ between units.
        draws: how the likelihood is simulated.
        place: how a choice is called in the data, for messages.
        tick: called after every evaluation of a simulated likelihood: whether of the fine one, and the part done.

    Raises:
        FitError: the data cannot tell the coefficients, with what stands in the way.
    """
    if nests and laws:
        raise FitError("expected nests or coefficients that differ between units, found both")
    free = freedom(coefficients, restrictions)
    with jax.enable_x64(True):
        if isinstance(observed, Groups):
            found = _fit_groups(observed, free)
        else:
            check_chosen(observed, place)
            check_clusters(observed.cluster)
            if laws:
                found = _fit_mixed(observed, free, laws, draws or Draws(), tick)
            else:
                found = _fit_logit(observed, free, nests or {})
    return replace(found, restrictions=tuple(one.text for one in restrictions))


def _fit_logit(choices: Choices, free: Freedom, nests: Nests) -> Fitted:
    terms, skip = _logit_terms(choices, free, nests)
    rows = moving(choices, free)
    check_told(rows, free, skip)
    top = newton(terms, logit_data(choices), choices.weight, free)
    if not skip:
        check_separation(choices, free, top, rows)
    elif not top.found:
        raise FitError(f"expected the search to settle, found it moving after {top.steps} steps")
    kind: Kind = "nested" if nests else "multinomial"
    found = _fitted(kind, top, free, choices, choices.cluster, len(choices))
    low = [name for name, (scale, _) in nests.items() if scale is not None and found.value(scale) < 1.0]
    return replace(found, warnings=(*found.warnings, *(("low_scale", name) for name in low)))


def _logit_terms(choices: Choices, free: Freedom, nests: Nests) -> tuple[LogitTerms, tuple[int, ...]]:
    """The likelihood, and the places of its scales; an alternative in no nest is a nest of its own."""
    utilities = None if isinstance(choices.utilities, Linear) else choices.utilities
    if not nests:
        return LogitTerms(utilities), ()
    members: list[tuple[int, ...]] = []
    scales: list[int | None] = []
    for scale, inside in nests.values():
        members.append(tuple(choices.alternatives.index(one) for one in inside))
        scales.append(None if scale is None else free.names.index(scale))
    taken = [one for nest in members for one in nest]
    if len(set(taken)) != len(taken):
        raise FitError("expected each alternative in one nest, found one in two")
    alone = [one for one in range(len(choices.alternatives)) if one not in taken]
    members += [(one,) for one in alone]
    scales += [None] * len(alone)
    return (
        LogitTerms(utilities, tuple(members), tuple(scales)),
        tuple(place for place in scales if place is not None),
    )


def _fit_groups(groups: Groups, free: Freedom) -> Fitted:
    if not len(groups):
        raise FitError("expected groups that took some items and refused others, found none")
    check_clusters(groups.cluster)
    if groups.cluster is None and int(groups.group.max()) < 1:
        raise FitError("expected at least two groups, found one: no error can be told from it")
    rows = moving(groups, free)
    check_told(rows, free)
    taken = np.bincount(groups.group, groups.taken).astype(np.int64)
    utilities = None if isinstance(groups.utilities, Linear) else groups.utilities
    top = newton(GroupTerms(int(taken.max()), utilities), group_data(groups), groups.weight, free)
    check_separation(groups, free, top, rows)
    cluster = np.arange(len(groups.weight)) if groups.cluster is None else groups.cluster
    return _fitted("conditional", top, free, groups, cluster, len(groups.weight))


def _fit_mixed(choices: Choices, free: Freedom, laws: Laws, draws: Draws, tick: Tick) -> Fitted:
    from haidang.learn.fit.mixed import lay_out, simulate, spreads_of

    linear = choices.utilities
    if not isinstance(linear, Linear):
        raise FitError("expected utilities that are linear in the coefficients that differ, found others")
    typed: Any = laws
    spreads = spreads_of(typed, free.names)
    skip = tuple(one.spread for one in spreads)
    check_told(moving(choices, free), free, skip)
    weight = _unit_weights(choices)
    simulated = simulate(lay_out(choices, linear, tuple(laws), draws), spreads, free, weight)
    start = _mixed_start(choices, free, spreads)
    top = quasi_newton(simulated.on_few(), simulated, start, tick)
    if not top.found:
        raise FitError(f"expected the search to settle, found it moving after {top.steps} steps")
    cluster = _unit_clusters(choices)
    found = _fitted("mixed", top, free, choices, cluster, len(weight))
    values, covariance = found.values.copy(), np.ones(len(free.names))
    for one in spreads:
        # A spread counts by its size; its covariances turn with its sign.
        covariance[one.spread] = np.sign(values[one.spread]) or 1.0
        values[one.spread] = abs(values[one.spread])
    turn = np.outer(covariance, covariance)
    clustered = None if found.clustered is None else found.clustered * turn
    return replace(
        found,
        values=values,
        plain=found.plain * turn,
        robust=found.robust * turn,
        clustered=clustered,
        laws={name: law for name, (law, _) in laws.items()},
        draws=draws.count,
    )


def _mixed_start(choices: Choices, free: Freedom, spreads: Sequence[Any]) -> Floats:
    """Free numbers of the plain logit where no coefficient is lognormal, with a little spread.

    A lognormal's mean is one of logarithms: it begins at its own start.
    """
    from haidang.learn.fit.checks import linearised

    wanted = free.base.copy()
    if all(one.law != "lognormal" for one in spreads) and _is_plain(free):
        moved = [place for place in range(len(free.names)) if place not in {one.spread for one in spreads}]
        use = [column for column in range(free.free) if free.basis[moved, column].any()]
        inner = Freedom(free.names, free.base, free.basis[:, use])
        data = logit_data(replace(choices, utilities=linearised(choices, free)))
        wanted = inner.all(newton(LogitTerms(), data, choices.weight, inner).free)
    for one in spreads:
        if wanted[one.spread] == 0.0:
            wanted[one.spread] = FIRST_SPREAD * max(1.0, abs(wanted[one.mean]) if one.law != "lognormal" else 1.0)
    return free.basis.T @ (wanted - free.base)


def _is_plain(free: Freedom) -> bool:
    """Whether the free numbers are coefficients themselves."""
    return bool(np.isin(free.basis, (0.0, 1.0)).all())


def _unit_weights(choices: Choices) -> Floats:
    first = np.unique(choices.unit, return_index=True)[1]
    if not np.array_equal(choices.weight[first][choices.unit], choices.weight):
        raise FitError("expected one weight for all choices of a unit, found several")
    return choices.weight[first]


def _unit_clusters(choices: Choices) -> Integers | None:
    if choices.cluster is None:
        return None
    first = np.unique(choices.unit, return_index=True)[1]
    if not np.array_equal(choices.cluster[first][choices.unit], choices.cluster):
        raise FitError("expected all choices of a unit in one cluster, found one in several")
    return choices.cluster[first]


def _fitted(
    kind: Kind, top: Top, free: Freedom, observed: Choices | Groups, cluster: Integers | None, units: int
) -> Fitted:
    plain, robust, clustered, warnings = covariances(top, free, cluster)
    return Fitted(
        kind=kind,
        names=free.names,
        values=free.all(top.free),
        free=free.free,
        log_likelihood=top.value,
        null_log_likelihood=_null(observed),
        observations=len(observed),
        units=units,
        clusters=None if cluster is None else int(cluster.max()) + 1,
        plain=plain,
        robust=robust,
        clustered=clustered,
        steps=top.steps,
        warnings=warnings,
    )


def _null(observed: Choices | Groups) -> float:
    """Log-likelihood where all that can be chosen is as likely."""
    if isinstance(observed, Choices):
        return -float(observed.weight @ np.log(observed.available.sum(axis=1)))
    from scipy import special

    law: Any = special
    items, taken = np.bincount(observed.group), np.bincount(observed.group, observed.taken)
    ways = law.gammaln(items + 1) - law.gammaln(taken + 1) - law.gammaln(items - taken + 1)
    return -float(observed.weight @ ways)
