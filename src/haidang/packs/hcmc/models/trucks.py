"""Trucks of the ports: each is replaced when its life ends, by a diesel truck or an electric one.

A logit in the difference of yearly costs of ownership. An electric truck is open to an owner who considers one (more do
where others have them), can charge it and whose day is in its range. The cargo's owner passes on a part of a discount.
"""

from __future__ import annotations

from collections.abc import Mapping

from haidang import models as m
from haidang.models import arrays as np
from haidang.models.funnel import pass_stages, raise_share
from haidang.models.model import Array
from haidang.models.ownership import yearly_capital, yearly_rent, yearly_worth
from haidang.models.renewal import aged, due

_CERTAIN = 30.0  # utility of a new diesel truck over keeping one whose life has ended: nobody runs it on
_FACTS = """price_diesel used_price chassis battery battery_price battery_fall yuan import residual_diesel
residual_electric life life_used life_electric diesel_use electric_use diesel_price price_depot price_public
charger_cost charge_power hour_value upkeep_diesel upkeep_saving rate_small rate_large pass_through noise considers
learning public_charging range_used midday diesel_emissions rent_loss"""

CARD = m.Card(
    id="trucks",
    title={"vi": "Xe đầu kéo tuyến cảng", "en": "Trucks on the ports' routes"},
    population="truck-fleets",
    attributes={
        "route": m.Attribute("category", categories=("near", "middle", "far")),
        "fleet": m.Attribute("category", categories=("small", "medium", "large")),
        "distance": m.Attribute("number", "metre/year"),
        "daily": m.Attribute("number", "metre"),
        "charge": m.Attribute("number", "VND/year"),
        "depot": m.Attribute("flag"),
        "used": m.Attribute("flag"),
        "electric": m.Attribute("flag"),
        "served": m.Attribute("number", "1"),
    },
    derived={},
    ranks={},
    states={"age": m.State("float32"), "runs": m.State("int8"), "saving": m.State("float32")},
    alternatives=(
        m.Alternative("diesel", {"vi": "Mua xe dầu", "en": "A diesel truck"}),
        m.Alternative("electric", {"vi": "Mua xe điện", "en": "An electric truck"}),
    ),
    levers={
        "discount": m.Lever("%", 0.0, {"vi": "Mức giảm phí hạ tầng", "en": "Discount on the infrastructure charge"}),
        "discount_years": m.Lever("1", 0.0, {"vi": "Số năm còn giảm phí", "en": "Years that the discount still runs"}),
        "grant": m.Lever("VND", 0.0, {"vi": "Hỗ trợ mua mỗi xe", "en": "Grant for each truck"}),
        "port_charging": m.Lever("1", 0.0, {"vi": "Có trạm sạc tại cảng", "en": "Chargers at the port"}, flag=True),
        "battery_rent": m.Lever("1", 0.0, {"vi": "Được thuê pin", "en": "Battery may be rented"}, flag=True),
        "rent_rate": m.Lever("%/year", "medium_term_rate", {"vi": "Lãi suất tính tiền thuê", "en": "Rate in the rent"}),
    },
    resources={
        "forgone": m.Resource("VND", {"vi": "Phí hạ tầng không thu", "en": "Charge forgone"}),
        "paid": m.Resource("VND", {"vi": "Tiền ngân sách chi ra", "en": "Public money paid out"}),
        "loan": m.Resource("VND", {"vi": "Vốn mua pin cho thuê", "en": "Fund for rented batteries"}),
        "places": m.Resource("place", {"vi": "Chỗ sạc tại cảng", "en": "Charging places at the port"}),
    },
    outcomes=(
        m.Outcome("electric_trucks", {"vi": "Xe điện đang chạy", "en": "Electric trucks in use"}, "vehicle", "stock"),
        m.Outcome("electric_bought", {"vi": "Xe điện mua mới", "en": "Electric trucks bought"}, "vehicle"),
        m.Outcome("renewals", {"vi": "Xe được thay", "en": "Trucks replaced"}, "vehicle", good="neutral"),
        m.Outcome("electric_distance", {"vi": "Quãng đường chạy điện", "en": "Electric driving"}, "km", quantum=1e-3),
        m.Outcome("diesel_saved", {"vi": "Dầu tiết kiệm", "en": "Diesel saved"}, "litre", quantum=1e-3),
        m.Outcome("emissions_avoided", {"vi": "Phát thải tránh được", "en": "Emissions avoided"}, "tCO2e"),
        m.Outcome("charged", {"vi": "Điện sạc cho xe", "en": "Electricity charged"}, "kWh", "flow", "neutral", 1e-3),
        m.Outcome("forgone", {"vi": "Phí hạ tầng không thu", "en": "Charge forgone"}, "VND", good="less", quantum=1.0),
        m.Outcome("subsidy", {"vi": "Chi phí công", "en": "Public cost"}, "VND", good="less", quantum=1.0),
        m.Outcome("owners_saved", {"vi": "Chủ xe tiết kiệm", "en": "Owners' cost saved"}, "VND", quantum=1.0),
    ),
    facts=("medium_term_rate", "grid_factor", *(f"truck_{name}" for name in _FACTS.split())),
    chances={"considers": m.Chance("uniform", "draw"), "public": m.Chance("uniform", "draw")},
    peers={"electric_share": m.Peers("route")},
    stages=(
        m.Stage("offered", {"vi": "Thuộc diện chương trình", "en": "Reached by the programme"}),
        m.Stage("due", {"vi": "Đến hạn thay xe", "en": "Due for renewal"}),
        m.Stage("considers", {"vi": "Có xem xét xe điện", "en": "Consider an electric truck"}),
        m.Stage("charging", {"vi": "Có nơi sạc", "en": "Have a place to charge"}),
        m.Stage("range", {"vi": "Quãng đường trong tầm pin", "en": "Day is within range"}),
    ),
    groups=("route", "fleet", "depot"),
    tracked=("electric_bought", "electric_distance", "diesel_saved", "emissions_avoided", "forgone", "subsidy"),
    roles={"main": "electric_trucks"},
    unit="truck",
)


class Trucks(m.Model):
    """One truck and its owner; `served` is how many thousandths of its life it has served."""

    card = CARD

    def start(self, units: m.Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """Trucks of all ages; the few that are electric today."""
        age = units["served"] * 1e-3 * _life(units, fact, units["electric"])
        return {"age": age, "runs": np.where(units["electric"], 1, 0), "saving": 0.0 * age}

    def observe(self, units: m.Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """Electric trucks: owners on the same routes see their share."""
        return {"electric_share": state["runs"] > 0}

    def options(self, scene: m.Scene) -> Mapping[str, m.Option]:
        """At the end of a truck's life a new one, diesel or electric; a running electric truck has its discount."""
        sight = _Sight(scene)
        utility = _CERTAIN + sight.saving / (scene.fact["truck_noise"] * sight.diesel)
        uses = {"forgone": sight.forgone, "paid": sight.paid, "loan": sight.loan, "places": sight.places}
        return {
            "nothing": m.Option(True, 0.0, {"forgone": np.where(scene.state["runs"] > 0, sight.forgone, 0.0)}),
            "diesel": m.Option(sight.due, _CERTAIN),
            "electric": m.Option(sight.open, utility, uses),
        }

    def stages(self, scene: m.Scene) -> Mapping[str, Array]:
        """What stands between a truck that the programme reaches and an electric one."""
        offer = sum(scene.lever[name] for name in ("discount", "grant", "port_charging", "battery_rent"))
        return pass_stages((("offered", (offer > 0) & (scene.units["daily"] >= 0)), *_Sight(scene).steps))

    def move(self, scene: m.Scene, taken: m.Taken) -> Mapping[str, Array]:
        """A year older, or new."""
        state, new, electric = scene.state, taken.something, taken.chose("electric")
        saving = np.where(electric, _Sight(scene).saving, np.where(new, 0.0, state["saving"]))
        runs = np.where(electric, 1, np.where(new, 0, state["runs"].astype("int32")))
        age = aged(state["age"], _life(scene.units, scene.fact, state["runs"] > 0), new)
        return {"age": age, "runs": runs, "saving": saving}

    def outcomes(self, scene: m.Scene, taken: m.Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the year brought, per truck; one bought in the year counts for the whole of it."""
        fact, uses = scene.fact, taken.uses
        distance = np.where(after["runs"] > 0, scene.units["distance"], 0.0)
        diesel, charged = distance * fact["truck_diesel_use"], distance * fact["truck_electric_use"]
        return {
            "electric_trucks": np.where(after["runs"] > 0, 1.0, 0.0),
            "electric_bought": np.where(taken.chose("electric"), 1.0, 0.0),
            "renewals": np.where(taken.something, 1.0, 0.0),
            "electric_distance": distance / 1e3,
            "diesel_saved": diesel * 1e3,
            "emissions_avoided": diesel * fact["truck_diesel_emissions"] - charged * fact["grid_factor"],
            "charged": charged,
            "forgone": uses["forgone"],
            "subsidy": uses["forgone"] + uses["paid"],
            "owners_saved": after["saving"],
        }


def _life(units: m.Columns, fact: Mapping[str, Array], electric: Array) -> Array:
    """How long a truck is kept, years."""
    diesel = np.where(units["used"], fact["truck_life_used"], fact["truck_life"])
    return np.where(electric, fact["truck_life_electric"], diesel)


class _Sight:
    """What the owner of a truck sees when it comes to its end; costs in VND a year."""

    def __init__(self, scene: m.Scene) -> None:
        fact, lever, units = scene.fact, scene.lever, scene.units
        port = lever["port_charging"] > 0
        public = scene.chance["public"] < fact["truck_public_charging"]
        reach = fact["truck_battery"] * fact["truck_range_used"] / fact["truck_electric_use"]
        learnt = 1.0 - np.exp(-fact["truck_learning"] * scene.peers["electric_share"])
        self.steps = (
            ("due", due(scene.state["age"], _life(units, fact, scene.state["runs"] > 0))),
            ("considers", scene.chance["considers"] < raise_share(fact["truck_considers"], learnt)),
            ("charging", units["depot"] | public | port),
            ("range", units["daily"] <= reach * np.where(port, 1.0 + fact["truck_midday"], 1.0)),
        )
        self.due, self.open = self.steps[0][1], pass_stages(self.steps)["range"]
        self.places = np.where(port & ((~units["depot"] & ~public) | (units["daily"] > reach)), 1.0, 0.0)
        rate = np.where(units.among("fleet", "large"), fact["truck_rate_large"], fact["truck_rate_small"])
        years, residual = fact["truck_life_electric"], fact["truck_residual_electric"]
        yuan = fact["truck_yuan"] * (1.0 + fact["truck_import"])
        later = (1.0 - fact["truck_battery_fall"]) ** scene.period.index.astype("float32")
        battery = fact["truck_battery"] * fact["truck_battery_price"] * yuan * later
        bought, rent = yearly_capital(battery, residual, rate, years), yearly_rent(battery, lever["rent_rate"], years)
        rents = (lever["battery_rent"] > 0) & (rent < bought)
        self.loan, self.forgone = np.where(rents, battery, 0.0), lever["discount"] * units["charge"]
        self.paid = lever["grant"] + self.places * fact["truck_charger_cost"] + self.loan * fact["truck_rent_loss"]
        passed_on = yearly_worth(fact["truck_pass_through"] * self.forgone, lever["discount_years"], rate, years)
        chassis = yearly_capital(fact["truck_chassis"] * yuan, residual, rate, years)
        self.diesel = _diesel(units, fact, rate)
        electric = chassis + np.where(rents, rent, bought) + _charging(units, fact, rate)
        self.saving = self.diesel - electric + passed_on + yearly_capital(lever["grant"], 0.0, rate, years)


def _diesel(units: m.Columns, fact: Mapping[str, Array], rate: Array) -> Array:
    """A diesel truck, new or used as the owner buys them, VND a year."""
    price = fact["truck_price_diesel"] * np.where(units["used"], fact["truck_used_price"], 1.0)
    running = fact["truck_diesel_use"] * fact["truck_diesel_price"] + fact["truck_upkeep_diesel"]
    capital = yearly_capital(price, fact["truck_residual_diesel"], rate, _life(units, fact, False))
    return capital + units["distance"] * running


def _charging(units: m.Columns, fact: Mapping[str, Array], rate: Array) -> Array:
    """Electricity and upkeep, VND a year: at the depot with a charger of its own, elsewhere at a fee and with time."""
    away = fact["truck_price_public"] + fact["truck_hour_value"] / fact["truck_charge_power"]
    energy = fact["truck_electric_use"] * np.where(units["depot"], fact["truck_price_depot"], away)
    upkeep = fact["truck_upkeep_diesel"] * (1.0 - fact["truck_upkeep_saving"])
    charger = yearly_capital(fact["truck_charger_cost"], 0.0, rate, fact["truck_life_electric"])
    return units["distance"] * (energy + upkeep) + np.where(units["depot"], charger, 0.0)
