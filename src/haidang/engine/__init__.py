"""The simulation: scenarios of a model run through the periods of many draws.

Given: a model, a population cut into blocks, scenarios (programmes, the baseline first), the facts of each draw, a
seed. Gives: sums by scenario, draw, year, outcome and group; what budgets served; what the users of an instrument
would have done in the baseline, unit by unit.

Chance is a function (`chance`), budgets are cut exactly (`rationing`, `service`, `accounts`), sums do not depend on
order (`tally`), and the only state lives in one loop (`draw`). Never: reads packs, writes reports, knows one model.
"""

from haidang.engine.blocks import Groups, MemorySource, ParquetSource, Source
from haidang.engine.checks import PopulationError
from haidang.engine.draw import Crew, DrawResult, simulate_draw
from haidang.engine.run import Desk, RunError, groups_of, share, simulate
from haidang.engine.scenario import Scenario, compile_scenario
from haidang.engine.setting import Feeder, Setting

__all__ = [
    "Crew",
    "Desk",
    "DrawResult",
    "Feeder",
    "Groups",
    "MemorySource",
    "ParquetSource",
    "PopulationError",
    "RunError",
    "Scenario",
    "Setting",
    "Source",
    "compile_scenario",
    "groups_of",
    "share",
    "simulate",
    "simulate_draw",
]
