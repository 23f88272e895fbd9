"""What each offer adds, read from the model that simulates: unit by unit, draw by draw, against the baseline.

For each offer and year a scenario in which every eligible unit is offered it in that year alone and nobody shares a
budget, under the same facts and the same chance as the baseline; what a unit does more than in the baseline is what the
offer adds. Units see the peers of the baseline in every scenario, so that a unit is not credited with what the same
offer did for others: such spillovers come back when a plan is judged in the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.metered import use_of
from haidang.engine import MemorySource, Part, Scenario, Setting, compile_scenario, simulate_draw
from haidang.engine.compiled import jnp
from haidang.engine.setting import DrawFacts
from haidang.models import Columns, Model
from haidang.programmes import Expression, Programme
from haidang.study.offers import Offer, alone

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
GROUPS = 16
"""Draws are kept in so many groups, which are what halves and re-solves are made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """What offers add and use per real unit, as means over each group of draws.

    Args:
        ids: the units' ids, ascending (int64, units).
        weight: real units per row (units).
        years: when offers are made.
        offers: in order.
        draws: how many draws each group holds (groups).
        more: for each measure, what the offer brings beyond the baseline, where it does (groups, units, years, offers).
        less: what it takes away, where it does; nothing for what it uses.
        by_draw: what each offer adds of the first measure, to all units in all years together (draws, offers).
    """

    ids: NDArray[np.int64]
    weight: Floats
    years: tuple[int, ...]
    offers: tuple[Offer, ...]
    draws: NDArray[np.int64]
    more: dict[str, NDArray[np.float32]]
    less: dict[str, NDArray[np.float32]]
    by_draw: Floats

    def first(self, units: int) -> Valued:
        """The same of the units that come first."""
        more = {name: one[:, :units] for name, one in self.more.items()}
        less = {name: one[:, :units] for name, one in self.less.items()}
        return replace(self, ids=self.ids[:units], weight=self.weight[:units], more=more, less=less)

    def mean(self, measure: str, counts: Floats | None = None) -> Floats:
        """What each offer adds to a measure, averaged (units, years, offers).

        Args:
            measure: an outcome or a resource.
            counts: how often each group counts; none for once.
        """
        of = self.draws * (np.ones(len(self.draws)) if counts is None else counts)
        return weighted(of / of.sum(), self.more[measure].astype(np.float64) - self.less[measure])


def weighted(share: Floats, entries: Floats) -> Floats:
    """The mean over the first axis under these shares."""
    found: Floats = np.asarray(np.einsum("g,g...->...", share, entries), np.float64)
    return found


class _Apart:
    """The whole population as one part; every scenario sees the baseline's peers."""

    alone = True

    def __init__(self, part: Part) -> None:
        self.part = part

    def __call__(self, method: str, *given: Any) -> list[Any]:
        """Call a method of the part."""
        if method == "wish":
            places, period, words = given
            given = (places, period, tuple(words[0] for _ in words))
        return [self.part.call(method, *given)]


def offers_setting(
    model: Model,
    programme: Programme,
    offers: Sequence[Offer],
    source: MemorySource,
    facts: tuple[str, ...],
    seed: int,
    periods: tuple[tuple[int, int], ...],
) -> Setting:
    """The baseline and, for each offer and year, everybody offered it in that year alone.

    Programs are compiled once an offer: scenarios that differ in the year share them.
    """
    years = tuple(dict.fromkeys(year for year, _ in periods))
    baseline = Scenario("baseline", None)
    scenarios, programs = [baseline], [compile_scenario(model, baseline, source.codes, facts)]
    for offer in offers:
        shared = compile_scenario(model, _scenario(programme, offer, years[0]), source.codes, facts)
        scenarios += [_scenario(programme, offer, year) for year in years]
        programs += [shared for _ in years]
    return Setting(
        model=model,
        source=source,
        scenarios=tuple(scenarios),
        programs=tuple(programs),
        years=tuple(year for year, _ in periods),
        seed=seed,
        facts=facts,
        returns=tuple(tuple(0 for _ in one.slots) for one in scenarios),
        months=tuple(month for _, month in periods) if model.card.period == "month" else None,
    )


def _scenario(programme: Programme, offer: Offer, year: int) -> Scenario:
    runs = offer.instrument.years is None or year in offer.instrument.years
    one = alone(offer, (year,) if runs else ())
    return Scenario(
        f"{offer.id}@{year}",
        Programme(offer.id, offer.title, programme.model, programme.years, None, None, (one,), programme.months),
    )


def value_offers(
    setting: Setting,
    offers: Sequence[Offer],
    measures: Sequence[str],
    resources: Sequence[str],
    facts: DrawFacts,
    draws: int,
    progress: Progress | None = None,
) -> Valued:
    """Simulate every offer alone and read what it adds.

    Args:
        setting: from `offers_setting`.
        offers: the same offers.
        measures: tracked outcomes whose additional amounts are wanted.
        resources: what units take of them; the setting's model is `Metered`.
        facts: of each draw.
        draws: how many, at least two.
        progress: called with the draws done and the draws in all.
    """
    years = setting.result_years
    tracked = [one.id for one in setting.model.card.outcomes if one.id in setting.model.card.tracked]
    source = setting.source
    ids = np.concatenate([source.block(k).ids for k in range(source.count)])
    weight = np.concatenate([np.asarray(source.block(k).weight)[: source.block(k).rows] for k in range(source.count)])
    groups = min(GROUPS, draws)
    shape = (groups, len(ids), len(years), len(offers))
    names = (*measures, *resources)
    more = {name: np.zeros(shape, np.float32) for name in names}
    less = {name: np.zeros(shape, np.float32) for name in names}
    by_draw = np.zeros((draws, len(offers)))
    count = np.bincount(np.arange(draws) % groups, minlength=groups)
    for draw in range(draws):
        part = Part(setting, [draw], [facts(draw)], range(source.count))
        with jax.enable_x64(True):
            simulate_draw(setting, draw, facts(draw), _Apart(part))
        share = 1.0 / count[draw % groups]
        for name in names:
            outcome = use_of(name) if name in resources else name
            sums = _sums(part, tracked.index(outcome), source.count)
            beyond = (sums[1:] - sums[0]).reshape(len(offers), len(years), len(ids)).transpose(2, 1, 0)
            if name == names[0]:
                by_draw[draw] = weight @ beyond.sum(axis=1)
            more[name][draw % groups] += (np.maximum(beyond, 0.0) * share).astype(np.float32)
            less[name][draw % groups] += (np.maximum(-beyond, 0.0) * share).astype(np.float32)
        if progress is not None:
            progress(draw + 1, draws)
    return Valued(ids, weight, years, tuple(offers), count, more, less, by_draw)


def _sums(part: Part, place: int, blocks: int) -> Floats:
    """A tracked outcome over the horizon by scenario and unit (scenarios, units)."""
    source = part.setting.source
    return np.stack(
        [
            np.concatenate(
                [np.asarray(side.holdings.whole(k).sums[place])[: source.block(k).rows] for k in range(blocks)]
            )
            for side in part.sides
        ]
    ).astype(np.float64)


def met_at_start(
    setting: Setting, conditions: Sequence[Expression], facts: tuple[NDArray[np.float32], ...]
) -> NDArray[np.bool_]:
    """Which units meet each condition before the first period (units, conditions)."""
    source, card = setting.source, setting.model.card
    known = dict(zip(setting.facts, facts[0], strict=True))
    known |= {
        name: known[one.default] if isinstance(one.default, str) else np.float32(one.default)
        for name, one in card.levers.items()
        if not isinstance(one.default, str) or one.default in known
    }
    found: list[NDArray[np.bool_]] = []
    for k in range(source.count):
        block = source.block(k)
        units = Columns(block.units, source.codes)
        columns = {**block.units, **setting.model.derive(units, setting.model.start(units, known))}
        names = {**known, **columns, "year": np.int32(setting.years[0]), "month": np.int32(setting.month(0) or 12)}
        met = [np.asarray(one.bind(source.codes).evaluate(names, jnp, length=source.length)) for one in conditions]
        found.append(np.stack(met, axis=-1)[: block.rows])
    return np.concatenate(found).astype(np.bool_)
