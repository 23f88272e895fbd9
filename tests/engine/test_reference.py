"""The compiled engine equals a city simulated one unit at a time in plain Python."""

import jax
import numpy as np
import polars as pl
import pytest

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.programmes import parse_programme
from tests.engine import reference
from tests.engine.toy import Toy

FACTS = ("copying", "liking")
YEARS = (2026, 2027, 2028)
PROGRAMME = """
id: grant
title: {vi: Hỗ trợ, en: Grant}
model: toy
years: 2026..2028
instruments:
  grant:
    title: {vi: Hỗ trợ, en: Grant}
    eligible: income < 60e6 VND/year
    levers: {grant_share: 50 %}
    budget: {resource: grant, per_year: 300e6 VND, carry_over: false}
    ration: {by: income, order: lowest}
"""


def city(rows: int, seed: int, weight: float = 1.0) -> pl.DataFrame:
    """Households with incomes of many sizes."""
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "id": chance.permutation(10 * rows)[:rows].astype(np.int64) + 5_000_000_000,
            "weight": np.full(rows, weight),
            "income": np.exp(chance.normal(np.log(50e6), 0.6, rows)).astype(np.float32),
            "place": pl.Series(chance.choice(["north", "south"], rows)),
            "member": chance.random(rows) < 0.3,
        }
    )


def setting_of(table: pl.DataFrame, programme: str | None, seed: int = 7, block_rows: int = 65_536) -> Setting:
    """The toy city under baseline and a programme."""
    model = Toy()
    source = MemorySource(table, model.card, block_rows)
    parsed = () if programme is None else (Scenario("grant", parse_programme(programme, "toy.yaml").base),)
    scenarios = (Scenario("baseline", None), *parsed)
    programs = tuple(compile_scenario(model, one, source.codes, FACTS) for one in scenarios)
    returns = tuple(tuple(0 for _ in one.slots) for one in scenarios)
    return Setting(model, source, scenarios, programs, YEARS, seed, FACTS, returns)


def facts(liking: float = 0.2, copying: float = 0.8):
    """The same facts in every year."""
    return tuple(np.array([copying, liking], np.float32) for _ in YEARS)


@pytest.mark.parametrize("draw", [0, 3])
def test_engine_equals_plain_python_choice_by_choice(draw):
    table = city(400, 1)
    setting = setting_of(table, PROGRAMME)
    chosen = record_choices(setting, draw)
    units = table.to_dicts()
    rule = {
        "share": 0.5,
        "cap": 1e18,
        "eligible": lambda unit: np.float32(unit["income"]) < np.float32(60e6),
        "priority": lambda unit: -unit["income"],
        "budget": 300_000_000,
    }
    for scenario, grant in (("baseline", None), ("grant", rule)):
        plain, gaps, money = reference.simulate(units, YEARS, 7, draw, 0.2, 0.8, grant)
        wrong = {key: name for key, name in plain.items() if chosen[scenario][key] != name}
        assert all(gaps[key] < 1e-5 for key in wrong), "only numerical ties may fall the other way"
        assert len(wrong) <= 1
        if grant is not None:
            assert chosen["money"] == [money[year] for year in YEARS]
            assert max(chosen["money"]) > 299_000_000 - 20_000_000


def record_choices(setting, draw):
    """The choices of every unit, by name, with the money spent."""
    from haidang.engine.draw import _Draw

    seen = {one.id: {} for one in setting.scenarios}

    class Watched(_Draw):
        def _move(self, period, served, totals, choices):
            for place, one in enumerate(setting.scenarios):
                for index in range(setting.source.count):
                    block = setting.source.block(index)
                    for unit, code in zip(block.ids, served[place].asked[index].choice, strict=False):
                        seen[one.id][int(unit), YEARS[period]] = ("nothing", "small", "large")[int(code)]
            super()._move(period, served, totals, choices)

    with jax.enable_x64(True):
        result = Watched(setting, draw, facts()).run()
    seen["money"] = [records[0].spent for records in result.budgets[1]]
    return seen
