"""A question made ready: its programmes, units, facts and compiled scenarios, the same in every process of a run."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.engine import Setting
from haidang.packs import Pack
from haidang.population import Population
from haidang.programmes import Programme
from haidang.study.draws import FactDraws, facts_read
from haidang.study.question import Question, scenarios_of
from haidang.study.setting import prepare_jax, setting_of, units_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run needs before its first draw.

    Args:
        programmes: by the id under which the run shows them.
        population: none where the units are streamed.
        facts: of every draw.
        setting: what all draws share.
    """

    programmes: tuple[tuple[str, Programme], ...]
    population: Population | None
    facts: FactDraws
    setting: Setting


def prepare(pack: Pack, question: Question) -> Prepared:
    """Make a question ready.

    Raises:
        HaidangError: whatever the user can mend.
    """
    programmes = scenarios_of(pack, question)
    prepare_jax()
    card = pack.model(programmes[0][1].model).card
    population, source = units_of(pack, card, question)
    listed = [programme for _, programme in programmes]
    facts = FactDraws(pack.book, facts_read(pack.book, card, listed), question.draws, question.seed)
    return Prepared(programmes, population, facts, setting_of(pack, programmes, source, facts.names, question.seed))
