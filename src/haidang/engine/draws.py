"""Several draws of a population that is small: at once where one call of a program can do for all of them.

The baseline of a world is simulated once: a programme tried in it later is told beside what the baseline came to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax

from haidang.engine.blocks import Source
from haidang.engine.draw import DrawResult, LocalCrew, PeriodLoop
from haidang.engine.part import Stood
from haidang.engine.repeated import Repeated
from haidang.engine.setting import Setting
from haidang.engine.sight import Facts
from haidang.models import Card


@dataclass(frozen=True, slots=True)
class Simulated:
    """Several draws of some scenarios.

    Args:
        results: for each draw, the sums of the scenarios.
        sums: for each simulation - of all draws at once, or of one - what each unit came to in the first scenario.
    """

    results: tuple[DrawResult, ...]
    sums: tuple[Stood, ...]


def draws_at_once(card: Card, source: Source, draws: int) -> int:
    """For how many draws programs are to be compiled.

    All where the population is one block in memory; one where it is not, or where each draw has a search of its own
    for the price of a market.
    """
    return draws if card.market is None and source.count == 1 and source.resident else 1


def simulate_draws(
    setting: Setting, draws: Sequence[int], facts: Sequence[Facts], baseline: Simulated | None = None
) -> Simulated:
    """Run every scenario through every period of several draws. Each comes to what `simulate_draw` gives for it.

    Args:
        setting: what all draws share; its programs are compiled for as many draws as `draws_at_once` says.
        draws: the numbers of the draws.
        facts: for each draw, what `simulate_draw` takes.
        baseline: the same draws of the baseline, where it is not among the scenarios: the users of an instrument are
            told beside it.

    Raises:
        OverflowingSumError: an outcome's sum is too large to be exact.
    """
    size = draws_at_once(setting.model.card, setting.source, len(draws))
    whole = setting if size == 1 else replace(setting, source=Repeated(setting.source, size))
    results, sums = list[DrawResult](), list[Stood]()
    with jax.enable_x64(True):
        for first in range(0, len(draws), size):
            some = slice(first, first + size)
            crew = LocalCrew(whole, draws[some], facts[some])
            stood = None if baseline is None else baseline.sums[first // size]
            results += PeriodLoop(whole, draws[some], crew).run(stood)
            sums += crew("sums")
    return Simulated(tuple(results), tuple(sums))
