"""Roofs: each month a home, business, factory or farm that thinks of it puts panels up, or puts the decision off.

Equipment gets cheaper, so putting it off often beats acting until terms with a last day run out (`models/deadline.py`).
More think of it where new panels are talked of and where more would be lost by not acting this month.
"""

from __future__ import annotations

from collections.abc import Mapping

from haidang import models as m
from haidang.models import arrays as np
from haidang.models.deadline import Terms, Way, now_or_later
from haidang.models.energy import emissions_of_electricity
from haidang.models.finance import annuity_factor, interest_on_equal_principal
from haidang.models.funnel import raise_share
from haidang.models.habit import fade_habit
from haidang.models.model import Array, Text

KW, _MONTH = 8766.0, 1.0 / 12.0  # A kilowatt all year round, kWh/year, as powers are canonical; a month in years.
_FACTS = """able_home able_firm able_farm loan_opens hurdle hurdle_spread patient looks attention comes_back
expects_back recent putting_off noise extension cost_small cost_large cost_fall running yield life roof_built lead_home
lead_firm delay price_level price_growth spontaneous fresh fades"""


def _text(vi: str, en: str) -> Text:
    return {"vi": vi, "en": en}


CARD = m.Card(
    id="solar",
    title=_text("Điện mặt trời mái nhà", "Rooftop solar"),
    population="solar-roofs",
    attributes={
        "kind": m.Attribute("category", categories=("home", "business", "factory", "farm")),
        "area": m.Attribute("category", categories=("hcmc", "other")),
        "daytime": m.Attribute("number", "kWh/year"),
        "price": m.Attribute("number", "VND/kWh"),
        **{name: m.Attribute("number", unit) for name, unit in (("roof", "kW"), ("existing", "kW"), ("sun", "1"))},
    },
    derived={},
    ranks={},
    states={name: m.State("float32") for name in ("size", "sold", "due", "looked", "talk")},
    alternatives=(
        m.Alternative("own", _text("Lắp để tự dùng", "Panels for own use")),
        m.Alternative("sale", _text("Lắp để dùng và bán", "Panels for own use and sale")),
    ),
    levers={
        "tariff": m.Lever("VND/kWh", 0.0, _text("Giá mua điện bán ra", "Price of what is sold")),
        "sold_share": m.Lever("%", 0.0, _text("Tỷ lệ sản lượng được bán", "Share of the output that may be sold")),
        "market": m.Lever("VND/kWh", 1e9, _text("Giá thị trường của điện bán ra", "What it is worth on the market")),
        "ends": m.Lever("1", 9999.0, _text("Thời điểm hết hạn", "When the terms end, as a year")),
        "loan_share": m.Lever("%", 0.0, _text("Tỷ lệ vốn vay", "Share of the cost that is lent")),
        "rate_gap": m.Lever("point/year", 0.0, _text("Mức giảm lãi suất", "Points of interest below the market")),
        "term": m.Lever("year", 5.0, _text("Thời hạn vay", "Years of the loan")),
        "heard": m.Lever("%", 0.0, _text("Tỷ lệ biết khoản vay", "Share that knows of the loan")),
    },
    resources={
        "loan": m.Resource("VND", _text("Vốn vay ưu đãi", "Preferential loans"), returns="term"),
        "subsidy": m.Resource("VND", _text("Chi phí công", "Public cost")),
        "surplus": m.Resource("kWh/year", _text("Điện dư bán mỗi năm", "Surplus sold a year")),
    },
    outcomes=(
        m.Outcome("capacity", _text("Công suất lắp mới", "Capacity commissioned"), "kW", quantum=1e-3),
        m.Outcome("cumulative", _text("Công suất lũy kế", "Cumulative capacity"), "kW", "stock", quantum=1e-3),
        m.Outcome("selling", _text("Công suất được bán điện", "Capacity that may sell"), "kW", "stock", quantum=1e-3),
        m.Outcome("investment", _text("Đầu tư", "Investment"), "VND", quantum=1.0),
        m.Outcome("energy", _text("Điện mặt trời sản xuất", "Solar electricity"), "kWh", quantum=1e-3),
        m.Outcome("surplus", _text("Điện dư bán lên lưới", "Surplus sold"), "kWh", good="neutral", quantum=1e-3),
        m.Outcome("emissions_avoided", _text("Phát thải tránh được", "Emissions avoided"), "tCO2e"),
        m.Outcome("subsidy", _text("Chi phí công", "Public cost"), "VND", good="less", quantum=1.0),
    ),
    facts=("grid_factor", *(f"solar_{name}" for name in _FACTS.split())),
    chances={
        "hurdle": m.Chance("normal", "draw"),
        **{name: m.Chance("uniform", "draw") for name in ("able", "patient", "lead", "heard")},
        **{name: m.Chance("uniform", "period") for name in ("look", "delay")},
    },
    peers={"neighbours": m.Peers("kind")},
    groups=("kind", "area"),
    tracked=("capacity", "investment", "energy", "emissions_avoided", "subsidy"),
    period="month",
    roles={"main": "capacity", "electricity": "energy"},
    unit="roof",
)


class Solar(m.Model):
    """One roof. `size` is what was ordered, `due` the months until it runs, `sold` the share of output it may sell."""

    card = CARD

    def start(self, units: m.Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """Nothing is ordered; of what stands already, a share is still talked of."""
        talk = np.where(units["existing"] > 0, fact["solar_fresh"], 0.0)
        return {**dict.fromkeys(CARD.states, 0.0 * units["roof"]), "talk": talk}

    def observe(self, units: m.Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """Roofs whose panels are talked of: others of the kind hear of their share."""
        return {"neighbours": state["talk"]}

    def options(self, scene: m.Scene) -> Mapping[str, m.Option]:
        """Panels for own use, or as many as the terms of sale make worth while: whichever the roof gains more by."""
        sight = _Sight(scene)
        either = {"own": ~sight.sells, "sale": sight.sells}
        return {name: m.Option(sight.open & better, sight.utility, sight.uses) for name, better in either.items()}

    def move(self, scene: m.Scene, taken: m.Taken) -> Mapping[str, Array]:
        """What is ordered as the month ends runs a lead time later, on the terms of that day, and is talked of."""
        sight, state, lever = _Sight(scene), scene.state, scene.lever
        lead = sight.lead + scene.fact["solar_delay"] / _MONTH * scene.chance["delay"]
        terms = np.where(lead <= sight.months, lever["sold_share"], 0.0)
        due = np.maximum(state["due"] - 1.0, 0.0)
        after = {
            "size": np.where(taken.something, sight.size, state["size"]),
            "sold": np.where(taken.something, terms, state["sold"]),
            "due": np.where(taken.something, np.ceil(lead), due),
            "looked": np.where(sight.thinks, 1.0, state["looked"]),
        }
        new = (_running(after) > 0) & (_running(state) <= 0)
        return {**after, "talk": fade_habit(np.where(new, 1.0, state["talk"]), new, scene.fact["solar_fades"], _MONTH)}

    def outcomes(self, scene: m.Scene, taken: m.Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the month brought, per roof; electricity and emissions are of systems commissioned since the start."""
        units, running, before = scene.units, _running(after), _running(scene.state)
        energy = running * scene.fact["solar_yield"] * units["sun"] * _MONTH
        return {
            "capacity": np.where(before > 0, 0.0, running) / KW,
            "cumulative": (units["existing"] + running) / KW,
            "selling": (units["existing"] + np.where(after["sold"] > 0, running, 0.0)) / KW,
            "investment": np.where(taken.something, _Sight(scene).cost, 0.0),
            "energy": energy,
            "surplus": _surplus(energy, units["daytime"] * _MONTH, after["sold"]),
            "emissions_avoided": emissions_of_electricity(energy, scene.fact["grid_factor"]),
            "subsidy": taken.uses["subsidy"],
        }


class _Sight:
    """The decision as each roof sees it this month."""

    def __init__(self, scene: m.Scene) -> None:
        unit, lever, chance, period = scene.units, scene.lever, scene.chance, scene.period
        fact = {name: scene.fact[f"solar_{name}"] for name in _FACTS.split()}
        home = unit.among("kind", "home")
        self.months = 12.0 * (lever["ends"] - period.year.astype("float32")) - period.month.astype("float32")
        self.lead = np.where(home, fact["lead_home"], fact["lead_firm"]) / _MONTH * 2.0 * chance["lead"]
        hurdle = fact["hurdle"] * np.exp(fact["hurdle_spread"] * chance["hurdle"])
        lent = np.where(chance["heard"] < lever["heard"], lever["loan_share"], 0.0)
        support = lent * lever["rate_gap"] * interest_on_equal_principal(hurdle, lever["term"])
        peak = fact["yield"] * unit["sun"]
        fits = [unit["daytime"] / (peak * np.maximum(1.0 - share, 1e-3)) for share in (0.0, lever["sold_share"])]
        sizes = [np.maximum(np.minimum(unit["roof"], one), 0.1 * KW) for one in fits]
        fallen = np.exp(-fact["cost_fall"] * _MONTH * period.index.astype("float32"))
        costs = [_cost(unit, fact, size) * fallen for size in sizes]
        level = annuity_factor(hurdle, fact["life"])
        rising = fact["price_level"] * annuity_factor(hurdle - fact["price_growth"], fact["life"])

        def way(size: Array, cost: Array) -> Way:
            own = np.minimum(size * peak, unit["daytime"]) * unit["price"] * rising - fact["running"] * cost * level
            sold = _surplus(size * peak, unit["daytime"], lever["sold_share"]) * lever["tariff"] * level
            return Way(own + sold, own, cost * (1.0 - support))

        ways = [way(size, cost) for size, cost in zip(sizes, costs, strict=True)]
        leads = (self.lead, self.lead + fact["delay"] / _MONTH)
        terms = Terms(self.months, *leads, hurdle, fact["cost_fall"], fact["extension"], fact["expects_back"])
        (own, sale), waiting = now_or_later(ways, terms, horizon=12)
        self.sells, now = sale > own, np.maximum(own, sale)
        self.size, self.cost = (np.where(self.sells, two, one) for one, two in (sizes, costs))
        urgency = 1.0 + fact["attention"] * np.maximum(now - waiting, 0.0) / self.cost
        patient = chance["patient"] < fact["patient"]
        time = np.where(patient & (period.index == 0), fact["recent"], _MONTH)
        first = 1.0 - np.exp(-(fact["spontaneous"] + fact["looks"] * scene.peers["neighbours"]) * urgency * time)
        look = np.where(scene.state["looked"] > 0, fact["comes_back"], first)
        firm = np.where(unit.among("kind", "farm"), fact["able_farm"], fact["able_firm"])
        able = raise_share(np.where(home, fact["able_home"], firm), np.where(lent > 0, fact["loan_opens"], 0.0))
        self.thinks = (chance["able"] < able) & (chance["look"] < look)
        self.open = self.thinks & (unit["existing"] + scene.state["size"] <= 0) & (self.size >= KW)
        held = fact["putting_off"] * self.cost + np.where(patient, waiting, 0.0)
        self.utility = (now - held) / (fact["noise"] * self.cost)
        forgone = lent * self.cost * lever["rate_gap"] * (lever["term"] + 1.0) / 2.0  # repaid in equal parts
        above = np.maximum(lever["tariff"] - lever["market"], 0.0) * fact["life"]
        sold = _surplus(self.size * peak, unit["daytime"], lever["sold_share"])
        self.uses = {"loan": lent * self.cost, "subsidy": forgone + above * sold, "surplus": sold}


def _running(state: Mapping[str, Array]) -> Array:
    return np.where(state["due"] == 0, state["size"], 0.0)


def _surplus(output: Array, daytime: Array, share: Array) -> Array:
    return np.minimum(output - np.minimum(output, daytime), share * output)


def _cost(unit: m.Columns, fact: Mapping[str, Array], size: Array) -> Array:
    """What a system costs, VND: a power law through 10 kW and 1 MW, a hundred times as much; a farm builds the roof."""
    power = np.log(fact["cost_large"] / fact["cost_small"]) / 4.605170186
    built = np.where(unit.among("kind", "farm"), fact["roof_built"], 0.0)
    return size * (fact["cost_small"] * (size / (10.0 * KW)) ** power + built)
