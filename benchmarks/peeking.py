"""How often a pilot of nothing is stopped by somebody who looks after every arrival: `python -m benchmarks.peeking`.

Each rule is tried on thousands of pilots in which its hypothesis holds at its very edge. A false alarm is evidence past
its level at any arrival at all. Beside it the test that everybody knows, looked at after every arrival as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from haidang.learn.monitor.ratio import ratio_evidence
from haidang.learn.monitor.sequences import (
    BURN_IN,
    asymptotic_evidence,
    betting_evidence,
    effect_terms,
    terms_range,
    two_sided_evidence,
)

Floats = NDArray[np.float64]
ALPHA = 0.05
Trial = Callable[[np.random.Generator, int], float]
"""The largest evidence over all arrivals of one pilot, times the level: one or more is an alarm."""


def outcomes(generator: np.random.Generator, arrivals: int) -> Floats:
    """Adoptions of a year as the pilot of the pack has them: mostly none, sometimes one."""
    return (generator.random(arrivals) < 0.13).astype(np.float64)


def arms(generator: np.random.Generator, arrivals: int, share: float, counted: bool) -> Floats:
    """Who is treated: each on its own, or a fixed number in an order by chance."""
    if not counted:
        return (generator.random(arrivals) < share).astype(np.float64)
    return generator.permutation((np.arange(arrivals) < round(share * arrivals)).astype(np.float64))


def bounded(share: float, counted: bool) -> Trial:
    """The effect against none, outcomes in a known range."""

    def trial(generator: np.random.Generator, arrivals: int) -> float:
        d = arms(generator, arrivals, share, counted)
        x = effect_terms(outcomes(generator, arrivals), d, share, (0.0, 2.0))
        return ALPHA * float(two_sided_evidence(x, terms_range((0.0, 2.0), share), 0.0, ALPHA).max())

    return trial


def unbounded(skewed: bool) -> Trial:
    """The effect against none, outcomes without a range, approximate."""

    def trial(generator: np.random.Generator, arrivals: int) -> float:
        y = generator.lognormal(0.0, 1.0, arrivals) if skewed else generator.normal(0.0, 1.0, arrivals)
        x = effect_terms(y, arms(generator, arrivals, 0.5, False), 0.5, None)
        return ALPHA * float(asymptotic_evidence(x, 0.0, ALPHA, arrivals).max())

    return trial


def rate(generator: np.random.Generator, arrivals: int) -> float:
    """A default rate at the very bound."""
    x = (generator.random(arrivals) < 0.1).astype(np.float64)
    return ALPHA * float(betting_evidence(x, (0.0, 1.0), 0.1, "above", ALPHA).max())


def harm(generator: np.random.Generator, arrivals: int) -> float:
    """A harm that is as large as tolerated."""
    d = arms(generator, arrivals, 0.5, False)
    y = (generator.random(arrivals) < 0.13 - 0.02 * d).astype(np.float64)
    x = effect_terms(y, d, 0.5, (0.0, 1.0))
    return ALPHA * float(betting_evidence(x, terms_range((0.0, 1.0), 0.5), -0.02, "below", ALPHA).max())


def ratio(generator: np.random.Generator, arrivals: int) -> float:
    """Arms that report in the shares drawn."""
    return ALPHA * float(ratio_evidence((generator.random(arrivals) < 0.15).astype(np.int64), (0.85, 0.15)).max())


def peeked(generator: np.random.Generator, arrivals: int) -> float:
    """The usual test of two means, read after every arrival past the burn-in."""
    y, d = outcomes(generator, arrivals), arms(generator, arrivals, 0.5, False)
    count = [np.maximum(np.cumsum(one), 2.0) for one in (d, 1.0 - d)]
    mean = [np.cumsum(one * y) / n for one, n in zip((d, 1.0 - d), count, strict=True)]
    error = np.sqrt(sum(m * (1.0 - m) / n for m, n in zip(mean, count, strict=True)))
    z = np.abs(mean[0] - mean[1])[BURN_IN:] / np.maximum(error[BURN_IN:], 1e-9)
    return float((z > 1.959964).any())


TRIALS: dict[str, Trial] = {
    "effect, outcomes in a range, half treated, each on its own": bounded(0.5, counted=False),
    "effect, outcomes in a range, 15 % treated, each on its own": bounded(0.15, counted=False),
    "effect, outcomes in a range, 15 % treated, a fixed number": bounded(0.15, counted=True),
    "effect, no range, normal outcomes": unbounded(skewed=False),
    "effect, no range, log-normal outcomes": unbounded(skewed=True),
    "guardrail: harm as large as tolerated": harm,
    "guardrail: default rate at its bound": rate,
    "shares of the arms": ratio,
    "the usual test, looked at after every arrival": peeked,
}


def false_alarms(trial: Trial, pilots: int, arrivals: int, seed: int) -> float:
    """The part of pilots in which there is an alarm at some arrival."""
    generator = np.random.default_rng(seed)
    return float(np.mean([trial(generator, arrivals) >= 1.0 for _ in range(pilots)]))


def main() -> None:
    """Print the table of the page `docs/mathematics/pilots.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pilots", type=int, default=4000)
    parser.add_argument("--arrivals", type=int, default=2000)
    asked = parser.parse_args()
    print(
        f"| looked at after each of {asked.arrivals:,} arrivals, level 5 % | false alarms in {asked.pilots:,} pilots |"
    )
    print("|---|---|")
    for name, trial in TRIALS.items():
        print(f"| {name} | {100 * false_alarms(trial, asked.pilots, asked.arrivals, 1):.1f} % |", flush=True)


if __name__ == "__main__":
    main()
