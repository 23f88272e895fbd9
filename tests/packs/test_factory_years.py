"""The city's factories through five years of the credit programme: what must hold of every one of them."""

from dataclasses import dataclass, field

import jax
import numpy as np
import pytest

from haidang.engine import MemorySource, simulate_draw
from haidang.engine.draw import LocalCrew
from haidang.packs import load_pack
from haidang.packs.hcmc.models.technologies import TECHNOLOGIES, bit
from haidang.population import build_population
from haidang.study import Question, scenarios_of, setting_of
from haidang.study.draws import FactDraws, facts_read

ROWS = 500
NAMES = ("nothing", *(one.id for one in TECHNOLOGIES))


@dataclass
class Years:
    """One draw, with states and choices by scenario and year."""

    setting: object
    result: object = None
    columns: dict = field(default_factory=dict)
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)
    choice: list = field(default_factory=list)


@pytest.fixture(scope="module")
def years():
    """The programme as shipped, with one factory that has no revenue at all."""
    pack = load_pack("hcmc")
    question = Question("smart-manufacturing-credit", draws=1, rows=ROWS, workers=1)
    programmes = scenarios_of(pack, question)
    card = pack.model("factories").card
    table = build_population(pack.population("factories"), pack.book, ROWS, 1).table
    revenue = table["revenue"].to_list()
    revenue[0] = 0.0
    source = MemorySource(table.with_columns(revenue=np.array(revenue)), card)
    facts = FactDraws(pack.book, facts_read(pack.book, card, [one for _, one in programmes]), 1, 1)
    found = Years(setting_of(pack, programmes, source, facts.names, 1))
    found.columns = {name: np.asarray(column)[:ROWS] for name, column in source.block(0).units.items()}
    found.columns["id"], found.columns["lowest"] = source.block(0).ids, int(table["id"][0])

    def states(sides):
        return [{name: np.asarray(column)[:ROWS] for name, column in one.holdings.seen(0)[0].items()} for one in sides]

    class Watched(LocalCrew):
        def __call__(self, method, *given):
            if method != "move":
                return super().__call__(method, *given)
            sides = self._part.sides
            found.before.append(states(sides))
            found.choice.append([one.teller.asked[0].choice[:ROWS].copy() for one in sides])
            answer = super().__call__(method, *given)
            found.after.append(states(sides))
            return answer

    with jax.enable_x64(True):
        known = facts.of(0, found.setting.years)
        found.result = simulate_draw(found.setting, 0, known, Watched(found.setting, [0], [known]))
    return found


def outcome(years, scenario, name):
    """An outcome of the whole city by year."""
    names = ["units", *(one.id for one in years.setting.model.card.outcomes)]
    return years.result.totals[scenario, :, names.index(name), 0]


def test_a_factory_adopts_a_technology_once_and_only_when_ready(years):
    adopted = 0
    for states, choices in zip(years.before, years.choice, strict=True):
        for state, choice in zip(states, choices, strict=True):
            have = state["had"] | state["new"]
            for code, one in enumerate(TECHNOLOGIES, start=1):
                takes = choice == code
                adopted += takes.sum()
                assert not np.any(have[takes] & bit(one.id))
                assert all(np.all(have[takes] & bit(before)) for before in one.after)
    assert adopted > 100


def test_nothing_that_was_adopted_is_ever_lost(years):
    for before, after, choices in zip(years.before, years.after, years.choice, strict=True):
        for one, other, choice in zip(before, after, choices, strict=True):
            chosen = np.array([0, *(bit(name) for name in NAMES[1:])], np.int16)[choice]
            np.testing.assert_array_equal(other["new"], one["new"] | chosen)
            np.testing.assert_array_equal(other["had"], one["had"])


def test_levels_never_fall(years):
    for scenario in range(2):
        assert np.all(np.diff(outcome(years, scenario, "level")) >= 0)
        assert np.all(outcome(years, scenario, "level_gain") >= 0)


def test_a_factory_without_revenue_does_nothing_and_spoils_no_sum(years):
    place = int(np.flatnonzero(years.columns["id"] == years.columns["lowest"])[0])
    assert years.columns["revenue"][place] == 0.0
    assert all(choice[place] == 0 for choices in years.choice for choice in choices)
    assert np.isfinite(years.result.totals).all()


def test_the_baseline_borrows_nothing_and_costs_the_public_nothing(years):
    assert np.all(outcome(years, 0, "loan") == 0)
    assert np.all(outcome(years, 0, "subsidy") == 0)


def test_the_line_is_never_exceeded_and_loans_are_what_it_spent(years):
    scenario = years.setting.scenarios[1]
    back = years.setting.returns[1][0]
    line, out, owed = scenario.slots[0].budget.amount, 0, []
    for by_year in years.result.budgets[1]:
        assert 0 <= by_year[0].spent <= by_year[0].available
        came = sum(spent // back for spent in owed) if back else 0
        assert out + by_year[0].spent <= line + came + len(owed) * back
        out += by_year[0].spent
        owed.append(by_year[0].spent)
    spent = [by_year[0].spent for by_year in years.result.budgets[1]]
    np.testing.assert_allclose(outcome(years, 1, "loan"), spent, rtol=1e-6)
    assert sum(spent) > 0


def test_fewer_reach_every_later_stage_of_the_funnel(years):
    stages = years.result.stages[1]
    assert np.all(np.diff(stages, axis=-1) <= 0)
    assert np.all(stages[:, -1] > 0)
    assert np.all(years.result.stages[0] == 0)


def test_everybody_chooses_and_electricity_saved_is_less_than_is_used(years):
    np.testing.assert_allclose(years.result.choices.sum(axis=-1), outcome(years, 0, "units")[0], rtol=1e-9)
    weight = np.asarray(years.setting.source.block(0).weight)[:ROWS]
    used = float((years.columns["electricity"].astype(np.float64) * weight).sum())
    for scenario in range(2):
        assert np.all(outcome(years, scenario, "electricity_saved") < used)


def test_users_do_no_less_than_they_would_have_done_anyway(years):
    adoptions = years.result.users[1, :, 1, 0]
    units = years.result.users[1, :, 0, 0]
    assert units[0] == units[1] > 0
    assert adoptions[0] >= adoptions[1] > 0
