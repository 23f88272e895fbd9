"""A small market for tests: plants that owe permits, abate when the price beats their cost, and trade the rest."""

from __future__ import annotations

from functools import cache

import numpy as real
import polars as pl

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario
from haidang.models import Alternative, Attribute, Card, Lever, Market, Model, Option, Outcome, Resource, State
from haidang.models import arrays as np
from haidang.programmes import parse_programme

SHARP = 1e4
"""So sharp that noise of the choice hardly matters: the cheaper way is taken."""


class Plants(Model):
    """Emit, abate or not, hand in permits, trade."""

    card = Card(
        id="plants",
        title={"vi": "Nhà máy", "en": "Plants"},
        population="plants",
        attributes={
            "emissions": Attribute("number", "tCO2e"),
            "abates": Attribute("number", "tCO2e"),
            "cost": Attribute("number", "VND/tCO2e"),
        },
        derived={},
        ranks={},
        states={"bank": State("int32")},
        alternatives=(Alternative("abate", {"vi": "Giảm", "en": "Abate"}),),
        levers={
            "given": Lever("%", 0.0),
            "owed": Lever("%", 0.0),
            "open": Lever("%", 1.0),
            "floor": Lever("VND/tCO2e", 0.0),
            "ceiling": Lever("VND/tCO2e", 1000.0),
        },
        resources={"place": Resource("1", {"vi": "chỗ", "en": "place"})},
        outcomes=(
            Outcome("abated", {"vi": "giảm", "en": "abated"}, "tCO2e", quantum=1.0),
            Outcome("bought", {"vi": "mua", "en": "bought"}, "tCO2e", quantum=1.0),
            Outcome("sold", {"vi": "bán", "en": "sold"}, "tCO2e", quantum=1.0),
            Outcome("missing", {"vi": "thiếu", "en": "missing"}, "tCO2e", quantum=1.0),
            Outcome("bank", {"vi": "dự trữ", "en": "bank"}, "tCO2e", "stock", quantum=1.0),
            Outcome("price", {"vi": "giá", "en": "price"}, "VND/tCO2e", "mean"),
            Outcome("last", {"vi": "giá trước", "en": "last price"}, "VND/tCO2e", "mean"),
        ),
        facts=("liking",),
        market=Market(
            {"vi": "hạn ngạch", "en": "permits"}, "tCO2e", "VND/tCO2e", ("plants",), "floor", "ceiling", step=1.0
        ),
    )

    def start(self, units, fact):
        """Nothing is banked."""
        return {"bank": np.zeros(units["cost"].shape, dtype="int32")}

    def _left(self, scene, abated):
        emitted = scene.units["emissions"] - np.where(abated, scene.units["abates"], 0.0)
        return scene.units["emissions"] * scene.lever["given"] - emitted * scene.lever["owed"]

    def options(self, scene):
        """Abating pays where the price is above its cost."""
        uses = {"place": np.where(scene.units["abates"] > 0, 1.0, 0.0)}
        return {
            "abate": Option(
                (scene.units["abates"] > 0) & (scene.lever["open"] > 0),
                SHARP * (scene.price - scene.units["cost"]),
                uses,
            )
        }

    def orders(self, scene, taken):
        """Buy what is missing, offer what is left."""
        return {"plants": -self._left(scene, taken.chose("abate")) - scene.state["bank"].astype("float32")}

    def move(self, scene, taken):
        """What is neither handed in nor sold is banked."""
        left = self._left(scene, taken.chose("abate")).astype("int32") + taken.traded["plants"].astype("int32")
        return {"bank": np.maximum(scene.state["bank"] + left, 0)}

    def outcomes(self, scene, taken, after):
        """What was abated, traded, missing, kept."""
        traded = taken.traded["plants"]
        left = self._left(scene, taken.chose("abate")) + scene.state["bank"].astype("float32")
        one = np.where(taken.code >= 0, 1.0, 0.0)
        return {
            "abated": np.where(taken.chose("abate"), scene.units["abates"], 0.0),
            "bought": np.maximum(traded, 0.0),
            "sold": np.maximum(-traded, 0.0),
            "missing": np.maximum(-(left + traded.astype("float32")), 0.0),
            "bank": after["bank"].astype("float32"),
            "price": one * scene.price,
            "last": one * scene.last_price,
        }


PLANTS = Plants()
MARKET = """\
id: market
title: {vi: Thị trường, en: Market}
model: plants
years: 2026..2027
instruments:
FIRST
  permits:
    title: {vi: Hạn ngạch, en: Permits}
    eligible: emissions > 0 tCO2e
    levers: LEVERS
"""
CREW = """\
  crew:
    title: {vi: Thợ, en: A crew}
    eligible: emissions > 0 tCO2e
    levers: {open: 100 %}
    budget: {resource: place, per_year: 1}
    ration: {by: cost, order: lowest}
"""


def market(levers: str, first: str = "") -> str:
    """A programme with these levers, behind another instrument where one is given."""
    return MARKET.replace("FIRST\n", first).replace("LEVERS", levers)


def plants(rows: list[tuple[float, float, float]], weight: list[float] | None = None) -> pl.DataFrame:
    """Plants of these emissions, amounts that they can abate, and costs."""
    emissions, abates, cost = zip(*rows, strict=True)
    return pl.DataFrame(
        {
            "id": real.arange(len(rows), dtype=real.int64),
            "weight": weight or [1.0] * len(rows),
            "emissions": emissions,
            "abates": abates,
            "cost": cost,
        }
    )


def exchange(table: pl.DataFrame, *programmes: str, block_rows: int = 65_536, years=(2026, 2027)) -> Setting:
    """The baseline and programmes over plants."""
    source = MemorySource(table, PLANTS.card, block_rows)
    scenarios, programs = zip(*(_compiled(text) for text in (None, *programmes)), strict=True)
    returns = tuple(tuple(0 for _ in one.slots) for one in scenarios)
    return Setting(PLANTS, source, scenarios, programs, years, 3, ("liking",), returns)


@cache
def _compiled(text: str | None):
    """A scenario and its programs."""
    scenario = Scenario("baseline", None) if text is None else Scenario("p", parse_programme(text, "m.yaml").base)
    return scenario, compile_scenario(PLANTS, scenario, {}, ("liking",))
