"""What an estimation found, and what follows from it: errors, tests, willingness to pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from haidang.errors import did_you_mean
from haidang.learn.fit.choices import Floats, Integers
from haidang.learn.fit.coefficients import Freedom
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.maximise import Top

Kind: TypeAlias = Literal["multinomial", "nested", "mixed", "conditional"]
Errors: TypeAlias = Literal["plain", "robust", "clustered"]
FEW_CLUSTERS = 30


@dataclass(frozen=True, slots=True)
class Fitted:
    """Estimated coefficients.

    Attributes:
        kind: of the likelihood.
        names: the coefficients, those held too.
        values: their values.
        free: how many numbers were estimated.
        log_likelihood: at the values.
        null_log_likelihood: where every available alternative, or every subset of a group, is as likely as another.
        observations: choices, or items.
        units: whose terms the robust errors are built from: choices, units of a panel, or groups.
        clusters: none without.
        plain: covariance from the second derivative, zero for what is held.
        robust: sandwich of the second derivative and the units' scores (Huber 1967).
        clustered: the same with scores summed within clusters, times G / (G - 1) (Liang and Zeger 1986).
        steps: how many steps the search took.
        restrictions: as written.
        laws: of coefficients that differ between units.
        draws: per unit; none where nothing is simulated.
        warnings: what a reader should know: `flat`, `few_clusters` or `low_scale`, and how many or which.
    """

    kind: Kind
    names: tuple[str, ...]
    values: Floats
    free: int
    log_likelihood: float
    null_log_likelihood: float
    observations: int
    units: int
    clusters: int | None
    plain: Floats
    robust: Floats
    clustered: Floats | None
    steps: int
    restrictions: tuple[str, ...] = ()
    laws: Mapping[str, str] = field(default_factory=dict[str, str])
    draws: int | None = None
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def best_errors(self) -> Errors:
        """The errors that assume least: clustered where there are clusters, else robust."""
        return "robust" if self.clustered is None else "clustered"

    def covariance(self, errors: Errors | None = None) -> Floats:
        """Covariance of all coefficients.

        Raises:
            FitError: clustered errors are asked for and there are no clusters.
        """
        wanted = self.best_errors if errors is None else errors
        found = {"plain": self.plain, "robust": self.robust, "clustered": self.clustered}[wanted]
        if found is None:
            raise FitError("expected clusters for clustered errors, found none")
        return found

    def standard_errors(self, errors: Errors | None = None) -> Floats:
        """Square roots of the covariance's diagonal."""
        return np.sqrt(np.maximum(np.diag(self.covariance(errors)), 0.0))

    def value(self, name: str) -> float:
        """The value of a coefficient.

        Raises:
            FitError: there is none of that name.
        """
        return float(self.values[self.place(name)])

    def place(self, name: str) -> int:
        """Where a coefficient stands among the names.

        Raises:
            FitError: there is none of that name.
        """
        if name not in self.names:
            raise FitError(f"expected a coefficient, found '{name}'", hint=did_you_mean(name, self.names))
        return self.names.index(name)

    @property
    def pseudo_r2(self) -> float:
        """One less the ratio of log-likelihoods (McFadden 1974)."""
        return 1.0 - self.log_likelihood / self.null_log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion (1974)."""
        return 2.0 * self.free - 2.0 * self.log_likelihood


def covariances(
    top: Top, freedom: Freedom, cluster: Integers | None
) -> tuple[Floats, Floats, Floats | None, tuple[tuple[str, str], ...]]:
    """Plain, robust and clustered covariance of all coefficients, and what to warn of."""
    bent = -(top.hessian + top.hessian.T) / 2.0
    values = np.linalg.eigvalsh(bent)
    warnings: list[tuple[str, str]] = []
    if values.min() <= 1e-12 * max(values.max(), 1e-300):
        warnings.append(("flat", ""))
    inverse: Floats = np.asarray(np.linalg.pinv(bent, hermitian=True), dtype=np.float64)

    # What a restriction pins alone moves in no direction; rounding of the basis would leave it an error of 1e-17.
    basis = np.where(np.abs(freedom.basis).max(axis=1, keepdims=True) < 1e-12, 0.0, freedom.basis)

    def all_of(free: Floats) -> Floats:
        return basis @ free @ basis.T

    def sandwich(scores: Floats) -> Floats:
        return all_of(inverse @ (scores.T @ scores) @ inverse)

    clustered = None
    if cluster is not None:
        count = int(cluster.max()) + 1
        sums: Floats = np.zeros((count, top.scores.shape[1]))
        np.add.at(sums, cluster, top.scores)
        clustered = sandwich(sums) * count / (count - 1)
        if count < FEW_CLUSTERS:
            warnings.append(("few_clusters", str(count)))
    return all_of(inverse), sandwich(top.scores), clustered, tuple(warnings)


@dataclass(frozen=True, slots=True)
class RatioTest:
    """A likelihood-ratio test of what a smaller model leaves out.

    Attributes:
        statistic: twice the difference of log-likelihoods.
        degrees: how many numbers more the larger model estimates.
        p: the chance of a statistic at least as large where the smaller model holds.
    """

    statistic: float
    degrees: int
    p: float


def ratio_test(small: Fitted, large: Fitted) -> RatioTest:
    """Test a model against a larger one on the same choices (Wilks 1938).

    Raises:
        FitError: they are not of the same choices, or the larger one is not larger.
    """
    if (small.observations, small.null_log_likelihood) != (large.observations, large.null_log_likelihood):
        raise FitError(
            f"expected two fits of the same choices, found {small.observations} and {large.observations} of them"
        )
    degrees = large.free - small.free
    if degrees < 1:
        raise FitError(f"expected the second model to estimate more, found {large.free} numbers beside {small.free}")
    statistic = 2.0 * (large.log_likelihood - small.log_likelihood)
    if statistic < -1e-6:
        raise FitError(
            f"expected a larger model to fit at least as well, found {large.log_likelihood:.3f} below "
            f"{small.log_likelihood:.3f}: it does not contain the smaller one"
        )
    from scipy import special

    law: Any = special
    return RatioTest(max(statistic, 0.0), degrees, float(law.chdtrc(degrees, max(statistic, 0.0))))


@dataclass(frozen=True, slots=True)
class Worth:
    """What a unit of an attribute is worth, as a ratio of two coefficients.

    Attributes:
        value: the ratio.
        error: its standard error by the delta method.
        low: lower end of the interval.
        high: upper end.
        level: how often such an interval holds the truth.
    """

    value: float
    error: float
    low: float
    high: float
    level: float


def worth(fitted: Fitted, attribute: str, money: str, level: float = 0.95, errors: Errors | None = None) -> Worth:
    """Willingness to pay: the coefficient of an attribute over that of money, with an interval by the delta method.

    Raises:
        FitError: a name is no coefficient, money's is zero, or either differs between units.
    """
    top, bottom = fitted.place(attribute), fitted.place(money)
    for name in (attribute, money):
        if fitted.laws.get(name) == "lognormal":
            raise FitError(f"expected a coefficient that is a mean, found that of a logarithm, '{name}'")
    if fitted.values[bottom] == 0.0:
        raise FitError(f"expected money to count, found a coefficient '{money}' of zero")
    ratio = float(fitted.values[top] / fitted.values[bottom])
    slope = np.zeros(len(fitted.names))
    slope[top] += 1.0 / fitted.values[bottom]
    slope[bottom] -= ratio / fitted.values[bottom]
    error = float(np.sqrt(slope @ fitted.covariance(errors) @ slope))
    from scipy import special

    law: Any = special
    wide = float(law.ndtri(0.5 + level / 2.0)) * error
    return Worth(ratio, error, ratio - wide, ratio + wide, level)
