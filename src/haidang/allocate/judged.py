"""Plans and simple rules judged in the engine, over draws that no plan has seen, under the budgets as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.rows import uses
from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.engine.setting import DrawFacts
from haidang.models import Model
from haidang.programmes import Programme, Ration, parse
from haidang.study.offers import Offer
from haidang.study.planned import Planned, Served, plan_programme, plan_returns, reordered, with_plans
from haidang.study.resource import Resource

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
SIMPLE = ("first_come", "lottery", "score", "cheapest")
_SCORE = "expected_gain"
_HONOURED = "_honoured"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What one way of giving the money did in each draw.

    Args:
        added: by tracked outcome, what it added over the whole time (draws).
        spent: by resource, what it spent in each year (draws, years).
    """

    added: Mapping[str, Floats]
    spent: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Every way of giving the money, under the same draws.

    Args:
        trials: by name: the plans, and the simple rules in `SIMPLE`.
        honoured: by plan, had every offer been honoured whatever it cost.
        draws: how many.
    """

    trials: Mapping[str, Trial]
    honoured: Mapping[str, Trial]
    draws: int


def judge(
    model: Model,
    base: Programme,
    table: pl.DataFrame,
    plans: Mapping[str, NDArray[np.int8]],
    served: Mapping[str, Served],
    offers: Sequence[Offer],
    resources: Sequence[Resource],
    score: Floats,
    facts_of: Callable[[tuple[int, ...]], tuple[tuple[str, ...], DrawFacts]],
    periods: tuple[tuple[int, int], ...],
    *,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Judged:
    """Simulate plans and simple rules under the real budgets.

    Args:
        model: the model.
        base: the programme whose money is given; the simple rules make its own offers, each year to whoever asks.
        table: the units, in ascending order of ids.
        plans: the offer of each unit and year, -1 for none (units, years).
        served: how those who take up each plan's offers are served.
        offers: in the order of the plans.
        resources: the budgets.
        score: what the programme's own offer is expected to add for each unit, for the order by score (units).
        facts_of: for the years of the periods, the names of the facts and those of each draw.
        periods: year and month of each.
        draws: how many.
        seed: of all chance: not that of the draws by which the plans were made.
        progress: called with the draws done and the draws in all.
    """
    years = tuple(year for year, _ in periods)
    result_years = tuple(dict.fromkeys(years))
    names, facts = facts_of(years)
    wrapped = Planned(model, tuple(plans), years, (_SCORE,))
    units = with_plans(table, table["id"].to_numpy(), result_years, plans, {_SCORE: score})
    source = MemorySource(units, wrapped.card)
    scenarios, programs = (
        [Scenario("baseline", None)],
        [compile_scenario(wrapped, Scenario("baseline", None), source.codes, names)],
    )
    for plan in plans:
        bounded = Scenario(plan, plan_programme(base, plan, offers, resources, served[plan]))
        free = Scenario(plan + _HONOURED, plan_programme(base, plan, offers, resources, served[plan], bounded=False))
        # Amounts are the conductor's: with and without them the units' programs are the same.
        shared = compile_scenario(wrapped, bounded, source.codes, names)
        scenarios += [bounded, free]
        programs += [shared, shared]
    simple = [Scenario(rule, reordered(base, rule, _rations(base, rule))) for rule in SIMPLE]
    scenarios += simple
    # Rules differ in who is served first, which is in what is claimed and nowhere else.
    first = compile_scenario(wrapped, simple[0], source.codes, names)
    programs += [replace(first, claim=compile_scenario(wrapped, one, source.codes, names).claim) for one in simple]
    setting = Setting(
        wrapped, source, tuple(scenarios), tuple(programs), years, seed, names,
        tuple(plan_returns(one, resources, model.card) for one in scenarios),
        tuple(month for _, month in periods) if model.card.period == "month" else None,
    )  # fmt: skip
    return _run(setting, resources, facts, draws, progress)


def _run(
    setting: Setting, resources: Sequence[Resource], facts: DrawFacts, draws: int, progress: Progress | None
) -> Judged:
    card = setting.model.card
    places = {one.id: at for at, one in enumerate(card.outcomes, start=1) if one.id in card.tracked}
    shape = (draws, len(setting.result_years))
    spent = {one.id: {r.id: np.zeros(shape) for r in resources} for one in setting.scenarios[1:]}
    added = {one.id: {name: np.zeros(draws) for name in places} for one in setting.scenarios[1:]}
    for draw in range(draws):
        with jax.enable_x64(True):
            result = simulate_draw(setting, draw, facts(draw))
        whole = result.totals[..., 0].sum(axis=1)
        for at, scenario in enumerate(setting.scenarios[1:], start=1):
            for name, place in places.items():
                added[scenario.id][name][draw] = whole[at, place] - whole[0, place]
            for year, records in enumerate(result.budgets[at]):
                for slot, record in zip(scenario.slots, records, strict=True):
                    if slot.budget.resource in spent[scenario.id] and not slot.by:
                        spent[scenario.id][slot.budget.resource][draw, year] += record.spent
        if progress is not None:
            progress(draw + 1, draws)
    trials = {name: Trial(added[name], spent[name]) for name in added}
    free = {name.removesuffix(_HONOURED): one for name, one in trials.items() if name.endswith(_HONOURED)}
    return Judged({name: one for name, one in trials.items() if not name.endswith(_HONOURED)}, free, draws)


def overrun(resource: Resource, spent: Floats) -> NDArray[np.bool_]:
    """In which draws what was asked for passes a budget (draws).

    Args:
        resource: with its budget.
        spent: what all offers would take in each year (draws, years).
    """
    taken = spent @ uses(resource, spent.shape[1])
    out = np.cumsum(taken, axis=1)
    over = np.zeros(len(spent), np.bool_)
    if resource.total is not None:
        over |= (out > resource.total * (1.0 + 1e-9)).any(axis=1)
    if resource.per_year is not None:
        bound = np.asarray(resource.per_year)
        against = (out, np.cumsum(bound)) if resource.carry_over else (taken, bound)
        over |= (against[0] > against[1] * (1.0 + 1e-9)).any(axis=1)
    return over


def _rations(base: Programme, rule: str) -> dict[str, Ration]:
    found: dict[str, Ration] = {}
    for one in base.instruments:
        if rule == "lottery":
            found[one.id] = Ration("lottery")
        elif rule == "score":
            found[one.id] = Ration("priority", parse(_SCORE), "highest")
        elif rule == "cheapest" and one.budgets:
            found[one.id] = Ration("priority", parse(one.budgets[0].resource), "lowest")
        else:
            found[one.id] = Ration("first_come")
    return found
