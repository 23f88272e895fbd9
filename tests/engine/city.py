"""The toy model's city: households, programmes over their grants and loans, and one draw looked at unit by unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import jax
import numpy as np
import polars as pl

from haidang.engine import MemorySource, Scenario, Setting, Source, compile_scenario, simulate, simulate_draw
from haidang.engine.draw import DrawResult, LocalCrew
from haidang.engine.part import Part
from haidang.models import Model
from haidang.programmes import parse_programme
from tests.engine.toy import Toy

FACTS = ("copying", "liking")
YEARS = (2026, 2027, 2028)
CODES = {"place": ("north", "south")}
NAMES = ("nothing", "small", "large")
TOY = Toy()


def city(rows: int, seed: int, weight: float | None = 1.0) -> pl.DataFrame:
    """Households with incomes of many sizes; weights are uneven where none is given."""
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "id": chance.permutation(10 * rows)[:rows].astype(np.int64) + 5_000_000_000,
            "weight": chance.uniform(0.2, 9.0, rows) if weight is None else np.full(rows, weight),
            "income": np.exp(chance.normal(np.log(50e6), 0.6, rows)).astype(np.float32),
            "place": pl.Series(chance.choice(["north", "south"], rows)),
            "member": chance.random(rows) < 0.3,
        }
    )


def instrument(
    name: str,
    *,
    eligible: str = "income > 0 VND/year",
    levers: str = "grant_share: 50 %",
    budget: str = "resource: grant, amount: 300e6 VND",
    ration: str = "lottery",
    years: str | None = None,
) -> str:
    """An instrument as a programme's file has it."""
    lines = [
        f"{name}:",
        f"  title: {{vi: {name}, en: {name}}}",
        f"  eligible: {eligible}",
        f"  levers: {{{levers}}}",
        f"  ration: {ration}",
    ]
    lines += [f"  budget: {{{budget}}}"] if budget else []
    lines += [f"  years: {years}"] if years else []
    return "\n".join(f"  {line}" for line in lines)


def programme(*instruments: str, years: str = "2026..2028") -> str:
    """A programme's file."""
    head = f"id: toy-programme\ntitle: {{vi: Thử, en: Toy}}\nmodel: toy\nyears: {years}\ninstruments:\n"
    return head + "\n".join(instruments) + "\n"


_KEPT: dict[object, object] = {}


@cache
def _compiled(model: Model, text: str | None, draws: int):
    """A scenario and its programs; the same programs where only amounts, years and rules of a queue differ."""
    scenario = Scenario("baseline", None) if text is None else Scenario("x", parse_programme(text, "toy.yaml").base)
    shape = (model, draws, *(_shape(one) for one in scenario.instruments))
    if shape not in _KEPT:
        _KEPT[shape] = compile_scenario(model, scenario, CODES, FACTS, draws)
    return scenario, _KEPT[shape]


def _shape(one):
    """What of an instrument is compiled."""
    levers = tuple(sorted((name, value.text) for name, value in one.levers.items()))
    budgets = tuple((budget.resource, budget.per_unit is None) for budget in one.budgets)
    capacities = tuple((one.resource, one.by) for one in one.capacities)
    return one.eligible.text, levers, budgets, capacities, one.ration.by and one.ration.by.text, one.ration.order


def setting_of(
    table: pl.DataFrame | Source,
    *programmes: str,
    model: Model = TOY,
    seed: int = 7,
    block_rows: int = 65_536,
    years: tuple[int, ...] = YEARS,
    returns: int = 0,
    draws: int = 1,
) -> Setting:
    """The baseline and programmes (named p0, p1 and so on) over a city; what was compiled once is used again."""
    source = MemorySource(table, model.card, block_rows) if isinstance(table, pl.DataFrame) else table
    made = [_compiled(model, text, draws) for text in (None, *programmes)]
    scenarios = tuple(
        Scenario("baseline" if place == 0 else f"p{place - 1}", one.programme) for place, (one, _) in enumerate(made)
    )
    back = tuple(tuple(returns if slot.budget.revolving else 0 for slot in one.slots) for one in scenarios)
    return Setting(model, source, scenarios, tuple(programs for _, programs in made), years, seed, FACTS, back)


def facts(liking: float = 0.2, copying: float = 0.8, years: int = len(YEARS)) -> tuple[np.ndarray, ...]:
    """The same facts in every year, in the order of `FACTS`."""
    return tuple(np.array([copying, liking], np.float32) for _ in range(years))


def draw_of(setting: Setting, draw: int = 0, **given: float) -> DrawResult:
    """One draw."""
    with jax.enable_x64(True):
        return simulate_draw(setting, draw, facts(**given, years=len(setting.years)))


def tables_of(setting: Setting, draws: int, workers: int = 1, **given: float):
    """The tables of several draws."""
    return simulate(setting, lambda draw: facts(**given, years=len(setting.years)), draws, workers=workers)


@dataclass(slots=True)
class Seen:
    """What every unit did in one draw, by scenario, id and year."""

    choice: dict[tuple[str, int, int], str] = field(default_factory=dict)
    share: dict[tuple[str, int, int], float] = field(default_factory=dict)
    received: dict[tuple[str, int, int], list[float]] = field(default_factory=dict)
    denied: dict[tuple[str, int, int], int] = field(default_factory=dict)
    result: DrawResult | None = None

    def choices(self, scenario: str) -> dict[tuple[int, int], str]:
        """Choices of one scenario by id and year."""
        return {(unit, year): name for (one, unit, year), name in self.choice.items() if one == scenario}


class PartsCrew:
    """The population in parts of one block each, that know nothing of one another."""

    alone = False

    def __init__(self, setting, draw, known):
        self.parts = [Part(setting, [draw], [known], [k], k) for k in range(setting.source.count)]

    def __call__(self, method, *given):
        return [one.call(method, *given) for one in self.parts]


def watch(setting: Setting, draw: int = 0, **given: float) -> Seen:
    """One draw with the choices of every unit written down before it moves."""
    seen = Seen()

    class Watched(LocalCrew):
        def __call__(self, method, *given):
            if method == "move":
                for place, scenario in enumerate(setting.scenarios):
                    teller = self._part.sides[place].teller
                    for index in range(setting.source.count):
                        block = setting.source.block(index)
                        _write_down(seen, scenario.id, setting.years[given[0]], block, teller)
            return super().__call__(method, *given)

    with jax.enable_x64(True):
        known = facts(**given, years=len(setting.years))
        seen.result = simulate_draw(setting, draw, known, Watched(setting, [draw], [known]))
    return seen


def _write_down(seen: Seen, scenario: str, year: int, block, teller) -> None:
    asked, shares = teller.asked[block.index], teller.shares()
    received = [teller.received(slot)[block.index] for slot in range(len(teller.queues.slots))]
    for row, unit in enumerate(block.ids):
        key = (scenario, int(unit), year)
        seen.choice[key] = NAMES[int(asked.choice[row])] if asked.choice[row] < len(NAMES) else str(asked.choice[row])
        seen.denied[key] = int(asked.denied[row])
        seen.share[key] = float(shares[block.index][row]) if shares else 1.0
        seen.received[key] = [float(one[row]) for one in received]
