"""The simulation: scenarios of a model run through the periods of many draws.

Given: a model, a population cut into blocks, scenarios (programmes, the baseline first), the facts of each draw, a
seed. Gives: sums by scenario, draw, year, outcome and group; what budgets served; what the users of an instrument
would have done in the baseline, unit by unit.

Chance is a function (`chance`), budgets are cut exactly (`rationing`, `service`, `accounts`), a market's price is found
inside the period (`market`), sums do not depend on order (`tally`). State lives in two places: of units in the parts of
the population (`part`), of all else in one loop (`draw`), and between the two go sums, cuts and prices. Never: reads
packs, writes reports, knows one model.
"""

from haidang.engine.blocks import DEFAULT_ROWS, Groups, MemorySource, ParquetSource, Source
from haidang.engine.checks import PopulationError
from haidang.engine.draw import Crew, DrawResult, simulate_draw
from haidang.engine.draws import Simulated, draws_at_once, simulate_draws
from haidang.engine.part import Part
from haidang.engine.reach import treated_alike
from haidang.engine.run import Desk, Elsewhere, Others, RunError, groups_of, share, simulate
from haidang.engine.scenario import Scenario, compile_scenario
from haidang.engine.setting import Feeder, Setting
from haidang.engine.tables import Tables, tables_of

__all__ = [
    "DEFAULT_ROWS",
    "Crew",
    "Desk",
    "DrawResult",
    "Elsewhere",
    "Feeder",
    "Groups",
    "MemorySource",
    "Others",
    "ParquetSource",
    "Part",
    "PopulationError",
    "RunError",
    "Scenario",
    "Setting",
    "Simulated",
    "Source",
    "Tables",
    "compile_scenario",
    "draws_at_once",
    "groups_of",
    "share",
    "simulate",
    "simulate_draw",
    "simulate_draws",
    "tables_of",
    "treated_alike",
]
