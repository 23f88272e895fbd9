"""Families that ride to school and back by motorbike, or pay a year's fare of a school bus."""

from haidang.models import Alternative, Attribute, Card, Lever, Model, Option, Outcome, Resource
from haidang.models import arrays as np

RIDES = 800  # there and back, morning and afternoon, on 200 days of a year


class Families(Model):
    """Each year a family weighs the bus against its motorbike, which is to do *nothing*."""

    card = Card(
        id="families", population="families", unit="household",
        title={"vi": "Gia đình và xe đưa đón", "en": "Families and the school bus"},
        attributes={"distance": Attribute("number", "km")}, derived={}, ranks={}, states={},
        alternatives=(Alternative("bus", {"vi": "Xe đưa đón", "en": "School bus"}),),
        levers={"discount": Lever("%", 0.0)},
        resources={"subsidy": Resource("VND", {"vi": "Hỗ trợ giá vé", "en": "Subsidy of fares"})},
        outcomes=(
            Outcome("km_avoided", {"vi": "Km xe máy tránh được", "en": "Motorbike-kilometres avoided"}, "km"),
            Outcome("public_cost", {"vi": "Chi phí công", "en": "Public cost"}, "VND", good="less", quantum=1.0),
        ),
        facts=("bus_fare", "motorbike_speed", "time_value", "bus_liking", "bus_response"),
        roles={"main": "km_avoided", "cost": "public_cost", "money": "subsidy"}, tracked=("km_avoided",),
    )  # fmt: skip

    def start(self, units, fact):
        """No family carries anything from year to year."""
        return {}

    def options(self, scene):
        """The bus: the hours of a parent that it saves, less its fare after the discount."""
        fact, subsidy = scene.fact, scene.lever["discount"] * scene.fact["bus_fare"]
        saved = RIDES * scene.units["distance"] / fact["motorbike_speed"] * fact["time_value"]
        utility = fact["bus_liking"] + fact["bus_response"] * (saved - fact["bus_fare"] + subsidy) / 1e6
        return {"bus": Option(True, utility, {"subsidy": subsidy})}

    def move(self, scene, taken):
        """So nothing changes."""
        return {}

    def outcomes(self, scene, taken, after):
        """Kilometres that the motorbike stays at home, and what the city pays."""
        km = RIDES * scene.units["distance"] / 1e3
        return {"km_avoided": np.where(taken.chose("bus"), km, 0.0), "public_cost": taken.uses["subsidy"]}
