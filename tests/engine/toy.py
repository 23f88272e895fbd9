"""A small model for tests: households that may buy a small or a large machine, once each, with a grant for either."""

from __future__ import annotations

from haidang.models import Alternative, Attribute, Card, Chance, Lever, Model, Option, Outcome, Peers, Resource, State
from haidang.models import arrays as np

COST = {"small": 3e6, "large": 40e6}
LIKING = {"small": -0.5, "large": -1.0}
BIT = {"small": 1, "large": 2}


class Toy(Model):
    """Two machines, one grant."""

    card = Card(
        id="toy",
        title={"vi": "Máy", "en": "Machines"},
        population="households",
        attributes={
            "income": Attribute("number", "VND/year"),
            "place": Attribute("category", categories=("north", "south")),
            "member": Attribute("flag"),
        },
        derived={"owned": Attribute("number", "1")},
        ranks={},
        states={"has": State("int8")},
        alternatives=tuple(Alternative(name, {"vi": name, "en": name}) for name in COST),
        levers={"grant_share": Lever("%", 0.0), "grant_cap": Lever("VND", 1e18), "loan_share": Lever("%", 0.0)},
        resources={
            "grant": Resource("VND", {"vi": "hỗ trợ", "en": "grant"}, cap="grant_cap"),
            "loan": Resource("VND", {"vi": "vay", "en": "loan"}),
        },
        outcomes=(
            Outcome("bought", {"vi": "mua", "en": "bought"}, "1"),
            Outcome("spent", {"vi": "chi", "en": "spent"}, "VND", quantum=1.0),
            Outcome("granted", {"vi": "được", "en": "granted"}, "VND", quantum=1.0),
        ),
        facts=("liking", "copying"),
        chances={"taste": Chance("normal", "draw")},
        peers={"seen": Peers("place")},
        groups=("place", "member"),
        tracked=("bought",),
    )

    def start(self, units, fact):
        """Nobody owns a machine."""
        return {"has": np.zeros(units["income"].shape, dtype="int8")}

    def derive(self, units, state):
        """How many machines a household has."""
        return {"owned": sum(np.where((state["has"] & bit) != 0, 1.0, 0.0) for bit in BIT.values())}

    def observe(self, units, state):
        """Who has any machine."""
        return {"seen": np.where(state["has"] != 0, 1.0, 0.0)}

    def options(self, scene):
        """Either machine, while it is not owned."""
        found = {}
        for name, cost in COST.items():
            grant = np.minimum(scene.lever["grant_share"] * cost, scene.lever["grant_cap"])
            loan = scene.lever["loan_share"] * cost + 0.0 * scene.units["income"]
            utility = (
                LIKING[name]
                + scene.fact["liking"]
                + scene.fact["copying"] * scene.peers["seen"]
                + 0.5 * scene.chance["taste"]
                - 4.0 * (cost - grant - 0.5 * loan) / scene.units["income"]
            )
            found[name] = Option((scene.state["has"] & BIT[name]) == 0, utility, {"grant": grant, "loan": loan})
        return found

    def move(self, scene, taken):
        """What was bought stays."""
        has = scene.state["has"]
        for name, bit in BIT.items():
            has = np.where(taken.chose(name), has | np.int8(bit), has)
        return {"has": has}

    def outcomes(self, scene, taken, after):
        """What was bought, spent and granted."""
        return {
            "bought": np.where(taken.something, 1.0, 0.0),
            "spent": sum(np.where(taken.chose(name), cost, 0.0) for name, cost in COST.items()),
            "granted": taken.uses["grant"],
        }
