"""A question made ready: its programmes, units, facts and compiled scenarios, the same in every process of a run."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.engine import Feeder, Scenario, Setting
from haidang.packs import Pack, fed_by
from haidang.population import Population
from haidang.programmes import Feed, Programme
from haidang.study.draws import FactDraws, facts_read
from haidang.study.plan_file import OPTIMAL, PlannedScenario, planned_scenario
from haidang.study.planned import plan_returns
from haidang.study.question import Question, pack_of, scenarios_of
from haidang.study.setting import periods_of, prepare_jax, setting_of, units_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run needs before its first draw.

    Args:
        programmes: by the id under which the run shows them.
        population: none where the units are streamed.
        facts: of every draw.
        told: the same with those of programmes that feed this one.
        setting: what all draws share.
        planned: the plan among the scenarios, where there is one.
    """

    programmes: tuple[tuple[str, Programme], ...]
    population: Population | None
    facts: FactDraws
    told: FactDraws
    setting: Setting
    planned: PlannedScenario | None = None


def prepare(pack: Pack, question: Question) -> Prepared:
    """Make a question ready.

    Raises:
        HaidangError: whatever the user can mend.
    """
    pack = pack_of(pack, question)
    planned = planned_scenario(pack, question)
    more = () if planned is None else ((OPTIMAL, planned.programme),)
    programmes = (*scenarios_of(pack, question), *more)
    prepare_jax()
    card = pack.model(programmes[0][1].model).card
    population, source = units_of(pack, card, question)
    listed = [programme for _, programme in programmes]
    facts = FactDraws(pack.book, facts_read(pack.book, card, listed), question.draws, question.seed)
    feeds = tuple(dict.fromkeys(feed for programme in listed for feed in programme.feeds))
    feeding = {feed: feeder_of(pack, question, feed) for feed in feeds}
    model, returns = None, {}
    if planned is not None:
        years = tuple(year for year, _ in periods_of(card, listed))
        model, source = planned.laid(pack, population, question, years)
        returns = {OPTIMAL: plan_returns(Scenario(OPTIMAL, planned.programme), planned.resources, card)}
    setting = setting_of(pack, programmes, source, facts.names, question.seed, feeding, model, returns)
    names = {*facts.names, *(name for feeder in feeding.values() for name in _facts_behind(feeder))}
    told = FactDraws(pack.book, tuple(sorted(names)), question.draws, question.seed)
    return Prepared(programmes, population, facts, told, setting, planned)


def _facts_behind(feeder: Feeder) -> set[str]:
    below = (name for _, one in feeder.setting.feeders for name in _facts_behind(one))
    return {*feeder.setting.facts, *below}


def feeder_of(pack: Pack, question: Question, feed: Feed) -> Feeder:
    """The simulation of another programme that pays into a budget: its own population, the same draws and chance.

    Raises:
        HaidangError: whatever the user can mend.
    """
    programme = fed_by(pack, feed)
    model = pack.model(programme.model)
    other = Question(programme.id, draws=question.draws, seed=question.seed)
    _, source = units_of(pack, model.card, other)
    facts = FactDraws(pack.book, facts_read(pack.book, model.card, [programme]), question.draws, question.seed)
    below = {one: feeder_of(pack, question, one) for one in programme.feeds}
    setting = setting_of(pack, [(programme.id, programme)], source, facts.names, question.seed, below)
    return Feeder(setting, lambda draw: facts.of(draw, setting.years), feed.outcome, feed.share, feed.lag)
