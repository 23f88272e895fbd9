"""Drawing the uncertain facts, quasi-randomly.

Draws are points of one scrambled Sobol sequence (Sobol, 1967; Owen, 1998) in as many dimensions as the pack has
uncertain facts. A fact's dimension is its place among them in alphabetical order, whichever facts are asked for, and
the first n draws are the same however many follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from haidang.facts.book import FactBook
from haidang.facts.joint import Joint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

BITS = 30


def draw_facts(book: FactBook, names: Iterable[str], draws: int, seed: int) -> dict[str, Numbers]:
    """The values of facts in each draw.

    Args:
        book: the pack's facts.
        names: the ids wanted; certain facts repeat their value, dated ones that of their last year.
        draws: how many, at least one; a single draw has the central values.
        seed: of the scrambling.

    Returns:
        By id, one array of length `draws` in the fact's canonical unit, float64.

    Raises:
        UnknownFactError: there is no fact of that id.
        ValueError: `draws` is less than one.
    """
    import numpy as np

    if draws < 1:
        raise ValueError(f"expected at least one draw, found {draws}")
    wanted = sorted(set(names))
    central = {name: np.full(draws, book.value(name)) for name in wanted}
    uncertain = book.uncertain()
    if draws == 1 or not set(wanted) & set(uncertain):
        return central
    points = dict(zip(uncertain, _sobol(len(uncertain), draws, seed).T, strict=True))
    drawn = dict(central)
    for name in wanted:
        distribution = book.facts[name].distribution
        if distribution is not None:
            drawn[name] = distribution.quantile(points[name])
    for joint in book.joints.values():
        together = _draw_joint(joint, np.stack([points[name] for name in joint.facts]))
        drawn.update({name: values for name, values in together.items() if name in central})
    return drawn


def _sobol(dimensions: int, draws: int, seed: int) -> Numbers:
    """Points strictly inside the unit cube, shape (draws, dimensions)."""
    import numpy as np
    from scipy.stats import qmc

    sobol: Any = qmc
    engine = sobol.Sobol(dimensions, scramble=True, bits=BITS, rng=np.random.default_rng(seed))
    points: Numbers = engine.random_base2((draws - 1).bit_length())[:draws]
    # A point is the lower corner of its cell; the middle keeps every quantile finite.
    return points + 2.0 ** -(BITS + 1)


def _draw_joint(joint: Joint, points: Numbers) -> dict[str, Numbers]:
    """The joint's facts from one row of uniform points per fact, through the covariance's Cholesky factor."""
    import numpy as np
    from scipy import special

    scipy_special: Any = special
    factor = np.linalg.cholesky(np.array(joint.covariance))
    # Sums are written out in order: a matrix product may add in another one on another machine.
    normal: Numbers = scipy_special.ndtri(points)
    values: dict[str, Numbers] = {}
    for row, (name, mean) in enumerate(zip(joint.facts, joint.mean, strict=True)):
        values[name] = np.full(normal.shape[1], mean)
        for column in range(row + 1):
            values[name] += factor[row, column] * normal[column]
    return values
