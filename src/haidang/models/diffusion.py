"""Learning from others: how what peers have done moves a unit's utility, and the aggregate curve that follows."""

from __future__ import annotations

from haidang.models import arrays as np
from haidang.models.model import Array


def peer_utility(share: Array, effect: Array) -> Array:
    """Utility added by the share of a unit's peers that already have the thing.

    Args:
        share: share of peers, 0 to 1.
        effect: utility, in logit units, of going from no peer to all peers.
    """
    return effect * share


def bass_share(time: Array, innovation: Array, imitation: Array) -> Array:
    """Share of final adopters reached by a time since launch (Bass 1969).

    Args:
        time: years since launch.
        innovation: coefficient p, per year, above zero.
        imitation: coefficient q, per year.
    """
    decay = np.exp(-(innovation + imitation) * time)
    return (1.0 - decay) / (1.0 + imitation / innovation * decay)


def bass_after(share: Array, time: Array, innovation: Array, imitation: Array) -> Array:
    """Share of final adopters some time after a given share had been reached: the Bass curve from where it stands.

    With `c = (1 - F) / (p + q F) exp(-(p + q) t)` the share is `(1 - p c) / (1 + q c)`, which solves
    `dF/dt = (p + q F)(1 - F)` (Bass 1969) and is `bass_share` where it starts from zero. A share above one, where the
    ceiling has come down, falls back towards one.

    Args:
        share: share of final adopters now, zero or more.
        time: years from now.
        innovation: coefficient p, per year, above zero.
        imitation: coefficient q, per year.
    """
    left = (1.0 - share) / (innovation + imitation * share) * np.exp(-(innovation + imitation) * time)
    return (1.0 - innovation * left) / (1.0 + imitation * left)
