"""Drawing the uncertain facts, quasi-randomly.

Each fact has a scrambled Sobol sequence of its own (Sobol, 1967; Owen, 1998), in an order of its own, both from the
seed and the name: so its draws do not depend on which other facts there are, and facts do not move together. The
order is shuffled within the stretches 2-3, 4-7, 8-15 and so on, so that the first n draws are the same however many
follow, and the first 2^k still lie one in each of 2^k equal parts of the distribution.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from haidang.facts.book import FactBook
from haidang.facts.joint import Copula, Joint

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
    if draws == 1 or not set(wanted) & set(book.uncertain()):
        return central
    drawn = dict(central)
    for name in wanted:
        distribution = book.facts[name].distribution
        if distribution is not None:
            drawn[name] = distribution.quantile(_points(name, draws, seed))
    for joint in book.joints.values():
        if not set(joint.facts) & set(wanted):
            continue
        points = np.stack([_points(name, draws, seed) for name in joint.facts])
        together = _draw_copula(book, joint, points) if isinstance(joint, Copula) else _draw_joint(joint, points)
        drawn.update({name: values for name, values in together.items() if name in central})
    return drawn


def _points(name: str, draws: int, seed: int) -> Numbers:
    """A fact's points strictly inside (0, 1), shape (draws,)."""
    import numpy as np
    from scipy.stats import qmc

    sobol: Any = qmc
    digest = hashlib.blake2b(f"{seed}\x1f{name}".encode(), digest_size=16).digest()
    chance = np.random.default_rng(int.from_bytes(digest, "little"))
    engine = sobol.Sobol(1, scramble=True, bits=BITS, rng=chance)
    length = (draws - 1).bit_length()
    points: Numbers = engine.random_base2(length)[:, 0]
    for power in range(1, length):
        stretch = slice(2**power, 2 ** (power + 1))
        points[stretch] = chance.permutation(points[stretch])
    # A point is the lower corner of its cell; the middle keeps every quantile finite.
    return points[:draws] + 2.0 ** -(BITS + 1)


def _together(mean: tuple[float, ...], factor: Numbers, points: Numbers) -> Numbers:
    """Normal numbers with a mean and a lower triangular factor of their covariance, from uniform points by fact."""
    import numpy as np
    from scipy import special

    scipy_special: Any = special
    # Sums are written out in order: a matrix product may add in another one on another machine.
    normal: Numbers = scipy_special.ndtri(points)
    found = np.zeros_like(normal) + np.array(mean)[:, None]
    for row in range(len(factor)):
        for column in range(row + 1):
            found[row] += factor[row, column] * normal[column]
    return found


def _draw_joint(joint: Joint, points: Numbers) -> dict[str, Numbers]:
    return dict(zip(joint.facts, _together(joint.mean, joint.factor, points), strict=True))


def _draw_copula(book: FactBook, copula: Copula, points: Numbers) -> dict[str, Numbers]:
    """Each fact's own quantiles at points that move together."""
    import numpy as np
    from scipy import special

    scipy_special: Any = special
    scores = _together(copula.mean, copula.factor, points)
    moved: Numbers = np.clip(scipy_special.ndtr(scores), 2.0**-54, 1.0 - 2.0**-53)
    found: dict[str, Numbers] = {}
    for name, row in zip(copula.facts, moved, strict=True):
        distribution = book.facts[name].distribution
        assert distribution is not None
        found[name] = distribution.quantile(row)
    return found
