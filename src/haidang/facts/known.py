"""What is left unknown of facts that are known together, once some of them are known.

Normal numbers of which some are known stay normal (Anderson 1958, section 2.5): with mean m and covariance S in parts,
the others have mean m1 + S12 S22^-1 (x2 - m2) and covariance S11 - S12 S22^-1 S21. In a copula it holds of the scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from haidang.errors import Place
from haidang.facts.distribution import Distribution
from haidang.facts.fact import Fact, FactError
from haidang.facts.joint import Copula, Joint, Rows, Together
from haidang.facts.units import canonical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

Known: TypeAlias = Mapping[str, tuple[float, Place]]

FARTHEST = 0.001
"""The share of a distribution nearer to its end than which a known value moves others no farther."""


def once_known(together: Together, facts: Mapping[str, Fact], known: Known) -> tuple[Together | None, dict[str, float]]:
    """The facts of a joint that are still unknown, as they hang together, and the value of each in its own unit.

    Args:
        together: the joint.
        facts: of the pack, as stated.
        known: by fact, its canonical value and where it is written.

    Raises:
        FactError: the facts follow from each other, or a known value is one that its fact cannot have.
    """
    here = [name for name in together.facts if name in known]
    left = tuple(name for name in together.facts if name not in known)
    if isinstance(together, Joint):
        return _normal(together, facts, here, left, known)
    return _copula(together, facts, here, left, known)


def _normal(
    joint: Joint, facts: Mapping[str, Fact], here: list[str], left: tuple[str, ...], known: Known
) -> tuple[Joint | None, dict[str, float]]:
    if joint.rank < len(joint.facts):
        problem = f"expected facts of which none follows from others, found '{here[0]}', which hangs on such ones"
        raise FactError(problem, known[here[0]][1])
    values = [known[name][0] for name in here]
    mean, covariance = _given(joint.facts, joint.mean, joint.covariance, here, values)
    if not left:
        return None, {}
    found = replace(joint, facts=left, mean=mean, covariance=covariance, rank=len(left))
    return found, {name: one / canonical(1.0, facts[name].unit) for name, one in zip(left, mean, strict=True)}


def _copula(
    copula: Copula, facts: Mapping[str, Fact], here: list[str], left: tuple[str, ...], known: Known
) -> tuple[Copula | None, dict[str, float]]:
    import numpy as np
    from scipy import special

    scipy_special: Any = special
    scores = [_score(_law(facts[name]), *known[name], facts[name]) for name in here]
    mean, covariance = _given(copula.facts, copula.mean, copula.correlation, here, scores)
    if not left:
        return None, {}
    values: dict[str, float] = {}
    for place, name in enumerate(left):
        law, fact = _law(facts[name]), facts[name]
        score = mean[place] + covariance[place][place] ** 0.5 * _score(law, fact.canonical, fact.where, fact)
        moved = law.quantile(np.array([float(scipy_special.ndtr(score))]))
        values[name] = float(moved[0]) / canonical(1.0, fact.unit)
    return replace(copula, facts=left, correlation=covariance, known=mean), values


def _law(fact: Fact) -> Distribution:
    assert fact.distribution is not None
    return fact.distribution


def _score(law: Distribution, value: float, place: Place, fact: Fact) -> float:
    """The normal score of a canonical value: where in its distribution it lies."""
    from scipy import special

    scipy_special: Any = special
    low, high = law.bounds
    if law.kind == "choice" or not low <= value <= high:
        scale = canonical(1.0, fact.unit)
        inside = "a fact that is spread evenly" if law.kind == "choice" else f"{low / scale:g} to {high / scale:g}"
        problem = f"expected {inside} {fact.unit} for '{fact.id}', found {value / scale:g}"
        raise FactError(problem, place, "other facts hang on it, and of what it cannot be nothing follows")
    return float(scipy_special.ndtri(_share(law, value)))


def _share(law: Distribution, value: float) -> float:
    """The share of the distribution that lies below a value, found by halving, no nearer to an end than `FARTHEST`."""
    import numpy as np

    low, high = FARTHEST, 1.0 - FARTHEST
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(law.quantile(np.array([middle]))[0]) < value else (low, middle)
    return (low + high) / 2.0


def _given(
    facts: tuple[str, ...], mean: tuple[float, ...], covariance: Rows, here: list[str], values: list[float]
) -> tuple[tuple[float, ...], Rows]:
    """Mean and covariance of the other facts."""
    import numpy as np

    known = np.array([name in here for name in facts])
    whole, middle = np.array(covariance, np.float64), np.array(mean, np.float64)
    between = whole[np.ix_(~known, known)]
    gain = np.linalg.solve(whole[np.ix_(known, known)], between.T).T
    ordered = np.array([values[here.index(name)] for name in facts if name in here])
    moved = middle[~known] + gain @ (ordered - middle[known])
    rest = whole[np.ix_(~known, ~known)] - gain @ between.T
    even = (rest + rest.T) / 2.0
    return tuple(float(one) for one in moved), tuple(tuple(float(one) for one in row) for row in even)
