"""A market for emission permits: facilities cut, buy, sell or bank; the city's projects offer credits at its price.

Who is short of permits bids for them; who has some left sells where the price beats what a kept one is worth: the
chance that they run short within some years, by what the register shows, times the penalty. Measures are weighed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang import models as m
from haidang.models import abatement as cutting
from haidang.models import arrays as np
from haidang.models.model import Array

_MEASURES = {  # the kind of facility that each measure is for, and its titles; bit by bit the state `kit`
    "heat_recovery": ("cement", "Thu hồi nhiệt thải", "Waste-heat recovery"),
    "waste_fuel": ("cement", "Rác thải làm nhiên liệu lò", "Waste as kiln fuel"),
    "steel_efficiency": ("steel", "Tiết kiệm năng lượng trong thép", "Energy efficiency in steel"),
    "plant_efficiency": ("thermal_power", "Cải tạo tua-bin, lò hơi", "Turbines and boilers refurbished"),
    "straw": ("thermal_power", "Đốt kèm rơm", "Straw burnt with coal"),
    "ammonia": ("thermal_power", "Đốt kèm amoniac", "Ammonia burnt with coal"),
}
_CREDITS = {"build": ("", "Lập dự án tín chỉ", "Build a credit project"), "sell": ("", "Bán tín chỉ", "Sell credits")}
_SECTORS, _PROJECTS = ("thermal_power", "steel", "cement"), ("buildings", "solar", "lighting", "motorbikes")
_SIDES = ("facilities", "projects", "state")
_PUBLISHED, _CERTAIN = 2026, 30.0  # the last year of published quotas; utility of selling credits at a profit
_FACTS = """cover discount output_spread tightening planning_years rule_uncertainty belief_spread active_share occasion
hurdle choice_spread gap_share issuance_cost thermal_power_cover steel_cover cement_cover thermal_power_growth
steel_growth cement_growth buildings_cost solar_cost lighting_cost motorbikes_cost heat_recovery_cut waste_fuel_cut
straw_cut steel_efficiency_cut plant_efficiency_cut ammonia_cut heat_recovery_cost waste_fuel_cost straw_cost
ammonia_cost steel_efficiency_cost plant_efficiency_cost"""
_OUTCOMES: tuple[tuple[Any, ...], ...] = (
    ("price", "Giá hạn ngạch", "Price of a permit", "VND/tCO2e", "mean", "neutral"),
    ("bank", "Hạn ngạch đang để dành", "Permits kept", "tCO2e", "stock", "neutral"),
    ("emissions_avoided", "Phát thải giảm được", "Emissions avoided", "tCO2e", "flow", "more"),
    ("abatement_cost", "Chi phí giảm phát thải", "Cost of cutting emissions", "VND", "flow", "less"),
    ("auctioned", "Hạn ngạch bán đấu giá", "Permits sold by auction", "tCO2e", "flow", "neutral"),
    ("offsets", "Tín chỉ của thành phố đã bán", "City credits sold", "tCO2e", "flow", "more"),
    ("surrendered", "Hạn ngạch nộp trả", "Permits surrendered", "tCO2e", "flow", "neutral"),
    ("banked", "Hạn ngạch để dành thêm", "Permits put aside", "tCO2e", "flow", "neutral"),
    ("surplus", "Hạn ngạch cấp ra vượt phát thải", "Permits issued above emissions", "tCO2e", "flow", "neutral"),
    ("shortage", "Hạn ngạch còn thiếu", "Permits missing", "tCO2e", "flow", "less"),
    ("offset_room", "Chỗ trống dưới giới hạn tín chỉ", "Room under the limit on credits", "tCO2e", "flow", "neutral"),
    ("city_revenue", "Tiền tín chỉ về ngân sách thành phố", "Credit revenue of the city budget", "VND", "flow", "more"),
    ("public_revenue", "Tiền đấu giá hạn ngạch", "Auction revenue", "VND", "flow", "more"),
)
_LEVERS = (
    ("obligation", "%", 0.0, "Phần phát thải phải nộp trả", "Share of emissions that permits must cover"),
    ("benchmark", "%", 1.0, "Định mức so với hiện nay", "Benchmark over today's"),
    ("auction_share", "%", 0.0, "Phần hạn ngạch đấu giá", "Share of permits auctioned"),
    ("trade", "1", 1.0, "Được mua bán", "Permits may be traded"),
    ("floor", "VND/tCO2e", "carbon_trade_cost", "Giá sàn", "Price floor"),
    ("ceiling", "VND/tCO2e", "carbon_penalty", "Giá của hạn ngạch thiếu", "Price of a missing permit"),
    ("credits_open", "1", 0.0, "Được bán tín chỉ", "Credits may be sold"),
    ("offset_limit", "%", 0.0, "Giới hạn dùng tín chỉ", "Most that credits may cover"),
    ("city_share", "%", 0.0, "Phần tín chỉ về thành phố", "City's share of credit revenue"),
)

CARD = m.Card(
    id="carbon",
    title={"vi": "Thị trường hạn ngạch phát thải", "en": "Market for emission permits"},
    population="carbon-facilities",
    attributes={
        "kind": m.Attribute("category", categories=(*_SECTORS, *_PROJECTS)),
        "market": m.Attribute("category", categories=("domestic",)),
        **{name: m.Attribute("number", "tCO2e") for name in ("quota_2025", "quota_2026", "credits")},
        **{name: m.Attribute("number", "1") for name in ("load", "cost_scale")},
        "heat_recovery": m.Attribute("flag"),
    },
    derived={},
    ranks={},
    states={"kit": m.State("int8"), "bank": m.State("int32"), "quota": m.State("float32"), "owed": m.State("float32")},
    alternatives=tuple(m.Alternative(i, {"vi": vi, "en": en}) for i, (_, vi, en) in (_MEASURES | _CREDITS).items()),
    levers={
        name: m.Lever(unit, default, {"vi": vi, "en": en}, name in {"trade", "credits_open"})
        for name, unit, default, vi, en in _LEVERS
    },
    resources={"offsets": m.Resource("tCO2e", {"vi": "Tín chỉ chào bán", "en": "Credits offered"})},
    outcomes=tuple(m.Outcome(i, {"vi": vi, "en": en}, of, kind, good, 1.0) for i, vi, en, of, kind, good in _OUTCOMES),
    facts=("exchange_rate", *(f"carbon_{name}" for name in _FACTS.split())),
    chances={
        **{name: m.Chance("uniform", "period") for name in ("occasion", "active")},
        **{"output": m.Chance("normal", "period"), "belief": m.Chance("normal", "draw")},
    },
    peers={name: m.Peers("market") for name in ("bank", "quota", "owed")},
    groups=("kind",),
    unit="participant",
    market=m.Market({"vi": "Hạn ngạch", "en": "Permits"}, "tCO2e", "VND/tCO2e", _SIDES, "floor", "ceiling", 500.0),
    roles={"main": "emissions_avoided", "private_cost": "abatement_cost"},
)


class Carbon(m.Model):
    """Facilities under a cap, and the projects whose credits they may use; a project that is built has 1 as its kit."""

    card = CARD

    def prepare(self, units: m.Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """What each kind has of its own, emissions of a middling 2025 (tCO2e), what a dollar of cost is there (VND)."""
        own: dict[str, Array] = {}
        for what, kinds in (("cover", _SECTORS), ("growth", _SECTORS), ("cost", _PROJECTS)):
            for kind in kinds:
                own[what] = np.where(units.among("kind", kind), fact[f"carbon_{kind}_{what}"], own.get(what, 1.0))
        emissions = units["quota_2025"] * units["load"] / (fact["carbon_cover"] * own["cover"])
        return {**own, "emissions": emissions, "dollar": fact["exchange_rate"] * units["cost_scale"]}

    def start(self, units: m.Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """No measure, project or permit; quotas of two years and the inventories are known before the first."""
        owed = self.prepare(units, fact)["emissions"]
        return {"kit": 0 * owed, "bank": 0 * owed, "quota": units["quota_2026"], "owed": owed}

    def observe(self, units: m.Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the register shows of all facilities together, million tonnes: bank, newest quotas, last emissions."""
        return {name: state[name].astype("float32") * 1e-6 for name in CARD.peers}

    def options(self, scene: m.Scene) -> Mapping[str, m.Option]:
        """Each measure not yet taken, a project not yet built, the credits of one that is."""
        fact, units, kit, worth = scene.fact, scene.units, scene.state["kit"], _Year(scene).worth
        scale, hurdle = (fact[f"carbon_{one}"] * fact["exchange_rate"] for one in ("choice_spread", "hurdle"))
        occasion = scene.chance["occasion"] < fact["carbon_occasion"]
        found: dict[str, m.Option] = {}
        for place, (name, (kind, *_)) in enumerate(_MEASURES.items()):
            has = cutting.holds(kit, place) | (units["heat_recovery"] & (name == "heat_recovery"))
            gain = worth - hurdle - units["dollar"] * fact[f"carbon_{name}_cost"]
            found[name] = m.Option(occasion & units.among("kind", kind) & ~has, gain / scale)
        issuing = units["dollar"] * fact["carbon_issuance_cost"]
        gain = scene.price - hurdle - issuing - units["dollar"] * fact["carbon_gap_share"] * units["cost"]
        admitted = units.among("kind", *_PROJECTS) & (scene.lever["credits_open"] > 0)
        found["build"] = m.Option(admitted & occasion & (kit == 0), gain / scale)
        sells = admitted & (kit != 0) & (scene.price >= issuing)
        return {**found, "sell": m.Option(sells, _CERTAIN, {"offsets": np.where(sells, units["credits"], 0.0)})}

    def orders(self, scene: m.Scene, taken: m.Taken) -> Mapping[str, Array]:
        """Bids for what is missing; offers of what is left where the price beats keeping it; credits; auctions."""
        year = _Year(scene, taken)
        active, limits = scene.fact["carbon_active_share"], (scene.lever["floor"], scene.lever["ceiling"])
        sells = cutting.sells(scene.price, year.kept, limits, active, scene.chance["active"])
        sides = (year.permits.order(sells), -cutting.whole(taken.uses["offsets"]), -year.auctioned)
        return {name: np.where(scene.lever["trade"] > 0, side, 0) for name, side in zip(_SIDES, sides, strict=True)}

    def move(self, scene: m.Scene, taken: m.Taken) -> Mapping[str, Array]:
        """Measures stay, permits left over are banked; the register shows emissions and the next quotas."""
        year = _Year(scene, taken)
        _, _, left = year.permits.settle(cutting.whole(taken.traded["facilities"]))
        return {"kit": year.kit, "bank": left, "quota": _quota(scene, 1), "owed": year.emissions}

    def outcomes(self, scene: m.Scene, taken: m.Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the year brought, per facility or project."""
        year, lever = _Year(scene, taken), scene.lever
        bought, credits, sold = (cutting.whole(taken.traded[side]) for side in _SIDES)
        surrendered, missing, left = year.permits.settle(bought)
        return {
            "price": np.where((lever["obligation"] > 0) & (lever["trade"] > 0), scene.price, 0.0),
            "emissions_avoided": year.gross * year.cut,
            "abatement_cost": year.gross * year.cost,
            "auctioned": -sold,
            "offsets": -credits,
            "surrendered": surrendered,
            "banked": left - scene.state["bank"],
            "bank": left,
            "surplus": year.permits.given - sold - year.permits.owed,
            "shortage": missing,
            "offset_room": lever["offset_limit"] * year.permits.owed.astype("float32") + credits.astype("float32"),
            "city_revenue": -credits.astype("float32") * scene.price * lever["city_share"],
            "public_revenue": -sold.astype("float32") * scene.price,
        }


class _Year:
    """A facility's year with the measures it has: emissions before and after them, permits, what a permit is worth."""

    def __init__(self, scene: m.Scene, taken: m.Taken | None = None) -> None:
        fact, lever, seen, kit = scene.fact, scene.lever, scene.peers, scene.state["kit"].astype("int32")
        if taken is not None:
            kit = np.where(taken.chose("build"), 1, cutting.kit_after(kit, taken, tuple(_MEASURES)))
        growth = (1.0 + scene.units["growth"]) ** (scene.period.year - 2025).astype("float32")
        swing = np.exp(fact["carbon_output_spread"] * scene.chance["output"])
        self.kit, self.gross = kit, scene.units["emissions"] * growth * swing
        measures = [(fact[f"carbon_{i}_cut"], scene.units["dollar"] * fact[f"carbon_{i}_cost"]) for i in _MEASURES]
        self.cut, self.cost = cutting.cut_together(kit, measures)
        self.emissions = np.rint(self.gross * (1.0 - self.cut))
        quota = _quota(scene, 0) * np.where(lever["obligation"] > 0, 1.0, 0.0)
        amounts = (quota, quota * lever["auction_share"], self.emissions * lever["obligation"])
        quotas, self.auctioned, owed = (cutting.whole(amount) for amount in amounts)
        self.permits = cutting.Permits(quotas - self.auctioned, scene.state["bank"], owed)
        known, ahead = np.maximum(seen["owed"], 1e-6), fact["carbon_planning_years"]
        balance = cutting.market_balance(seen["bank"] / known, seen["quota"] / known, fact["carbon_tightening"], ahead)
        chance = cutting.shortage_chance(balance, fact["carbon_rule_uncertainty"] * np.sqrt(ahead))
        belief = fact["carbon_belief_spread"] * scene.chance["belief"]
        self.kept = cutting.kept_price(lever["floor"], lever["ceiling"], chance, fact["carbon_discount"], belief)
        alone = np.where(self.permits.missing > 0, lever["ceiling"], 0.0)
        self.worth = lever["obligation"] * np.where(lever["trade"] > 0, np.maximum(scene.price, self.kept), alone)


def _quota(scene: m.Scene, ahead: int) -> Array:
    """The quota so many years ahead, whole tonnes: published, then by output and benchmark (float32, units)."""
    year = scene.period.year + ahead
    yearly = (1.0 + scene.units["growth"]) * (1.0 - scene.fact["carbon_tightening"])
    later = scene.units["quota_2026"] * yearly ** np.maximum(year - _PUBLISHED, 0).astype("float32")
    return np.rint(np.where(year < _PUBLISHED, scene.units["quota_2025"], later) * scene.lever["benchmark"])
